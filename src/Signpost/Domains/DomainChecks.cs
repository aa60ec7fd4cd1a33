using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.Changes;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Domains;

/// <summary>The result of a check that an account asked for.</summary>
internal enum CheckResult
{
    /// <summary>The record is there, and the domain is verified.</summary>
    Verified,

    /// <summary>The DNS answered without the record.</summary>
    NoRecord,

    /// <summary>The DNS did not answer.</summary>
    NoAnswer,

    /// <summary>Another account verified the domain first.</summary>
    Taken,

    /// <summary>The domain does not exist, or belongs to another account.</summary>
    Missing,
}

/// <summary>Looks for the records of domains in the DNS, and stores the results.</summary>
internal sealed partial class DomainChecks(
    Database database,
    DomainProof proof,
    ChangeFeed feed,
    TimeProvider clock,
    ExpiryClock expiry,
    ILogger<DomainChecks> logger
)
{
    /// <summary>The record must be missing for this number of days in a row: people edit their DNS by hand, and repair mistakes.</summary>
    public const int Grace = 3;

    // Most of the time is waiting for servers that do not answer.
    private const int AtOnce = 8;

    private const long DayMilliseconds = 24L * 60 * 60 * 1000;

    /// <summary>Checks a domain now, because its account asks. A verified domain stays verified during the grace period.</summary>
    public async Task<CheckResult> VerifyAsync(Caller caller, long id, CancellationToken cancel)
    {
        if (await FindAsync(caller, id, cancel) is not { } claim)
            return CheckResult.Missing;

        // Outside any transaction, because the DNS may be slow.
        return await proof.CheckAsync(claim, cancel) switch
        {
            ProofState.Found => await AcceptAsync(claim, cancel),
            ProofState.Absent => CheckResult.NoRecord,
            _ => CheckResult.NoAnswer,
        };
    }

    /// <summary>Checks every verified domain whose last answer is a day old. A failure at one domain does not stop the others.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var several = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel };
        var failures = new ConcurrentQueue<Exception>();
        await Parallel.ForEachAsync(
            await DueAsync(cancel),
            several,
            async (domain, stop) =>
            {
                try
                {
                    await CheckAsync(domain, stop);
                }
                catch (Exception error) when (!stop.IsCancellationRequested)
                {
                    failures.Enqueue(error);
                }
            }
        );
        if (failures.TryPeek(out var first))
            LogFailed(failures.Count, first);
    }

    private async Task CheckAsync(DomainRow domain, CancellationToken cancel)
    {
        var state = await proof.CheckAsync(domain, cancel);
        if (state == ProofState.Found)
            await AcceptAsync(domain, cancel);
        // Without an answer nothing is known; the next round asks again.
        else if (state == ProofState.Absent)
            await DoubtAsync(domain, cancel);
    }

    private async Task<DomainRow?> FindAsync(Caller caller, long id, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db.Domains.OwnAsync(caller, id, cancel);
    }

    private async Task<List<DomainRow>> DueAsync(CancellationToken cancel)
    {
        var due = Passed() - DayMilliseconds;
        await using var db = database.Read();
        return await db
            .Domains.Where(domain => domain.VerifiedAt != null && domain.CheckedAt <= due)
            .OrderBy(domain => domain.CheckedAt)
            .ToListAsync(cancel);
    }

    private async Task<CheckResult> AcceptAsync(DomainRow claim, CancellationToken cancel)
    {
        var result = await WriteAsync(
            claim,
            async (db, row) =>
            {
                // The first account to verify gets the host. Only one writer runs at a time, so there is always a first.
                var isTaken = await db.Domains.AnyAsync(
                    other => other.Host == row.Host && other.Id != row.Id && other.VerifiedAt != null,
                    cancel
                );
                if (isTaken)
                    return CheckResult.Taken;

                row.VerifiedAt ??= clock.GetUtcNow().ToUnixTimeMilliseconds();
                (row.CheckedAt, row.FailedChecks) = (Passed(), 0);
                return CheckResult.Verified;
            },
            cancel
        );
        return result ?? CheckResult.Missing;
    }

    private async Task DoubtAsync(DomainRow claim, CancellationToken cancel)
    {
        var isLost = await WriteAsync(
            claim,
            (_, row) =>
            {
                // Another check got an answer meanwhile: each day counts once.
                if (row.CheckedAt != claim.CheckedAt)
                    return Task.FromResult(false);
                (row.CheckedAt, row.FailedChecks) = (Passed(), row.FailedChecks + 1);
                if (row.FailedChecks < Grace)
                    return Task.FromResult(false);
                (row.VerifiedAt, row.FailedChecks) = (null, 0);
                return Task.FromResult(true);
            },
            cancel
        );
        if (isLost is true)
            LogLost(claim.Id);
    }

    // Null: since the DNS query, the claim was deleted or replaced.
    private Task<T?> WriteAsync<T>(
        DomainRow claim,
        Func<SignpostDb, DomainRow, Task<T>> change,
        CancellationToken cancel
    )
        where T : struct =>
        database.WriteAsync<T?>(
            async db =>
            {
                database.AfterCommit(() => feed.PublishDomain(new(claim.Host)));
                var row = await db.Domains.FirstOrDefaultAsync(
                    one => one.Id == claim.Id && one.Token == claim.Token,
                    cancel
                );
                if (row is null)
                    return null;
                var result = await change(db, row);
                await db.SaveChangesAsync(cancel);
                return result;
            },
            cancel
        );

    // Not by the system's clock: when it jumps, days neither count as over nor wait for it to return.
    private long Passed() => expiry.Passed.ToUnixTimeMilliseconds();

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Domain {DomainId} is no longer served: its TXT record has been missing from the DNS for days"
    )]
    private partial void LogLost(long domainId);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Count} domains could not be checked; the next round tries again. The first error follows"
    )]
    private partial void LogFailed(int count, Exception error);
}
