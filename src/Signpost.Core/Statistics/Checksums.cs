using System.Buffers.Binary;
using System.Numerics;

namespace Signpost.Core.Statistics;

/// <summary>The CRC32C of stored bytes.</summary>
internal static class Checksums
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes)
            sum = BitOperations.Crc32C(sum, one);
        return sum;
    }
}
