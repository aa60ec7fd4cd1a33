using System.Runtime.CompilerServices;
using Signpost.Core.Statistics;

namespace Signpost.Clicks;

/// <summary>A request as it happened, with an id for continuing. Ids rise, also over restarts, and have gaps.</summary>
internal readonly record struct LiveClick(long Id, ClickRow Row);

/// <summary>
/// Sends stored requests to listeners. The last ones are kept for listeners who reconnect; a slower listener
/// misses the older ones. So a listener costs no memory of its own, and nobody ever waits for one.
/// </summary>
internal sealed class LiveFeed
{
    /// <summary>The number of requests that are kept.</summary>
    public const int Kept = 10_000;

    /// <summary>Copied out at once, so that the lock is held for a moment only.</summary>
    private const int MostAtOnce = 256;

    private const long IdsPerMillisecond = 1_000;

    private readonly Lock _lock = new();
    private readonly ClickRow[] _ring = new ClickRow[Kept];

    /// <summary>The next id, and the first one of this process.</summary>
    private long _next;
    private readonly long _first;
    private TaskCompletionSource _published = NewSignal();
    private int _listeners;
    private long _missed;
    private bool _isOver;
    private Action<IReadOnlySet<long>>? _forget;

    // Later than any id of an earlier process, and exact as a number in JavaScript.
    public LiveFeed(TimeProvider clock) =>
        _first = _next = clock.GetUtcNow().ToUnixTimeMilliseconds() * IdsPerMillisecond;

    /// <summary>Whether anybody listens.</summary>
    public bool IsFollowed => Listeners > 0;

    /// <summary>The number of listeners.</summary>
    public int Listeners => Volatile.Read(ref _listeners);

    /// <summary>The number of requests since the start that a listener missed, because it was too slow.</summary>
    public long Missed => Interlocked.Read(ref _missed);

    /// <summary>Publishes rows that are stored now, and returns the last id.</summary>
    public long Publish(IReadOnlyList<ClickRow> rows)
    {
        TaskCompletionSource published;
        lock (_lock)
        {
            if (rows.Count == 0)
                return _next - 1;

            for (var row = Math.Max(0, rows.Count - Kept); row < rows.Count; row++)
                _ring[(_next + row) % Kept] = rows[row];
            _next += rows.Count;
            (published, _published) = (_published, NewSignal());
        }

        published.TrySetResult();
        return _next - 1;
    }

    /// <summary>Forgets the requests of links, because their clicks are erased. Listeners that come back do not get them.</summary>
    public void Forget(IReadOnlySet<long> links)
    {
        lock (_lock)
            foreach (ref var row in _ring.AsSpan())
                if (links.Contains(row.LinkId))
                    row = default;
        _forget?.Invoke(links);
    }

    /// <summary>Also calls this when requests of links are to be forgotten, for the life of the feed.</summary>
    public void OnForget(Action<IReadOnlySet<long>> forget) => _forget += forget;

    /// <summary>No more rows follow: listeners end when they have all.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _isOver = true;
            _published.TrySetResult();
        }
    }

    /// <summary>
    /// Continues after an id, as far back as requests are kept; with null or an unknown id from now on. It ends after
    /// <see cref="Complete"/>.
    /// </summary>
    public async IAsyncEnumerable<LiveClick> FollowAsync(
        long? afterId,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        Interlocked.Increment(ref _listeners);
        try
        {
            var next = StartOf(afterId);
            var buffer = new LiveClick[MostAtOnce];
            while (true)
            {
                var (count, more) = Take(ref next, buffer);
                for (var i = 0; i < count; i++)
                    yield return buffer[i];
                if (count == 0 && more is null)
                    yield break;
                if (count == 0)
                    await more!.WaitAsync(cancel);
                cancel.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _listeners);
        }
    }

    private long StartOf(long? afterId)
    {
        lock (_lock)
            return afterId is { } id && id < _next ? id + 1 : _next;
    }

    // More is null when nothing follows.
    private (int Count, Task? More) Take(ref long next, LiveClick[] buffer)
    {
        lock (_lock)
        {
            var oldest = Math.Max(_first, _next - Kept);
            _missed += next >= _first ? Math.Max(0, oldest - next) : 0;
            next = Math.Max(next, oldest);
            var count = 0;
            for (; next < _next && count < buffer.Length; next++)
                if (_ring[next % Kept] is { LinkId: > 0 } row)
                    buffer[count++] = new(next, row);
            return (count, _isOver ? null : _published.Task);
        }
    }

    // The publisher must not run code of the listeners.
    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
