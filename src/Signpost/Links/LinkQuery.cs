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

    public required Paging Paging { get; init; }
    public required IReadOnlyList<Warning> Warnings { get; init; }
    public string? Search { get; init; }
    public bool SearchesTarget { get; init; }
    public bool? IsEnabled { get; init; }

    /// <summary>0: only links without a project; null: all.</summary>
    public long? ProjectId { get; init; }

    /// <summary>0: only links of the main domain; null: all.</summary>
    public long? DomainId { get; init; }

    public bool ByLastEdit { get; init; }
    public long? From { get; init; }
    public long? To { get; init; }
    public string OrderBy { get; init; } = "link_id";
    public bool Ascending { get; init; }

    /// <summary>Reads the query of a request and adds its errors to <paramref name="errors"/>.</summary>
    public static LinkQuery Read(Fields fields, TimeZoneInfo zone, out IReadOnlyList<FieldError> errors)
    {
        var read = new FieldReader(fields, zone);
        var paging = Paging.Read(read);
        read.OneOf("type", "link");
        var enabled = read.Read(
            "is_enabled",
            TextRules.Line,
            text => FieldText.ToBoolean(text) is null ? FieldText.ExpectedBoolean : null
        );
        var project = read.Number("project_id", _ => null);
        var domain = read.Number("domain_id", _ => null);
        var query = new LinkQuery
        {
            Paging = paging,
            Warnings = read.Warnings,
            Search = read.Text("search", LongestSearch).Value,
            SearchesTarget = read.OneOf("search_by", "url", "location_url").Value is "location_url",
            IsEnabled = FieldText.ToBoolean(enabled.Value),
            ProjectId = project.Value,
            DomainId = domain.Value,
            ByLastEdit = read.OneOf("datetime_field", "datetime", "last_datetime").Value is "last_datetime",
            From = read.Date("datetime_start").Value,
            To = read.Date("datetime_end").Value,
            OrderBy =
                read.OneOf("order_by", "link_id", "datetime", "last_datetime", "clicks", "url").Value ?? "link_id",
            Ascending = read.OneOf("order_type", "ASC", "DESC", "asc", "desc").Value is "ASC" or "asc",
        };
        read.WarnOfUnknown();
        errors = read.Errors;
        return query;
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
        return ByLastEdit ? WhereEdited(links) : WhereCreated(links);
    }

    /// <summary>Sorts by anything except clicks, which are not in the table of links.</summary>
    public IQueryable<LinkRow> Sort(IQueryable<LinkRow> links) =>
        (OrderBy, Ascending) switch
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
        if (From is { } from)
            links = links.Where(link => link.CreatedAt >= from);
        if (Until is { } until)
            links = links.Where(link => link.CreatedAt < until);
        return links;
    }

    private IQueryable<LinkRow> WhereEdited(IQueryable<LinkRow> links)
    {
        if (From is { } from)
            links = links.Where(link => link.UpdatedAt >= from);
        if (Until is { } until)
            links = links.Where(link => link.UpdatedAt < until);
        return links;
    }

    // Responses have times in whole seconds, so the whole last second counts.
    private long? Until => To + 1000;

    // Compared like aliases. A part of an alias need not be a valid alias.
    private static string Fold(string part) =>
        Alias.TryParse(part, out var alias, out _) ? alias.Key : part.Normalize().ToLowerInvariant();
}
