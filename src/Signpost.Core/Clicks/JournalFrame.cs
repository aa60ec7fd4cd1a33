using System.Buffers.Binary;
using System.Numerics;

namespace Signpost.Core.Clicks;

/// <summary>
/// One record of a journal: a length, a checksum, the payload's version, the payload, and zeros up to a multiple of 8.
/// <code>
/// 0        4        8         9                    9 + length   size
/// | length | CRC32C | version | payload            | zeros      |
/// </code>
/// The checksum covers everything but itself, and starts with the segment's seed and the frame's own offset. So a frame that
/// was copied to another place, or text in a payload that looks like a frame, is not valid.
/// </summary>
public readonly ref struct JournalFrame
{
    /// <summary>Frames begin at multiples of this.</summary>
    public const int Alignment = 8;

    /// <summary>The largest frame, except gaps. After a torn record, bytes beyond this length must be zeros.</summary>
    public const int MaxSize = 4096;

    /// <summary>The smallest frame.</summary>
    public const int MinSize = 16;

    /// <summary>The version of a gap: bytes that a repair could not read. Its checksum does not cover its content.</summary>
    public const byte GapVersion = 255;

    /// <summary>Bytes before the payload.</summary>
    public const int HeadLength = 9;

    /// <summary>The longest payload.</summary>
    public const int LongestPayload = MaxSize - HeadLength;

    private JournalFrame(byte version, ReadOnlySpan<byte> payload, int size)
    {
        Version = version;
        Payload = payload;
        Size = size;
    }

    /// <summary>The layout of the payload.</summary>
    public byte Version { get; }

    /// <summary>The content; empty for a gap.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>The number of bytes that the frame takes, including the zeros at its end.</summary>
    public int Size { get; }

    /// <summary>Whether this is a gap, which readers skip.</summary>
    public bool IsGap => Version == GapVersion;

    /// <summary>The number of bytes of a frame with a payload of this length.</summary>
    public static int SizeOf(int payloadLength) =>
        Math.Max(MinSize, (HeadLength + payloadLength + Alignment - 1) & -Alignment);

    /// <summary>The start of all checksums of a segment.</summary>
    public static uint SeedOf(Guid journal, long segment)
    {
        Span<byte> id = stackalloc byte[16];
        journal.TryWriteBytes(id, bigEndian: true, out _);
        var seed = BitOperations.Crc32C(uint.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(id));
        seed = BitOperations.Crc32C(seed, BinaryPrimitives.ReadUInt64LittleEndian(id[8..]));
        return BitOperations.Crc32C(seed, (ulong)segment);
    }

    /// <summary>Writes a frame for <paramref name="offset"/> at the start of <paramref name="into"/>.</summary>
    /// <returns>Its size.</returns>
    public static int Write(Span<byte> into, uint seed, long offset, byte version, ReadOnlySpan<byte> payload)
    {
        var size = SizeOf(payload.Length);
        var frame = into[..size];
        frame[HeadLength..].Clear();
        payload.CopyTo(frame[HeadLength..]);
        WriteHead(frame, seed, offset, version, payload.Length);
        return size;
    }

    /// <summary>Completes a frame whose payload and zeros are in their places already.</summary>
    public static void Seal(Span<byte> frame, uint seed, long offset, byte version, int payloadLength) =>
        WriteHead(frame, seed, offset, version, payloadLength);

    /// <summary>Writes the head of a gap over the next <paramref name="size"/> bytes; the bytes after the head may stay.</summary>
    public static void WriteGap(Span<byte> into, uint seed, long offset, int size)
    {
        into[HeadLength..MinSize].Clear();
        WriteHead(into[..MinSize], seed, offset, GapVersion, size - HeadLength);
    }

    /// <summary>Reads the frame that begins here; false if it is not valid or not complete.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, uint seed, long offset, out JournalFrame frame)
    {
        frame = default;
        if (bytes.Length < MinSize)
            return false;

        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        var version = bytes[8];
        if (version == 0 || length > int.MaxValue - MaxSize)
            return false;

        var size = SizeOf((int)length);
        var covered = version == GapVersion ? MinSize : size;
        if (covered > MaxSize || covered > bytes.Length)
            return false;

        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) != Checksum(bytes[..covered], seed, offset, length))
            return false;

        var payload = version == GapVersion ? [] : bytes.Slice(HeadLength, (int)length);
        frame = new JournalFrame(version, payload, size);
        return true;
    }

    private static void WriteHead(Span<byte> frame, uint seed, long offset, byte version, int length)
    {
        frame[8] = version;
        BinaryPrimitives.WriteUInt32LittleEndian(frame, (uint)length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Checksum(frame, seed, offset, (uint)length));
    }

    private static uint Checksum(ReadOnlySpan<byte> frame, uint seed, long offset, uint length)
    {
        var sum = BitOperations.Crc32C(BitOperations.Crc32C(seed, (ulong)offset), length);
        for (var at = 8; at < frame.Length; at += 8)
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(frame[at..]));

        return sum;
    }
}
