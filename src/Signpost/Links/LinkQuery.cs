using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Core.Links;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>The filters and the order of the list of links.</summary>
internal sealed record LinkQuery
{
    private const int LongestSearch = TargetUrl.LongestText;

    public required ListWindow Window { get; init; }

    /// <summary>A filter has a value that no link can have.</summary>
    public bool MatchesNothing { get; init; }

    public string? Search { get; init; }
    public bool SearchesTarget { get; init; }

    /// <summary>The whole short address in <see cref="Search"/>; null: it is something else.</summary>
    public ShortAddress? SearchedAddress { get; init; }

    /// <summary>An alias, or a whole short address: only the link with exactly this one.</summary>
    public string? Url { get; init; }

    /// <inheritdoc cref="SearchedAddress"/>
    public ShortAddress? UrlAddress { get; init; }

    /// <summary>Only links with exactly this destination.</summary>
    public string? LocationUrl { get; init; }

    /// <summary>The domains where aliases that differ only in case are different ones.</summary>
    public IReadOnlyCollection<long> CaseSensitive { get; init; } = [];

    public AppSchemes Schemes { get; init; } = AppSchemes.Known;

    public bool? IsEnabled { get; init; }

    /// <summary>0: only links without a project; null: all.</summary>
    public long? ProjectId { get; init; }

    /// <summary>0: only links of the main domain; null: all.</summary>
    public long? DomainId { get; init; }

    /// <summary>The possible orders; the first is the usual one.</summary>
    public static readonly string[] Orders = ["link_id", "datetime", "last_datetime", "clicks", "url"];

    /// <summary>Reads the query of a request.</summary>
    /// <param name="schemes">The schemes of apps that links may lead to; null: the known ones.</param>
    /// <param name="shortAddress">Finds out whether a text is a whole short address of this server.</param>
    public static LinkQuery Read(
        FieldReader read,
        AppSchemes? schemes = null,
        Func<string, ShortAddress?>? shortAddress = null
    )
    {
        read.Filter("type", LinkResponse.OnlyType);
        var search = read.Text("search", LongestSearch).Value;
        var url = read.Text("url", LongestSearch).Value;
        var query = new LinkQuery
        {
            Window = ListWindow.Read(read, Orders),
            Search = search,
            SearchedAddress = search is null ? null : shortAddress?.Invoke(search),
            Url = url,
            UrlAddress = url is null ? null : shortAddress?.Invoke(url),
            LocationUrl = read.Text("location_url", LongestSearch).Value,
            Schemes = schemes ?? AppSchemes.Known,
            SearchesTarget = read.Choice("search_by", "url", "location_url") is "location_url",
            IsEnabled = read.FilterFlag("is_enabled"),
            ProjectId = read.FilterNumber("project_id"),
            DomainId = read.FilterNumber("domain_id"),
        };
        return query with { MatchesNothing = read.MatchesNothing };
    }

    public IQueryable<LinkRow> Filter(IQueryable<LinkRow> links)
    {
        if (ProjectId is { } project)
            links =
                project == 0
                    ? links.Where(link => link.ProjectId == null)
                    : links.Where(link => link.ProjectId == project);
        if (DomainId is { } domain)
            links = links.Where(link => link.DomainId == domain);
        if (Url is not null)
            links = UrlAddress is { } whole ? WhereUrl(links, whole) : WhereAnyUrl(links, Url.TrimStart('/'));
        if (LocationUrl is not null)
            links = WhereLocation(links, LocationUrl);
        if (Search is not null && SearchesTarget)
            links = DestinationSearch.Where(links, Search);
        else if (SearchedAddress is { } address)
            links = WhereAlias(links.Where(link => link.DomainId == address.DomainId), Fold(address.Path.TrimEnd('/')));
        else if (Search is not null)
            links = WhereAlias(links, Fold(Search));
        if (IsEnabled is { } enabled)
            links = links.Where(link => link.IsEnabled == enabled);
        return Window.ByLastEdit ? WhereEdited(links) : WhereCreated(links);
    }

    /// <summary>Sorts by anything except clicks, which are not in the table of links.</summary>
    public IQueryable<LinkRow> Sort(IQueryable<LinkRow> links) =>
        (Window.OrderBy, Window.Ascending) switch
        {
            ("datetime", true) => links.OrderBy(link => link.CreatedAt).ThenBy(link => link.Id),
            ("datetime", false) => links.OrderByDescending(link => link.CreatedAt).ThenByDescending(link => link.Id),
            ("last_datetime", true) => links.OrderBy(link => link.UpdatedAt).ThenBy(link => link.Id),
            ("last_datetime", false) => links
                .OrderByDescending(link => link.UpdatedAt)
                .ThenByDescending(link => link.Id),
            ("url", true) => links.OrderBy(link => link.AliasKey),
            ("url", false) => links.OrderByDescending(link => link.AliasKey),
            (_, true) => links.OrderBy(link => link.Id),
            _ => links.OrderByDescending(link => link.Id),
        };

#pragma warning disable CA1304, CA1311, CA1862 // This becomes SQL.
    // Without case on every domain.
    private IQueryable<LinkRow> WhereAlias(IQueryable<LinkRow> links, string part) =>
        CaseSensitive.Count == 0
            ? links.Where(link => link.AliasKey.Contains(part))
            : links.Where(link => link.AliasKey.Contains(part) || link.AliasKey.ToLower().Contains(part));
#pragma warning restore CA1304, CA1311, CA1862

    private static IQueryable<LinkRow> WhereUrl(IQueryable<LinkRow> links, ShortAddress address)
    {
        var keys = address.Keys;
        return links.Where(link => link.DomainId == address.DomainId && keys.Contains(link.AliasKey));
    }

    private IQueryable<LinkRow> WhereAnyUrl(IQueryable<LinkRow> links, string path)
    {
        var (exact, folded) = (KeyOf(path, AliasCase.Kept), KeyOf(path, AliasCase.Ignored));
        return CaseSensitive.Count == 0 || exact == folded
            ? links.Where(link => link.AliasKey == folded)
            : links.Where(link =>
                link.AliasKey == exact || (link.AliasKey == folded && !CaseSensitive.Contains(link.DomainId))
            );
    }

    // Empty: no alias can have this path.
    private static string KeyOf(string path, AliasCase rule)
    {
        Span<char> buffer = stackalloc char[Alias.LongestText];
        return Alias.TryGetKey(path, rule, buffer, out var key) ? key.ToString() : "";
    }

    private IQueryable<LinkRow> WhereLocation(IQueryable<LinkRow> links, string address)
    {
        var text = TargetUrl.TryParse(address, out var url, out _, Schemes) ? url.Text : address;
        var hash = AddressHash.Of(text);
        return links.Where(link => link.LocationHash == hash && link.LocationUrl == text);
    }

    private IQueryable<LinkRow> WhereCreated(IQueryable<LinkRow> links)
    {
        if (Window.From is { } from)
            links = links.Where(link => link.CreatedAt >= from);
        if (Window.Until is { } until)
            links = links.Where(link => link.CreatedAt < until);
        return links;
    }

    private IQueryable<LinkRow> WhereEdited(IQueryable<LinkRow> links)
    {
        if (Window.From is { } from)
            links = links.Where(link => link.UpdatedAt >= from);
        if (Window.Until is { } until)
            links = links.Where(link => link.UpdatedAt < until);
        return links;
    }

    // Compared like aliases. A part of an alias need not be a valid alias.
    private static string Fold(string part) =>
        Alias.TryParse(part, out _, out _) ? Alias.KeyOf(part, AliasCase.Ignored) : part.Normalize().ToLowerInvariant();
}
