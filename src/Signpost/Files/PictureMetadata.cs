using System.Buffers.Binary;

namespace Signpost.Files;

/// <summary>
/// Takes out of a picture the data that does not help to draw it: place and time of a photo, names, comments, thumbnails, and bytes
/// after its end. Only the parts of a list are kept, so that a new kind of metadata is dropped, too.
/// </summary>
internal static class PictureMetadata
{
    private static readonly HashSet<string> PngChunks =
    [
        .. "IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD hIST pHYs acTL fcTL fdAT".Split(' '),
    ];
    private static readonly HashSet<string> WebPChunks = [.. "VP8 ,VP8L,VP8X,ALPH,ANIM,ANMF,ICCP".Split(',')];

    /// <summary>Recognises an upload and removes its metadata; answers what is wrong, or null.</summary>
    /// <param name="cleaned">The picture to keep; empty if something is wrong.</param>
    public static string? Remove(ReadOnlySpan<byte> content, out ImageFile? image, out byte[] cleaned)
    {
        cleaned = [];
        if (ImageFile.Recognise(content, out image) is { } problem)
            return problem;

        cleaned = Without(image!, content);
        // A file that can be read in two ways may be nothing without its metadata.
        return ImageFile.Recognise(cleaned, out image);
    }

    private static byte[] Without(ImageFile image, ReadOnlySpan<byte> content) =>
        image.Extension switch
        {
            "png" => Png(content),
            "jpg" => Jpeg(content),
            "webp" => WebP(content),
            "gif" => Gif(content),
            "ico" => Ico(content),
            var unknown => throw new System.Diagnostics.UnreachableException(unknown),
        };

    private static byte[] Png(ReadOnlySpan<byte> file)
    {
        const int frame = 12;
        var kept = new MemoryStream(file.Length);
        kept.Write(file[..8]);
        for (var at = 8; at + frame <= file.Length; )
        {
            var chunk = file.Slice(at, frame + (int)file.Big32(at));
            if (PngChunks.Contains(Name(chunk.Slice(4, 4))))
                kept.Write(chunk);
            at += chunk.Length;
        }

        return kept.ToArray();
    }

    private static byte[] Jpeg(ReadOnlySpan<byte> file)
    {
        const byte scan = 0xDA;
        const byte end = 0xD9;
        var kept = new MemoryStream(file.Length);
        kept.Write(file[..2]);
        for (var at = 2; at + 1 < file.Length; )
        {
            // Readers of pictures skip bytes between segments, up to the next marker.
            if (file[at] != 0xFF)
            {
                at++;
                continue;
            }

            if (file[at + 1] is end)
                break;
            var length =
                file[at + 1] is 0xFF ? 1
                : file[at + 1] is 0x01 or (>= 0xD0 and <= 0xD7) ? 2
                // The length counts its own two bytes.
                : at + 4 > file.Length || file.Big16(at + 2) < 2 ? int.MaxValue
                : 2 + file.Big16(at + 2);
            if (length > file.Length - at)
                break;
            var segment = file.Slice(at, length);
            if (IsKept(segment))
                kept.Write(segment);
            at += length;
            if (segment[1..] is [scan, ..])
            {
                var data = file.Slice(at, LengthOfScan(file[at..]));
                kept.Write(data);
                at += data.Length;
                // Some writers leave the end out.
                if (at == file.Length)
                    return kept.ToArray();
            }
        }

        kept.Write([0xFF, end]);
        return kept.ToArray();
    }

    // Of the segments for applications: JFIF, the colour profile, and Adobe's, which says how colours are stored.
    private static bool IsKept(ReadOnlySpan<byte> segment) =>
        segment switch
        {
            [_, 0xE0, _, _, .. var data] => data.StartsWith("JFIF\0"u8),
            [_, 0xE2, _, _, .. var data] => data.StartsWith("ICC_PROFILE\0"u8),
            [_, 0xEE, 0, 14, .. var data] => data.StartsWith("Adobe"u8),
            [_, (>= 0xE0 and <= 0xEF) or 0xFE, ..] => false,
            _ => segment.Length > 1,
        };

    // Up to the next marker. FF 00 is a byte of data, and the restart markers are a part of it.
    private static int LengthOfScan(ReadOnlySpan<byte> data)
    {
        for (var at = 0; at + 1 < data.Length; at++)
            if (data[at] == 0xFF && data[at + 1] is not (0x00 or 0xFF or (>= 0xD0 and <= 0xD7)))
                return at;
        return data.Length;
    }

    private static byte[] WebP(ReadOnlySpan<byte> file)
    {
        const int head = 8;
        const byte exifAndXmp = 0x08 | 0x04;
        var kept = new MemoryStream(file.Length);
        kept.Write(file[..12]);
        for (var at = 12; at + head <= file.Length; )
        {
            long length = file.Little32(at + 4);
            if (length > file.Length - at - head)
                break;
            // A chunk of an odd length has a byte behind it.
            var whole = (int)Math.Min(head + length + (length & 1), file.Length - at);
            byte[] chunk = [.. file.Slice(at, whole)];
            at += whole;
            var name = Name(chunk.AsSpan(0, 4));
            if (!WebPChunks.Contains(name))
                continue;
            if (name is "VP8X" && chunk.Length > head)
                chunk[head] &= unchecked((byte)~exifAndXmp);
            kept.Write(chunk);
        }

        var result = kept.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(result.AsSpan(4), result.Length - 8);
        return result;
    }

    private static byte[] Gif(ReadOnlySpan<byte> file)
    {
        var kept = new MemoryStream(file.Length);
        var at = 13 + GifStructure.ColourTable(file[10]);
        kept.Write(file[..at]);
        while (at < file.Length && file[at] != 0x3B)
        {
            var start = at;
            at += file[at] == 0x21 ? 2 : 11 + GifStructure.ColourTable(file[at + 9]);
            while (file[at] != 0)
                at += 1 + file[at];
            at++;
            if (IsDrawn(file[start..at]))
                kept.Write(file[start..at]);
        }

        kept.WriteByte(0x3B);
        return kept.ToArray();
    }

    // Frames, and of the extensions those that say how frames follow each other and which colours they have.
    private static bool IsDrawn(ReadOnlySpan<byte> block) =>
        block is [0x2C, ..] or [0x21, 0xF9 or 0x01, ..]
        || (
            block is [0x21, 0xFF, 11, .. var id]
            && (id.StartsWith("NETSCAPE2.0"u8) || id.StartsWith("ANIMEXTS1.0"u8) || id.StartsWith("ICCRGBG1012"u8))
        );

    private static byte[] Ico(ReadOnlySpan<byte> file)
    {
        var directory = 6 + 16 * file.Little16(4);
        byte[] head = [.. file[..directory]];
        var pictures = new MemoryStream(file.Length);
        for (var at = 6; at < directory; at += 16)
        {
            var inner = file.Slice((int)file.Little32(at + 12), (int)file.Little32(at + 8));
            var picture = inner is [0x89, ..] ? Png(inner) : inner;
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(at + 8), picture.Length);
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(at + 12), directory + (int)pictures.Length);
            pictures.Write(picture);
        }

        return [.. head, .. pictures.ToArray()];
    }

    private static string Name(ReadOnlySpan<byte> letters) => System.Text.Encoding.Latin1.GetString(letters);
}
