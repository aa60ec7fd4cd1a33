using System.Buffers.Binary;
using System.Text;
using Signpost.Core.Clicks;
using Signpost.Core.Visitors;
using Signpost.Files;
using Signpost.Tests.Api;
using Signpost.Tests.Files;

namespace Signpost.Tests.Fuzzing;

/// <summary>Uploaded pictures, and the segments and records of the journal.</summary>
internal static class FileTargets
{
    private const byte Clicks = ClickCodec.Version;
    private static readonly Guid Journal = new("0191d2c4-7f60-7abc-8def-0123456789ab");
    private static readonly uint Seed = JournalFrame.SeedOf(Journal, 1);

    public static IEnumerable<FuzzTarget> All() =>
        [
            Picture("png", [Bodies.Png, Pictures.PngOf(64, 64), Pictures.PngOfLength(300)], MakePng),
            Picture("jpeg", [Pictures.Jpeg], MakeJpeg),
            Picture("gif", [Pictures.Gif], MakeGif),
            Picture("webp", [Pictures.WebPLossy, Pictures.WebPLossless], MakeWebP),
            Picture("ico", [Pictures.Ico(Bodies.Png), Pictures.Ico(Bodies.Png, 20, 3)], MakeIco),
            new("journal-record", [Record(0), Record(1), Record(2)], ReadRecord)
            {
                Pieces =
                [
                    [7, 4, 0, 65, 65, 65, 65],
                    [1, 4, 0, 1, 2, 3, 4],
                    [1, 16, 0],
                    [14, 1, 0, 97],
                    [13, 0, 0],
                    [3, 255, 255],
                    [200, 1, 0, 1],
                ],
                Grammar = random => Record(random.Next()),
                Weight = 60,
            },
            new("journal-segment", [Segment(new Random(1)), Segment(new Random(2))], ReadSegment)
            {
                Pieces = [new byte[8], new byte[64], Frame(0, Record(1)), Gap(SegmentHeader.Size, 64)],
                Grammar = Segment,
                Weight = 15,
                Longest = 8_192,
            },
        ];

    private static FuzzTarget Picture(string name, byte[][] seeds, Func<Random, byte[]> grammar) =>
        new(name, seeds, ReadPicture)
        {
            Pieces =
            [
                [0xFF, 0xD8, 0xFF],
                [0xFF, 0xC0, 0, 11],
                [0xFF, 0xDA],
                [0xFF, 0xD9],
                [0xFF, 0xE1],
                [0xFF, 0xFF],
                [0, 0, 1, 0],
                [0x2C],
                [0x3B],
                [0x21, 0xFE],
                [0x21, 0xF9, 4],
                Pictures.Exif(6, isLittle: true, []),
                Pictures.Exif(3, isLittle: false, [65]),
                .. seeds,
                .. FuzzTarget.Bytes(
                    "IHDR",
                    "IDAT",
                    "IEND",
                    "tEXt",
                    "eXIf",
                    "iCCP",
                    "acTL",
                    "RIFF",
                    "WEBP",
                    "VP8 ",
                    "VP8L",
                    "VP8X",
                    "ANIM",
                    "ANMF",
                    "EXIF",
                    "GIF89a",
                    "NETSCAPE2.0",
                    "Exif\0\0",
                    "JFIF\0",
                    "ICC_PROFILE\0"
                ),
            ],
            Grammar = grammar,
            Weight = 40,
            MostAllocated = (64 << 10, 128),
        };

    private static Outcome ReadPicture(byte[] input)
    {
        if (PictureMetadata.Remove(input, out var image, out var cleaned) is { } problem)
            return Outcome.Refused($"{problem} {image?.Extension} {input.Length / 64}");
        // Only the mark of the end may be added.
        if (cleaned.Length > input.Length + 2)
            throw new InvalidOperationException("A picture grew.");
        // Bytes after the last whole segment of a JPEG may become one with the mark of the end, and are then dropped.
        if (
            PictureMetadata.Remove(cleaned, out _, out var again) is not null
            || (image!.Extension is not "jpg" && !again.AsSpan().SequenceEqual(cleaned))
        )
            throw new InvalidOperationException("A cleaned picture is not clean.");
        return Outcome.Accepted(
            $"{image!.Extension} {image.Width / 256} {image.Height / 256} {(input.Length - cleaned.Length) / 8} {cleaned.Length / 32}"
        );
    }

