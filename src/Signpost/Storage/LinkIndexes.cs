namespace Signpost.Storage;

/// <summary>The indexes by which lists of links are read. Each begins with the account.</summary>
internal static class LinkIndexes
{
    public const string ById = "links_by_id";
    public const string ByCreation = "links_by_creation";
    public const string ByEdit = "links_by_edit";
    public const string ByAlias = "links_by_alias";
    public const string ByClicks = "links_by_clicks";
    public const string ByProject = "links_by_project";
    public const string ByDomain = "links_by_domain";
    public const string ByState = "links_by_state";
    public const string ByDestination = "links_by_destination";

    /// <summary>It holds only links that have flags (<see cref="LinkFlags"/>).</summary>
    public const string ByFlags = "links_by_flags";

    /// <summary>It holds only links that have an end.</summary>
    public const string ByEnd = "links_by_end";

    /// <summary>The names, and the property that each sorts by.</summary>
    public static readonly (string Name, string Property)[] All =
    [
        (ById, nameof(LinkRow.Id)),
        (ByCreation, nameof(LinkRow.CreatedAt)),
        (ByEdit, nameof(LinkRow.UpdatedAt)),
        (ByAlias, nameof(LinkRow.AliasKey)),
        (ByClicks, nameof(LinkRow.RankedClicks)),
        (ByProject, nameof(LinkRow.ProjectId)),
        (ByDomain, nameof(LinkRow.DomainId)),
        (ByState, nameof(LinkRow.IsEnabled)),
        (ByDestination, nameof(LinkRow.LocationHash)),
        (ByFlags, LinkFlags.Column),
        (ByEnd, nameof(LinkRow.EndAt)),
    ];
}
