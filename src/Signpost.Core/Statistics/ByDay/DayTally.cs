namespace Signpost.Core.Statistics.ByDay;

/// <summary>
/// Something to count: by the values of a dimension, by values of links, or by quarters of an hour. It counts as a <see cref="Tally"/> does.
/// </summary>
/// <param name="Dimension">Null: by <paramref name="ValuesOfLinks"/>, or else by quarters.</param>
/// <param name="ValuesOfLinks">The codes in <paramref name="Values"/> of each of some links: each click of a link counts for all of its codes.</param>
public sealed record DayCount(
    Dimension? Dimension,
    QuarterSums Quarters,
    ValueSums Values,
    Func<IReadOnlyList<long>, int[][]>? ValuesOfLinks = null
);

/// <summary>Counts the clicks of days, one day after another, from their columns.</summary>
/// <param name="from">The first second of the window, a multiple of 900.</param>
/// <param name="to">The first second after the window, a multiple of 900.</param>
/// <param name="filters">All must hold for a click.</param>
/// <param name="holds">Whether a link's clicks count; null: those of all links.</param>
public sealed class DayTally(long from, long to, IReadOnlyList<ValueFilter> filters, Func<long, bool>? holds)
{
    /// <summary>The number of visitors' further values that are kept at a time; with more, the clicks are read in several passes.</summary>
    internal int MostSeen { get; init; } = MemoryShare.Of(1 << 21);

    private readonly DayFilter _ofPersons = new(filters, personsOnly: true);
    private readonly DayFilter _ofAll = new(filters, personsOnly: false);
    private readonly HashSet<long> _seenWithMore = [];
    private int[] _seen = [];

    /// <summary>Adds the clicks of a UTC day to all counts.</summary>
    /// <param name="groups">The day of one group, or of several, whose visitors may be the same.</param>
    public void Add(int day, IReadOnlyList<DayColumns> groups, IReadOnlyList<DayCount> counts)
    {
        var start = Days.StartOf(day);
        var first = (int)Math.Clamp((from - start) / Dimensions.Quarter, 0, Days.Quarters);
        var end = (int)Math.Clamp((to - start) / Dimensions.Quarter, 0, Days.Quarters);
        if (first >= end)
            return;

        // Counts of one group of columns follow each other, so that it is read once.
        foreach (var same in counts.GroupBy(count => count.Dimension != Dimension.Kind))
        {
            var filter = same.Key ? _ofPersons : _ofAll;
            var parts = SelectedPart.Of(groups, filter, end, holds);
            if (parts.Sum(part => part.Rows.Length) == 0)
                continue;

            var visitors = parts.Max(part => part.Visitors);
            foreach (var count in same.OrderBy(GroupOf))
            {
                Forget(visitors);
                if (count.Dimension is { } dimension)
                    AddValues(parts, DimensionColumn.Of(dimension), count.Values, first, end);
                else if (count.ValuesOfLinks is { } valuesOfLinks)
                    AddLinks(parts, valuesOfLinks, count.Values, first, end);
                else
                    AddQuarters(parts, start, count.Quarters, first, end);
            }
        }
    }

    private static int GroupOf(DayCount count) =>
        count.Dimension is { } dimension ? (int)DimensionColumn.Of(dimension).Group : -1;

    private void AddValues(SelectedPart[] parts, DimensionColumn column, ValueSums values, int first, int end)
    {
        var counters = Array.ConvertAll(parts, part => new DayValues(part.Columns.Read(column.Group), column, values));
        for (var slot = 0; slot < end; slot++)
        for (var at = 0; at < parts.Length; at++)
        {
            var (part, counter) = (parts[at], counters[at]);
            var codes = counter.Codes;
            foreach (var row in part.RowsOf(slot))
            {
                var code = codes[row];
                var visitor = part.VisitorOf[row];
                var isFirst =
                    visitor == DayColumns.SeenOnce || (visitor != 0 && IsFirst(visitor, counter.ValueOf(code)));
                if (slot >= first)
                    counter.Add(code, isFirst);
            }
        }

        foreach (var counter in counters)
            counter.Sum();
    }

    private void AddLinks(
        SelectedPart[] parts,
        Func<IReadOnlyList<long>, int[][]> valuesOf,
        ValueSums values,
        int first,
        int end
    )
    {
        var links = Array.ConvertAll(parts, part => LinkValues.Of(part, valuesOf));
        // Each pass keeps the values of some visitors only.
        var passes = (int)(links.Sum(part => part.Seen) / MostSeen) + 1;
        for (var pass = 0; pass < passes; pass++)
        {
            _seenWithMore.Clear();
            for (var slot = 0; slot < end; slot++)
            for (var at = 0; at < parts.Length; at++)
                foreach (var row in parts[at].RowsOf(slot))
                {
                    var visitor = parts[at].VisitorOf[row];
                    if (visitor % passes != pass)
                        continue;
                    foreach (var value in links[at].Values[links[at].Codes[row]])
                    {
                        var isFirst = visitor == DayColumns.SeenOnce || (visitor != 0 && IsFirst(visitor, value));
                        if (slot < first)
                            continue;
                        values.AddPageview(value);
                        if (isFirst)
                            values.AddVisitor(value);
                    }
                }
        }
    }