    private static byte[] Some(Random random, int most)
    {
        var bytes = new byte[random.Next(most)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Tail(Random random) => random.Next(4) == 0 ? Some(random, 20) : [];

    private static byte[] SomeOrExif(Random random, int most) =>
        random.Next(3) > 0
            ? Some(random, most)
            : [.. Pictures.Exif((ushort)random.Next(10), random.Next(2) == 0, Some(random, 9)), .. Some(random, 9)];

    private static T Any<T>(Random random, params T[] of) => of[random.Next(of.Length)];

    private static byte[] Many(Random random, Func<byte[]> make) =>
        [.. Enumerable.Range(0, random.Next(6)).SelectMany(_ => make())];

    private static byte[] MakePng(Random random) =>
        [
            .. Bodies.Png[..33],
            .. Many(
                random,
                () =>
                    Pictures.Chunk(
                        Any(random, "IDAT", "tEXt", "iCCP", "eXIf", "PLTE", "acTL", "fdAT", "zzzz"),
                        SomeOrExif(random, 40)
                    )
            ),
            .. Bodies.Png[33..],
            .. Tail(random),
        ];

    private static byte[] MakeJpeg(Random random) =>
        [
            0xFF,
            0xD8,
            .. Many(
                random,
                () =>
                    Marked(
                        Any<byte>(random, 0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xFE, 0xDB, 0xC4, 0xDD),
                        [
                            .. Any(
                                random,
                                "JFIF\0"u8.ToArray(),
                                "Exif\0\0"u8.ToArray(),
                                "ICC_PROFILE\0"u8.ToArray(),
                                "Adobe"u8.ToArray()
                            ),
                            .. SomeOrExif(random, 30),
                        ]
                    )
            ),
            .. Marked(
                Any<byte>(random, 0xC0, 0xC1, 0xC2),
                [8, 0, (byte)random.Next(20), 0, (byte)random.Next(20), 1, 1, 17, 0]
            ),
            .. Many(
                random,
                () =>
                    [
                        .. Marked(0xDA, [1, 1, 0, 0, 63, 0]),
                        .. Some(random, 30),
                        .. Any<byte[]>(random, [0xFF, 0], [0xFF, 0xD0], [0xFF, 0xFF], []),
                    ]
            ),
            .. Marked(0xDA, [1, 1, 0, 0, 63, 0]),
            .. Some(random, 20),
            0xFF,
            0xD9,
            .. Some(random, 4),
        ];

    private static byte[] Marked(byte marker, byte[] content) =>
        [0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];

    private static byte[] MakeGif(Random random) =>
        [
            .. Any(random, "GIF87a"u8.ToArray(), "GIF89a"u8.ToArray()),
            (byte)random.Next(1, 256),
            (byte)random.Next(4),
            (byte)random.Next(1, 256),
            (byte)random.Next(4),
            0x80,
            0,
            0,
            0,
            0,
            0,
            255,
            255,
            255,
            .. Many(random, () => [0x21, Any<byte>(random, 0xF9, 0xFE, 0xFF, 0x01), .. Blocks(random)]),
            0x2C,
            0,
            0,
            0,
            0,
            1,
            0,
            1,
            0,
            0,
            2,
            .. Blocks(random),
            .. Many(
                random,
                () =>
                    [
                        0x21,
                        0xFF,
                        11,
                        .. Any(random, "NETSCAPE2.0"u8.ToArray(), "XMP DataXMP"u8.ToArray()),
                        .. Blocks(random),
                    ]
            ),
            0x3B,
            .. Tail(random),
        ];

    private static byte[] Blocks(Random random) =>
        [.. Many(random, () => Some(random, 20) is { Length: > 0 } block ? [(byte)block.Length, .. block] : []), 0];

    private static byte[] MakeWebP(Random random)
    {
        byte[] content =
        [
            .. "WEBP"u8,
            .. Many(
                random,
                () => Riff(Any(random, "VP8X", "ICCP", "EXIF", "XMP ", "ANIM", "ALPH", "zzzz"), SomeOrExif(random, 30))
            ),
            .. Any(random, Pictures.WebPLossy, Pictures.WebPLossless)[12..],
            .. Many(random, () => Riff(Any(random, "EXIF", "XMP ", "ANMF"), SomeOrExif(random, 30))),
        ];
        return [.. Riff("RIFF", content), .. Tail(random)];
    }

    private static byte[] Riff(string name, byte[] content)
    {
        var chunk = new byte[8 + content.Length + content.Length % 2];
        Encoding.ASCII.GetBytes(name).CopyTo(chunk, 0);
        BinaryPrimitives.WriteInt32LittleEndian(chunk.AsSpan(4), content.Length);
        content.CopyTo(chunk, 8);
        return chunk;
    }

    private static byte[] MakeIco(Random random)
    {
        var bitmap = new byte[40 + random.Next(20)];
        (bitmap[0], bitmap[4], bitmap[8]) = (40, (byte)random.Next(64), (byte)random.Next(64));
        return Pictures.Ico(random.Next(2) == 0 ? bitmap : MakePng(random));
    }

    // A record as the server writes it; the first byte is its version.
    private static byte[] Record(int number)
    {
        var click = new Click(number, 3, 1_780_000_000_000 + number, (ClickKind)(number % 14), 302);
        var facts = new ClickFacts
        {
            DomainId = number % 3,
            HostId = number % 4 == 0 ? number : 0,
            Agent = "Mozilla/5.0 (X11; Linux x86_64)",
            Languages = number % 2 == 0 ? "de-DE,de;q=0.9" : "",
            Referrer = "https://news.example/x",
        };
        if (number % 3 == 0)
            facts.Address = new System.Net.IPAddress([203, 0, 113, 9]);
        if (number % 5 == 0)
            facts.Said = new Place("EU", "FR", "Paris");
        Span<byte> payload = stackalloc byte[JournalFrame.LongestPayload];
        return [Clicks, .. payload[..ClickCodec.Write(click, facts, payload)]];
    }

    private static Outcome ReadRecord(byte[] input) =>
        input.Length > 0 && ClickCodec.TryRead(input[0], input.AsSpan(1), out var click)
            ? Outcome.Accepted(ShapeOf(click))
            : Outcome.Refused($"{(input.Length > 0 ? input[0] : 0) % 5}");

    private static string ShapeOf(in JournaledClick click)
    {
        var fields = 0;
        foreach (var field in Enum.GetValues<ClickField>())
            fields |= click[field].IsEmpty ? 0 : 1 << (int)field;
        _ = click.Between(ClickField.UtmSource, ClickField.UtmCampaign).Length;
        _ = click.Between(ClickField.Address, ClickField.Alias).Length;
        return $"{fields:x}";
    }

    private static byte[] Frame(long offset, byte[] record)
    {
        var frame = new byte[JournalFrame.MaxSize];
        return frame[..JournalFrame.Write(frame, Seed, offset, record[0], record.AsSpan(1))];
    }

    private static byte[] Gap(long offset, int size)
    {
        var gap = new byte[size];
        JournalFrame.WriteGap(gap, Seed, offset, size);
        return gap;
    }

    private static byte[] Segment(Random random)
    {
        var segment = new List<byte>(new byte[SegmentHeader.Size]);
        var header = new byte[SegmentHeader.Size];
        new SegmentHeader(Journal, 1, 1_780_000_000_000, "node").Write(header);
        segment.Clear();
        segment.AddRange(header);
        for (var left = random.Next(1, 8); left > 0; left--)
            segment.AddRange(
                random.Next(6) switch
                {
                    0 => Gap(segment.Count, 16 + 8 * random.Next(20)),
                    1 => new byte[8 * random.Next(1, 4)],
                    _ => Frame(segment.Count, Record(random.Next())),
                }
            );
        segment.AddRange(new byte[random.Next(3) * 64]);
        return [.. segment];
    }

    private static Outcome ReadSegment(byte[] input)
    {
        var header = SegmentHeader.Read(input);
        var scan = new JournalScan(input, Seed, SegmentHeader.Size);
        var (frames, clicks, skips) = (0, 0, 0);
        while (true)
        {
            while (scan.MoveNext())
            {
                frames++;
                if (
                    !scan.Current.IsGap && ClickCodec.TryRead(scan.Current.Version, scan.Current.Payload, out var click)
                )
                    clicks += ShapeOf(click).Length > 0 ? 1 : 0;
            }

            if (scan.Offset < SegmentHeader.Size && input.Length >= SegmentHeader.Size || scan.Offset > input.Length)
                throw new InvalidOperationException("The scan left the segment.");
            var end = scan.Judge();
            if (scan.NextFrame() is not (>= 0 and var next))
                return (
                    header is null || clicks == 0
                        ? Outcome.Refused($"{end} {frames}")
                        : Outcome.Accepted($"{end} {frames} {clicks} {skips}")
                );
            skips++;
            scan.SkipTo(next);
        }
    }
}
