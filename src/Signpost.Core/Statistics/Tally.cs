using System.Buffers;

namespace Signpost.Core.Statistics;

/// <summary>
/// Counts clicks by the values of a dimension, by values of their links, or by quarters of an hour. A visitor counts once a UTC day for each value,
/// or once for all quarters: at the first such click of that day, even if that is before the window.
/// </summary>
/// <remarks>
/// It keeps sixteen bytes a click in memory for visitors. If that becomes too much, it keeps only a part of the visitors,
/// and the caller offers the same clicks again for the next part, until <see cref="NextPass"/> returns false.
/// </remarks>
public sealed class Tally : IDisposable
{
    /// <summary>The number of clicks that are kept at a time, where memory is plenty.</summary>
    internal const int DefaultMost = 1 << 22;

    private const int MostParts = 1 << 6;

    private readonly Dimension? _dimension;
    private readonly long _from;
    private readonly long _to;
    private readonly int _firstSlot;
    private readonly int _most;
    private int _room;
    private readonly RowFilter _filter;
    private readonly bool[] _skipped;
    private readonly TallyRows _rows = new(columns: 1);
    private readonly VisitorSet _seen = new();
    private readonly PieceBuffers _piece = new();
    private int _parts = 1;
    private int _part;

    /// <param name="dimension">Null: by <see cref="ValuesOfLink"/>, or else by quarters.</param>
    /// <param name="from">The first second of the window, a multiple of 900.</param>
    /// <param name="to">The first second after the window.</param>
    /// <param name="filters">All must hold for a click.</param>
    /// <param name="skipped">UTC days that are counted elsewhere.</param>
    /// <param name="together">The number of tallies that count at the same time, at least 1; they share the memory of one.</param>
    public Tally(
        Dimension? dimension,
        long from,
        long to,
        IReadOnlyList<ValueFilter> filters,
        IEnumerable<int>? skipped = null,
        int together = 1
    )
        : this(MemoryShare.Of(DefaultMost) / together, dimension, from, to, filters, skipped) { }

    internal Tally(
        int most,
        Dimension? dimension,
        long from,
        long to,
        IReadOnlyList<ValueFilter> filters,
        IEnumerable<int>? skipped = null
    )
    {
        _dimension = dimension;
        (_from, _to, _most, _room) = (from, to, most, most);
        ReadFrom = Days.StartOf(Days.Of(from));
        _firstSlot = (int)((from - ReadFrom) / Dimensions.Quarter);
        _filter = new RowFilter(filters, personsOnly: dimension != Dimension.Kind);
        _skipped = Flags(skipped ?? [], Days.Of(from));
    }

    /// <summary>The start of reading: a visitor's first click of the day may be before the window.</summary>
    public long ReadFrom { get; }

    /// <summary>Adds all of a piece's clicks.</summary>
    public void Add(ClickColumns columns) => Add(columns, columns.Runs);

    /// <summary>Adds the given clicks of a piece.</summary>
    public void Add(ClickColumns columns, ReadOnlySpan<LinkRun> runs)
    {
        if (runs.IsEmpty || columns.LastAt < ReadFrom || columns.FirstAt >= _to || !_filter.TryRead(columns))
            return;

        _piece.Read(columns, _dimension);
        foreach (var run in runs)
            Add(columns, run, ValuesOfLink?.Invoke(run.Link));
    }

    /// <summary>Ends a pass; true: offer the same clicks once more, for other visitors.</summary>
    public bool NextPass()
    {
        CountFirsts();
        _rows.Clear();
        _part++;
        return _part < _parts;
    }

    /// <summary>The codes in <see cref="Values"/> of a link: each of its clicks counts for all of them.</summary>
    public Func<long, int[]>? ValuesOfLink { get; init; }

    /// <summary>The sums by value; several tallies may share them.</summary>
    public ValueSums Values { get; init; } = new();

    /// <summary>The sums by quarters.</summary>
    public QuarterSums Quarters { get; init; } = new();

