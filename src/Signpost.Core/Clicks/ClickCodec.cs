using System.Buffers.Binary;
using Signpost.Core.Targeting;

namespace Signpost.Core.Clicks;

/// <summary>
/// A click as bytes, little-endian, and back. The version stands in the frame beside the payload: a new layout gets a
/// new version, and the old ones stay readable for as long as a journal may hold them.
/// <code>
/// version 1   0        8             12                20     21       23
///             | link   | link version | at, milliseconds | kind | status |
/// </code>
/// </summary>
public static class ClickCodec
{
    /// <summary>The version that <see cref="Write"/> writes.</summary>
    public const byte Version = 2;

    /// <summary>How many bytes <see cref="Write"/> writes.</summary>
    public const int Length = 25;

    private const int LengthOfOne = 23;

    public static void Write(in Click click, Span<byte> payload)
    {
        BinaryPrimitives.WriteInt64LittleEndian(payload, click.LinkId);
        BinaryPrimitives.WriteInt32LittleEndian(payload[8..], click.LinkVersion);
        BinaryPrimitives.WriteInt64LittleEndian(payload[12..], click.AtMilliseconds);
        payload[20] = (byte)click.Kind;
        BinaryPrimitives.WriteInt16LittleEndian(payload[21..], click.Status);
        payload[23] = (byte)click.Applied.Kind;
        payload[24] = click.Applied.Pair;
    }

    /// <summary>Reads a click; false for a version or a length that this code does not know.</summary>
    public static bool TryRead(byte version, ReadOnlySpan<byte> payload, out Click click)
    {
        click = default;
        if ((version, payload.Length) is not ((Version, Length) or (1, LengthOfOne)))
            return false;

        click = new Click(
            BinaryPrimitives.ReadInt64LittleEndian(payload),
            BinaryPrimitives.ReadInt32LittleEndian(payload[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(payload[12..]),
            (ClickKind)payload[20],
            BinaryPrimitives.ReadInt16LittleEndian(payload[21..]),
            version == 1 ? AppliedPair.None : new((TargetingKind)payload[23], payload[24])
        );
        return true;
    }
}
