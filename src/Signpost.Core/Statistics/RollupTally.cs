using System.Buffers;
using Signpost.Core.Statistics.ByDay;

namespace Signpost.Core.Statistics;

/// <summary>
/// Makes a rollup of clicks. It keeps 48 bytes a click in memory. If that becomes too much, it keeps only a
/// part of the visitors, and the caller offers the same clicks again for the next part, until <see cref="NextPass"/>
/// returns false.
/// </summary>
public sealed class RollupTally : IDisposable
{
    internal const int DefaultMost = 1 << 20;
    private const int MostParts = 1 << 6;

    private readonly long _from;
    private readonly long _to;
    private readonly int _most;
    private const int LinkColumn = DimensionColumn.Groups;

    private readonly TallyRows _rows = new(LinkColumn + 1);
    private readonly List<long> _links = [];
    private readonly Dictionary<long, int> _codeOfLink = [];
    private readonly VisitorSet _seen = new();
    private readonly GroupEntries[] _groups;
    private readonly long[] _times = ArrayPool<long>.Shared.Rent(ClickColumns.MostRows);
    private readonly ulong[] _visitors = ArrayPool<ulong>.Shared.Rent(ClickColumns.MostRows);
    private int _parts = 1;
    private int _part;

    public RollupTally(int firstDay, int days)
        : this(firstDay, days, MemoryShare.Of(DefaultMost)) { }

    internal RollupTally(int firstDay, int days, int most)
    {
        Rollup = new Rollup(days);
        _from = Days.StartOf(firstDay);
        _to = Days.StartOf(firstDay + days);
        _most = most;
        _groups = [.. Enum.GetValues<ClickGroup>().Select(group => new GroupEntries(group))];
    }

    /// <summary>The counts, complete after the last pass.</summary>
    public Rollup Rollup { get; }

    /// <summary>Whether <see cref="Columns"/> are made, if the tally is of one day.</summary>
    public bool MakesColumns { get; init; }

    /// <summary>
    /// The clicks of the day as <see cref="DayColumns"/>, complete after the last pass; null: there are too many clicks or values for
    /// the memory.
    /// </summary>
    public IReadOnlyList<byte[]>? Columns { get; private set; }

    /// <summary>The number of clicks in memory.</summary>
    internal int Kept => _rows.Count;

    /// <summary>Adds clicks of a piece; returns the number of those in the span.</summary>
    public int Add(ClickColumns columns, ReadOnlySpan<LinkRun> runs)
    {
        if (runs.IsEmpty || columns.LastAt < _from || columns.FirstAt >= _to)
            return 0;

        columns.CopyTimes(_times);
        columns.CopyVisitors(_visitors);
        foreach (var group in _groups)
            group.Read(columns);
        var count = 0;
        foreach (var run in runs)
        {
            var link = MakesColumns ? CodeOf(run.Link) : 0;
            for (var row = run.Start; row < run.Start + run.Count; row++)
                if (_times[row] >= _from && _times[row] < _to)
                {
                    Add(row, link);
                    count++;
                }
        }

        return count;
    }

    /// <summary>Ends a pass; true: offer the same clicks once more, for other visitors.</summary>
    public bool NextPass()
    {
        _rows.Order();
        foreach (var dimension in Rollup.Order)
            Sum(dimension);
        Columns = MakesColumns && _parts == 1 ? MakeColumns() : null;
        _rows.Clear();
        _part++;
        return _part < _parts;
    }

    public void Dispose()
    {
        _rows.Dispose();
        _seen.Dispose();
        foreach (var group in _groups)
            group.Dispose();
        ArrayPool<long>.Shared.Return(_times);
        ArrayPool<ulong>.Shared.Return(_visitors);
    }

    private int CodeOf(long link)
    {
        if (!_codeOfLink.TryGetValue(link, out var code))
        {
            _codeOfLink.Add(link, code = _links.Count);
            _links.Add(link);
        }

        return code;
    }

    private byte[][]? MakeColumns()
    {
        if (_rows.Count == 0 || Array.Exists(_groups, group => group.Entries is null))
            return null;
        return DayColumns.Write(
            _rows.Slots,
            _rows.Visitors,
            _links,
            _rows.Codes(LinkColumn),
            group => DayColumnsWriter.Group(_groups[(int)group].Entries!, _rows.Codes((int)group))
        );
    }

