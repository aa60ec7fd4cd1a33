namespace Signpost.Files;

/// <summary>ICO: a directory of pictures, each a whole PNG or a bitmap without its file header.</summary>
internal static class IcoStructure
{
    private const int BitmapHeader = 40;

    public static PixelSize? Size(ReadOnlySpan<byte> file)
    {
        if (file.Length < 22)
            return null;

        var count = file.Little16(4);
        var directory = 6 + count * 16;
        if (count == 0 || directory > file.Length)
            return null;

        var largest = default(PixelSize);
        var rest = (long)file.Length - directory;
        for (var at = 6; at < directory; at += 16)
        {
            var (length, offset) = (file.Little32(at + 8), file.Little32(at + 12));
            if (offset < directory || length > file.Length || offset > file.Length - length)
                return null;
            // Entries must not share bytes: thousands of entries with one long picture would take minutes.
            if ((rest -= length) < 0)
                return null;
            if (Picture(file.Slice((int)offset, (int)length)) is not { } size)
                return null;
            largest = new(Math.Max(largest.Width, size.Width), Math.Max(largest.Height, size.Height));
        }

        return largest;
    }

    private static PixelSize? Picture(ReadOnlySpan<byte> picture)
    {
        if (picture is [0x89, (byte)'P', ..])
            return PngStructure.Size(picture);
        if (picture.Length < BitmapHeader || picture.Little32(0) != BitmapHeader)
            return null;
        // The height is doubled: the mask follows the colours.
        return PixelSize.Of(picture.Little32(4), picture.Little32(8) / 2);
    }
}
