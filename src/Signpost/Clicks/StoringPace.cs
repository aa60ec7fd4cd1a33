using Signpost.Hosting;

namespace Signpost.Clicks;

/// <summary>
/// Decides when clicks are stored. Redirects come first: while many clicks come and leave no processor time for storing,
/// clicks wait in the journal, until the backlog is half as large or half as old as the settings allow.
/// </summary>
internal sealed class StoringPace(BackgroundLane lane, LiveFeed feed, Backlog backlog, TimeProvider clock)
{
    /// <summary>The time between two calls of <see cref="IsDue"/>.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>While nobody listens to the feed, clicks are stored once in so many ticks.</summary>
    private const int UnhurriedTicks = 5;

    /// <summary>If so many clicks come in <see cref="UnhurriedTicks"/>, clicks are stored less often: few large commits disturb redirects less than many small ones.</summary>
    private const int BusyClicks = 2_000;
    private const int BusyTicks = 20;

    /// <summary>While clicks wait for processor time, a small batch finds out this often whether there is some.</summary>
    private const int ProbeTicks = 10;

    /// <summary>If the backlog grows more slowly, it is not redirects that need the processors.</summary>
    private const double BusyBytesPerSecond = 512 << 10;

    private int _ticks = UnhurriedTicks;
    private int _due = UnhurriedTicks;
    private (long Bytes, long At) _last = (0, clock.GetTimestamp());
    private bool _grew;
    private bool _isBusy;

    /// <summary>
    /// Whether the clicks that wait should go on waiting: redirects need the processors, nobody listens to the feed, and the
    /// backlog is moderate.
    /// </summary>
    public bool MustYield => _isBusy && lane.IsStarved && !feed.IsFollowed && backlog.IsModerate;

    /// <summary>Whether clicks are to be stored now; called once in a <see cref="Tick"/>.</summary>
    public bool IsDue()
    {
        // Right after a long commit the next tick comes early, and tells nothing.
        if (clock.GetElapsedTime(_last.At) is var elapsed && elapsed >= Tick / 2)
        {
            var grew = backlog.Bytes - _last.Bytes >= BusyBytesPerSecond * elapsed.TotalSeconds;
            // A single tick without clicks is chance: threads of requests wait for the processors, too.
            (_isBusy, _grew) = (grew || _grew, grew);
            Look();
        }

        return ++_ticks >= _due || feed.IsFollowed || (_due == ProbeTicks && !_isBusy);
    }

    /// <summary>Records that clicks were stored.</summary>
    /// <param name="clicks">The number of them.</param>
    /// <param name="yielded">Whether more were left because of <see cref="MustYield"/>.</param>
    public void Stored(long clicks, bool yielded)
    {
        _due =
            yielded ? ProbeTicks
            : clicks * UnhurriedTicks >= BusyClicks * Math.Max(_ticks, 1) ? BusyTicks
            : UnhurriedTicks;
        _ticks = 0;
        Look();
    }

    private void Look() => _last = (backlog.Bytes, clock.GetTimestamp());
}
