using System.Buffers.Binary;
using System.Text;
using Signpost.Files;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Links;

namespace Signpost.Tests.Files;

/// <summary>A picture is published without the data that does not help to draw it.</summary>
public sealed class MetadataTests(SharedServer shared) : ApiTests(shared)
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("GPS 52.5200 N 13.4050 E");

    private static readonly Dictionary<string, (byte[] With, byte[] Without)> Cases = new()
    {
        ["jpeg: EXIF"] = (Jpeg(0xE1, "Exif\0\0"), Pictures.Jpeg),
        ["jpeg: XMP"] = (Jpeg(0xE1, "http://ns.adobe.com/xap/1.0/\0"), Pictures.Jpeg),
        ["jpeg: IPTC"] = (Jpeg(0xED, "Photoshop 3.0\0"), Pictures.Jpeg),
        ["jpeg: thumbnail"] = (Jpeg(0xE0, "JFXX\0"), Pictures.Jpeg),
        ["jpeg: further pictures"] = (Jpeg(0xE2, "MPF\0"), Pictures.Jpeg),
        ["jpeg: comment"] = (Jpeg(0xFE, ""), Pictures.Jpeg),
        ["jpeg: unknown"] = (Jpeg(0xE9, ""), Pictures.Jpeg),
        ["jpeg: Adobe's with more"] = (Jpeg(0xEE, "Adobe"), Pictures.Jpeg),
        ["jpeg: after a scan"] = (
            [.. Pictures.Jpeg, .. Segment(0xE1, "Exif\0\0"), 0xFF, 0xD9],
            [.. Pictures.Jpeg, 0xFF, 0xD9]
        ),
        ["jpeg: in bytes that are no segment"] = (
            [.. Pictures.Jpeg, 0xFF, 0x01, 0x00, .. Segment(0xC4, "")[1..], 0xFF, 0xD9],
            [.. Pictures.Jpeg, 0xFF, 0x01, 0xFF, 0xD9]
        ),
        ["jpeg: after a segment shorter than its length"] = (
            [.. Pictures.Jpeg, 0xFF, 0xC4, 0, 1, .. Secret, 0xFF, 0xD9],
            [.. Pictures.Jpeg, 0xFF, 0xD9]
        ),
        ["jpeg: thumbnail in JFIF"] = (
            [
                .. Pictures.Jpeg[..2],
                .. (byte[])[0xFF, 0xE0, 0, (byte)(16 + 24 + Secret.Length)],
                .. "JFIF\0"u8,
                .. (byte[])[1, 2, 1, 0, 72, 0, 72, 4, 2],
                .. new byte[24],
                .. Secret,
                .. Pictures.Jpeg[20..],
            ],
            [
                .. Pictures.Jpeg[..2],
                .. (byte[])[0xFF, 0xE0, 0, 16],
                .. "JFIF\0"u8,
                .. (byte[])[1, 2, 1, 0, 72, 0, 72, 0, 0],
                .. Pictures.Jpeg[20..],
            ]
        ),
        ["jpeg: in JFIF that is too short"] = (
            [
                .. Pictures.Jpeg[..2],
                .. (byte[])[0xFF, 0xE0, 0, 8],
                .. "JFIF\0"u8,
                1,
                .. Segment(0xFE, ""),
                .. Pictures.Jpeg[20..],
            ],
            [.. Pictures.Jpeg[..2], .. Pictures.Jpeg[20..]]
        ),
        ["jpeg: beside the orientation"] = (
            [.. Pictures.Jpeg[..2], .. Turned(Exif(6, isLittle: true, Secret)), .. Pictures.Jpeg[2..]],
            [.. Pictures.Jpeg[..2], .. Turned(Exif(6)), .. Pictures.Jpeg[2..]]
        ),
        ["jpeg: beside the orientation, most significant byte first"] = (
            [.. Pictures.Jpeg[..2], .. Turned(Exif(8, isLittle: false, Secret)), .. Pictures.Jpeg[2..]],
            [.. Pictures.Jpeg[..2], .. Turned(Exif(8)), .. Pictures.Jpeg[2..]]
        ),
        ["jpeg: beside the orientation of an upright picture"] = (
            [.. Pictures.Jpeg[..2], .. Turned(Exif(1, isLittle: true, Secret)), .. Pictures.Jpeg[2..]],
            Pictures.Jpeg
        ),
        ["jpeg: beside an orientation that does not exist"] = (
            [.. Pictures.Jpeg[..2], .. Turned(Exif(9, isLittle: false, Secret)), .. Pictures.Jpeg[2..]],
            Pictures.Jpeg
        ),
        ["jpeg: behind the end"] = ([.. Pictures.Jpeg, 0xFF, 0xD9, .. Secret], [.. Pictures.Jpeg, 0xFF, 0xD9]),
        ["png: EXIF"] = (Png("eXIf"), Bodies.Png),
        ["png: text"] = (Png("tEXt"), Bodies.Png),
        ["png: packed text"] = (Png("zTXt"), Bodies.Png),
        ["png: international text"] = (Png("iTXt"), Bodies.Png),
        ["png: time"] = (Png("tIME"), Bodies.Png),
        ["png: unknown"] = (Png("prVt"), Bodies.Png),
        ["png: beside the orientation"] = (
            [.. Bodies.Png[..33], .. Pictures.Chunk("eXIf", Exif(3, isLittle: true, Secret)), .. Bodies.Png[33..]],
            // The checksum is of another implementation.
            [
                .. Bodies.Png[..33],
                .. Pictures.Chunk("eXIf", Exif(3))[..^4],
                .. Convert.FromHexString("845F64CE"),
                .. Bodies.Png[33..],
            ]
        ),
        ["png: behind the end"] = ([.. Bodies.Png, .. Secret], Bodies.Png),
        ["webp: beside the orientation"] = (
            WebP("EXIF", 0x1C, Exif(5, isLittle: true, Secret)),
            WebP("EXIF", 0x18, Exif(5))
        ),
        ["webp: beside the orientation, with the mark of a JPEG"] = (
            WebP("EXIF", 0x1C, [.. "Exif\0\0"u8, .. Exif(5, isLittle: false, Secret)]),
            WebP("EXIF", 0x18, Exif(5))
        ),
        ["webp: beside the orientation, where readers do not look"] = (
            Riff([.. Pictures.WebPLossy, .. RiffChunk("EXIF", Exif(5, isLittle: false, Secret))]),
            Pictures.WebPLossy
        ),
        ["webp: behind the end"] = ([.. Pictures.WebPLossy, .. Secret], Pictures.WebPLossy),
        ["webp: EXIF"] = (WebP("EXIF"), WebP(null)),
        ["webp: XMP"] = (WebP("XMP "), WebP(null)),
        ["webp: unknown"] = (WebP("ABCD"), WebP(null)),
        ["gif: comment"] = (Gif([0x21, 0xFE]), Pictures.Gif),
        ["gif: XMP"] = (Gif([0x21, 0xFF, 11, .. "XMP DataXMP"u8]), Pictures.Gif),
        ["gif: behind the end"] = ([.. Pictures.Gif, .. Secret], Pictures.Gif),
        ["ico: behind the end of its picture"] = (Pictures.Ico([.. Bodies.Png, .. Secret]), Pictures.Ico(Bodies.Png)),
        ["ico: in its picture"] = (Pictures.Ico(Png("tEXt")), Pictures.Ico(Bodies.Png)),
        ["ico: behind its picture"] = ([.. Pictures.Ico(Bodies.Png), .. Secret], Pictures.Ico(Bodies.Png)),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Nothing_but_the_picture_is_published(string name)
    {
        var (with, without) = Cases[name];
        Assert.True(with.AsSpan().IndexOf(Secret) >= 0);
        var body = Bodies.Multipart(("location_url", "https://example.org/")).WithFile("cloaking_opengraph", with);

        var made = await SendAsync(HttpMethod.Post, "/api/links", body);
        Assert.True(made.Status == System.Net.HttpStatusCode.Created, made.Body);
        var link = await Server.ReadLinkAsync(made.Json["data"]!["id"]!.GetValue<long>());
        var address = link.GetProperty("settings").GetProperty("cloaking_opengraph").GetString();
        var served = await Server.Anonymous.GetByteArrayAsync(address, Cancel);

        Assert.Equal(Convert.ToHexString(without), Convert.ToHexString(served));
    }

    [Fact]
    public void The_parts_that_draw_a_picture_stay()
    {
        byte[][] pictures =
        [
            Bodies.Png,
            Pictures.Gif,
            Pictures.Jpeg,
            Pictures.WebPLossy,
            Pictures.WebPLossless,
            Pictures.Ico(Bodies.Png),
            [.. Pictures.Jpeg[..2], .. Segment(0xE2, "ICC_PROFILE\0"), .. Pictures.Jpeg[2..]],
            [.. Pictures.Jpeg[..2], 0xFF, 0xEE, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, 1, .. Pictures.Jpeg[2..]],
            [.. Bodies.Png[..33], .. Pictures.Chunk("iCCP", Secret), .. Bodies.Png[33..]],
            Gif([0x21, 0xFF, 11, .. "NETSCAPE2.0"u8]),
        ];
        foreach (var picture in pictures)
        {
            Assert.Null(PictureMetadata.Remove(picture, out _, out var cleaned));
            Assert.Equal(picture, cleaned);
        }
    }

    [Fact]
    public void A_piece_of_a_WebP_that_claims_more_than_the_file_is_dropped()
    {
        byte[] picture = [.. Pictures.WebPLossless, .. "ANMF"u8, 0xFF, 0xFF, 0xFF, 0xFF, .. "EXIF"u8, .. Secret];
        BinaryPrimitives.WriteInt32LittleEndian(picture.AsSpan(4), picture.Length - 8);

        Assert.Null(PictureMetadata.Remove(picture, out _, out var cleaned));
        Assert.Equal(Pictures.WebPLossless, cleaned);
    }

    // A picture without metadata stays the same.
    [Fact]
    public void A_picture_with_any_byte_changed_is_cleaned_or_refused()
    {
        var cleaned = 0;
        foreach (var (sample, _) in Cases.Values)
            for (var at = 0; at < sample.Length; at++)
                foreach (var value in (byte[])[0x00, 0x01, 0x7F, 0x80, 0xD9, 0xDA, 0xFE, 0xFF])
                {
                    byte[] changed = [.. sample];
                    changed[at] = value;
                    if (PictureMetadata.Remove(changed, out _, out var once) is not null)
                        continue;
                    Assert.Null(PictureMetadata.Remove(once, out _, out var twice));
                    Assert.Equal(once, twice);
                    cleaned++;
                }

        Assert.InRange(cleaned, 10 * Cases.Count, int.MaxValue);
    }

    private static byte[] Jpeg(byte marker, string start) =>
        [.. Pictures.Jpeg[..2], .. Segment(marker, start), .. Pictures.Jpeg[2..]];

    private static byte[] Segment(byte marker, string start) =>
        [0xFF, marker, 0, (byte)(2 + start.Length + Secret.Length), .. Encoding.Latin1.GetBytes(start), .. Secret];

    private static byte[] Png(string type) =>
        [.. Bodies.Png[..33], .. Pictures.Chunk(type, Secret), .. Bodies.Png[33..]];

    private static byte[] Turned(byte[] exif) => [0xFF, 0xE1, 0, (byte)(2 + 6 + exif.Length), .. "Exif\0\0"u8, .. exif];

    private static byte[] Exif(ushort orientation) => Pictures.Exif(orientation, isLittle: false, []);

    private static byte[] Exif(ushort orientation, bool isLittle, byte[] more) =>
        Pictures.Exif(orientation, isLittle, more);

    // With the chunk, the flags of the extended header say that there are both EXIF and XMP.
    private static byte[] WebP(string? type) => type is null ? WebP(null, 0x10, []) : WebP(type, 0x1C, Secret);

    private static byte[] WebP(string? type, byte flags, byte[] data) =>
        Riff([
            .. Pictures.WebPLossy[..12],
            .. RiffChunk("VP8X", [flags, .. new byte[9]]),
            .. Pictures.WebPLossy[12..],
            .. type is null ? [] : RiffChunk(type, data),
        ]);

    private static byte[] RiffChunk(string type, byte[] data) =>
        [.. Encoding.ASCII.GetBytes(type), (byte)data.Length, 0, 0, 0, .. data, .. new byte[data.Length & 1]];

    private static byte[] Riff(byte[] file)
    {
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        return file;
    }

    private static byte[] Gif(byte[] start) =>
        [.. Pictures.Gif[..^1], .. start, (byte)Secret.Length, .. Secret, 0, 0x3B];
}
