using System.Threading.RateLimiting;
using Microsoft.Extensions.Caching.Hybrid;

namespace Signpost.Hosting;

/// <summary>
/// Results that anybody may request as often as they like. Each is kept for ten seconds, and requests for the same one share
/// its computation. A few are computed at a time; others wait for a few seconds, and are then refused.
/// </summary>
/// <param name="name">Separates the keys of one use from those of others.</param>
internal sealed class SharedReads(HybridCache cache, TimeProvider clock, string name) : IDisposable
{
    public const int MostAtOnce = 4;
    public const int MostWaiting = 64;
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private static readonly HybridCacheEntryOptions Stay = new() { Expiration = TimeSpan.FromSeconds(10) };

    private readonly ConcurrencyLimiter _making = new(
        new()
        {
            PermitLimit = MostAtOnce,
            QueueLimit = MostWaiting,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }
    );

    private long _refused;

    /// <summary>The number of requests that wait for their turn.</summary>
    public long Waiting => _making.GetStatistics()!.CurrentQueuedCount;

    /// <summary>The number of requests that were refused since the start.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <param name="make">Computes the result; cancelled when nobody waits for it any more.</param>
    /// <exception cref="TooBusyException">Too many others are computed at the moment.</exception>
    public ValueTask<T> GetAsync<T>(string key, Func<CancellationToken, Task<T>> make, CancellationToken cancel) =>
        cache.GetOrCreateAsync(
            $"{name}/{key}",
            async unwanted =>
            {
                using var permit = await EnterAsync(unwanted);
                return await make(unwanted);
            },
            Stay,
            cancellationToken: cancel
        );

    public void Dispose() => _making.Dispose();

    private async Task<RateLimitLease> EnterAsync(CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(LongestWait, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            var permit = await _making.AcquireAsync(1, end.Token);
            if (permit.IsAcquired)
                return permit;
            permit.Dispose();
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // It has waited for the longest time.
        }

        Interlocked.Increment(ref _refused);
        throw new TooBusyException($"There are too many requests for {name} at once.");
    }
}
