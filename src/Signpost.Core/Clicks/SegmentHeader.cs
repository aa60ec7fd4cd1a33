using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Signpost.Core.Clicks;

/// <summary>
/// The first 128 bytes of a segment file, little-endian; the journal's id is big-endian, like the text of a GUID.
/// <code>
/// 0       8        10     12       16           32       40        48             49          128
/// | magic | format | size | CRC32C | journal id | number | created | name's length | node name |
/// </code>
/// </summary>
/// <param name="Journal">The journal that the segment belongs to.</param>
/// <param name="Number">Its number, the one in the file's name.</param>
/// <param name="CreatedMilliseconds">The time when it was created, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="Node">The node that created it; for people only.</param>
public sealed record SegmentHeader(Guid Journal, long Number, long CreatedMilliseconds, string Node)
{
    /// <summary>The number of bytes of a header; the first frame begins here.</summary>
    public const int Size = 128;

    private const ushort Format = 1;
    private const int LongestNode = Size - 49;

    private static ReadOnlySpan<byte> Magic => "SPCLICKS"u8;

    public void Write(Span<byte> into)
    {
        var header = into[..Size];
        header.Clear();
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], Format);
        BinaryPrimitives.WriteUInt16LittleEndian(header[10..], Size);
        Journal.TryWriteBytes(header[16..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(header[32..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(header[40..], CreatedMilliseconds);
        header[48] = (byte)WriteNode(header[49..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], Checksum(header));
    }

    /// <summary>Reads a header; null if it is missing, or its checksum is wrong.</summary>
    public static SegmentHeader? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size || !bytes.StartsWith(Magic))
            return null;

        var header = bytes[..Size];
        if (
            BinaryPrimitives.ReadUInt16LittleEndian(header[8..]) != Format
            || BinaryPrimitives.ReadUInt32LittleEndian(header[12..]) != Checksum(header)
        )
            return null;

        return new SegmentHeader(
            new Guid(header[16..32], bigEndian: true),
            BinaryPrimitives.ReadInt64LittleEndian(header[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(header[40..]),
            Encoding.UTF8.GetString(header.Slice(49, Math.Min((int)header[48], LongestNode)))
        );
    }

    private static uint Checksum(ReadOnlySpan<byte> header)
    {
        var sum = BitOperations.Crc32C(uint.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(header));
        sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt32LittleEndian(header[8..]));
        for (var at = 16; at < Size; at += 8)
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(header[at..]));

        return sum;
    }

    // A longer name is cut between characters.
    private int WriteNode(Span<byte> into)
    {
        var written = 0;
        foreach (var rune in Node.EnumerateRunes())
        {
            if (written + rune.Utf8SequenceLength > into.Length)
                break;

            written += rune.EncodeToUtf8(into[written..]);
        }

        return written;
    }
}
