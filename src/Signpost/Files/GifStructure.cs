namespace Signpost.Files;

/// <summary>GIF: a screen size, then extensions and frames made of sub-blocks, up to a trailer. Bytes after it are no part of the picture.</summary>
internal static class GifStructure
{
    public static PixelSize? Size(ReadOnlySpan<byte> file)
    {
        if (file.Length < 14 || (!file.StartsWith("GIF87a"u8) && !file.StartsWith("GIF89a"u8)))
            return null;

        var size = new PixelSize(file.Little16(6), file.Little16(8));
        var at = 13 + ColourTable(file[10]);
        for (var hasFrame = false; at < file.Length; )
        {
            switch (file[at])
            {
                case 0x3B:
                    return hasFrame ? size : null;
                case 0x21:
                    at += 2;
                    break;
                case 0x2C when at + 11 <= file.Length:
                    hasFrame = true;
                    // A frame may be larger than the screen it is drawn on.
                    size = new(
                        Math.Max(size.Width, file.Little16(at + 5)),
                        Math.Max(size.Height, file.Little16(at + 7))
                    );
                    at += 11 + ColourTable(file[at + 9]);
                    break;
                default:
                    return null;
            }

            while (at < file.Length && file[at] != 0)
                at += 1 + file[at];
            at++;
        }

        return null;
    }

    /// <summary>The bytes of the colour table that these flags announce.</summary>
    public static int ColourTable(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
}