    public void Dispose()
    {
        _rows.Dispose();
        _seen.Dispose();
        _piece.Dispose();
        _filter.Dispose();
    }

    private bool IsByTime => _dimension is null && ValuesOfLink is null;

    private void Add(ClickColumns columns, LinkRun run, int[]? ofLink)
    {
        var times = _piece.Times;
        var visitors = _piece.Visitors;
        var codes = _piece.Codes;
        for (var row = run.Start; row < run.Start + run.Count; row++)
        {
            var at = times[row];
            if (at < ReadFrom || at >= _to || !_filter.Holds(row))
                continue;

            var slot = (int)((at - ReadFrom) / Dimensions.Quarter);
            var day = slot / Days.Quarters;
            if (day < _skipped.Length && _skipped[day])
                continue;

            if (ofLink is null)
                Add(_dimension is null ? 0 : _piece.ValueOf(codes[row], columns, Values), slot, visitors[row]);
            else
                foreach (var value in ofLink)
                    Add(value, slot, visitors[row]);
        }
    }

    private void Add(int value, int slot, ulong visitor)
    {
        if (_part == 0 && slot >= _firstSlot)
            CountPageview(value, slot);
        if (visitor == 0 || !IsTheirTurn(visitor))
            return;

        if (_rows.Count >= _room)
        {
            MakeRoom();
            if (!IsTheirTurn(visitor))
                return;
        }

        _rows.Set(_rows.Add(visitor, slot), 0, value);
    }

    private void CountPageview(int value, int slot)
    {
        if (IsByTime)
            Quarters.Add(StartOf(slot), new Count(1, 0));
        else
            Values.AddPageview(value);
    }

    private void CountFirsts()
    {
        var firsts = ArrayPool<bool>.Shared.Rent(_rows.Count);
        MarkFirsts(firsts.AsSpan(0, _rows.Count));
        var slots = _rows.Slots;
        var values = _rows.Codes(0);
        for (var row = 0; row < slots.Length; row++)
        {
            if (!firsts[row] || slots[row] < _firstSlot)
                continue;
            if (IsByTime)
                Quarters.Add(StartOf(slots[row]), new Count(0, 1));
            else
                Values.AddVisitor(values[row]);
        }

        ArrayPool<bool>.Shared.Return(firsts);
    }

    // A click that is not a first one will never be. If that does not help, there are many visitors: half of them wait.
    private void MakeRoom()
    {
        var kept = ArrayPool<bool>.Shared.Rent(_rows.Count);
        MarkFirsts(kept.AsSpan(0, _rows.Count));
        _rows.Keep(kept.AsSpan(0, _rows.Count));
        if (_rows.Count > _most / 2 && _part == 0 && _parts < MostParts)
        {
            _parts *= 2;
            for (var row = 0; row < _rows.Count; row++)
                kept[row] = IsTheirTurn(_rows.Visitors[row]);
            _rows.Keep(kept.AsSpan(0, _rows.Count));
        }

        ArrayPool<bool>.Shared.Return(kept);
        _room = Math.Max(_most, _rows.Count * 2);
    }

    private void MarkFirsts(Span<bool> firsts)
    {
        _rows.Order();
        Firsts.Mark(_rows.Slots, _rows.Visitors, _rows.Codes(0), Math.Max(Values.Values, 1), _seen, firsts);
    }

    private bool IsTheirTurn(ulong visitor) => VisitorSet.PartOf(visitor, _parts) == _part;

    private long StartOf(int slot) => ReadFrom + (long)slot * Dimensions.Quarter;

    private static bool[] Flags(IEnumerable<int> days, int firstDay)
    {
        List<bool> flags = [];
        foreach (var day in days)
        {
            var index = day - firstDay;
            if (index < 0)
                continue;
            while (flags.Count <= index)
                flags.Add(false);
            flags[index] = true;
        }

        return [.. flags];
    }
}
