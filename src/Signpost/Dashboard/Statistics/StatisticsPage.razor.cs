namespace Signpost.Dashboard.Statistics;

/// <summary>The statistics of all links, or of those of a project, a domain or a tag.</summary>
public partial class StatisticsPage
{
    /// <summary>Projects, domains or tags, of which one can be chosen.</summary>
    /// <param name="Text">The key of their name.</param>
    public sealed record ScopeGroup(string Text, IReadOnlyList<(string Value, string Name, bool IsChosen)> Choices);
}
