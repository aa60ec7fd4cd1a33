using System.Buffers.Binary;

namespace Signpost.Files;

/// <summary>
/// Takes out of a picture the data that does not help to draw it: place and time of a photo, names, comments, thumbnails, and bytes
/// after its end. Only the parts of a list are kept, so that a new kind of metadata is dropped, too. Of EXIF, the orientation is kept.
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
        for (var (at, name) = (8, ""); name is not "IEND"; )
        {
            var chunk = file.Slice(at, frame + (int)file.Big32(at));
            at += chunk.Length;
            name = Name(chunk.Slice(4, 4));
            if (PngChunks.Contains(name))
                kept.Write(chunk);
            else if (name is "eXIf" && ExifOrientation.Only(chunk[8..^4]) is { Length: > 0 } exif)
                kept.Write(PngChunk([.. "eXIf"u8, .. exif]));
        }

        return kept.ToArray();
    }

    private static byte[] PngChunk(ReadOnlySpan<byte> nameAndData)
    {
        // The checksum is the CRC-32 of ISO 3309, bit by bit, because the chunk has few bytes.
        var checksum = uint.MaxValue;
        foreach (var one in nameAndData)
        {
            checksum ^= one;
            for (var bit = 0; bit < 8; bit++)
                checksum = (checksum >> 1) ^ ((checksum & 1) * 0xEDB88320);
        }

        byte[] chunk = [0, 0, 0, 0, .. nameAndData, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, nameAndData.Length - 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), ~checksum);
        return chunk;
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
            kept.Write(PartToKeep(segment));
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

    // Of the segments for applications: JFIF, the orientation of EXIF, the colour profile, and Adobe's, which says how colours are stored.
    private static ReadOnlySpan<byte> PartToKeep(ReadOnlySpan<byte> segment) =>
        segment switch
        {
            [_, 0xE0, _, _, .. var data] => data.StartsWith("JFIF\0"u8) ? Jfif(data) : default,
            [_, 0xE1, _, _, .. var data] => data.StartsWith("Exif\0\0"u8) ? Exif(data[6..]) : default,
            [_, 0xE2, _, _, .. var data] => data.StartsWith("ICC_PROFILE\0"u8) ? segment : default,
            [_, 0xEE, 0, 14, .. var data] => data.StartsWith("Adobe"u8) ? segment : default,
            [_, (>= 0xE0 and <= 0xEF) or 0xFE, ..] => default,
            _ => segment.Length > 1 ? segment : default,
        };

    // Version, unit and densities. The two zeros are the size of the thumbnail, which is dropped.
    private static byte[] Jfif(ReadOnlySpan<byte> data) =>
        data.Length < 14 ? [] : [0xFF, 0xE0, 0, 16, .. data[..12], 0, 0];

    private static byte[] Exif(ReadOnlySpan<byte> data) =>
        ExifOrientation.Only(data) is { Length: > 0 } exif
            ? [0xFF, 0xE1, 0, (byte)(2 + 6 + exif.Length), .. "Exif\0\0"u8, .. exif]
            : [];

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
        const byte hasExif = 0x08;
        const byte hasXmp = 0x04;
        file = file[..(int)WebPStructure.WholeLength(file)];
        var kept = new MemoryStream(file.Length);
        kept.Write(file[..12]);
        var (flagsAt, flags) = (0, (byte)0);
        for (var at = 12; at + head <= file.Length; )
        {
            long length = file.Little32(at + 4);
            if (length > file.Length - at - head)
                break;
            // A chunk of an odd length has a byte behind it.
            var chunk = file.Slice(at, (int)Math.Min(head + length + (length & 1), file.Length - at));
            at += chunk.Length;
            var name = Name(chunk[..4]);
            if (name is "VP8X" && length > 0 && flagsAt == 0)
                (flagsAt, flags) = ((int)kept.Length + head, (byte)(chunk[head] & ~(hasExif | hasXmp)));
            if (WebPChunks.Contains(name))
                kept.Write(chunk);
            // Without VP8X, nobody looks for EXIF.
            else if (name is "EXIF" && flagsAt > 0 && WebPExif(chunk[head..]) is { Length: > 0 } exif)
            {
                kept.Write(exif);
                flags |= hasExif;
            }
        }

        var result = kept.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(result.AsSpan(4), result.Length - 8);
        if (flagsAt > 0)
            result[flagsAt] = flags;
        return result;
    }

    // Some writers put the mark of EXIF in a JPEG before it.
    private static byte[] WebPExif(ReadOnlySpan<byte> data) =>
        ExifOrientation.Only(data.StartsWith("Exif\0\0"u8) ? data[6..] : data) is { Length: > 0 } exif
            ? [.. "EXIF"u8, (byte)exif.Length, 0, 0, 0, .. exif]
            : [];

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
