using static Signpost.Dashboard.OneLink.OneLinkLayout;

namespace Signpost.Dashboard.OneLink;

/// <summary>Where the link sends a visitor, and why.</summary>
public partial class ExplainPage
{
    /// <summary>Everything that the page shows.</summary>
    /// <param name="Typed">The fields of the visitor as they were sent.</param>
    /// <param name="Errors">Each with the name of its field.</param>
    /// <param name="Given">The explanation; null: there are errors.</param>
    public sealed record Content(
        LinkHead Head,
        IReadOnlyDictionary<string, string> Typed,
        IReadOnlyList<(string Text, string? Field)> Errors,
        Explained? Given
    )
    {
        public string? this[string name] => Typed.GetValueOrDefault(name);

        public string? ErrorOf(string name) => Errors.FirstOrDefault(error => error.Field == name).Text;
    }

    /// <summary>The explained decision.</summary>
    /// <param name="Result">A text of <c>explain.result.…</c>.</param>
    /// <param name="Location">Where the visitor goes; null: the visitor gets no destination.</param>
    /// <param name="Visitor">What is known of the visitor.</param>
    public sealed record Explained(
        string Result,
        string? Location,
        int Status,
        IReadOnlyList<StepLine> Steps,
        IReadOnlyList<string> Visitor
    );

    /// <summary>A step of the decision.</summary>
    /// <param name="Outcome"><c>passed</c>, <c>settled</c> or <c>not_reached</c>.</param>
    /// <param name="IsTranslated">False: the sentence is English.</param>
    public sealed record StepLine(string Step, string Outcome, string Because, bool IsTranslated);
}
