using Microsoft.EntityFrameworkCore;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Api.Resources;

/// <summary>Queries for the caller's own rows, shared by all resources.</summary>
internal static class OwnedRows
{
    public static IQueryable<TRow> Of<TRow>(this IQueryable<TRow> rows, Caller caller)
        where TRow : class, IOwnedRow => rows.Where(row => row.AccountId == caller.AccountId);

    /// <summary>Ids of the caller's rows that are higher than an id, the lowest first.</summary>
    public static Task<List<long>> IdsAfterAsync<TRow>(
        this IQueryable<TRow> rows,
        Caller caller,
        long after,
        int count,
        CancellationToken cancel
    )
        where TRow : class, IOwnedRow =>
        rows.Of(caller)
            .Where(row => row.Id > after)
            .OrderBy(row => row.Id)
            .Select(row => row.Id)
            .Take(count)
            .ToListAsync(cancel);

    /// <summary>The caller's row with this id; null: it does not exist or belongs to another account.</summary>
    public static Task<TRow?> OwnAsync<TRow>(
        this IQueryable<TRow> rows,
        Caller caller,
        long id,
        CancellationToken cancel
    )
        where TRow : class, IOwnedRow => rows.Of(caller).FirstOrDefaultAsync(row => row.Id == id, cancel);
}
