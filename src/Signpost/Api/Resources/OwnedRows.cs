using Microsoft.EntityFrameworkCore;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Api.Resources;

/// <summary>Queries for the caller's own rows, shared by all resources.</summary>
internal static class OwnedRows
{
    public static IQueryable<TRow> Of<TRow>(this IQueryable<TRow> rows, Caller caller)
        where TRow : class, IOwnedRow => rows.Where(row => row.AccountId == caller.AccountId);

    /// <summary>The caller's row with this id; null: it does not exist or belongs to another account.</summary>
    public static Task<TRow?> OwnAsync<TRow>(
        this IQueryable<TRow> rows,
        Caller caller,
        long id,
        CancellationToken cancel
    )
        where TRow : class, IOwnedRow => rows.Of(caller).FirstOrDefaultAsync(row => row.Id == id, cancel);

    /// <summary>One page, newest first, and the number of rows on all pages.</summary>
    public static async Task<(IReadOnlyList<TRow> Rows, long Total)> PageAsync<TRow>(
        this IQueryable<TRow> rows,
        Paging paging,
        CancellationToken cancel
    )
        where TRow : class, IOwnedRow
    {
        var total = await rows.LongCountAsync(cancel);
        if (paging.Offset(total) is not { } offset || offset >= total)
            return ([], total);
        return (
            await rows.OrderByDescending(row => row.Id).Skip((int)offset).Take(paging.Size).ToListAsync(cancel),
            total
        );
    }

    /// <summary>A pattern of LIKE that finds a part literally; its escape is <c>!</c>.</summary>
    public static string LikePart(string part) => $"%{part.Replace("!", "!!").Replace("%", "!%").Replace("_", "!_")}%";
}
