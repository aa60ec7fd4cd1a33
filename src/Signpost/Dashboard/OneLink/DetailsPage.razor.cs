using static Signpost.Dashboard.OneLink.OneLinkLayout;

namespace Signpost.Dashboard.OneLink;

/// <summary>The first page of a link: everything that is set, in sentences.</summary>
public partial class DetailsPage
{
    /// <summary>Everything that the page shows.</summary>
    /// <param name="Trend">The clicks of the last days; null: unknown at the moment.</param>
    public sealed record Content(
        LinkHead Head,
        IReadOnlyList<Fact> Facts,
        IReadOnlyList<string> Tags,
        string? Note,
        long Clicks,
        IReadOnlyList<long>? Trend,
        DateTimeOffset Created,
        DateTimeOffset Edited,
        string? StatisticsUrl
    );

    /// <summary>Something that is set.</summary>
    public sealed record Fact(string Label, string Icon, IReadOnlyList<Line> Lines);

    /// <summary>A sentence with placeholders.</summary>
    public sealed record Line(string Text, params IReadOnlyList<(string Placeholder, string Value)> Values);
}
