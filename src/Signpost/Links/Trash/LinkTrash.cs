using Microsoft.EntityFrameworkCore;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Changes;
using Signpost.Storage;
using Database = Signpost.Storage.Database;

namespace Signpost.Links.Trash;

/// <summary>Takes links out of the trash: it restores or erases them.</summary>
internal sealed class LinkTrash(Database database, LinkDeletion deletion, ChangeFeed feed)
{
    /// <summary>Puts a link back into use as it was. Its alias was never free, so nothing prevents it.</summary>
    public Task<EditResult<ResourceId>> RestoreAsync(
        Caller caller,
        long id,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    ) =>
        database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                if (await FindAsync(db, caller, id, cancel) is not { } row)
                    return new Refusal.Missing();
                row.DeletedAt = null;
                await db.SaveChangesAsync(cancel);
                database.AfterCommit(() => feed.Publish(new(row.Id, row.DomainId, row.AliasKey)));
                return await afterwards.DoneAsync(db, new ResourceId(id));
            },
            cancel
        );

    /// <summary>
    /// Erases a link with its clicks and pictures. Only its account can use its alias for a while. If there are very many clicks, the last are
    /// erased after this returns.
    /// </summary>
    public async Task<EditResult<ResourceId>> EraseAsync(Caller caller, long id, CancellationToken cancel) =>
        await deletion.RunAsync(db => FindAsync(db, caller, id, cancel), cancel)
            ? new ResourceId(id)
            : new Refusal.Missing();

    private static Task<LinkRow?> FindAsync(SignpostDb db, Caller caller, long id, CancellationToken cancel) =>
        db.LinksAndTrash.FirstOrDefaultAsync(
            link => link.Id == id && link.AccountId == caller.AccountId && link.DeletedAt != null,
            cancel
        );
}
