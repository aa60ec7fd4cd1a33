using System.Threading.RateLimiting;
using Signpost.Api.Callers;
using Signpost.Hosting;
using Signpost.Web;

namespace Signpost.Api.Bodies;

/// <summary>Lets few large bodies in at once, and few of one account, because each is kept in memory until it is read.</summary>
internal sealed class LargeBodies(TimeProvider clock) : IDisposable
{
    public const int MostAtOnce = 16;
    public const int MostOfAccount = 4;
    private const int MostWaiting = 64;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly PartitionedRateLimiter<HttpContext> _ofAccount = Places(OwnerOf, MostOfAccount);
    private readonly PartitionedRateLimiter<HttpContext> _all = Places(static _ => "all", MostAtOnce);

    private int _waiting;
    private long _refused;

    /// <summary>The number of bodies that wait for a place.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>The number of bodies that were refused since the start.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Waits for a place, which disposing gives back.</summary>
    /// <exception cref="TooBusyException">There was no place for some seconds.</exception>
    public async Task<IDisposable> EnterAsync(HttpContext http, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(LongestWait, clock);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        // The account's place first: a crowded account takes no places from others while it waits.
        var ofAccount = await AcquireAsync(_ofAccount, http, ends.Token, cancel);
        try
        {
            return new Place(ofAccount, await AcquireAsync(_all, http, ends.Token, cancel));
        }
        catch
        {
            ofAccount.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _ofAccount.Dispose();
        _all.Dispose();
    }

    private async Task<RateLimitLease> AcquireAsync(
        PartitionedRateLimiter<HttpContext> places,
        HttpContext http,
        CancellationToken ends,
        CancellationToken cancel
    )
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            var lease = await places.AcquireAsync(http, 1, ends);
            if (lease.IsAcquired)
                return lease;
            lease.Dispose();
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // The wait was too long.
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        Interlocked.Increment(ref _refused);
        throw new TooBusyException("Too many large bodies are read at once.");
    }

    private static object OwnerOf(HttpContext http) =>
        http.Features.Get<Caller>() is { } caller
            ? caller.AccountId
            : ClientNetwork.One(http.Connection.RemoteIpAddress);

    private static PartitionedRateLimiter<HttpContext> Places(Func<HttpContext, object> ownerOf, int most) =>
        PartitionedRateLimiter.Create<HttpContext, object>(http =>
            RateLimitPartition.GetConcurrencyLimiter(
                ownerOf(http),
                _ => new ConcurrencyLimiterOptions { PermitLimit = most, QueueLimit = MostWaiting }
            )
        );

    private sealed class Place(RateLimitLease ofAccount, RateLimitLease ofAll) : IDisposable
    {
        public void Dispose()
        {
            ofAll.Dispose();
            ofAccount.Dispose();
        }
    }
}
