using System.Net;
using System.Text;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Files;
using Signpost.Tests.Links;
using SkiaSharp;

namespace Signpost.Tests.QrCodes;

/// <summary>Logos: uploaded once, decoded once, and kept as pixels of our own.</summary>
public sealed class QrLogoTests(SharedServer shared) : ApiTests(shared)
{
    [Fact]
    public async Task A_logo_is_kept_as_new_pixels_without_anything_else_of_the_upload()
    {
        var upload = Logos.Chequered(1024, 600, SKEncodedImageFormat.Jpeg);
        byte[] comment = [0xFF, 0xFE, 0, 14, .. "<script>//x"u8, 0];
        byte[] polyglot = [.. upload[..2], .. comment, .. upload[2..], .. "PK<?php secret"u8];

        var made = await UploadAsync(polyglot);
        var address = (string)made.Json["data"]!["picture"]!;
        var kept = await Server.Anonymous.GetByteArrayAsync(address, Cancel);

        using var picture = SKBitmap.Decode(kept);
        Assert.Equal((320, 187), (picture.Width, picture.Height));
        var text = Encoding.Latin1.GetString(kept);
        Assert.DoesNotContain("script", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.StartsWith("\u0089PNG", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_that_is_no_whole_small_PNG_or_JPEG_is_refused()
    {
        var png = Logos.Chequered(100, 100);
        var jpeg = Logos.Chequered(300, 300, SKEncodedImageFormat.Jpeg);
        (string Name, byte[] Content, string Problem)[] wrong =
        [
            ("SVG", Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg'/>"), "PNG or JPEG"),
            ("GIF", Pictures.Gif, "PNG or JPEG"),
            ("WebP", Pictures.WebPLossy, "PNG or JPEG"),
            ("half a PNG", png[..(png.Length / 2)], "PNG or JPEG"),
            ("a bomb", Pictures.PngOf(60_000, 60_000), "1024 by 1024"),
            ("too wide", Logos.Chequered(1025, 10), "1024 by 1024"),
            ("fewer pixels than it says", Pictures.PngOf(1000, 1000), "damaged"),
            ("half a JPEG", jpeg[..(jpeg.Length / 2)], "damaged"),
            ("too many bytes", Pictures.PngOfLength(600 << 10), "at most 512 KiB"),
            ("nothing", [], "empty"),
        ];
        foreach (var (name, content, problem) in wrong)
        {
            var reply = await UploadAsync(content);

            Assert.True(reply.Status == HttpStatusCode.BadRequest, $"{name}: {reply.Body}");
            Assert.Equal(["picture"], reply.WrongFields);
            Assert.True(reply.Body.Contains(problem, StringComparison.Ordinal), $"{name}: {reply.Body}");
        }

        var text = await SendAsync(
            HttpMethod.Post,
            "/api/qr-logos",
            Bodies.Multipart(("name", "Bird"), ("picture", "https://example.org/a.png"))
        );
        Assert.Equal(["picture"], text.WrongFields);
    }

    [Fact]
    public async Task A_replaced_logo_changes_the_codes_and_a_deleted_one_leaves_them()
    {
        var id = await Logos.AddAsync(this, Logos.Chequered(100, 100));
        var path = $"/api/qr-logos/{id}";
        var first = (await GetAsync(path)).Json["data"]!;
        var code = await PostAsync(
            "/api/qr-codes",
            ("name", "Poster"),
            ("url", "https://example.org/"),
            ("logo", $"{id}")
        );
        var address = (string)code.Json["data"]!["qr_code"]!;

        var before = await GetAsync(address);
        var sentBack = await SendAsync(HttpMethod.Put, path, Bodies.Json(first.ToJsonString()));
        var replaced = await SendAsync(HttpMethod.Post, path, Logos.Body(Logos.Chequered(40, 90), "Fish"));
        var after = await GetAsync(address);
        var former = await GetAsync((string)first["picture"]!);
        var deleted = await SendAsync(HttpMethod.Delete, path);
        var without = await GetAsync(address);
        var read = await GetAsync($"/api/qr-codes/{code.Json["data"]!["id"]}");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (sentBack.Status, replaced.Status));
        Assert.Equal("Fish", (string?)replaced.Json["data"]!["name"]);
        Assert.Contains("<image ", before.Body, StringComparison.Ordinal);
        Assert.Contains("<image ", after.Body, StringComparison.Ordinal);
        Assert.NotEqual(before.Headers["ETag"], after.Headers["ETag"]);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NoContent), (former.Status, deleted.Status));
        Assert.DoesNotContain("<image ", without.Body, StringComparison.Ordinal);
        Assert.Null(read.Json["data"]!["logo"]);
        Assert.Equal(0, await FilesAsync((string)replaced.Json["data"]!["picture"]!));
    }

    [Fact]
    public async Task Another_account_cannot_use_a_logo()
    {
        using var stranger = await StrangerAsync();
        var id = await Logos.AddAsync(this, Logos.Chequered(10, 10));

        var made = await SendAsync(
            HttpMethod.Post,
            "/api/qr-codes",
            Bodies.Form(("name", "Poster"), ("url", "https://example.org/"), ("logo", $"{id}")),
            stranger
        );

        Assert.Equal(["logo"], made.WrongFields);
    }

    private Task<Reply> UploadAsync(byte[] picture) => SendAsync(HttpMethod.Post, "/api/qr-logos", Logos.Body(picture));

    private async Task<int> FilesAsync(string address)
    {
        var name = address.Split('/')[^1];
        await using var db = Server.Database.Read();
        return db.Files.Count(file => file.Name == name);
    }
}
