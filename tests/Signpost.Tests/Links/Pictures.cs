using System.Buffers.Binary;
using System.Text;

namespace Signpost.Tests.Links;

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

    public static byte[] Ico(byte[] inner, int claimedLength = -1)
    {
        var ico = new byte[22 + inner.Length];
        ico[2] = 1;
        ico[4] = 1;
        ico[6] = ico[7] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(ico.AsSpan(14), claimedLength < 0 ? inner.Length : claimedLength);
        BinaryPrimitives.WriteInt32LittleEndian(ico.AsSpan(18), 22);
        inner.CopyTo(ico, 22);
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
        var chunk = new byte[length - Bodies.Png.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, chunk.Length - 12);
        Encoding.ASCII.GetBytes("tEXt").CopyTo(chunk, 4);
        const int End = 12;
        return [.. Bodies.Png[..^End], .. chunk, .. Bodies.Png[^End..]];
    }
}
