using System.Data.Common;
using Signpost.Clicks.Classifying;
using Signpost.Core.Clicks;
using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Storage;

namespace Signpost.Clicks;

/// <summary>
/// Moves clicks from the journal into the store, each exactly once: reading continues at the position that the store
/// committed with its clicks, and a batch that comes twice is stored once (<see cref="IClickStore"/>). Opens the journal before
/// the first request is served, and closes it after the last.
/// </summary>
internal sealed partial class ClickIngestor(
    ClickJournal journal,
    ClickCounts counts,
    IClickStore store,
    ClickClassifier classifier,
    VisitorSalts salts,
    LinkDestinations destinations,
    LiveFeed feed,
    Backlog backlog,
    BackgroundLanes lanes,
    StoringTrouble trouble,
    TimeProvider clock,
    ILogger<ClickIngestor> logger
) : BackgroundService
{
    /// <summary>
    /// The first batch takes hardly a millisecond of a processor, and shows whether requests need all of them. Even if all
    /// are on different links, it holds the store's writing connection far less than 50 ms.
    /// </summary>
    private const int FewestClicks = 512;

    /// <summary>
    /// Busy links have many clicks in a large batch, and one row to change. So batches grow as long as the store is
    /// quick with them (docs/performance.md), and become small at once when it is not.
    /// </summary>
    private const int MostClicks = 32_768;

    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(12);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(30);

    private const int FailuresPerMinute = 120;
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(3);

    private readonly JournalReader _reader = new(journal);
    private readonly StoringPace _pace = new(lanes.Storing, feed, backlog, clock);
    private JournalPosition _position;
    private int _batchSize = FewestClicks;

    /// <summary>Offered to the store, and not yet known to be stored.</summary>
    private ClickBatch? _offered;
    private bool _closed;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // It was never started, or has already stopped.
        if (ExecuteTask is null || _closed)
            return;

        _closed = true;
        await CloseAsync(ExecuteTask);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => MoveAsync(stoppingToken);

    /// <summary>Opens the journal, and counts the clicks that wait in it.</summary>
    /// <exception cref="JournalDamagedException">The journal is damaged.</exception>
    internal async Task OpenAsync(CancellationToken cancel)
    {
        var known = await store.ReadJournalsAsync(cancel);
        var id = journal.Identify(known);
        if (!known.Contains(id))
            await store.LearnAsync(id, cancel);
        _position = await store.ReadPositionAsync(id, cancel);
        journal.Open(_position);
        counts.Start(id, _position);
        lanes.IsBehind = () => backlog.IsTooLarge;
        var waiting = CountWaiting();
        if (waiting > 0)
            LogResumed(_position, waiting);
    }

    /// <summary>Stores what waits, for some seconds, and closes the journal.</summary>
    /// <param name="moving">The task of <see cref="MoveAsync"/>, which was told to stop.</param>
    internal async Task CloseAsync(Task moving)
    {
        // The host may have given up before the last step ended. A journal must never have two readers.
        using var patience = new CancellationTokenSource(LongestDrain, clock);
        await moving
            .WaitAsync(patience.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (!moving.IsCompleted)
        {
            LogLeft(null, journal.State.BytesPending);
            return;
        }

        try
        {
            await StoreAllAsync(patience.Token);
        }
        catch (Exception error)
        {
            LogLeft(error, journal.State.BytesPending);
        }

        journal.Dispose();
    }

    /// <summary>Moves clicks until it is told to stop.</summary>
    internal async Task MoveAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(StoringPace.Tick, clock);
        var failures = 0;
        do if (_pace.IsDue())
            failures = await TryStoreAllAsync(stoppingToken) ? 0 : failures + 1;
        while (await timer.WaitForNextTickAsync(stoppingToken));

        // No file can be opened, the disk fails, or there is a bug: redirects go on, and journaled clicks
        // stay in the journal.
        async Task<bool> TryStoreAllAsync(CancellationToken cancel)
        {
            try
            {
                await StoreAllAsync(cancel, mayYield: true);
                return true;
            }
            catch (Exception error) when (!cancel.IsCancellationRequested)
            {
                // Logged at first, then every minute while it lasts.
                if (failures % FailuresPerMinute == 0)
                    LogUnreadable(error, failures + 1);
                _pace.Stored(0, yielded: false);
                return false;
            }
        }
    }

    private async Task StoreAllAsync(CancellationToken cancel, bool mayYield = false)
    {
        // Clicks that come meanwhile are left: a few large batches cost far less than many small ones.
        var (began, end, stored, yielded) = (clock.GetUtcNow(), journal.End, 0L, false);
        _batchSize = FewestClicks;
        // A batch that a stop interrupted is offered again as it was: its commit may have happened.
        while (!yielded && _position < end && (_offered ??= await ReadAsync(cancel)) is { } batch)
        {
            await StoreAsync(batch, cancel);
            stored += batch.Clicks.Count;
            journal.Forget(_position);
            yielded = mayYield && _position < end && _pace.MustYield;
        }

        if (!yielded)
        {
            backlog.StoredAll(began);
            journal.StoredAll();
        }

        _pace.Stored(stored, yielded);
        journal.Forget(_position);
        await ForgetSaltsAsync(cancel);
        if (!yielded)
            await destinations.ForgetAsync(began, cancel);
    }

    // Classifying a click may need the database. While that is unreachable, the click waits like one that cannot be
    // stored.
    private async Task<ClickBatch?> ReadAsync(CancellationToken cancel)
    {
        for (var pause = FirstRetry; ; )
        {
            try
            {
                if (await _reader.ReadAsync(_position, _batchSize, classifier, lanes.Storing) is { } batch)
                    return batch;
                if (!salts.IsAwaited)
                    return null;

                await salts.LoadAwaitedAsync(cancel);
            }
            catch (DbException error)
            {
                trouble.Add(error);
                salts.Expire();
                if (HasMadeRoom(error))
                    continue;
                await Task.Delay(pause, clock, cancel);
                pause = Longer(pause);
            }
        }
    }

    private async Task ForgetSaltsAsync(CancellationToken cancel)
    {
        try
        {
            await salts.ForgetAsync(cancel);
        }
        catch (DbException error)
        {
            LogSaltsKept(error);
        }
    }

    // A batch is never skipped: until the store takes it, it and all later clicks wait safely in the journal.
    private async Task StoreAsync(ClickBatch batch, CancellationToken cancel)
    {
        await store.ReadyAsync(cancel);
        counts.Moving(batch);
        var pause = FirstRetry;
        while (true)
        {
            var start = clock.GetTimestamp();
            try
            {
                if (await TryStoreAsync(batch, cancel))
                {
                    Adapt(clock.GetElapsedTime(start));
                    break;
                }

                LogAstray(batch.Start);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                backlog.Failed();
                trouble.Add(error);
                if (HasMadeRoom(error))
                    continue;
            }

            salts.Expire();
            await Task.Delay(pause, clock, cancel);
            pause = Longer(pause);
        }

        trouble.End();
        (_position, _offered) = (batch.End, null);
        counts.Moved(batch);
        backlog.Stored(batch);
        feed.Publish(batch.Rows);
    }

    // It was not taken, but is stored: an earlier try was committed, but its result was lost.
    private async Task<bool> TryStoreAsync(ClickBatch batch, CancellationToken cancel) =>
        await store.AppendAsync(journal.Id, batch, cancel)
        || await store.ReadPositionAsync(journal.Id, cancel) == batch.End;

    private bool HasMadeRoom(Exception error)
    {
        if (!Database.IsFull(error) || !journal.MakeRoom())
            return false;

        LogMadeRoom();
        return true;
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestRetry ? pause * 2 : LongestRetry;

    private void Adapt(TimeSpan took)
    {
        if (took > Slow)
            _batchSize = FewestClicks;
        else if (took < Quick)
            _batchSize = Math.Min(_batchSize * 2, MostClicks);
    }

    private long CountWaiting()
    {
        var waiting = 0L;
        for (var from = _position; _reader.Read(from, FewestClicks) is { } batch; from = batch.End)
        {
            counts.Add(batch);
            waiting += batch.Clicks.Count;
        }

        return waiting;
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Clicks are stored up to {Position}; {Waiting} more wait in the journal"
    )]
    private partial void LogResumed(JournalPosition position, long waiting);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The disk is full: the reserve is given up, so that clicks can be stored. The journal takes no more room until it "
            + "is taken again"
    )]
    private partial void LogMadeRoom();

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The store is not at {Position}, where this process left it. Does another process use the same journal?"
    )]
    private partial void LogAstray(JournalPosition position);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Salts of finished days could not be deleted; trying again")]
    private partial void LogSaltsKept(Exception error);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Clicks cannot be moved from the journal to the store ({Failures} times so far); they wait there"
    )]
    private partial void LogUnreadable(Exception error, int failures);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Bytes} bytes of clicks stay in the journal and are stored at the next start"
    )]
    private partial void LogLeft(Exception? error, long bytes);
}
