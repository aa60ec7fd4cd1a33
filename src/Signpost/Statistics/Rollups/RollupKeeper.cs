using System.Threading.Channels;
using Signpost.Clicks.Rows;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.Statistics.Rollups;

/// <summary>
/// Closes UTC days that are over: makes their rollups out of the folded clicks, and makes anew those that a change of links
/// left doubtful. Everything it does can be killed anywhere: a day's rollups hold only once all of them are written.
/// </summary>
internal sealed partial class RollupKeeper(
    Database database,
    ClickArchive archive,
    FreshClicks fresh,
    ClickAge age,
    TimeProvider clock,
    ILogger<RollupKeeper> logger
) : BackgroundService
{
    private const int RowsAtOnce = 32;
    private const int BytesAtOnce = 1 << 20;
    private const int StaleAtOnce = 256;
    private const int LinksAtOnce = 256;
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _one = new(1);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>The rebuild that was asked for last; null: none was since the start.</summary>
    public RollupRebuild? Rebuild { get; private set; }

    /// <summary>Asks for a rebuild of everything; answers the running one where there is one.</summary>
    public RollupRebuild RequestRebuild()
    {
        lock (_wake)
        {
            if (Rebuild is not { IsDone: false })
                Rebuild = new RollupRebuild(clock.GetUtcNow());
            _wake.Writer.TryWrite(true);
            return Rebuild;
        }
    }

    /// <summary>Closes all days that are over and not closed yet, then repairs.</summary>
    public async Task CloseAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            foreach (var day in FindDays(onlyOpen: true))
                await CloseDayAsync(day, null, cancel);
            await RepairAsync(cancel);
            await ExpireAsync(cancel);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Makes all rollups anew from the clicks that are kept, and notes where they differ.</summary>
    public async Task RebuildAsync(RollupRebuild rebuild, CancellationToken cancel)
    {
        await CloseAsync(cancel);
        await _one.WaitAsync(cancel);
        try
        {
            var days = FindDays(onlyOpen: false);
            rebuild.Start(days.Count);
            foreach (var day in days)
            {
                // Of older ones nothing is left that could be counted.
                if (day >= age.FirstDay)
                    await CloseDayAsync(day, rebuild, cancel);
                rebuild.DayDone();
            }

            rebuild.End(clock.GetUtcNow(), null);
        }
        finally
        {
            _one.Release();
        }
    }

    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await TryAsync(stoppingToken);
                await WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; days that are half closed are closed at the next start.
        }
    }

    private async Task TryAsync(CancellationToken cancel)
    {
        var rebuild = Rebuild is { IsDone: false } asked ? asked : null;
        try
        {
            if (rebuild is not null)
                await RebuildAsync(rebuild, cancel);
            else
                await CloseAsync(cancel);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            LogFailed(error);
            rebuild?.End(
                clock.GetUtcNow(),
                "It failed, and the server's log says why. Rollups that were written hold."
            );
        }
    }

    private async Task WaitAsync(CancellationToken cancel)
    {
        using var round = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(_wake.Reader.ReadAsync(round.Token).AsTask(), Task.Delay(Round, clock, round.Token));
        await round.CancelAsync();
        cancel.ThrowIfCancellationRequested();
    }

    private List<int> FindDays(bool onlyOpen)
    {
        using var connection = database.OpenRead();
        using var command = connection.Command(
            null,
            onlyOpen
                ? "SELECT day FROM click_days WHERE day < $today AND revision <> rolled_revision ORDER BY day"
                : "SELECT day FROM click_days WHERE day < $today ORDER BY day",
            ("$today", Days.Of(clock.GetUtcNow().ToUnixTimeSeconds()))
        );
        using var rows = command.ExecuteReader();
        List<int> days = [];
        while (rows.Read())
            days.Add(rows.GetInt32(0));
        return days;
    }

    // Links that are erased or moved meanwhile void what was made of the state before: then once more, from the start.
    private async Task CloseDayAsync(int day, RollupRebuild? rebuild, CancellationToken cancel)
    {
        for (var isDone = false; !isDone; )
        {
            cancel.ThrowIfCancellationRequested();
            isDone = await TryCloseDayAsync(day, rebuild, cancel);
        }
    }

    private async Task<bool> TryCloseDayAsync(int day, RollupRebuild? rebuild, CancellationToken cancel)
    {
        var epoch = fresh.Epoch;
        using var view = archive.Open();
        // Its clicks are still to be folded; then it is closed.
        if (ReadRevision(view, day) is not { } revision || HasFresh(view, day))
            return true;

        // Late clicks of a day that is too old to be kept: what was counted of it stays.
        if (day < age.FirstDay && RollupTable.WasRolled(view, day))
            return await MarkAsync(day, revision, epoch, cancel);

        using DayRollups rollups = new(view, day);
        List<MadeRollup> made = [];
        var bytes = 0;
        foreach (var one in rollups.MakeAll())
        {
            cancel.ThrowIfCancellationRequested();
            rebuild?.Compare(one, RollupTable.Find(view.Connection, view.Transaction, one.Id));
            made.Add(one);
            bytes += one.Rollup.Totals.Length + one.Rollup.Quarters.Length;
            if (made.Count < RowsAtOnce && bytes < BytesAtOnce)
                continue;

            if (!await WriteAsync(made, epoch, cancel))
                return false;
            made.Clear();
            bytes = 0;
        }

        return await WriteAsync(made, epoch, cancel) && await MarkAsync(day, revision, epoch, cancel);
    }

    private Task<bool> WriteAsync(List<MadeRollup> made, long epoch, CancellationToken cancel) =>
        database.WriteRawAsync(
            (connection, transaction) =>
            {
                if (fresh.Epoch != epoch)
                    return false;
                foreach (var one in made)
                    RollupTable.Write(connection, transaction, one);
                return true;
            },
            cancel
        );

    private Task<bool> MarkAsync(int day, int revision, long epoch, CancellationToken cancel) =>
        database.WriteRawAsync(
            (connection, transaction) =>
            {
                if (fresh.Epoch != epoch)
                    return false;
                connection.Run(
                    transaction,
                    "UPDATE click_days SET rolled_revision = $revision WHERE day = $day AND revision = $revision",
                    ("$revision", revision),
                    ("$day", day)
                );
                return true;
            },
            cancel
        );

    private async Task RepairAsync(CancellationToken cancel)
    {
        while (FindStale() is { Count: > 0 } stale)
            foreach (var id in stale)
                while (!await TryRepairAsync(id, cancel))
                    cancel.ThrowIfCancellationRequested();
    }

    private async Task<bool> TryRepairAsync(long id, CancellationToken cancel)
    {
        var epoch = fresh.Epoch;
        using var view = archive.Open();
        using DayRollups rollups = new(view, (int)ClusterKey.NumberOf(id));
        var made = rollups.MakeOne(ClusterKey.OwnerOf(id));
        var stored = RollupTable.Find(view.Connection, view.Transaction, id);
        // How long clicks are kept may have been prolonged, or the clock been wrong: of what is gone the count stays.
        var isWhole = RequestsOf(made?.Rollup) >= RequestsOf(stored);
        return await database.WriteRawAsync(
            (connection, transaction) =>
            {
                if (fresh.Epoch != epoch)
                    return false;
                if (isWhole && made is { } one)
                    RollupTable.Write(connection, transaction, one);
                connection.Run(transaction, "DELETE FROM stale_rollups WHERE id = $id", ("$id", id));
                return true;
            },
            cancel
        );
    }

    private static long RequestsOf(StoredRollup? stored)
    {
        ValueSums kinds = new();
        if (stored is { } rollup)
            RollupBytes.AddDays(rollup.Totals, Dimension.Kind, rollup.Days, 0, rollup.Days, kinds);
        return kinds.ToList().Sum(kind => kind.Count.Pageviews);
    }

    private List<long> FindStale()
    {
        using var connection = database.OpenRead();
        using var command = connection.Command(
            null,
            "SELECT id FROM stale_rollups ORDER BY id LIMIT $most",
            ("$most", StaleAtOnce)
        );
        using var rows = command.ExecuteReader();
        List<long> ids = [];
        while (rows.Read())
            ids.Add(rows.GetInt64(0));
        return ids;
    }

    /// <summary>Makes rollups of the clicks that are too old, packed, then erases these clicks.</summary>
    private async Task ExpireAsync(CancellationToken cancel)
    {
        var (firstDay, link) = (age.FirstDay, 0L);
        if (firstDay <= 0 || FindDays(onlyOpen: true).Exists(day => day < firstDay))
            return;

        await archive.TrimOrphansAsync(firstDay, cancel);
        while (archive.FindOlder(Days.StartOf(firstDay), link, LinksAtOnce) is { Count: > 0 } links)
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

    private static int? ReadRevision(ClickView view, int day)
    {
        using var command = view.Connection.Command(
            view.Transaction,
            "SELECT revision FROM click_days WHERE day = $day",
            ("$day", day)
        );
        return (int?)(long?)command.ExecuteScalar();
    }

    private static bool HasFresh(ClickView view, int day)
    {
        var (from, to) = (Days.StartOf(day), Days.StartOf(day + 1));
        foreach (var segment in view.Segments)
            if (segment.Columns.FirstAt < to && segment.Columns.LastAt >= from)
                foreach (var run in segment.Columns.Runs)
                    if (view.IsFresh(segment, run.Link) && segment.Columns.HasWithin(run, from, to))
                        return true;
        return false;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Days could not be closed; it is tried again")]
    private partial void LogFailed(Exception error);
}
