namespace Signpost.Files;

/// <summary>
/// PNG: a signature, then chunks of length, type, data and checksum. The first is IHDR with the size, the last IEND. Bytes after it are
/// no part of the picture.
/// </summary>
internal static class PngStructure
{
    private const int ChunkFrame = 12;
    private const int HeaderLength = 13;

    public static PixelSize? Size(ReadOnlySpan<byte> file)
    {
        if (!file[1..].StartsWith("PNG\r\n\u001A\n"u8))
            return null;

        PixelSize? size = null;
        var hasData = false;
        for (var at = 8; at + ChunkFrame <= file.Length; )
        {
            var length = file.Big32(at);
            if (length > file.Length - at - ChunkFrame)
                return null;

            var type = file.Slice(at + 4, 4);
            // IHDR comes first and once: if there were two, two readers could use different ones.
            if (IsHeader(type) != (size is null) || (size is null && length != HeaderLength))
                return null;
            size ??= PixelSize.Of(file.Big32(at + 8), file.Big32(at + 12));
            hasData |= type.SequenceEqual("IDAT"u8);

            at += ChunkFrame + (int)length;
            if (type.SequenceEqual("IEND"u8))
                return hasData ? size : null;
        }

        return null;
    }

    private static bool IsHeader(ReadOnlySpan<byte> type) => type.SequenceEqual("IHDR"u8);
}
