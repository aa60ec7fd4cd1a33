using System.Buffers;

namespace Signpost.Core.Statistics;

/// <summary>The data of a piece that a tally reads, in memory that is used again for the next piece.</summary>
internal sealed class PieceBuffers : IDisposable
{
    private readonly long[] _times = ArrayPool<long>.Shared.Rent(ClickColumns.MostRows);
    private readonly ulong[] _visitors = ArrayPool<ulong>.Shared.Rent(ClickColumns.MostRows);
    private readonly ushort[] _codes = ArrayPool<ushort>.Shared.Rent(ClickColumns.MostRows);
    private readonly int[] _valueOf = ArrayPool<int>.Shared.Rent(ClickColumns.MostRows);
    private DimensionColumn _column;

    public ReadOnlySpan<long> Times => _times;

    public ReadOnlySpan<ulong> Visitors => _visitors;

    /// <summary>Codes of the dimension's group.</summary>
    public ReadOnlySpan<ushort> Codes => _codes;

    public void Read(ClickColumns columns, Dimension? dimension)
    {
        columns.CopyTimes(_times);
        columns.CopyVisitors(_visitors);
        if (dimension is null)
            return;

        _column = DimensionColumn.Of(dimension.Value);
        columns.CopyCodes(_column.Group, _codes);
        _valueOf.AsSpan(0, columns.EntriesOf(_column.Group)).Fill(-1);
    }

    /// <summary>The sum's code for each code of the piece.</summary>
    public int ValueOf(int code, ClickColumns columns, ValueSums values)
    {
        var value = _valueOf[code];
        if (value < 0)
            _valueOf[code] = value = ValueKey.CodeOf(columns, _column, code, values);
        return value;
    }

    public void Dispose()
    {
        ArrayPool<long>.Shared.Return(_times);
        ArrayPool<ulong>.Shared.Return(_visitors);
        ArrayPool<ushort>.Shared.Return(_codes);
        ArrayPool<int>.Shared.Return(_valueOf);
    }
}