    private void Add(int row, int link)
    {
        var visitor = _visitors[row];
        var slot = (int)((_times[row] - _from) / Dimensions.Quarter);
        if (!IsTheirTurn(visitor, slot))
            return;

        if (_rows.Count >= _most && _part == 0 && _parts < MostParts)
        {
            MakeRoom();
            if (!IsTheirTurn(visitor, slot))
                return;
        }

        var kept = _rows.Add(visitor, slot);
        for (var group = 0; group < _groups.Length; group++)
            _rows.Set(kept, group, _groups[group].EntryOf(row));
        _rows.Set(kept, LinkColumn, link);
    }

    private void MakeRoom()
    {
        var kept = ArrayPool<bool>.Shared.Rent(_rows.Count);
        for (_parts *= 2; ; _parts *= 2)
        {
            for (var row = 0; row < _rows.Count; row++)
                kept[row] = IsTheirTurn(_rows.Visitors[row], _rows.Slots[row]);
            _rows.Keep(kept.AsSpan(0, _rows.Count));
            if (_rows.Count < _most || _parts >= MostParts)
                break;
        }

        ArrayPool<bool>.Shared.Return(kept);
    }

    // Clicks without a visitor, maybe all, are divided by their time.
    private bool IsTheirTurn(ulong visitor, int slot) =>
        VisitorSet.PartOf(visitor == 0 ? (ulong)slot + 1 : visitor, _parts) == _part;

    private void Sum(Dimension dimension)
    {
        var column = DimensionColumn.Of(dimension);
        var values = _groups[(int)column.Group].ValuesOf(column.Text);
        var codes = ArrayPool<int>.Shared.Rent(_rows.Count);
        var firsts = ArrayPool<bool>.Shared.Rent(_rows.Count);
        ReadCodes(column, personsOnly: dimension != Dimension.Kind, codes);
        Firsts.Mark(
            _rows.Slots,
            _rows.Visitors,
            codes.AsSpan(0, _rows.Count),
            values.Count,
            _seen,
            firsts.AsSpan(0, _rows.Count)
        );
        AddCells(dimension, values, codes, firsts);
        ArrayPool<int>.Shared.Return(codes);
        ArrayPool<bool>.Shared.Return(firsts);
    }

    private void ReadCodes(DimensionColumn column, bool personsOnly, int[] codes)
    {
        var entries = _rows.Codes((int)column.Group);
        var outcomes = _rows.Codes((int)ClickGroup.Outcome);
        var group = _groups[(int)column.Group];
        var persons = _groups[(int)ClickGroup.Outcome];
        for (var row = 0; row < entries.Length; row++)
            codes[row] =
                personsOnly && !persons.IsPerson(outcomes[row]) ? -1 : group.ValueOf(entries[row], column.Text);
    }

    // Sorted by value, a value's clicks are in the order of quarters: each cell is added once.
    private void AddCells(Dimension dimension, Vocabulary values, int[] codes, bool[] firsts)
    {
        var next = new int[values.Count + 1];
        for (var row = 0; row < _rows.Count; row++)
            if (codes[row] >= 0)
                next[codes[row] + 1]++;
        for (var value = 1; value < next.Length; value++)
            next[value] += next[value - 1];

        var order = ArrayPool<int>.Shared.Rent(_rows.Count);
        for (var row = 0; row < _rows.Count; row++)
            if (codes[row] >= 0)
                order[next[codes[row]]++] = row;

        var slots = _rows.Slots;
        var start = 0;
        for (var value = 0; value < values.Count; value++)
        {
            var key = values.IsOther(value) ? RollupKey.Other : new RollupKey(values[value], false);
            for (int end; start < next[value]; start = end)
            {
                var slot = slots[order[start]];
                var visitors = 0;
                for (end = start; end < next[value] && slots[order[end]] == slot; end++)
                    visitors += firsts[order[end]] ? 1 : 0;
                Rollup.Add(dimension, key, slot, new Count(end - start, visitors));
            }
        }

        ArrayPool<int>.Shared.Return(order);
    }
}
