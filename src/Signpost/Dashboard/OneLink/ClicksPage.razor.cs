using Signpost.Dashboard.Explaining;
using static Signpost.Dashboard.OneLink.OneLinkLayout;

namespace Signpost.Dashboard.OneLink;

/// <summary>The clicks of a link, newest first.</summary>
public partial class ClicksPage
{
    /// <summary>Everything that the page shows.</summary>
    /// <param name="Values">The parameters of the address, with the names of the API.</param>
    /// <param name="Chips">The filters that have no field in the form.</param>
    /// <param name="IsFirst">The page begins with the newest click.</param>
    /// <param name="Next">The address of older clicks; null: there are none.</param>
    /// <param name="Export">The address of all these clicks as CSV.</param>
    /// <param name="Errors">The parts of the address that are not possible, each with the id of its field; null: it has none.</param>
    public sealed record Content(
        LinkHead Head,
        IReadOnlyDictionary<string, string> Values,
        IReadOnlyList<Chip> Chips,
        IReadOnlyList<Line> Lines,
        bool IsFirst,
        string? Next,
        string Export,
        IReadOnlyList<(string Text, string? Field)> Errors
    )
    {
        public string? this[string name] => Values.GetValueOrDefault(name);
    }

    /// <summary>A filter that was taken from an address.</summary>
    /// <param name="Without">The address of the list without it.</param>
    public sealed record Chip(string Name, string Value, string Text, string Without);

    /// <summary>A click in the list.</summary>
    /// <param name="Kind">A text of <c>click.kind.…</c>.</param>
    /// <param name="Place">City and country; empty: not known.</param>
    /// <param name="Device">Browser, system and device; empty: not known.</param>
    /// <param name="Referrer">Host and path; null: direct or unknown.</param>
    /// <param name="Destination">Null: the visitor was not sent on.</param>
    public sealed record Line(
        long Id,
        DateTimeOffset At,
        string Kind,
        string Place,
        string Device,
        string? Referrer,
        string? Destination
    );
}

/// <summary>One click of a link: what is kept of it, and why the visitor got this response.</summary>
public partial class ClickPage
{
    /// <summary>Everything that the page shows.</summary>
    /// <param name="Location">Where the visitor was sent; null: nowhere.</param>
    /// <param name="Agrees">Whether the rules of then and the kept facts lead to the same response; null: too little is kept.</param>
    /// <param name="Version">The version of the link that decided; null: it is not kept.</param>
    /// <param name="NotKept">Sentences.</param>
    public sealed record Content(
        LinkHead Head,
        long Id,
        DateTimeOffset At,
        string Kind,
        int Status,
        string? Location,
        IReadOnlyList<Fact> Facts,
        IReadOnlyList<ExplainedDecision.StepLine> Steps,
        bool? Agrees,
        int? Version,
        IReadOnlyList<(string Text, bool IsTranslated)> NotKept
    );

    /// <summary>A fact of a click.</summary>
    /// <param name="Value">Null: it was not known, or is not kept.</param>
    /// <param name="Same">The address of the clicks with the same value; null: the list has no such filter.</param>
    public sealed record Fact(string Label, string? Value, string? Same);
}
