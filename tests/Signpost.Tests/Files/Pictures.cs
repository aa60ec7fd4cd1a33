using System.Buffers.Binary;
using System.Text;
using Signpost.Tests.Api;

namespace Signpost.Tests.Files;

/// <summary>Small pictures of every kind, and what is none.</summary>
internal static class Pictures
{
    public static readonly byte[] Gif = Convert.FromBase64String(
        "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    );

    public static readonly byte[] Jpeg = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////"
            + "wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA="
    );

    public static readonly byte[] WebPLossy = Convert.FromBase64String(
        "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"
    );

    public static readonly byte[] WebPLossless = Convert.FromBase64String(
        "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
    );

    /// <summary>An icon whose entries are all the same picture.</summary>
    public static byte[] Ico(byte[] inner, int claimedLength = -1, int entries = 1)
    {
        var ico = new byte[6 + 16 * entries + inner.Length];
        ico[2] = 1;
        ico[4] = (byte)entries;
        for (var at = 6; at < 6 + 16 * entries; at += 16)
        {
            ico[at] = ico[at + 1] = 1;
            var length = claimedLength < 0 ? inner.Length : claimedLength;
            BinaryPrimitives.WriteInt32LittleEndian(ico.AsSpan(at + 8), length);
            BinaryPrimitives.WriteInt32LittleEndian(ico.AsSpan(at + 12), 6 + 16 * entries);
        }

        inner.CopyTo(ico, 6 + 16 * entries);
        return ico;
    }

    /// <summary>The pixel PNG, saying that it is larger than it is.</summary>
    public static byte[] PngOf(uint width, uint height)
    {
        byte[] png = [.. Bodies.Png];
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(20), height);
        return png;
    }

    /// <summary>The pixel PNG, longer by a chunk that nobody reads.</summary>
    public static byte[] PngOfLength(int length)
    {
        const int End = 12;
        var chunk = Chunk("iCCP", new byte[length - Bodies.Png.Length - End]);
        return [.. Bodies.Png[..^End], .. chunk, .. Bodies.Png[^End..]];
    }

    /// <summary>A piece of a PNG, without a right checksum.</summary>
    public static byte[] Chunk(string type, byte[] data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type).CopyTo(chunk, 4);
        data.CopyTo(chunk, 8);
        return chunk;
    }

    /// <summary>EXIF with an orientation and perhaps a description that lies behind it, in one of the two orders of bytes.</summary>
    public static byte[] Exif(ushort orientation, bool isLittle, byte[] description)
    {
        var has = description.Length > 0;
        var end = 8 + 2 + (has ? 24 : 12) + 4;
        return
        [
            .. isLittle ? "II*\0"u8 : "MM\0*"u8,
            .. Number(8, 4),
            .. Number(has ? 2 : 1, 2),
            .. has
                ? (byte[])[.. Number(0x010E, 2), .. Number(2, 2), .. Number(description.Length, 4), .. Number(end, 4)]
                : [],
            .. Number(0x0112, 2),
            .. Number(3, 2),
            .. Number(1, 4),
            .. Number(orientation, 2),
            .. Number(0, 2),
            .. Number(0, 4),
            .. description,
        ];

        byte[] Number(int value, int length)
        {
            var bytes = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(bytes, value);
            bytes = bytes[(4 - length)..];
            return isLittle ? [.. bytes.Reverse()] : bytes;
        }
    }
}
