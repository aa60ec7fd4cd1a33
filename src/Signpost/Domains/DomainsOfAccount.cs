using Microsoft.EntityFrameworkCore;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.ClickStore;
using Signpost.ClickStore.Rollups;
using Signpost.Links;
using Signpost.Storage;

namespace Signpost.Domains;

/// <summary>Deletes the domains of a deleted account with their links, or gives them to another account with their links.</summary>
internal sealed class DomainsOfAccount(
    Database database,
    ChangeFeed feed,
    Slices slices,
    LinkMoves moves,
    ClickErasure clicks,
    TimeProvider clock
) : IAccountResources
{
    /// <summary>Nobody misses a domain without links. Those of the account itself are counted elsewhere.</summary>
    public async Task<bool> AnyAsync(long accountId, CancellationToken cancel)
    {
        await using var db = database.Read();
        var domains = db.Domains.Where(domain => domain.AccountId == accountId).Select(domain => domain.Id);
        return await db.LinksAndTrash.AnyAsync(link => domains.Contains(link.DomainId) && link.IsGuest, cancel);
    }

    public async Task DeleteAsync(long accountId, CancellationToken cancel)
    {
        foreach (var domain in await OfAsync(accountId, cancel))
        {
            // Links of other accounts go with the domain, as when only the domain is deleted.
            await TellGuestsAsync(domain, cancel);
            await slices.RunAsync(slice => LinkRelease.DeleteOnDomain(slice, domain.Id), cancel);
            await clicks.EraseAllAsync(cancel);
            await ForgetAsync(domain.Id, cancel);
            await ChangeAsync(domain, db => db.Domains.Where(one => one.Id == domain.Id).ExecuteDeleteAsync(cancel));
        }
    }

    public async Task TransferAsync(long fromAccountId, long toAccountId, CancellationToken cancel)
    {
        foreach (var domain in await OfAsync(fromAccountId, cancel))
            await HandOnAsync(domain, toAccountId, cancel);
    }

    // If both accounts claim a host, the verified claim stays and gets the links of both: an account can lose its
    // verification and still have links. If it is an alias, it stays one, and its domain gets them.
    private async Task HandOnAsync(DomainRow domain, long toAccountId, CancellationToken cancel)
    {
        if (await TwinAsync(domain, toAccountId, cancel) is not { } twin)
        {
            await ChangeAsync(domain, db => GiveAsync(db, domain.Id, toAccountId, cancel));
            return;
        }

        var (kept, gone) = domain.VerifiedAt is null ? (twin, domain) : (domain, twin);
        long heir;
        await using (var db = database.Read())
            heir = await DomainAliases.HeirAsync(db, gone.Id, kept.Id, cancel);
        await slices.RunAsync(slice => clicks.EraseGroup(slice, RollupScopes.Domain(gone.Id)), cancel);
        await slices.RunAsync(slice => moves.Join(slice, gone.Id, heir, Now()), cancel);
        await ForgetAsync(gone.Id, cancel);
        await ChangeAsync(
            domain,
            async db =>
            {
                foreach (var host in await DomainAliases.JoinAsync(db, gone.Id, heir, cancel))
                    database.AfterCommit(() => feed.PublishDomain(new(host)));
                if (heir != 0)
                    await DomainShares.JoinAsync(db, gone.Id, heir, cancel);
                await db.Domains.Where(one => one.Id == gone.Id).ExecuteDeleteAsync(cancel);
                return await GiveAsync(db, kept.Id, toAccountId, cancel);
            }
        );
    }

    // The job may be interrupted and run again, so its cursor is the last domain whose guests were told.
    private Task<int> TellGuestsAsync(DomainRow domain, CancellationToken cancel) =>
        database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    """
                    UPDATE jobs SET cursor = CAST(@domain AS TEXT)
                    WHERE kind = @kind AND subject = @account AND CAST(coalesce(cursor, '0') AS BIGINT) < @domain
                    """,
                    ("@kind", (long)JobKind.DeleteAccount),
                    ("@account", domain.AccountId),
                    ("@domain", domain.Id)
                ) > 0
                    ? GuestNotices.TellDeleted(transaction, domain.Id, Now())
                    : 0,
            cancel
        );

    private async Task ForgetAsync(long domainId, CancellationToken cancel)
    {
        await slices.RunAsync(
            slice => slice.Delete("retired_aliases", "domain_id = @domain", ("@domain", domainId)),
            cancel
        );
        await slices.RunAsync(slice => ClickErasure.EraseOrphans(slice, domainId), cancel);
        await slices.RunAsync(slice => clicks.EraseGroup(slice, RollupScopes.Domain(domainId)), cancel);
        clicks.ForgetTraces();
    }

    private async Task<List<DomainRow>> OfAsync(long accountId, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db
            .Domains.Where(domain => domain.AccountId == accountId)
            .OrderBy(domain => domain.Id)
            .ToListAsync(cancel);
    }

    private async Task<DomainRow?> TwinAsync(DomainRow domain, long accountId, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db.Domains.FirstOrDefaultAsync(
            other => other.AccountId == accountId && other.Host == domain.Host,
            cancel
        );
    }

    private static Task<int> GiveAsync(SignpostDb db, long domainId, long toAccountId, CancellationToken cancel) =>
        db
            .Domains.Where(one => one.Id == domainId)
            .ExecuteUpdateAsync(all => all.SetProperty(one => one.AccountId, toAccountId), cancel);

    private Task<int> ChangeAsync(DomainRow domain, Func<SignpostDb, Task<int>> change) =>
        database.WriteAsync(
            db =>
            {
                database.AfterCommit(() => feed.PublishDomain(new(domain.Host)));
                return change(db);
            },
            CancellationToken.None
        );

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
