using System.Text;
using Signpost.Core.Clicks;

namespace Signpost.Core.Statistics.ByDay;

/// <summary>Selects the rows of a day that count.</summary>
internal sealed class DayFilter
{
    private static readonly byte[] Person = Encoding.UTF8.GetBytes(KindNames.Of(ClickKind.Person));

    private readonly List<ColumnFilter> _filters = [];

    /// <param name="filters">All must hold.</param>
    /// <param name="personsOnly">Only persons' clicks, unless a filter is about kinds.</param>
    public DayFilter(IReadOnlyList<ValueFilter> filters, bool personsOnly)
    {
        foreach (var (dimension, values, isExcluding) in filters)
        {
            var texts = values.OfType<string>().Select(Encoding.UTF8.GetBytes).ToArray();
            Array.Sort(texts, static (left, right) => left.AsSpan().SequenceCompareTo(right));
            _filters.Add(new(DimensionColumn.Of(dimension), texts, values.Contains(null), isExcluding));
            personsOnly &= dimension != Dimension.Kind;
        }

        if (personsOnly)
            _filters.Add(new(DimensionColumn.Of(Dimension.Kind), [Person], HasNone: false, IsExcluding: false));
    }

    /// <summary>The rows up to one that count, in order.</summary>
    /// <param name="end">The first row that does not count in any case.</param>
    /// <param name="holds">Whether a link's rows count; null: those of all links.</param>
    public int[] Select(DayColumns columns, int end, Func<long, bool>? holds)
    {
        var rows = new int[end];
        for (var row = 0; row < end; row++)
            rows[row] = row;
        var count = end;
        // The column of visitors' outcomes and of values tell at once if no click of the day counts.
        foreach (var group in _filters.GroupBy(filter => filter.Column.Group))
        {
            if (count == 0)
                return [];
            var read = columns.Read(group.Key);
            var allowed = new bool[read.Count];
            for (var entry = 0; entry < allowed.Length; entry++)
                allowed[entry] = group.All(filter => filter.Holds(read, entry));
            count = Keep(rows.AsSpan(0, count), allowed, read.Codes);
        }

        if (holds is not null && count > 0)
        {
            var (links, codes) = columns.ReadLinks();
            count = Keep(rows.AsSpan(0, count), Array.ConvertAll(links, link => holds(link)), codes);
        }

        return count == end ? rows : rows[..count];
    }

    private static int Keep(Span<int> rows, bool[] allowed, int[] codes)
    {
        if (Array.TrueForAll(allowed, one => one))
            return rows.Length;
        if (!Array.Exists(allowed, one => one))
            return 0;

        var kept = 0;
        foreach (var row in rows)
        {
            rows[kept] = row;
            kept += allowed[codes[row]] ? 1 : 0;
        }

        return kept;
    }

    /// <summary>A filter for the texts of a column.</summary>
    /// <param name="Texts">In the order of their bytes.</param>
    /// <param name="HasNone">Clicks without a text are named, too.</param>
    private sealed record ColumnFilter(DimensionColumn Column, byte[][] Texts, bool HasNone, bool IsExcluding)
    {
        public bool Holds(DayGroup group, int entry) =>
            (group.TryRead(entry, Column.Text, out var utf8) ? Names(utf8) : HasNone) != IsExcluding;

        private bool Names(ReadOnlySpan<byte> utf8)
        {
            var (from, to) = (0, Texts.Length);
            while (from < to)
            {
                var middle = (from + to) / 2;
                var order = utf8.SequenceCompareTo(Texts[middle]);
                if (order == 0)
                    return true;
                (from, to) = order < 0 ? (from, middle) : (middle + 1, to);
            }

            return false;
        }
    }
}
