using Microsoft.EntityFrameworkCore;
using Signpost.Api.Bodies;
using Signpost.Api.Documentation;
using Signpost.Storage;

namespace Signpost.Api.Resources;

/// <summary>The filters and orders of a resource's list, besides those that all have.</summary>
/// <param name="Name">The field that is searched and sorted: <c>name</c> or <c>host</c>.</param>
internal sealed record ResourceFilters(string Name)
{
    /// <summary>The values of the filter <c>type</c>; empty: there is no such filter.</summary>
    public string[] Types { get; init; } = [];

    /// <summary>There is a filter <c>is_enabled</c>.</summary>
    public bool HasEnabled { get; init; }
}

/// <summary>The requested page of a resource's list, its filters and its order.</summary>
internal sealed record ResourceQuery(ResourceFilters Filters, ListWindow Window)
{
    private const int LongestSearch = 256;

    public string? Search { get; init; }
    public string? Type { get; init; }
    public bool? IsEnabled { get; init; }

    /// <summary>A filter has a value that no item can have.</summary>
    public bool MatchesNothing { get; init; }

    public static IEnumerable<Parameter> Parameters(ResourceFilters filters, string id) =>
        [
            .. Describe.Paging(),
            new(
                "search",
                Describe.Text(),
                $"A part of the {filters.Name}. There are no wildcards, and case does not matter."
            ),
            new("search_by", Describe.OneOf(filters.Name), $"The field to search. Default: {filters.Name}."),
            .. filters.Types is []
                ? Array.Empty<Parameter>()
                : [new("type", Describe.OneOf(filters.Types), "Only of this type.")],
            .. filters.HasEnabled
                ? [new("is_enabled", Describe.Flag(), "Only enabled or only disabled ones.")]
                : Array.Empty<Parameter>(),
            .. ListWindow.Parameters(Orders(filters, id)),
        ];

    /// <summary>Reads the query of a request.</summary>
    /// <param name="id">The name of the id as an order: <c>project_id</c>.</param>
    public static ResourceQuery Read(FieldReader read, ResourceFilters filters, string id)
    {
        read.Choice("search_by", filters.Name);
        var query = new ResourceQuery(filters, ListWindow.Read(read, Orders(filters, id)))
        {
            Search = read.Text("search", LongestSearch).Value,
            Type = filters.Types is [] ? null : read.Filter("type", filters.Types),
            IsEnabled = filters.HasEnabled ? read.FilterFlag("is_enabled") : null,
        };
        return query with { MatchesNothing = read.MatchesNothing };
    }

    /// <summary>One page of the rows that match, and their number.</summary>
    public async Task<(IReadOnlyList<TRow> Rows, long Total)> PageAsync<TRow>(
        IQueryable<TRow> rows,
        CancellationToken cancel
    )
        where TRow : class, IOwnedRow
    {
        if (MatchesNothing)
            return ([], 0);
        var found = Sort(Filter(rows));
        var total = await found.LongCountAsync(cancel);
        if (Window.Paging.Offset(total) is not { } offset || offset >= total)
            return ([], total);
        return (await found.Skip((int)offset).Take(Window.Paging.Size).ToListAsync(cancel), total);
    }

    private static string[] Orders(ResourceFilters filters, string id) =>
        [id, "datetime", "last_datetime", filters.Name];

    private string Column => Filters.Name is "host" ? "Host" : "Name";

    private IQueryable<TRow> Filter<TRow>(IQueryable<TRow> rows)
        where TRow : class, IOwnedRow
    {
        if (Search is { } part && LikePart(part) is var pattern)
            rows = rows.Where(row =>
                EF.Functions.Like(SignpostDb.Small(EF.Property<string>(row, Column)), pattern, "!")
            );
        if (Type is { } type)
            rows = rows.Where(row => EF.Property<string>(row, nameof(Type)) == type);
        if (IsEnabled is { } enabled)
            rows = rows.Where(row => EF.Property<bool>(row, nameof(IsEnabled)) == enabled);
        if (Window.From is { } from)
            rows = rows.Where(row => (Window.ByLastEdit ? row.UpdatedAt : row.CreatedAt) >= from);
        if (Window.Until is { } until)
            rows = rows.Where(row => (Window.ByLastEdit ? row.UpdatedAt : row.CreatedAt) < until);
        return rows;
    }

    private IQueryable<TRow> Sort<TRow>(IQueryable<TRow> rows)
        where TRow : class, IOwnedRow =>
        (Window.OrderBy, Window.Ascending) switch
        {
            ("datetime", true) => rows.OrderBy(row => row.CreatedAt).ThenBy(row => row.Id),
            ("datetime", false) => rows.OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id),
            ("last_datetime", true) => rows.OrderBy(row => row.UpdatedAt).ThenBy(row => row.Id),
            ("last_datetime", false) => rows.OrderByDescending(row => row.UpdatedAt).ThenByDescending(row => row.Id),
            ("name" or "host", true) => rows.OrderBy(row => EF.Property<string>(row, Column)).ThenBy(row => row.Id),
            ("name" or "host", false) => rows.OrderByDescending(row => EF.Property<string>(row, Column))
                .ThenByDescending(row => row.Id),
            (_, true) => rows.OrderBy(row => row.Id),
            _ => rows.OrderByDescending(row => row.Id),
        };

    // A pattern of LIKE that finds a part literally in a small text; its escape is !.
    private static string LikePart(string part) =>
        $"%{SignpostDb.Small(part).Replace("!", "!!").Replace("%", "!%").Replace("_", "!_")}%";
}
