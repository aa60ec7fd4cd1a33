namespace Signpost.SimulationTests.Machine;

/// <summary>
/// The bytes of a file: as programs see them (<see cref="Cache"/>), as the system last tried to flush them, and as they are on the
/// disk for sure. A page is dirty if the first two differ.
/// </summary>
internal sealed class Inode(Buffers buffers)
{
    /// <summary>Small, so that one segment has many.</summary>
    private const int PageSize = 256;
    private const int WordSize = 8;

    private byte[] _flushed = buffers.Take();
    private byte[] _durable = buffers.Take();
    private int _durableLength;

    /// <summary>The file was cut here since the last flush: all pages after it are dirty, whatever they hold.</summary>
    private int _cutAt = int.MaxValue;

    /// <summary>Mappings point into it. A killed process keeps the former one.</summary>
    public byte[] Cache { get; private set; } = buffers.Take();

    public int Length { get; private set; }

    /// <summary>The bytes of the disk that it takes.</summary>
    public int Allocated { get; set; }

    public ReadOnlySpan<byte> Seen => Cache.AsSpan(0, Math.Min(Length, Cache.Length));

    /// <summary>The bytes that no power cut takes away.</summary>
    public ReadOnlySpan<byte> Durable => _durable.AsSpan(0, Math.Min(_durableLength, _durable.Length));

    public void Grow(int length) => Length = Math.Max(Length, length);

    public void Cut(int length)
    {
        Cache.AsSpan(Math.Min(length, Buffers.Size)).Clear();
        _cutAt = Math.Min(_cutAt, length);
        Length = length;
    }

    /// <summary>From here on, nobody who has mapped it changes it.</summary>
    public void Detach()
    {
        var cache = buffers.Take();
        Cache.CopyTo(cache, 0);
        Cache = cache;
    }

    /// <summary>The bytes that a flush that begins now must flush.</summary>
    public Snapshot Begin()
    {
        var bytes = buffers.Take();
        Cache.CopyTo(bytes, 0);
        return new(bytes, Length, _cutAt);
    }

    /// <summary>All that was written before the flush began is on the disk.</summary>
    public void Complete(Snapshot snapshot)
    {
        for (var page = 0; page < Buffers.Size; page += PageSize)
            if (IsDirty(snapshot.Bytes, page))
                Copy(snapshot.Bytes, _durable, page);
        _durableLength = snapshot.Length;
        Clean(snapshot);
    }

    /// <summary>Some pages are on the disk. The others count as clean, as on Linux: another flush succeeds without them.</summary>
    public void Fail(Snapshot snapshot, Dice dice)
    {
        for (var page = 0; page < Buffers.Size; page += PageSize)
            if (IsDirty(snapshot.Bytes, page) && dice.OneIn(2))
                Copy(snapshot.Bytes, _durable, page);
        if (dice.OneIn(2))
            _durableLength = snapshot.Length;
        Clean(snapshot);
    }

    /// <summary>Pages that were not flushed are lost, kept or torn.</summary>
    public void CutPower(Dice dice)
    {
        for (var page = 0; page < Buffers.Size; page += PageSize)
            if (IsDirty(Cache, page))
                switch (dice.Below(5))
                {
                    case 0 or 1:
                        Copy(Cache, _durable, page);
                        break;
                    case 2:
                        Tear(Cache, _durable, page, page + PageSize, dice);
                        break;
                }

        if (dice.OneIn(2))
            _durableLength = Length;
        (Length, _cutAt) = (_durableLength, int.MaxValue);
        Allocated = Math.Min(Allocated, Length);
        _durable.AsSpan(Math.Min(Length, Buffers.Size)).Clear();
        _durable.CopyTo(_flushed, 0);
        Detach();
        _durable.CopyTo(Cache, 0);
    }

    /// <summary>Copies some words, as a copy does that is cut off.</summary>
    public static void Tear(byte[] from, byte[] to, int start, int end, Dice dice)
    {
        for (var word = start; word < end; word += WordSize)
            if (dice.OneIn(2))
                from.AsSpan(word, WordSize).CopyTo(to.AsSpan(word));
    }

    private void Clean(Snapshot snapshot)
    {
        snapshot.Bytes.CopyTo(_flushed, 0);
        if (_cutAt == snapshot.CutAt)
            _cutAt = int.MaxValue;
        buffers.Give(snapshot.Bytes);
    }

    private bool IsDirty(byte[] bytes, int page) =>
        page + PageSize > _cutAt || !bytes.AsSpan(page, PageSize).SequenceEqual(_flushed.AsSpan(page, PageSize));

    private static void Copy(byte[] from, byte[] to, int page) => from.AsSpan(page, PageSize).CopyTo(to.AsSpan(page));

    internal readonly record struct Snapshot(byte[] Bytes, int Length, int CutAt);
}

/// <summary>Pinned memory for files, which is used again in the next run.</summary>
internal sealed class Buffers
{
    /// <summary>The largest file of a run, except the reserve, has no more bytes.</summary>
    public const int Size = 16 << 10;

    private readonly Stack<byte[]> _free = [];
    private readonly List<byte[]> _taken = [];

    /// <summary>All bytes are zero.</summary>
    public byte[] Take()
    {
        if (_free.TryPop(out var buffer))
            Array.Clear(buffer);
        else
            buffer = GC.AllocateArray<byte>(Size, pinned: true);
        _taken.Add(buffer);
        return buffer;
    }

    public void Give(byte[] buffer)
    {
        if (_taken.Count > 0 && ReferenceEquals(_taken[^1], buffer))
            _taken.RemoveAt(_taken.Count - 1);
        else
            _taken.Remove(buffer);
        _free.Push(buffer);
    }

    /// <summary>A run is over.</summary>
    public void TakeBack()
    {
        _taken.ForEach(_free.Push);
        _taken.Clear();
    }
}
