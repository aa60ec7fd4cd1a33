using System.Buffers;
using Signpost.Core.Clicks;

namespace Signpost.Core.Statistics;

/// <summary>Selects the clicks of a piece that count.</summary>
public sealed class RowFilter : IDisposable
{
    private readonly List<DimensionColumn> _columns = [];
    private readonly List<string?> _wanted = [];
    private readonly List<ClickGroup> _groups;
    private readonly bool _personsOnly;
    private readonly bool[] _allowed = new bool[ClickColumns.MostRows];
    private readonly ushort[] _codes = ArrayPool<ushort>.Shared.Rent(ClickColumns.MostRows);
    private readonly bool[] _holds = ArrayPool<bool>.Shared.Rent(ClickColumns.MostRows);
    private bool _holdsAll;

    /// <param name="personsOnly">Only persons' clicks, unless a filter asks for a kind.</param>
    public RowFilter(IReadOnlyList<(Dimension Dimension, string? Value)> filters, bool personsOnly)
    {
        _personsOnly = personsOnly;
        foreach (var (dimension, value) in filters)
        {
            _columns.Add(DimensionColumn.Of(dimension));
            _wanted.Add(value);
            _personsOnly &= dimension != Dimension.Kind;
        }

        _groups = [.. _columns.Select(column => column.Group).Append(ClickGroup.Outcome).Distinct()];
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

        for (var filter = 0; filter < _columns.Count; filter++)
            if (_columns[filter].Group == group && columns.TextOf(_columns[filter], code) != _wanted[filter])
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
