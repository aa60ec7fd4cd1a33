using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Signpost.Storage;

namespace Signpost.Changes.Jobs;

/// <summary>Runs jobs: those that a request has just stored, and after a start those that were left.</summary>
internal sealed partial class JobRunner(
    Database database,
    IEnumerable<IJobWorker> workers,
    TraceErasure traces,
    TimeProvider clock,
    ILogger<JobRunner> logger
) : BackgroundService
{
    /// <summary>The longest time that a request waits; then the job continues without it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Round = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<long, Task> _running = [];
    private readonly CancellationTokenSource _stop = new();
    private long _failed;

    /// <summary>The number of jobs that run or wait to be tried again.</summary>
    public int Waiting => _running.Count;

    /// <summary>The number of tries since the start that failed.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>The wait before a failed job is tried again.</summary>
    internal TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether jobs are left for the next start.</summary>
    public bool IsStopping => _stop.IsCancellationRequested;

    /// <summary>Runs a job whose row is committed. Nobody waits for it.</summary>
    public void Begin(long jobId) => _ = Start(jobId);

    /// <summary>Runs a job whose row is committed, and waits a short time for it. False: the job still runs.</summary>
    public async Task<bool> FinishAsync(long jobId, CancellationToken cancel)
    {
        try
        {
            await Start(jobId).WaitAsync(Patience, clock, cancel);
            return true;
        }
        catch (Exception error) when (error is TimeoutException || _stop.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Runs all jobs that were left, and waits for them. The first erasure of a link's clicks also does all other erasures.</summary>
    public async Task ResumeAsync(CancellationToken cancel)
    {
        await Task.WhenAll(FindLeft().Select(Start)).WaitAsync(cancel);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_running.Values)
            .WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Dispose()
    {
        _stop.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var rounds = new PeriodicTimer(Round, clock);
        // Repeats, because the commit of a job may have happened although it returned an error. It waits for no job: one may take hours.
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                FindLeft().ForEach(Begin);
                await rounds.WaitForNextTickAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogUnread(error);
                await Task.Delay(Pause, clock, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                // The server stops; the job continues at the next start.
            }
    }

    // Plain SQL, because it runs at every start, and Entity Framework takes long to load.
    private List<long> FindLeft()
    {
        using var connection = database.OpenRead();
        using var command = connection.Command(
            null,
            """
            SELECT id FROM jobs WHERE kind <> @erase
            UNION ALL SELECT min(id) FROM jobs WHERE kind = @erase HAVING min(id) IS NOT NULL
            """,
            ("@erase", (long)JobKind.EraseClicks)
        );
        using var rows = command.ExecuteReader();
        List<long> left = [];
        while (rows.Read())
            left.Add(rows.GetInt64(0));
        return left;
    }

    private Task Start(long jobId)
    {
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = _running.GetOrAdd(jobId, ended.Task);
        if (running == ended.Task)
            _ = RunAsync(jobId, ended);
        return running;
    }

    private async Task RunAsync(long jobId, TaskCompletionSource ended)
    {
        // The request still waits, until its own limit.
        await Task.Yield();
        try
        {
            for (var pause = Pause; !await TryAsync(jobId); pause = pause * 2 < Round ? pause * 2 : Round)
                await Task.Delay(pause, clock, _stop.Token);
            ended.SetResult();
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // The job continues at the next start.
            ended.SetCanceled();
        }
        finally
        {
            _running.TryRemove(jobId, out _);
        }
    }

    // A job's work may change the kind in its row: then the row holds more work.
    private async Task<bool> TryAsync(long jobId)
    {
        try
        {
            while (await FindAsync(jobId) is { } job)
                await workers.Single(worker => worker.Kinds.Contains(job.Kind)).RunAsync(job, _stop.Token);
            // The database's log still has what the job deleted.
            traces.Request();
            return true;
        }
        catch (Exception error) when (!_stop.IsCancellationRequested)
        {
            Interlocked.Increment(ref _failed);
            LogFailed(error, jobId);
            return false;
        }
    }

    private async Task<Job?> FindAsync(long jobId)
    {
        await using var db = database.Read();
        return await db.Jobs.FirstOrDefaultAsync(job => job.Id == jobId, _stop.Token);
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Job {Job}, a deletion, a move or a change of many links, failed; it will be tried again"
    )]
    private partial void LogFailed(Exception error, long job);

    [LoggerMessage(Level = LogLevel.Error, Message = "The list of jobs could not be read; it will be read again")]
    private partial void LogUnread(Exception error);
}
