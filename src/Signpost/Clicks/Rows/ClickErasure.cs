using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Storage;
using Signpost.Storage;
using Database = Signpost.Storage.Database;

namespace Signpost.Clicks.Rows;

/// <summary>
/// Erases what is known of links' clicks, in the transaction in which the links go: fresh rows, chunks, counts, rollups,
/// and their part of the rollups of their groups. Deleted bytes are overwritten (<see cref="Database"/>), and the log that
/// still has them is emptied soon after (<see cref="TraceErasure"/>).
/// </summary>
internal sealed class ClickErasure(
    Database database,
    FreshClicks fresh,
    ClickFolder folder,
    GroupRollups groups,
    TraceErasure traces
)
{
    private const int Many = 20_000;

    /// <summary>Makes the erasure of many links, one transaction after the other, a short matter: to be called before.</summary>
    public Task PrepareAsync(CancellationToken cancel) =>
        fresh.Now.Count > Many ? folder.FoldAsync(cancel) : Task.CompletedTask;

    /// <summary>Erases all clicks of links. Once in a transaction, with all the links.</summary>
    public void Erase(SignpostDb db, IReadOnlyCollection<LinkPlace> links)
    {
        if (links.Count == 0)
            return;

        var (connection, transaction) = Of(db);
        fresh.Settle(connection, transaction);
        groups.Move(
            connection,
            transaction,
            [.. links.Select(link => new GroupMove(link.LinkId, [.. link.Groups], []))]
        );
        foreach (var link in links)
        {
            EraseRange(connection, transaction, "click_chunks", link.LinkId);
            EraseRange(connection, transaction, "rollups", RollupScopes.Link(link.LinkId));
            EraseRange(connection, transaction, "stale_rollups", RollupScopes.Link(link.LinkId));
            connection.Run(transaction, "DELETE FROM link_counts WHERE link_id = $link", ("$link", link.LinkId));
        }

        var gone = links.Select(link => link.LinkId).ToHashSet();
        var changed = fresh
            .Now.Segments.Where(segment => segment.HoldsAny(gone))
            .ToDictionary(segment => segment.Block, segment => segment.Without(gone));
        foreach (var segment in changed.Values)
            ClickBlocks.Change(connection, transaction, segment);

        fresh.Doubt(transaction);
        database.AfterCommit(() => fresh.Changed(changed), fresh.Lose);
        database.AfterCommit(traces.Request);
    }

    /// <summary>Counts links' former clicks where the links are now.</summary>
    public void Move(SignpostDb db, IReadOnlyCollection<(LinkPlace From, LinkPlace To)> links)
    {
        var (connection, transaction) = Of(db);
        groups.Move(
            connection,
            transaction,
            [
                .. links.Select(link => new GroupMove(
                    link.From.LinkId,
                    [.. link.From.Groups.Except(link.To.Groups)],
                    [.. link.To.Groups.Except(link.From.Groups)]
                )),
            ]
        );
        NoteChange(connection, transaction);
    }

    /// <summary>Erases all rollups of groups that are no more.</summary>
    public void EraseGroups(SignpostDb db, IEnumerable<long> scopes)
    {
        var (connection, transaction) = Of(db);
        foreach (var scope in scopes)
        {
            EraseRange(connection, transaction, "rollups", scope);
            EraseRange(connection, transaction, "stale_rollups", scope);
        }

        NoteChange(connection, transaction);
    }

    /// <summary>Erases what is known of requests for unknown aliases of a domain that goes.</summary>
    public void EraseOrphans(SignpostDb db, long domainId)
    {
        var (connection, transaction) = Of(db);
        connection.Run(transaction, "DELETE FROM orphan_visits WHERE domain_id = $domain", ("$domain", domainId));
        database.AfterCommit(traces.Request);
    }

    // Whoever makes rollups just now begins anew.
    private void NoteChange(SqliteConnection connection, SqliteTransaction transaction)
    {
        fresh.Settle(connection, transaction);
        fresh.Doubt(transaction);
        database.AfterCommit(() => fresh.Changed(new Dictionary<long, FreshSegment>()), fresh.Lose);
        database.AfterCommit(traces.Request);
    }

    private static void EraseRange(
        SqliteConnection connection,
        SqliteTransaction transaction,
        string table,
        long owner
    ) =>
        connection.Run(
            transaction,
            $"DELETE FROM {table} WHERE id >= $from AND id < $to",
            ("$from", ClusterKey.Of(owner, 0)),
            ("$to", ClusterKey.Of(owner + 1, 0))
        );

    private static (SqliteConnection Connection, SqliteTransaction Transaction) Of(SignpostDb db)
    {
        var transaction = (SqliteTransaction)db.Database.CurrentTransaction!.GetDbTransaction();
        return (transaction.Connection!, transaction);
    }
}