    private void AddQuarters(SelectedPart[] parts, long start, QuarterSums quarters, int first, int end)
    {
        for (var slot = 0; slot < end; slot++)
        {
            var (pageviews, visitors) = (0, 0);
            foreach (var part in parts)
            {
                pageviews += part.RowsOf(slot).Length;
                foreach (var row in part.RowsOf(slot))
                {
                    var visitor = part.VisitorOf[row];
                    visitors += visitor == DayColumns.SeenOnce || (visitor != 0 && IsFirst(visitor, 0)) ? 1 : 0;
                }
            }

            if (slot >= first && pageviews > 0)
                quarters.Add(start + slot * Dimensions.Quarter, new Count(pageviews, visitors));
        }
    }

    private void Forget(int visitors)
    {
        if (_seen.Length < visitors)
            _seen = new int[Math.Max(visitors, 2 * _seen.Length)];
        else
            _seen.AsSpan(0, visitors).Clear();
        _seenWithMore.Clear();
    }

    // Nearly every visitor has one value a day, for which an array suffices.
    private bool IsFirst(int visitor, int value)
    {
        ref var seen = ref _seen[visitor - DayColumns.FirstSeenAgain];
        if (seen == 0)
        {
            seen = value + 1;
            return true;
        }

        return seen != value + 1 && _seenWithMore.Add(((long)visitor << 32) | (uint)value);
    }
}

/// <summary>The values of one dimension on a day.</summary>
internal sealed class DayValues(DayGroup group, DimensionColumn column, ValueSums values)
{
    private readonly int[] _pageviews = new int[group.Count];
    private readonly int[] _visitors = new int[group.Count];
    private readonly int[] _valueOf = new int[group.Count];

    public int[] Codes => group.Codes;

    /// <summary>The sum's code for an entry.</summary>
    public int ValueOf(int entry)
    {
        // The codes begin at 0.
        if (_valueOf[entry] is > 0 and var known)
            return known - 1;
        var value = ValueKey.CodeOf(group, column, entry, values);
        _valueOf[entry] = value + 1;
        return value;
    }

    public void Add(int entry, bool isFirst)
    {
        _pageviews[entry]++;
        _visitors[entry] += isFirst ? 1 : 0;
    }

    /// <summary>Adds the counts of the day to the sums.</summary>
    public void Sum()
    {
        for (var entry = 0; entry < _pageviews.Length; entry++)
            if (_pageviews[entry] != 0)
                values.Add(ValueOf(entry), new Count(_pageviews[entry], _visitors[entry]));
    }
}

/// <summary>The values of the links of a part.</summary>
/// <param name="Values">By the codes of links; of a link without rows, none.</param>
/// <param name="Seen">The number of values of visitors who were seen again.</param>
internal sealed record LinkValues(int[][] Values, int[] Codes, long Seen)
{
    public static LinkValues Of(SelectedPart part, Func<IReadOnlyList<long>, int[][]> valuesOf)
    {
        if (part.Rows.Length == 0)
            return new([], [], 0);

        var (links, codes) = part.Columns.ReadLinks();
        var isUsed = new bool[links.Length];
        foreach (var row in part.Rows)
            isUsed[codes[row]] = true;
        List<int> used = [.. Enumerable.Range(0, links.Length).Where(code => isUsed[code])];
        var found = valuesOf([.. used.Select(code => links[code])]);
        var values = new int[links.Length][];
        for (var at = 0; at < found.Length; at++)
            values[used[at]] = found[at];
        var seen = 0L;
        foreach (var row in part.Rows)
            seen += part.VisitorOf[row] >= DayColumns.FirstSeenAgain ? values[codes[row]].Length : 0;
        return new(values, codes, seen);
    }
}

/// <summary>The rows of a group's day that count, in order.</summary>
/// <param name="VisitorOf">Each row's visitor, as in <see cref="DayColumns"/>.</param>
/// <param name="Visitors">The number of visitors who were seen again.</param>
internal sealed record SelectedPart(DayColumns Columns, int[] Rows, int[] VisitorOf, int Visitors)
{
    private readonly int[] _ends = EndsOf(Columns, Rows);

    public static SelectedPart[] Of(
        IReadOnlyList<DayColumns> groups,
        DayFilter filter,
        int end,
        Func<long, bool>? holds
    )
    {
        var parts = new SelectedPart[groups.Count];
        // Several groups have numbers of their own for visitors, so all are numbered again.
        Dictionary<ulong, int> known = [];
        for (var at = 0; at < parts.Length; at++)
        {
            var columns = groups[at];
            var rows = filter.Select(columns, end == 0 ? 0 : columns.Ends[end - 1], holds);
            var (visitors, again) =
                rows.Length == 0 ? ([], 0)
                : parts.Length == 1 ? columns.ReadVisitors()
                : (NumbersOf(columns.ReadHashes(), rows, known), known.Count);
            parts[at] = new(columns, rows, visitors, again);
        }

        return parts;
    }

    public ReadOnlySpan<int> RowsOf(int slot) =>
        Rows.AsSpan((slot == 0 ? 0 : _ends[slot - 1])..Math.Min(_ends[slot], Rows.Length));

    private static int[] NumbersOf(ulong[] hashes, int[] rows, Dictionary<ulong, int> known)
    {
        var numbers = new int[hashes.Length];
        foreach (var row in rows)
        {
            if (hashes[row] == 0)
                continue;
            if (!known.TryGetValue(hashes[row], out var number))
                known.Add(hashes[row], number = DayColumns.FirstSeenAgain + known.Count);
            numbers[row] = number;
        }

        return numbers;
    }

    private static int[] EndsOf(DayColumns columns, int[] rows)
    {
        var ends = new int[Days.Quarters];
        for (int slot = 0, at = 0; slot < ends.Length; slot++)
        {
            while (at < rows.Length && rows[at] < columns.Ends[slot])
                at++;
            ends[slot] = at;
        }

        return ends;
    }
}
