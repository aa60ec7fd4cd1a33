namespace Signpost.Files;

/// <summary>JPEG: markers with lengths; a frame header (SOFn) holds the size and must come before the first scan (SOS).</summary>
internal static class JpegStructure
{
    public static PixelSize? Size(ReadOnlySpan<byte> file)
    {
        PixelSize? size = null;
        for (var at = 2; at + 4 <= file.Length; )
        {
            if (file[at] != 0xFF)
                return null;
            var marker = file[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            var length = file.Big16(at + 2);
            if (length < 2 || at + 2 + length > file.Length)
                return null;
            if (marker == 0xDA)
                return size;
            if (IsFrame(marker))
            {
                if (length < 8 || size is not null)
                    return null;
                size = new(file.Big16(at + 7), file.Big16(at + 5));
            }

            at += 2 + length;
        }

        return null;
    }

    // C4, C8 and CC are between the frame headers but are tables and an extension.
    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
}
