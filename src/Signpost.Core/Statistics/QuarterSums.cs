namespace Signpost.Core.Statistics;

/// <summary>Counts by quarters of an hour, summed up from several sources.</summary>
public sealed class QuarterSums
{
    private readonly SortedDictionary<long, Count[]> _days = [];
    private long _lastDay = long.MinValue;
    private Count[] _last = [];

    public void Add(long start, Count count)
    {
        var day = Math.DivRem(start, Days.Seconds, out var seconds);
        if (day != _lastDay)
            _last = DayOf(day);
        _lastDay = day;
        _last[seconds / Dimensions.Quarter] += count;
    }

    /// <summary>The quarters with counts, in order.</summary>
    public IReadOnlyList<QuarterCount> ToList()
    {
        List<QuarterCount> list = [];
        foreach (var (day, quarters) in _days)
            for (var quarter = 0; quarter < quarters.Length; quarter++)
                if (quarters[quarter] != default)
                    list.Add(new QuarterCount(day * Days.Seconds + quarter * Dimensions.Quarter, quarters[quarter]));
        return list;
    }

    private Count[] DayOf(long day)
    {
        if (!_days.TryGetValue(day, out var quarters))
            _days.Add(day, quarters = new Count[Days.Quarters]);
        return quarters;
    }
}
