using System.Globalization;

namespace Signpost.Hosting;

/// <summary>
/// The time by which data expires: the earlier of the system's clock and of the time that has really passed. So a system's clock that
/// jumps ahead deletes nothing. <see cref="ExpiryClockKeeper"/> carries the passed time over restarts.
/// </summary>
internal sealed class ExpiryClock(TimeProvider clock) : TimeProvider
{
    /// <summary>After a start, a gap of at most this counts as time in which the server did not run.</summary>
    public static readonly TimeSpan LongestDownTime = TimeSpan.FromDays(7);

    /// <summary>A larger difference from the system's clock is reported.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromDays(1);

    private Mark _mark = new(clock.GetUtcNow(), clock.GetTimestamp());

    /// <summary>The time that has passed by the monotonic clock. It ignores all jumps of the system's clock.</summary>
    public DateTimeOffset Passed
    {
        get
        {
            var mark = Volatile.Read(ref _mark);
            return mark.At + clock.GetElapsedTime(mark.Timestamp);
        }
    }

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    /// <summary>Says how the system's clock differs from the passed time; null: by a day at most.</summary>
    public string? Trouble
    {
        get
        {
            var (now, passed) = (clock.GetUtcNow(), Passed);
            return (now - passed).Duration() <= Tolerance
                ? null
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"The system's clock jumped: it shows {now:yyyy-MM-dd HH:mm} UTC, but by the time that has passed it is {passed:yyyy-MM-dd HH:mm} UTC. Data expires by the earlier of both times."
                );
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        var (now, passed) = (clock.GetUtcNow(), Passed);
        return now < passed ? now : passed;
    }

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(callback, state, dueTime, period);

    /// <summary>Goes on at the time that the last process stored; null: no process stored one, so the system's clock is right.</summary>
    public void Continue(DateTimeOffset? stored)
    {
        var now = clock.GetUtcNow();
        var isTrusted = stored is not { } last || (now >= last && now - last <= LongestDownTime);
        Volatile.Write(ref _mark, new(isTrusted ? now : stored!.Value, clock.GetTimestamp()));
    }

    private sealed record Mark(DateTimeOffset At, long Timestamp);
}
