using Signpost.ClickStore.Rollups;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.ClickStore.Reading;

/// <summary>The days of a span for which a scope has rollups, and their counts.</summary>
internal sealed class RolledDays
{
    private readonly ClickView _view;
    private readonly StatisticsQuestion _question;
    private readonly Dictionary<int, bool> _rolledUp;
    private readonly List<(long Id, int Days, byte[] Totals)> _rollups = [];
    private readonly HashSet<int> _answered = [];
    private readonly int _first;
    private readonly int _end;

    private RolledDays(ClickView view, StatisticsQuestion question)
    {
        (_view, _question) = (view, question);
        _first = Math.Max(0, Days.Of(question.From));
        _end = Math.Max(_first, Days.Of(question.To - 1) + 1);
        _rolledUp = RollupTable.Days(view, _first, _end);
    }

    /// <summary>The days for which raw clicks need not be read.</summary>
    public IEnumerable<int> Answered => _answered;

    /// <summary>Finds the days with rollups.</summary>
    public static RolledDays Find(ClickView view, StatisticsQuestion question, ScopeClicks clicks)
    {
        RolledDays days = new(view, question);
        // Filters need the clicks themselves.
        if (question.Filters.Count == 0 && question.Tags.Count == 0 && days._rolledUp.ContainsValue(true))
            days.Read(clicks.RecentDays());
        return days;
    }

    /// <summary>Uses no rollup.</summary>
    public static RolledDays None(ClickView view, StatisticsQuestion question) => new(view, question);

    /// <summary>The closed days of the span, none of which has recent clicks.</summary>
    public List<int> Closed(ScopeClicks clicks)
    {
        if (!_rolledUp.ContainsValue(true))
            return [];
        var recent = clicks.RecentDays();
        return [.. _rolledUp.Where(day => day.Value && !recent.Contains(day.Key)).Select(day => day.Key).Order()];
    }

    /// <summary>Says that the clicks of some days are counted elsewhere.</summary>
    public void Answer(IEnumerable<int> days) => _answered.UnionWith(days);

    /// <summary>The span of the days for which raw clicks are needed, and whether compacted clicks are among them.</summary>
    public RawSpan Raw()
    {
        var (first, end) = (_first, _end);
        while (first < end && _answered.Contains(first))
            first++;
        while (end > first && _answered.Contains(end - 1))
            end--;
        return new(Days.StartOf(first), Days.StartOf(end), _rolledUp.Keys.Any(day => !_answered.Contains(day)));
    }

    /// <summary>Adds the counts by value.</summary>
    public void Add(Dimension dimension, ValueSums into)
    {
        foreach (var (id, days, totals) in _rollups)
        {
            var (from, to) = SlotsOf(id, days);
            if (from >= to)
                continue;

            if (from % Days.Quarters == 0 && to % Days.Quarters == 0)
                RollupBytes.AddDays(totals, dimension, days, from / Days.Quarters, to / Days.Quarters, into);
            else if (RollupTable.Find(_view.Connection, _view.Transaction, id) is { } stored)
                RollupBytes.AddQuarters(stored.Quarters, dimension, days, from, to, into);
        }
    }

    /// <summary>Adds the counts by time.</summary>
    public void Add(QuarterSums into)
    {
        foreach (var (id, days, totals) in _rollups)
            RollupBytes.AddByTime(totals, days, StartOf(id), _question.From, _question.To, into);
    }

    private void Read(HashSet<int> recent)
    {
        bool Holds(int day) => _rolledUp.GetValueOrDefault(day) && !recent.Contains(day);
        var isLink = _question.Scope.Kind == ScopeKind.Link;
        // A missing rollup of a group means no clicks; a missing rollup of a link means few.
        if (!isLink)
            _answered.UnionWith(_rolledUp.Keys.Where(Holds));

        foreach (var rollup in ReadAll(ScopeLinks.CodeOf(_question.Scope)))
        {
            var day = (int)ClusterKey.NumberOf(rollup.Id);
            var days = rollup.Days == 1 ? [day] : PackedDays.DaysWithin(day, rollup.Days, rollup.Totals).ToList();
            if (!days.TrueForAll(one => one < _first || one >= _end || Holds(one)))
                continue;

            _rollups.Add(rollup);
            _answered.UnionWith(days);
        }
    }

    private List<(long Id, int Days, byte[] Totals)> ReadAll(long code)
    {
        using var command = _view.Connection.Command(
            _view.Transaction,
            "SELECT id, days, totals FROM rollups WHERE id >= @from AND id < @to ORDER BY id",
            ("@from", ClusterKey.Of(code, Math.Max(0, _first - RollupTable.MostDays))),
            ("@to", ClusterKey.Of(code, _end))
        );
        using var rows = command.ExecuteReader();
        List<(long, int, byte[])> found = [];
        while (rows.Read())
            if (ClusterKey.NumberOf(rows.GetInt64(0)) + rows.GetInt32(1) > _first)
                found.Add((rows.GetInt64(0), rows.GetInt32(1), rows.GetFieldValue<byte[]>(2)));
        return found;
    }

    private (int From, int To) SlotsOf(long id, int days)
    {
        var start = StartOf(id);
        return (
            (int)Math.Clamp((_question.From - start) / Dimensions.Quarter, 0, days * Days.Quarters),
            (int)Math.Clamp((_question.To - start) / Dimensions.Quarter, 0, days * Days.Quarters)
        );
    }

    private static long StartOf(long id) => Days.StartOf((int)ClusterKey.NumberOf(id));
}
