using Signpost.Explain;

namespace Signpost.Dashboard.Explaining;

/// <content>The explained decision, in the language of a page.</content>
public partial class ExplainedDecision
{
    private static readonly string[] Robots = ["robot", "preview"];

    /// <summary>The explained decision.</summary>
    /// <param name="Result">A text of <c>explain.result.…</c>.</param>
    /// <param name="Location">Where the visitor goes; null: the visitor gets no destination.</param>
    /// <param name="Visitor">The known facts of the visitor.</param>
    public sealed record Explained(
        string Result,
        string? Location,
        int Status,
        IReadOnlyList<StepLine> Steps,
        IReadOnlyList<string> Visitor
    )
    {
        internal static Explained Of(
            Explanation explanation,
            StepSentences sentences,
            IReadOnlyDictionary<string, string> texts
        )
        {
            var decision = explanation.Decision;
            var settled = explanation.Steps.First(step => step.Outcome is "settled").Step;
            return new(
                decision.Location is not null ? "location"
                    : Robots.Contains(decision.Kind) ? "request"
                    : settled,
                decision.Location,
                decision.Status,
                sentences.LinesOf(explanation.Steps, texts),
                [.. FactsOf(explanation.Visitor, texts).OfType<string>()]
            );
        }

        private static string?[] FactsOf(VisitorResponse visitor, IReadOnlyDictionary<string, string> texts) =>
            [
                visitor.CountryCode is { } country ? FieldNames.OfKey("country_code", country, texts) : null,
                visitor.CityName,
                visitor.DeviceType is { } device ? FieldNames.OfKey("device_type", device, texts) : null,
                visitor.BrowserLanguage is { } language ? FieldNames.OfKey("browser_language", language, texts) : null,
                Named(visitor.OsName, visitor.OsVersion),
                Named(visitor.BrowserName, visitor.BrowserVersion),
                visitor.IsRobot ? texts["explain.robot"] : null,
            ];

        private static string? Named(string? name, string? version) => version is null ? name : $"{name} {version}";
    }

    /// <summary>A step of the decision.</summary>
    /// <param name="Outcome"><c>passed</c>, <c>settled</c> or <c>not_reached</c>.</param>
    /// <param name="IsTranslated">False: the sentence is English.</param>
    public sealed record StepLine(string Step, string Outcome, string Because, bool IsTranslated);
}
