using Microsoft.EntityFrameworkCore;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.ClickStore;
using Signpost.ClickStore.Rollups;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>Deletes or transfers the links of a deleted account.</summary>
internal sealed class LinksOfAccount(
    Database database,
    Slices slices,
    LinkMoves moves,
    ClickErasure clicks,
    TimeProvider clock
) : IAccountResources
{
    public async Task<bool> AnyAsync(long accountId, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db.LinksAndTrash.AnyAsync(link => link.AccountId == accountId, cancel);
    }

    /// <summary>Deletes them like an edit of their owner; nobody can use their aliases for a while.</summary>
    public async Task DeleteAsync(long accountId, CancellationToken cancel)
    {
        // The groups come first, so that no link must be subtracted from their rollups. They come again at the end, because
        // a day may have been rolled up meanwhile.
        await EraseGroupsAsync(accountId, cancel);
        await slices.RunAsync(slice => LinkRelease.DeleteOfAccount(slice, accountId, Now()), cancel);
        await clicks.EraseAllAsync(cancel);
        await EraseGroupsAsync(accountId, cancel);
    }

    public async Task TransferAsync(long fromAccountId, long toAccountId, CancellationToken cancel)
    {
        await slices.RunAsync(slice => moves.HandOn(slice, fromAccountId, toAccountId, Now()), cancel);
        await slices.RunAsync(slice => moves.Settle(slice, toAccountId, Now()), cancel);
        foreach (var scope in (long[])[RollupScopes.MainDomain(fromAccountId), RollupScopes.Guest(fromAccountId)])
            await slices.RunAsync(slice => clicks.EraseGroup(slice, scope), cancel);
        await slices.RunAsync(
            slice =>
                slice.Run(
                    $"""
                    UPDATE retired_aliases SET account_id = @to WHERE {Dialect.Of(slice.Connection).RowId} IN
                        (SELECT {Dialect.Of(
                        slice.Connection
                    ).RowId} FROM retired_aliases WHERE account_id = @from LIMIT @size)
                    """,
                    ("@to", toAccountId),
                    ("@from", fromAccountId),
                    ("@size", slice.Size)
                ),
            cancel
        );
        clicks.ForgetTraces();
    }

    // Its projects and domains are deleted after the links. These groups count no links of other accounts.
    private async Task EraseGroupsAsync(long accountId, CancellationToken cancel)
    {
        List<long> scopes = [RollupScopes.MainDomain(accountId), RollupScopes.Guest(accountId)];
        await using (var db = database.Read())
        {
            var projects = db.Projects.Where(project => project.AccountId == accountId).Select(project => project.Id);
            var domains = db.Domains.Where(domain => domain.AccountId == accountId).Select(domain => domain.Id);
            scopes.AddRange((await projects.ToListAsync(cancel)).Select(RollupScopes.Project));
            scopes.AddRange((await domains.ToListAsync(cancel)).Select(RollupScopes.Domain));
        }

        foreach (var scope in scopes)
            await slices.RunAsync(slice => clicks.EraseGroup(slice, scope), cancel);
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
