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
        ["jpeg: behind the end"] = ([.. Pictures.Jpeg, 0xFF, 0xD9, .. Secret], [.. Pictures.Jpeg, 0xFF, 0xD9]),
        ["png: EXIF"] = (Png("eXIf"), Bodies.Png),
        ["png: text"] = (Png("tEXt"), Bodies.Png),
        ["png: packed text"] = (Png("zTXt"), Bodies.Png),
        ["png: international text"] = (Png("iTXt"), Bodies.Png),
        ["png: time"] = (Png("tIME"), Bodies.Png),
        ["png: unknown"] = (Png("prVt"), Bodies.Png),
        ["webp: EXIF"] = (WebP("EXIF"), WebP(null)),
        ["webp: XMP"] = (WebP("XMP "), WebP(null)),
        ["webp: unknown"] = (WebP("ABCD"), WebP(null)),
        ["gif: comment"] = (Gif([0x21, 0xFE]), Pictures.Gif),
        ["gif: XMP"] = (Gif([0x21, 0xFF, 11, .. "XMP DataXMP"u8]), Pictures.Gif),
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

    // With the chunk, the flags of the extended header say that there are both EXIF and XMP.
    private static byte[] WebP(string? type)
    {
        byte[] more = type is null
            ? []
            :
            [
                .. Encoding.ASCII.GetBytes(type),
                (byte)Secret.Length,
                0,
                0,
                0,
                .. Secret,
                .. new byte[Secret.Length & 1],
            ];
        byte[] file =
        [
            .. Pictures.WebPLossy[..12],
            .. "VP8X"u8,
            10,
            0,
            0,
            0,
            (byte)(type is null ? 0x10 : 0x1C),
            .. new byte[9],
            .. Pictures.WebPLossy[12..],
            .. more,
        ];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        return file;
    }

    private static byte[] Gif(byte[] start) =>
        [.. Pictures.Gif[..^1], .. start, (byte)Secret.Length, .. Secret, 0, 0x3B];
}
