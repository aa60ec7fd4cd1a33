using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Signpost.Addressing;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.ClickStore;
using Signpost.Hosting;
using Signpost.Storage;
using Database = Signpost.Storage.Database;

namespace Signpost.Links;

/// <summary>
/// Puts one link into the trash, or deletes it with its clicks and pictures. After that, only one account can use its alias for a while.
/// </summary>
internal sealed class LinkDeletion(
    Database database,
    ChangeFeed feed,
    JobRunner jobs,
    CaseRules rules,
    SignpostSettings settings,
    TimeProvider clock,
    ExpiryClock expiry
)
{
    /// <summary>
    /// Puts it into the trash, where nobody sees it, with its alias, clicks and pictures. Without a trash it deletes it. False: it was not
    /// found.
    /// </summary>
    /// <param name="find">Finds the link within the transaction.</param>
    public Task<bool> TrashAsync(Func<SignpostDb, Task<LinkRow?>> find, CancellationToken cancel) =>
        settings.TrashDays == 0
            ? RunAsync(find, cancel)
            : database.WriteAsync(
                async db =>
                {
                    if (await find(db) is not { } row)
                        return false;
                    ForgetResponses(db, row);
                    row.DeletedAt = clock.GetUtcNow().ToUnixTimeMilliseconds();
                    await db.SaveChangesAsync(cancel);
                    database.AfterCommit(() => feed.Publish(new(row.Id, row.DomainId, row.AliasKey)));
                    return true;
                },
                cancel
            );

    /// <summary>Deletes it; false: it was not found. If there are very many clicks, the last are erased after this returns.</summary>
    /// <param name="find">Finds the link within the transaction.</param>
    /// <param name="aliasFor">The account that may use the alias again at once; null: that of the link, or the owner of the domain who disabled it.</param>
    /// <param name="tell">Adds to the transaction.</param>
    public async Task<bool> RunAsync(
        Func<SignpostDb, Task<LinkRow?>> find,
        CancellationToken cancel,
        long? aliasFor = null,
        Func<SignpostDb, LinkRow, Task>? tell = null
    )
    {
        var job = await database.WriteAsync(
            async db =>
            {
                if (await find(db) is not { } row)
                    return null;

                if (tell is not null)
                    await tell(db, row);
                await LinkPictures.RemoveAllAsync(db, row);
                var begun = await ClickErasure.NoteAsync(db, LinkPlace.Of(row));
                ForgetResponses(db, row);
                await AliasBook.RetireAsync(
                    db,
                    rules.Of(row.DomainId),
                    aliasFor ?? await HolderAsync(db, row, cancel),
                    row.DomainId,
                    row.Alias,
                    clock.GetUtcNow().ToUnixTimeMilliseconds(),
                    expiry.GetUtcNow()
                );
                db.Links.Remove(row);
                await db.SaveChangesAsync(cancel);
                database.AfterCommit(() => feed.Publish(new(row.Id, row.DomainId, row.AliasKey)));
                return begun;
            },
            cancel
        );
        if (job is not null)
            await jobs.FinishAsync(job.Id, cancel);
        return job is not null;
    }

    // The account of a link that the owner of the domain disabled must not make it again.
    private static async Task<long> HolderAsync(SignpostDb db, LinkRow row, CancellationToken cancel) =>
        row.IsBlocked
            ? await db
                .Domains.Where(domain => domain.Id == row.DomainId)
                .Select(domain => domain.AccountId)
                .SingleAsync(cancel)
            : row.AccountId;

    // The stored responses to edits of this link contain its data, too.
    private static void ForgetResponses(SignpostDb db, LinkRow row)
    {
        var transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        KeptResponses.ForgetLink(transaction.Connection!, transaction, row.Id, row.AccountId);
    }
}
