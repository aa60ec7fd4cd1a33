using Microsoft.EntityFrameworkCore;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Core.Links;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>The filters and the order of the list of links.</summary>
internal sealed record LinkQuery
{
    private const int LongestSearch = 2048;

    public required ListWindow Window { get; init; }

    /// <summary>A filter has a value that no link can have.</summary>
    public bool MatchesNothing { get; init; }

    public string? Search { get; init; }
    public bool SearchesTarget { get; init; }
    public bool? IsEnabled { get; init; }

    /// <summary>0: only links without a project; null: all.</summary>
    public long? ProjectId { get; init; }

    /// <summary>0: only links of the main domain; null: all.</summary>
    public long? DomainId { get; init; }

    /// <summary>The possible orders; the first is the usual one.</summary>
    public static readonly string[] Orders = ["link_id", "datetime", "last_datetime", "clicks", "url"];

    /// <summary>Reads the query of a request.</summary>
    public static LinkQuery Read(FieldReader read)
    {
        read.Filter("type", LinkResponse.OnlyType);
        var query = new LinkQuery
        {
            Window = ListWindow.Read(read, Orders),
            Search = read.Text("search", LongestSearch).Value,
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
        if (Search is not null && SearchesTarget)
            links = WhereTarget(links, Search);
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

    private static IQueryable<LinkRow> WhereAlias(IQueryable<LinkRow> links, string part) =>
        links.Where(link => link.AliasKey.Contains(part));

    // Addresses are stored as ASCII, whose letters LIKE compares without case.
    private static IQueryable<LinkRow> WhereTarget(IQueryable<LinkRow> links, string part)
    {
        var pattern = $"%{part.Replace("!", "!!").Replace("%", "!%").Replace("_", "!_")}%";
        return links.Where(link => EF.Functions.Like(link.LocationUrl, pattern, "!"));
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
        Alias.TryParse(part, out var alias, out _) ? alias.Key : part.Normalize().ToLowerInvariant();
}
