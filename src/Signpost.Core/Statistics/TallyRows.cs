using System.Buffers;

namespace Signpost.Core.Statistics;

/// <summary>
/// The visitors of a tally, with their quarters and codes. They are read a day at a time, each day by
/// quarters; so a visitor's first row is the first click.
/// </summary>
/// <param name="columns">The number of codes in a row.</param>
internal sealed class TallyRows(int columns) : IDisposable
{
    private const int FirstCapacity = 256;

    /// <summary>With more quarters, counting them takes more memory than sorting rows.</summary>
    private const int MostCounters = 4 << 20;

    private ulong[] _visitors = ArrayPool<ulong>.Shared.Rent(FirstCapacity);
    private int[] _slots = ArrayPool<int>.Shared.Rent(FirstCapacity);
    private readonly int[][] _codes = Rent(columns);
    private bool _inOrder = true;

    public int Count { get; private set; }

    public ReadOnlySpan<ulong> Visitors => _visitors.AsSpan(0, Count);

    public ReadOnlySpan<int> Slots => _slots.AsSpan(0, Count);

    public ReadOnlySpan<int> Codes(int column) => _codes[column].AsSpan(0, Count);

    /// <summary>Adds a row; the caller sets its codes.</summary>
    /// <param name="slot">Quarters since the start of the first day.</param>
    /// <returns>Its place, for <see cref="Set"/>.</returns>
    public int Add(ulong visitor, int slot)
    {
        var row = Count;
        if (row == _slots.Length || row == _visitors.Length)
            Grow();

        _inOrder &= row == 0 || _slots[row - 1] <= slot;
        _visitors[row] = visitor;
        _slots[row] = slot;
        Count = row + 1;
        return row;
    }

    public void Set(int row, int column, int code) => _codes[column][row] = code;

    /// <summary>Keeps the marked rows.</summary>
    public void Keep(ReadOnlySpan<bool> marked)
    {
        var kept = 0;
        for (var row = 0; row < Count; row++)
        {
            if (!marked[row])
                continue;

            _visitors[kept] = _visitors[row];
            _slots[kept] = _slots[row];
            foreach (var codes in _codes)
                codes[kept] = codes[row];
            kept++;
        }

        Count = kept;
        _inOrder |= kept == 0;
    }

    public void Clear() => (Count, _inOrder) = (0, true);

    /// <summary>Sorts all rows by quarters; rows of one quarter keep their order.</summary>
    public void Order()
    {
        if (_inOrder)
            return;

        var order = ArrayPool<int>.Shared.Rent(Count);
        Sort(order.AsSpan(0, Count));
        _visitors = Permuted(_visitors, order);
        _slots = Permuted(_slots, order);
        for (var column = 0; column < _codes.Length; column++)
            _codes[column] = Permuted(_codes[column], order);
        ArrayPool<int>.Shared.Return(order);
        _inOrder = true;
    }

    public void Dispose()
    {
        ArrayPool<ulong>.Shared.Return(_visitors);
        ArrayPool<int>.Shared.Return(_slots);
        foreach (var codes in _codes)
            ArrayPool<int>.Shared.Return(codes);
        (_visitors, _slots, Count) = ([], [], 0);
        Array.Fill(_codes, []);
    }

    private void Sort(Span<int> order)
    {
        var (first, last) = (int.MaxValue, 0);
        foreach (var slot in Slots)
            (first, last) = (Math.Min(first, slot), Math.Max(last, slot));

        var slots = _slots;
        if (last - first >= MostCounters)
        {
            for (var row = 0; row < order.Length; row++)
                order[row] = row;
            order.Sort((a, b) => slots[a] != slots[b] ? slots[a].CompareTo(slots[b]) : a.CompareTo(b));
            return;
        }

        var next = new int[last - first + 2];
        foreach (var slot in Slots)
            next[slot - first + 1]++;
        for (var slot = 1; slot < next.Length; slot++)
            next[slot] += next[slot - 1];
        for (var row = 0; row < order.Length; row++)
            order[next[slots[row] - first]++] = row;
    }

    private T[] Permuted<T>(T[] from, int[] order)
    {
        var into = ArrayPool<T>.Shared.Rent(from.Length);
        for (var at = 0; at < Count; at++)
            into[at] = from[order[at]];
        ArrayPool<T>.Shared.Return(from);
        return into;
    }

    private void Grow()
    {
        _visitors = Grown(_visitors);
        _slots = Grown(_slots);
        for (var column = 0; column < _codes.Length; column++)
            _codes[column] = Grown(_codes[column]);
    }

    private T[] Grown<T>(T[] from)
    {
        var into = ArrayPool<T>.Shared.Rent(Count * 2);
        from.AsSpan(0, Count).CopyTo(into);
        ArrayPool<T>.Shared.Return(from);
        return into;
    }

    private static int[][] Rent(int columns)
    {
        var codes = new int[columns][];
        for (var column = 0; column < columns; column++)
            codes[column] = ArrayPool<int>.Shared.Rent(FirstCapacity);
        return codes;
    }
}
