using System.Buffers.Binary;

namespace Signpost.Core.Statistics;

/// <summary>Writes the format that <see cref="BytesReader"/> reads.</summary>
internal sealed class BytesWriter(int capacity = 256)
{
    private byte[] _bytes = new byte[Math.Max(capacity, 16)];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public byte[] ToArray() => Written.ToArray();

    public void Byte(byte value) => Take(1)[0] = value;

    public void Int16(short value) => BinaryPrimitives.WriteInt16LittleEndian(Take(sizeof(short)), value);

    public void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    public void Number(int value) => Varint((uint)value);

    public void Signed(long value) => Varint(((ulong)value << 1) ^ (ulong)(value >> 63));

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    /// <summary>The next bytes. The caller fills them before anything else is written.</summary>
    public Span<byte> Take(int count)
    {
        if (_bytes.Length - Length < count)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));

        var span = _bytes.AsSpan(Length, count);
        Length += count;
        return span;
    }
}
