using System.Buffers.Binary;

namespace Signpost.Files;

/// <summary>Finds the type of an upload by its content; its name and its declared type are ignored.</summary>
internal sealed record ImageFile(string ContentType, string Extension, int Width, int Height)
{
    public const int LongestSide = 4096;

    /// <summary>Recognises PNG, JPEG, WebP, GIF and ICO and checks their structure; returns the problem, or null.</summary>
    public static string? Recognise(ReadOnlySpan<byte> content, out ImageFile? image)
    {
        image = Parse(content);
        if (image is null)
            return "must be a whole PNG, JPEG, WebP, GIF or ICO picture";
        return image is { Width: > 0 and <= LongestSide, Height: > 0 and <= LongestSide }
            ? null
            : $"must be at most {LongestSide} by {LongestSide} pixels";
    }

    private static ImageFile? Parse(ReadOnlySpan<byte> content) =>
        content switch
        {
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => Of("image/png", "png", PngStructure.Size(content)),
            [0xFF, 0xD8, 0xFF, ..] => Of("image/jpeg", "jpg", JpegStructure.Size(content)),
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..] => Of("image/webp", "webp", WebPStructure.Size(content)),
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => Of("image/gif", "gif", GifStructure.Size(content)),
            [0, 0, 1, 0, ..] => Of("image/x-icon", "ico", IcoStructure.Size(content)),
            _ => null,
        };

    private static ImageFile? Of(string contentType, string extension, PixelSize? size) =>
        size is { } found ? new(contentType, extension, found.Width, found.Height) : null;
}

/// <summary>The number of pixels that a picture declares, clamped to the range of an int.</summary>
internal readonly record struct PixelSize(int Width, int Height)
{
    public static PixelSize Of(uint width, uint height) =>
        new((int)Math.Min(width, int.MaxValue), (int)Math.Min(height, int.MaxValue));

    public bool IsWithin(int longest) => Width > 0 && Height > 0 && Width <= longest && Height <= longest;
}

/// <summary>Reads numbers from a picture.</summary>
internal static class PictureBytes
{
    public static uint Big32(this ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);

    public static ushort Big16(this ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);

    public static uint Little32(this ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    public static ushort Little16(this ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
}
