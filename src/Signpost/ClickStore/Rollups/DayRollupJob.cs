using System.Data.Common;
using Signpost.Changes.Jobs;
using Signpost.ClickStore.Blocks;
using Signpost.Core.Statistics;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.ClickStore.Rollups;

/// <summary>
/// Writes rollups. It makes them from a view of the clicks while others write. If links were erased or moved meanwhile, the
/// rollups may still contain them, so none of them is written.
/// </summary>
internal sealed class DayRollupJob(
    Database database,
    ClickArchive archive,
    RecentClicks recent,
    ClickAge age,
    BackgroundLanes lanes,
    TraceErasure traces
)
{
    private const int RowsAtOnce = 32;
    private const int BytesAtOnce = 1 << 20;
    private const int LinksAtOnce = 256;
    private const int DaysAtOnce = 256;

    /// <summary>The number of stale rollups that are made again before days are closed.</summary>
    internal int StaleAtOnce { get; init; } = 64;

    /// <summary>The number of tries. While thousands of links are being deleted, all may fail; a later round tries again.</summary>
    private const int MostTries = 5;

    /// <summary>Columns of days before this one are erased already.</summary>
    private int _erasedBefore;

    /// <summary>The days before one that have compacted clicks, in order.</summary>
    public List<int> FindDays(int before, bool onlyOpen)
    {
        using var connection = database.OpenOwnRead();
        using var command = connection.Command(
            null,
            onlyOpen
                ? "SELECT day FROM click_days WHERE day < @before AND revision <> rolled_revision ORDER BY day"
                : "SELECT day FROM click_days WHERE day < @before ORDER BY day",
            ("@before", before)
        );
        using var rows = command.ExecuteReader();
        List<int> days = [];
        while (rows.Read())
            days.Add(rows.GetInt32(0));
        return days;
    }

    /// <summary>Closes a day.</summary>
    /// <param name="rebuild">Collects the stored rollups that differed.</param>
    public async Task CloseAsync(int day, RollupRebuild? rebuild, CancellationToken cancel)
    {
        for (var tries = 0; tries < MostTries && !await TryCloseAsync(day, rebuild, cancel); tries++)
            cancel.ThrowIfCancellationRequested();
    }

    /// <summary>Rebuilds some of the rollups that are marked as stale.</summary>
    /// <param name="damaged">Is told the day of damaged clicks. Such a rollup stays as it is.</param>
    /// <returns>Whether more are left to be rebuilt now.</returns>
    public async Task<bool> RepairAsync(Action<Exception, int> damaged, CancellationToken cancel)
    {
        var stale = FindStale(age.FirstDay, StaleAtOnce);
        if (stale.Count == 0)
            stale = FindStale(int.MaxValue, StaleAtOnce);
        foreach (var id in stale)
        {
            cancel.ThrowIfCancellationRequested();
            var isDone = false;
            for (var tries = 0; tries < MostTries && !isDone; tries++)
                isDone = await TryRepairAsync(id, damaged, cancel);
            if (!isDone)
                return false;
        }

        return stale.Count == StaleAtOnce;
    }

    /// <summary>Erases the columns that became invalid when links went or moved.</summary>
    public async Task EraseInvalidAsync(CancellationToken cancel)
    {
        while (await lanes.Upkeep.RunAsync(() => FindInvalid()) is { Count: > 0 } days)
            foreach (var day in days)
                await ClearAsync(day, cancel);
    }

    /// <summary>Makes rollups from the clicks that are too old, then erases these clicks.</summary>
    public async Task ExpireAsync(CancellationToken cancel)
    {
        var (firstDay, link) = (age.FirstDay, 0L);
        if (firstDay <= 0)
            return;

        if (firstDay > _erasedBefore)
            await EraseColumnsAsync(firstDay, cancel);
        _erasedBefore = firstDay;
        // Rollups are made from these clicks first.
        if (FindDays(firstDay, onlyOpen: true).Count > 0 || FindStale(firstDay, 1).Count > 0)
            return;

        await archive.TrimOrphansAsync(firstDay, cancel);
        while (await FindOlderAsync(firstDay, link) is { Count: > 0 } links)
            foreach (var one in links)
            {
                cancel.ThrowIfCancellationRequested();
                link = one;
                await database.WriteRawAsync(
                    (connection, transaction) =>
                    {
                        PackedDays.Pack(connection, transaction, one, firstDay);
                        return true;
                    },
                    cancel
                );
                await archive.TrimAsync(one, Days.StartOf(firstDay), cancel);
            }
    }

    private async Task EraseColumnsAsync(int before, CancellationToken cancel)
    {
        var after = 0L;
        while (await lanes.Upkeep.RunAsync(() => FindColumns(before, after)) is { Count: > 0 } days)
            foreach (var day in days)
            {
                after = day;
                await RemoveAsync(day, static (_, _) => { }, cancel);
            }
    }

    // Columns go in short transactions. From the first one on the clicks are read; the mark says that columns are missing if the rest fails.
    private async Task ClearAsync(long id, CancellationToken cancel)
    {
        if (await lanes.Upkeep.RunAsync(() => HasColumns(id)))
            await RemoveAsync(
                id,
                (connection, transaction) => RollupTable.MarkStale(connection, transaction, id),
                cancel
            );
    }

    private async Task RemoveAsync(long id, Action<DbConnection, DbTransaction> andThen, CancellationToken cancel)
    {
        while (await database.WriteRawAsync(RemoveSome, cancel)) { }
        // They may have had clicks that were erased.
        traces.Request();

        bool RemoveSome(DbConnection connection, DbTransaction transaction)
        {
            var isAny = DayColumnsTable.RemoveSome(connection, transaction, id, id + 1).Columns > 0;
            if (isAny)
                andThen(connection, transaction);
            return isAny;
        }
    }

    private bool HasColumns(long id)
    {
        using var connection = database.OpenOwnRead();
        return DayColumnsTable.HasAny(connection, id);
    }

    private List<long> FindInvalid()
    {
        using var connection = database.OpenOwnRead();
        return DayColumnsTable.FindInvalid(connection, DaysAtOnce);
    }

    private List<long> FindColumns(int before, long after)
    {
        using var connection = database.OpenOwnRead();
        return DayColumnsTable.FindOlder(connection, before, after, DaysAtOnce);
    }

    private Task<IReadOnlyList<long>> FindOlderAsync(int firstDay, long afterLink) =>
        lanes.Upkeep.RunAsync(() => archive.FindOlder(Days.StartOf(firstDay), afterLink, LinksAtOnce));

    private async Task<bool> TryCloseAsync(int day, RollupRebuild? rebuild, CancellationToken cancel)
    {
        var epoch = recent.Epoch;
        using var view = archive.Open(isOwn: true);
        // The day still has clicks to compact; it is closed afterwards.
        if (ReadRevision(view, day) is not { } revision || HasRecent(view, day))
            return true;

        // Late clicks came for a day whose clicks are no longer kept: its counts stay as they are.
        if (day < age.FirstDay && RollupTable.WasRolled(view, day))
            return await WriteAsync([], Complete, epoch, cancel);

        using DayRollups rollups = new(view, day, day >= age.FirstDay, cancel);
        using var all = rollups.MakeAll().GetEnumerator();
        while (true)
        {
            var (made, isLast) = await lanes.Upkeep.RunAsync(() =>
                MakeSome(all, one => rebuild?.Compare(one, RollupTable.Find(view.Connection, view.Transaction, one.Id)))
            );
            foreach (var one in made.Where(one => one.Rollup is not null))
                if (RollupScopes.HasColumns(ClusterKey.OwnerOf(one.Id)))
                    await ClearAsync(one.Id, cancel);
            if (isLast)
                return await WriteAsync(made, Complete, epoch, cancel);
            if (!await WriteAsync(made, Nothing, epoch, cancel))
                return false;
        }

        void Complete(DbConnection connection, DbTransaction transaction) =>
            connection.Run(
                transaction,
                "UPDATE click_days SET rolled_revision = @revision WHERE day = @day AND revision = @revision",
                ("@revision", revision),
                ("@day", day)
            );
    }

    private static void Nothing(DbConnection connection, DbTransaction transaction) { }

    private static (List<MadeRow> Made, bool IsLast) MakeSome(IEnumerator<MadeRow> all, Action<MadeRollup> compare)
    {
        List<MadeRow> made = [];
        var bytes = 0;
        while (made.Count < RowsAtOnce && bytes < BytesAtOnce)
        {
            if (!all.MoveNext())
                return (made, true);

            var one = all.Current;
            if (one.Rollup is { } rollup)
                compare(new(one.Id, rollup));
            made.Add(one);
            bytes += one.Size;
        }

        return (made, false);
    }

    private Task<bool> WriteAsync(
        List<MadeRow> made,
        Action<DbConnection, DbTransaction> andThen,
        long epoch,
        CancellationToken cancel
    ) =>
        database.WriteRawAsync(
            (connection, transaction) =>
            {
                if (recent.Epoch != epoch)
                    return false;

                foreach (var one in made)
                    one.Write(connection, transaction);
                andThen(connection, transaction);
                return true;
            },
            cancel
        );

    private async Task<bool> TryRepairAsync(long id, Action<Exception, int> damaged, CancellationToken cancel)
    {
        var epoch = recent.Epoch;
        var day = (int)ClusterKey.NumberOf(id);
        using var view = archive.Open(isOwn: true);
        using DayRollups rollups = new(view, day, day >= age.FirstDay, cancel);
        List<MadeRow> made = [];
        try
        {
            made = await lanes.Upkeep.RunAsync(() => rollups.MakeOne(ClusterKey.OwnerOf(id)));
        }
        catch (FormatException error)
        {
            damaged(error, day);
        }

        // Some clicks may be gone, if clicks are now kept longer or the clock was wrong: then the stored count stays.
        var stored = RollupTable.Find(view.Connection, view.Transaction, id);
        var isWhole = made is [var first, ..] && RequestsOf(first.Rollup) >= RequestsOf(stored);
        await ClearAsync(id, cancel);
        using var all = made.Where(_ => isWhole).GetEnumerator();
        while (true)
        {
            var (some, isLast) = MakeSome(all, static _ => { });
            if (isLast)
                return await WriteAsync(
                    some,
                    (connection, transaction) => RollupTable.Renewed(connection, transaction, id),
                    epoch,
                    cancel
                );
            if (!await WriteAsync(some, Nothing, epoch, cancel))
                return false;
        }
    }

    private static long RequestsOf(StoredRollup? stored)
    {
        ValueSums kinds = new();
        if (stored is { } rollup)
            RollupBytes.AddDays(rollup.Totals, Dimension.Kind, rollup.Days, 0, rollup.Days, kinds);
        return kinds.ToList().Sum(kind => kind.Count.Pageviews);
    }

    // The stale rollups of days before one. Links come first: a deletion subtracts the link's rollups from those of its groups, which must not be newer.
    private List<long> FindStale(int before, int most)
    {
        using var connection = database.OpenOwnRead();
        using var command = connection.Command(
            null,
            """
            SELECT id FROM stale_rollups WHERE (id & @days) < @before
            ORDER BY (id >> 20) % 4 <> 0, id LIMIT @most
            """,
            ("@days", ClusterKey.Of(1, 0) - 1),
            ("@before", before),
            ("@most", most)
        );
        using var rows = command.ExecuteReader();
        List<long> ids = [];
        while (rows.Read())
            ids.Add(rows.GetInt64(0));
        return ids;
    }

    private static int? ReadRevision(ClickView view, int day)
    {
        using var command = view.Connection.Command(
            view.Transaction,
            "SELECT revision FROM click_days WHERE day = @day",
            ("@day", day)
        );
        using var rows = command.ExecuteReader();
        return rows.Read() ? rows.GetInt32(0) : null;
    }

    private static bool HasRecent(ClickView view, int day)
    {
        var (from, to) = (Days.StartOf(day), Days.StartOf(day + 1));
        foreach (var segment in view.Segments)
            if (segment.Columns.FirstAt < to && segment.Columns.LastAt >= from)
                foreach (var run in segment.Columns.Runs)
                    if (view.IsRecent(segment, run.Link) && segment.Columns.HasWithin(run, from, to))
                        return true;
        return false;
    }
}
