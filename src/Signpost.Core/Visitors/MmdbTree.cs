using System.Buffers.Binary;
using System.Diagnostics;

namespace Signpost.Core.Visitors;

/// <summary>
/// The search tree at the start of an MMDB file, one bit of the address for each step. A record below the number of nodes is the
/// next node; that number itself means "not here"; a larger record points 16 bytes before its data.
/// <code>
/// 24 bits   | left, 3 bytes | right, 3 bytes |
/// 28 bits   | left, low 3 bytes | left's high 4 bits, right's high 4 bits | right, low 3 bytes |
/// 32 bits   | left, 4 bytes | right, 4 bytes |
/// </code>
/// </summary>
internal readonly struct MmdbTree(uint nodeCount, int recordSize)
{
    /// <summary>Zeros between the tree and the data.</summary>
    public const int Separator = 16;

    public uint NodeCount => nodeCount;

    /// <summary>Follows the bits from a node: the result is another node (the bits ended), "not here", or a pointer.</summary>
    public uint Walk(ReadOnlySpan<byte> file, uint node, ReadOnlySpan<byte> address)
    {
        for (var bit = 0; bit < address.Length * 8 && node < nodeCount; bit++)
            node = Child(file, node, (address[bit >> 3] >> (7 - (bit & 7))) & 1);
        return node;
    }

    public uint Child(ReadOnlySpan<byte> file, uint node, int side)
    {
        var bytes = recordSize / 4;
        var at = file.Slice((int)((long)node * bytes), bytes);
        return recordSize switch
        {
            24 => side == 0 ? Three(at) : Three(at[3..]),
            28 => side == 0 ? ((uint)(at[3] & 0xf0) << 20) | Three(at) : ((uint)(at[3] & 0x0f) << 24) | Three(at[4..]),
            32 => BinaryPrimitives.ReadUInt32BigEndian(at[(4 * side)..]),
            _ => throw new UnreachableException(),
        };
    }

    private static uint Three(ReadOnlySpan<byte> at) => ((uint)at[0] << 16) | ((uint)at[1] << 8) | at[2];
}
