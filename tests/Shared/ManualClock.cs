using System.Runtime.CompilerServices;

namespace Signpost.Testing;

/// <summary>A clock that stands until it is moved, and then fires the timers that are due, in order, each at its own time.</summary>
/// <remarks>
/// FakeTimeProvider (Microsoft.Extensions.TimeProvider.Testing) shows the end of the way to every timer. A timer that sets itself
/// again, as a retry does, then fires once, however long the way is. It also has no limit for timers that repeat.
/// </remarks>
internal sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = start;
    private TimeSpan _jumped;

    public ManualClock()
        : this(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero)) { }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now + _jumped;
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_lock)
            return _now.Ticks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves on, and fires each timer that is due on the way. A timer that repeats fires about a thousand times at most, evenly
    /// over the way: in thirty days a tick of 100 ms would fire 26 million times.
    /// </summary>
    public void Advance(TimeSpan by)
    {
        var end = new DateTimeOffset(GetTimestamp(), TimeSpan.Zero) + by;
        while (TakeDue(by, end) is { } due)
            due.Fire();
        lock (_lock)
            _now = end;
    }

    /// <summary>Sets only the time of day, as somebody who sets a computer's clock: no time passes, and no timer fires.</summary>
    public void Jump(TimeSpan by)
    {
        lock (_lock)
            _jumped += by;
    }

    /// <summary>Moves on, step by step, until something holds; fails after <see cref="Patience.Longest"/> of real time.</summary>
    public Task UntilAsync(Func<bool> holds, TimeSpan step, [CallerArgumentExpression(nameof(holds))] string what = "")
    {
        return Patience.UntilAsync(MoveAsync, what, pause: TimeSpan.FromMilliseconds(1));

        Task<bool> MoveAsync()
        {
            if (!holds())
                Advance(step);
            return Task.FromResult(holds());
        }
    }

    private ManualTimer? TakeDue(TimeSpan way, DateTimeOffset end)
    {
        lock (_lock)
        {
            if (_timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due) is not { } first)
                return null;
            if (first.Due > _now)
                _now = first.Due;
            first.Reschedule(way, end);
            return first;
        }
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private const int MostTimes = 1_000;

        private TimeSpan _period;

        public DateTimeOffset Due { get; private set; }

        public void Fire() => callback(state);

        public void Reschedule(TimeSpan way, DateTimeOffset end)
        {
            if (_period > TimeSpan.Zero)
                // The last time before the end is never left out.
                Due +=
                    _period
                    * Math.Max(1, Math.Min(Math.Floor(way / (MostTimes * _period)), Math.Floor((end - Due) / _period)));
            else
                clock._timers.Remove(this);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                (Due, _period) = (clock._now + dueTime, period);
                clock._timers.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._lock)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
