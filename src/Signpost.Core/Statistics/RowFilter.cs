using System.Buffers;
using Signpost.Core.Clicks;

namespace Signpost.Core.Statistics;

/// <summary>Only clicks that have one of these values, or only clicks that have none of them.</summary>
/// <param name="Values">Null among them: no value.</param>
/// <param name="IsExcluding">True: clicks with one of these values do not count.</param>
public readonly record struct ValueFilter(
    Dimension Dimension,
    IReadOnlyCollection<string?> Values,
    bool IsExcluding = false
);

/// <summary>Selects the clicks of a piece that count.</summary>
public sealed class RowFilter : IDisposable
{
    private readonly List<(DimensionColumn Column, HashSet<string?> Values, bool IsExcluding)> _filters = [];
    private readonly List<ClickGroup> _groups;
    private readonly bool _personsOnly;
    private readonly bool[] _allowed = new bool[ClickColumns.MostRows];
    private readonly ushort[] _codes = ArrayPool<ushort>.Shared.Rent(ClickColumns.MostRows);
    private readonly bool[] _holds = ArrayPool<bool>.Shared.Rent(ClickColumns.MostRows);
    private bool _holdsAll;

    /// <param name="filters">All must hold.</param>
    /// <param name="personsOnly">Only persons' clicks, unless a filter is about kinds.</param>
    public RowFilter(IReadOnlyList<ValueFilter> filters, bool personsOnly)
    {
        _personsOnly = personsOnly;
        foreach (var (dimension, values, isExcluding) in filters)
        {
            _filters.Add((DimensionColumn.Of(dimension), [.. values], isExcluding));
            _personsOnly &= dimension != Dimension.Kind;
        }

        _groups = [.. _filters.Select(filter => filter.Column.Group).Append(ClickGroup.Outcome).Distinct()];
    }

    /// <summary>Whether a row of the current piece counts.</summary>
    public bool Holds(int row) => _holdsAll || _holds[row];

    /// <summary>Reads a piece; false: none of its clicks counts.</summary>
    public bool TryRead(ClickColumns columns)
    {
        _holdsAll = true;
        foreach (var group in _groups)
        {
            var allowed = Allow(columns, group);
            if (allowed == 0)
                return false;
            if (allowed < columns.EntriesOf(group))
                Narrow(columns, group);
        }

        return true;
    }

    public void Dispose()
    {
        ArrayPool<ushort>.Shared.Return(_codes);
        ArrayPool<bool>.Shared.Return(_holds);
    }

    private int Allow(ClickColumns columns, ClickGroup group)
    {
        var (entries, count) = (columns.EntriesOf(group), 0);
        for (var code = 0; code < entries; code++)
            if (_allowed[code] = IsAllowed(columns, group, code))
                count++;
        return count;
    }

    private bool IsAllowed(ClickColumns columns, ClickGroup group, int code)
    {
        if (group == ClickGroup.Outcome && _personsOnly && columns.OutcomeOf(code).Kind != ClickKind.Person)
            return false;

        foreach (var (column, values, isExcluding) in _filters)
            if (column.Group == group && values.Contains(columns.TextOf(column, code)) == isExcluding)
                return false;
        return true;
    }

    private void Narrow(ClickColumns columns, ClickGroup group)
    {
        var codes = _codes.AsSpan(0, columns.Count);
        var holds = _holds.AsSpan(0, columns.Count);
        columns.CopyCodes(group, codes);
        if (_holdsAll)
            for (var row = 0; row < codes.Length; row++)
                holds[row] = _allowed[codes[row]];
        else
            for (var row = 0; row < codes.Length; row++)
                holds[row] &= _allowed[codes[row]];
        _holdsAll = false;
    }
}
