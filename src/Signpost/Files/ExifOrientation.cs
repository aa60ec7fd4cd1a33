using System.Buffers.Binary;

namespace Signpost.Files;

/// <summary>The orientation is the one value of EXIF that helps to draw a picture: without it, a photo of a phone lies on its side.</summary>
internal static class ExifOrientation
{
    private const int Head = 8;
    private const int Entry = 12;
    private const int Length = Head + 2 + Entry + 4;
    private const int Tag = 0x0112;
    private const int UnsignedShort = 3;

    /// <summary>Makes EXIF that has the orientation of this EXIF and no other value.</summary>
    /// <param name="exif">A TIFF header and its directories, in either order of bytes.</param>
    /// <returns>Never more bytes than were given; empty: the picture is upright, or the EXIF cannot be read.</returns>
    public static byte[] Only(ReadOnlySpan<byte> exif) => Find(exif) is var found and >= 2 and <= 8 ? Make(found) : [];

    private static int Find(ReadOnlySpan<byte> exif)
    {
        var isLittle = exif.StartsWith("II*\0"u8);
        if (exif.Length < Length || !(isLittle || exif.StartsWith("MM\0*"u8)))
            return 0;

        var directory = isLittle ? exif.Little32(4) : exif.Big32(4);
        if (directory < Head || directory > exif.Length - 2)
            return 0;

        var at = (int)directory;
        var count = Number(exif, at, isLittle);
        for (at += 2; count > 0 && at + Entry <= exif.Length; at += Entry, count--)
            if (Number(exif, at, isLittle) == Tag)
                return Number(exif, at + 2, isLittle) == UnsignedShort ? Number(exif, at + 8, isLittle) : 0;
        return 0;
    }

    private static int Number(ReadOnlySpan<byte> bytes, int at, bool isLittle) =>
        isLittle ? bytes.Little16(at) : bytes.Big16(at);

    private static byte[] Make(int orientation)
    {
        var exif = new byte[Length];
        "MM\0*"u8.CopyTo(exif);
        exif[7] = Head;
        // One entry: its tag, its type, one value, and the value. No further directory.
        exif[9] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(exif.AsSpan(10), Tag);
        exif[13] = UnsignedShort;
        exif[17] = 1;
        exif[19] = (byte)orientation;
        return exif;
    }
}
