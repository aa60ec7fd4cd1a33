using System.Runtime.InteropServices;

namespace Signpost.Core.Statistics;

/// <summary>
/// The counts of a scope over some UTC days: by each dimension, value and quarter of an hour. They are exact until they are written
/// (<see cref="RollupBytes"/>): then each day keeps <see cref="Dimensions.MostValues"/> values and sums up the rest.
/// </summary>
/// <param name="days">The number of days.</param>
public sealed class Rollup(int days)
{
    /// <summary>Small sections that are read most come first.</summary>
    internal static readonly Dimension[] Order =
    [
        Dimension.Kind,
        Dimension.ContinentCode,
        Dimension.CountryCode,
        Dimension.OsName,
        Dimension.BrowserName,
        Dimension.DeviceType,
        Dimension.BrowserLanguage,
        Dimension.Trigger,
        Dimension.Host,
        Dimension.Variant,
        Dimension.UtmSource,
        Dimension.UtmMedium,
        Dimension.UtmCampaign,
        Dimension.UtmTerm,
        Dimension.UtmContent,
        Dimension.ReferrerHost,
        Dimension.Destination,
        Dimension.CityName,
        Dimension.ReferrerPath,
    ];

    private readonly Dictionary<RollupKey, SortedList<int, Count>>[] _lines =
    [
        .. Enum.GetValues<Dimension>().Select(_ => new Dictionary<RollupKey, SortedList<int, Count>>()),
    ];

    public int Days { get; } = days;

    /// <summary>Whether nothing was counted.</summary>
    public bool IsEmpty => LinesOf(Dimension.Kind).Count == 0;

    /// <summary>The number of requests of all kinds.</summary>
    public long Requests => LinesOf(Dimension.Kind).Values.Sum(cells => cells.Values.Sum(count => count.Pageviews));

    /// <summary>Adds a count to a quarter of an hour.</summary>
    public void Add(Dimension dimension, RollupKey key, int slot, Count count)
    {
        if (count == default)
            return;

        ref var cells = ref CollectionsMarshal.GetValueRefOrAddDefault(LinesOf(dimension), key, out _);
        cells ??= [];
        cells[slot] = cells.GetValueOrDefault(slot) + count;
    }

    /// <summary>Adds the counts of another rollup, whose first day is so many days after this one's.</summary>
    public void Add(Rollup other, int daysLater = 0)
    {
        foreach (var dimension in Order)
        foreach (var (key, cells) in other.LinesOf(dimension))
        foreach (var (slot, count) in cells)
            Add(dimension, key, slot + daysLater * Statistics.Days.Quarters, count);
    }

    /// <summary>
    /// Subtracts the counts of another rollup. Counts that are missing under their value were made before values had parents, or were
    /// summed up as other. Nothing falls below zero, and a value without clicks is removed with its text. Visitors may be wrong: a visitor of both was counted once.
    /// </summary>
    public void Subtract(Rollup other, int daysLater = 0)
    {
        foreach (var dimension in Order)
        {
            var lines = LinesOf(dimension);
            foreach (var (key, cells) in other.LinesOf(dimension))
            foreach (var (slot, count) in cells)
            {
                var at = slot + daysLater * Statistics.Days.Quarters;
                var rest = Take(lines, key, at, count);
                if (rest == default)
                    continue;

                rest = Take(lines, key with { Value = ValueKey.WithoutParents(key.Value) }, at, rest);
                Take(lines, RollupKey.Other, at, rest);
            }
        }
    }

    /// <summary>A dimension's counts by quarters of an hour, in no order.</summary>
    public IEnumerable<(RollupKey Key, IEnumerable<RollupCell> Cells)> Read(Dimension dimension) =>
        LinesOf(dimension).Select(line => (line.Key, line.Value.Select(cell => new RollupCell(cell.Key, cell.Value))));

    /// <summary>The same, with only the values of a dimension and day that are kept.</summary>
    internal Rollup Capped()
    {
        Rollup capped = new(Days);
        foreach (var dimension in Order)
            Cap(dimension, capped);
        return capped;
    }

    internal Dictionary<RollupKey, SortedList<int, Count>> LinesOf(Dimension dimension) => _lines[(int)dimension - 1];

    private void Cap(Dimension dimension, Rollup into)
    {
        var lines = LinesOf(dimension);
        var kept = lines.Count > Dimensions.MostValues ? FindKept(lines) : null;
        foreach (var (key, cells) in lines)
        foreach (var (slot, count) in cells)
        {
            var isKept =
                key.Value is null || kept is null || kept.Contains((slot / Statistics.Days.Quarters, key.Value));
            into.Add(dimension, isKept ? key : RollupKey.Other, slot, count);
        }
    }

    // The most frequent values of each day; of equals the first ones by value, so that the result is always the same.
    private static HashSet<(int Day, string Value)> FindKept(Dictionary<RollupKey, SortedList<int, Count>> lines)
    {
        Dictionary<int, List<(long Pageviews, string Value)>> byDay = [];
        foreach (var (key, cells) in lines)
        {
            if (key.Value is null)
                continue;

            foreach (
                var day in cells.GroupBy(cell => cell.Key / Statistics.Days.Quarters, cell => cell.Value.Pageviews)
            )
            {
                ref var values = ref CollectionsMarshal.GetValueRefOrAddDefault(byDay, day.Key, out _);
                (values ??= []).Add((day.Sum(), key.Value));
            }
        }

        HashSet<(int, string)> kept = [];
        foreach (var (day, values) in byDay)
        {
            values.Sort(
                (a, b) =>
                    a.Pageviews != b.Pageviews
                        ? b.Pageviews.CompareTo(a.Pageviews)
                        : string.CompareOrdinal(a.Value, b.Value)
            );
            foreach (var (_, value) in values.Take(Dimensions.MostValues))
                kept.Add((day, value));
        }

        return kept;
    }

    /// <summary>Subtracts a count as far as possible; returns the rest.</summary>
    private static Count Take(Dictionary<RollupKey, SortedList<int, Count>> lines, RollupKey key, int slot, Count count)
    {
        if (count == default || !lines.TryGetValue(key, out var cells) || !cells.TryGetValue(slot, out var there))
            return count;

        Count taken = new(Math.Min(there.Pageviews, count.Pageviews), Math.Min(there.Visitors, count.Visitors));
        // There cannot be a visitor without a click.
        Count left = new(there.Pageviews - taken.Pageviews, there.Visitors - taken.Visitors);
        left = left with { Visitors = Math.Min(left.Visitors, left.Pageviews) };
        if (left == default)
            cells.Remove(slot);
        else
            cells[slot] = left;
        if (cells.Count == 0)
            lines.Remove(key);
        return new Count(count.Pageviews - taken.Pageviews, count.Visitors - taken.Visitors);
    }
}
