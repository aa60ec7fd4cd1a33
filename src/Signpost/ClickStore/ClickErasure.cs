using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Signpost.Changes.Jobs;
using Signpost.Clicks;
using Signpost.ClickStore.Blocks;
using Signpost.ClickStore.Rollups;
using Signpost.Storage;
using Database = Signpost.Storage.Database;

namespace Signpost.ClickStore;

/// <summary>
/// Erases the clicks of deleted links in slices: recent rows, chunks, rollups, and their part of the rollups of their
/// groups. Each such link has a job. Deleted bytes are overwritten (<see cref="Database"/>), and the log, which still has
/// them, is emptied soon after (<see cref="TraceErasure"/>).
/// </summary>
internal sealed class ClickErasure(
    Database database,
    RecentClicks recent,
    GroupRollups groups,
    TraceErasure traces,
    LiveFeed feed,
    Slices slices
) : IJobWorker
{
    public IReadOnlyCollection<JobKind> Kinds { get; } = [JobKind.EraseClicks];

    /// <summary>
    /// Adds jobs that erase the clicks of links, in the transaction that deletes these links. It deletes their counts at once:
    /// from then on none of their clicks is stored. Call it before the links are deleted.
    /// </summary>
    public static void Note(Slice slice, IReadOnlyCollection<long> links)
    {
        slice.Run(
            """
            INSERT INTO jobs (kind, subject, account_id, project_id, domain_id, is_guest)
            SELECT @kind, id, account_id, project_id, domain_id, is_guest FROM links
            WHERE id IN (@links)
            """,
            ("@kind", (int)JobKind.EraseClicks),
            ("@links", links)
        );
        slice.Run("DELETE FROM link_counts WHERE link_id IN (@links)", ("@links", links));
    }

    /// <summary>As <see cref="Note(Slice, IReadOnlyCollection{long})"/> for one link; the caller saves the job.</summary>
    public static async Task<Job> NoteAsync(SignpostDb db, LinkPlace link)
    {
        await db.LinkCounts.Where(count => count.LinkId == link.LinkId).ExecuteDeleteAsync();
        var job = new Job
        {
            Kind = JobKind.EraseClicks,
            Subject = link.LinkId,
            AccountId = link.AccountId,
            ProjectId = link.ProjectId,
            DomainId = link.DomainId,
            IsGuest = link.IsGuest,
        };
        db.Jobs.Add(job);
        return job;
    }

    /// <summary>Erases the clicks of this link and of links deleted later.</summary>
    public async Task RunAsync(Job job, CancellationToken cancel)
    {
        var (links, through) = Find(job.Id);
        feed.Forget(links);
        // Searched before the writer lock, because there may be two million rows.
        var known = recent.Now.Segments;
        HashSet<long> holders = [.. known.Where(segment => segment.HoldsAny(links)).Select(segment => segment.Block)];
        var last = known is [.., var newest] ? newest.Block : 0;
        await slices.RunAsync(slice => EraseFresh(slice, links, holders, last), cancel);
        await slices.RunAsync(slice => EraseStored(slice, job.Id, through), cancel);
        ForgetTraces();
    }

    /// <summary>Empties the database's log soon. Call it after the last slice.</summary>
    public void ForgetTraces() => traces.Request();

    /// <summary>Erases the clicks of all deleted links.</summary>
    public async Task EraseAllAsync(CancellationToken cancel)
    {
        await using var db = database.Read();
        var jobs = db.Jobs.Where(job => job.Kind == JobKind.EraseClicks).OrderBy(job => job.Id);
        if (await jobs.FirstOrDefaultAsync(cancel) is { } first)
            await RunAsync(first, cancel);
    }

    /// <summary>Moves the counts of a link's earlier clicks to its present groups.</summary>
    public void Move(SignpostDb db, LinkPlace from, LinkPlace to)
    {
        var transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        groups.Move(transaction.Connection!, transaction, [MoveOf(from, to)]);
        NoteChange(transaction.Connection!, transaction);
        database.AfterCommit(traces.Request);
    }

    /// <summary>Moves the counts of links' earlier clicks to their present groups: the first links, as many as fit into the slice.</summary>
    /// <returns>The number of links moved, and the number of rows touched.</returns>
    public (int Links, int Rows) Move(Slice slice, IReadOnlyList<(LinkPlace From, LinkPlace To)> links)
    {
        var change = groups.Begin(slice.Connection, slice.Transaction);
        var (count, rows) = (0, 0);
        while (count < links.Count && rows < slice.Size)
        {
            var (from, to) = links[count++];
            rows += 1 + change.Add(MoveOf(from, to)).Days;
        }

        change.Write();
        NoteChange(slice.Connection, slice.Transaction);
        return (count, rows);
    }

    /// <summary>Erases some rollups of a deleted group.</summary>
    public int EraseGroup(Slice slice, long scope)
    {
        // A day's rollup goes last, because its columns are found by it.
        var (columns, bytes) = DayColumnsTable.RemoveSome(
            slice.Connection,
            slice.Transaction,
            ClusterKey.Of(scope, 0),
            ClusterKey.Of(scope + 1, 0),
            Slice.BytesOf(slice.Size),
            slice.Size
        );
        var rows = columns + Slice.Weight(bytes);
        if (columns == 0 && EraseRange(slice, "rollups", "length(totals) + length(quarters)", scope, ref rows))
            EraseRange(slice, "stale_rollups", "0", scope, ref rows);
        // Also without stored rollups, because some may be in the making.
        NoteChange(slice.Connection, slice.Transaction);
        return rows;
    }

    /// <summary>Erases some counts of a deleted domain: of requests for unknown aliases, and of clicks by another case.</summary>
    public static int EraseOrphans(Slice slice, long domainId) =>
        slice.Delete("orphan_visits", "domain_id = @domain", ("@domain", domainId)) is > 0 and var rows
            ? rows
            : slice.Delete("case_visits", "domain_id = @domain", ("@domain", domainId));

    private static GroupMove MoveOf(LinkPlace from, LinkPlace to) =>
        new(from.LinkId, [.. from.Groups.Except(to.Groups)], [.. to.Groups.Except(from.Groups)]);

    private (HashSet<long> Links, long Through) Find(long fromJob)
    {
        using var connection = database.OpenOwnRead();
        using var command = connection.Command(
            null,
            "SELECT id, subject FROM jobs WHERE kind = @kind AND id >= @from",
            ("@kind", (int)JobKind.EraseClicks),
            ("@from", fromJob)
        );
        using var rows = command.ExecuteReader();
        HashSet<long> links = [];
        var through = 0L;
        while (rows.Read())
        {
            through = Math.Max(through, rows.GetInt64(0));
            links.Add(rows.GetInt64(1));
        }

        return (links, through);
    }

    // No row of these links is added from now on, but blocks may still be joined to new ones.
    private int EraseFresh(Slice slice, HashSet<long> links, HashSet<long> holders, long lastKnown)
    {
        recent.Settle(slice.Connection, slice.Transaction, database.WriteNumber);
        Dictionary<long, RecentSegment> changed = [];
        var rows = 0;
        foreach (var segment in recent.Now.Segments)
        {
            var mayHold = segment.Block > lastKnown || holders.Remove(segment.Block);
            if (!mayHold || !segment.HoldsAny(links))
                continue;

            var kept = segment.Without(links);
            ClickBlocks.Change(slice.Connection, slice.Transaction, kept);
            changed.Add(segment.Block, kept);
            rows += 1 + Slice.Weight(segment.Columns.Size) + Slice.Weight(kept.Columns.Size);
            if (rows >= slice.Size)
                break;
        }

        if (changed.Count > 0)
        {
            recent.Doubt(database.WriteNumber);
            database.AfterCommit(() => recent.Changed(changed), recent.Lose);
        }

        return rows;
    }

    private int EraseStored(Slice slice, long fromJob, long throughJob)
    {
        var change = groups.Begin(slice.Connection, slice.Transaction);
        var rows = 0;
        foreach (var erased in ReadErased(slice, fromJob, throughJob))
        {
            if (Erase(slice, change, erased, ref rows))
                rows += slice.Run("DELETE FROM jobs WHERE id = @id", ("@id", erased.Job));
            if (rows >= slice.Size)
                break;
        }

        change.Write();
        if (rows > 0)
            NoteChange(slice.Connection, slice.Transaction);
        return rows;
    }

    // The groups come first, and each of their days only once: if its clicks are no longer kept, a rollup cannot be rebuilt.
    private static bool Erase(Slice slice, GroupChange change, Erased erased, ref int rows)
    {
        var link = erased.Link.LinkId;
        if (erased.NextDay is { } from)
        {
            var most = Math.Max(1, slice.Size - rows);
            var (days, next) = change.Add(new GroupMove(link, [.. erased.Link.Groups], []), from, most);
            rows += days;
            if (next is { } day)
                return Later(slice, erased.Job, day);
        }

        var scope = RollupScopes.Link(link);
        return EraseRange(slice, "click_chunks", "length(data)", link, ref rows)
                && EraseRange(slice, "rollups", "length(totals) + length(quarters)", scope, ref rows)
                && EraseRange(slice, "stale_rollups", "0", scope, ref rows)
            || Later(slice, erased.Job, int.MaxValue);
    }

    private static bool Later(Slice slice, long job, int nextDay)
    {
        slice.Run("UPDATE jobs SET cursor = @day WHERE id = @id", ("@day", $"{nextDay}"), ("@id", job));
        return false;
    }

    private static List<Erased> ReadErased(Slice slice, long fromJob, long throughJob)
    {
        // The plus stops SQLite from using its index on kinds, with which it would sort all rows for each slice.
        using var command = slice.Command(
            """
            SELECT id, subject, account_id, project_id, domain_id, is_guest, cursor FROM jobs
            WHERE id >= @from AND id <= @through AND +kind = @kind ORDER BY id LIMIT @size
            """,
            ("@kind", (int)JobKind.EraseClicks),
            ("@from", fromJob),
            ("@through", throughJob),
            ("@size", slice.Size)
        );
        using var rows = command.ExecuteReader();
        List<Erased> found = [];
        while (rows.Read())
            found.Add(
                new(
                    rows.GetInt64(0),
                    new(
                        rows.GetInt64(1),
                        rows.GetInt64(2),
                        rows.IsDBNull(3) ? null : rows.GetInt64(3),
                        rows.GetInt64(4),
                        rows.GetBoolean(5)
                    ),
                    rows.IsDBNull(6) ? 0 : NextDayOf(rows.GetString(6))
                )
            );
        return found;
    }

    private static int? NextDayOf(string cursor) =>
        int.Parse(cursor, System.Globalization.CultureInfo.InvariantCulture) is < int.MaxValue and var day ? day : null;

    // A job that is making rollups at this moment starts again.
    private void NoteChange(DbConnection connection, DbTransaction transaction)
    {
        recent.Settle(connection, transaction, database.WriteNumber);
        recent.Doubt(database.WriteNumber);
        database.AfterCommit(() => recent.Changed(new Dictionary<long, RecentSegment>()), recent.Lose);
    }

    /// <summary>Erases rows of an owner until the slice is full; false: rows may be left.</summary>
    private static bool EraseRange(Slice slice, string table, string bytes, long owner, ref int rows)
    {
        if (rows >= slice.Size)
            return false;

        var (last, isAll) = (0L, true);
        using (
            var command = slice.Command(
                $"SELECT id, {bytes} FROM {table} WHERE id >= @from AND id < @to ORDER BY id",
                ("@from", ClusterKey.Of(owner, 0)),
                ("@to", ClusterKey.Of(owner + 1, 0))
            )
        )
        using (var found = command.ExecuteReader())
            while (isAll && found.Read())
            {
                last = found.GetInt64(0);
                rows += 1 + Slice.Weight(found.GetInt64(1));
                isAll = rows < slice.Size;
            }

        if (last > 0)
            slice.Run(
                $"DELETE FROM {table} WHERE id >= @from AND id <= @last",
                ("@from", ClusterKey.Of(owner, 0)),
                ("@last", last)
            );
        return isAll;
    }

    /// <param name="NextDay">The first day that must still be removed from groups; null: none.</param>
    private readonly record struct Erased(long Job, LinkPlace Link, int? NextDay);
}
