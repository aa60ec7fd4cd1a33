namespace Signpost.Files;

/// <summary>
/// WebP: a RIFF whose first chunk (VP8, VP8L or VP8X) holds the size. Bytes after the length of the RIFF are no part of the picture.
/// </summary>
internal static class WebPStructure
{
    private const int Shortest = 30;

    /// <summary>The bytes of the picture, as its head says.</summary>
    public static long WholeLength(ReadOnlySpan<byte> file) => file.Little32(4) + 8L;

    public static PixelSize? Size(ReadOnlySpan<byte> file)
    {
        if (file.Length < Shortest || !file[8..].StartsWith("WEBP"u8))
            return null;
        var length = WholeLength(file);
        if (length < Shortest || length > file.Length || file.Little32(16) > length - 20)
            return null;

        var data = file[20..];
        return file.Slice(12, 4) switch
        {
            [(byte)'V', (byte)'P', (byte)'8', (byte)' '] => Lossy(data),
            [(byte)'V', (byte)'P', (byte)'8', (byte)'L'] => Lossless(data),
            [(byte)'V', (byte)'P', (byte)'8', (byte)'X'] => new(1 + Little24(data, 4), 1 + Little24(data, 7)),
            _ => null,
        };
    }

    private static PixelSize? Lossy(ReadOnlySpan<byte> frame) =>
        frame is [_, _, _, 0x9D, 0x01, 0x2A, ..]
            ? new PixelSize(frame.Little16(6) & 0x3FFF, frame.Little16(8) & 0x3FFF)
            : null;

    private static PixelSize? Lossless(ReadOnlySpan<byte> stream)
    {
        if (stream[0] != 0x2F)
            return null;
        var bits = stream.Little32(1);
        return new(1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF));
    }

    private static int Little24(ReadOnlySpan<byte> bytes, int at) =>
        bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
}
