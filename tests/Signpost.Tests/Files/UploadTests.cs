using System.Net;
using System.Text;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Links;

namespace Signpost.Tests.Files;

/// <summary>Pictures: what is taken, how it is served, when it goes.</summary>
public sealed class UploadTests(SharedServer shared) : ApiTests(shared)
{
    private static readonly (string Name, byte[] Content, string Type)[] Right =
    [
        ("png", Bodies.Png, "image/png"),
        ("gif", Pictures.Gif, "image/gif"),
        ("jpeg", Pictures.Jpeg, "image/jpeg"),
        ("lossy webp", Pictures.WebPLossy, "image/webp"),
        ("lossless webp", Pictures.WebPLossless, "image/webp"),
        ("ico", Pictures.Ico(Bodies.Png), "image/x-icon"),
        ("just large enough", Pictures.PngOf(4096, 4096), "image/png"),
        ("just long enough", Pictures.PngOfLength(1 << 20), "image/png"),
    ];

    private static readonly (string Name, byte[] Content)[] Wrong =
    [
        ("empty", []),
        ("svg", Encoding.UTF8.GetBytes("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>")),
        ("html", Encoding.UTF8.GetBytes("<html><script>alert(1)</script>")),
        ("gif that is a script", Encoding.UTF8.GetBytes("GIF89a/*\0\0*/=alert(1)//;")),
        ("png without data", Bodies.Png[..33]),
        ("png cut short", Bodies.Png[..^4]),
        ("png signature only", Bodies.Png[..8]),
        ("pixel flood", Pictures.PngOf(60000, 60000)),
        ("too wide", Pictures.PngOf(4097, 1)),
        ("no pixels", Pictures.PngOf(0, 1)),
        ("more pixels than an int holds", Pictures.PngOf(uint.MaxValue, uint.MaxValue)),
        ("too many bytes", Pictures.PngOfLength((1 << 20) + 1)),
        ("ico beyond its end", Pictures.Ico(Bodies.Png, 100000)),
        ("ico with a flood inside", Pictures.Ico(Pictures.PngOf(9000, 9000))),
        ("ico of nothing", [0, 0, 1, 0, 0, 0]),
        ("ico whose entries share a picture", Pictures.Ico(Bodies.Png, entries: 2)),
        ("png with a second header, cut short", [.. Bodies.Png[..^12], .. Pictures.Chunk("IHDR", [])]),
        (
            "png whose second header hides a flood",
            [.. Pictures.PngOf(60000, 60000)[..33], .. Bodies.Png[8..33], .. Bodies.Png[33..]]
        ),
        ("webp cut short", Pictures.WebPLossy[..^1]),
        ("jpeg start only", [0xFF, 0xD8, 0xFF, 0xE0]),
        ("zip", [(byte)'P', (byte)'K', 3, 4, 0, 0]),
    ];

    public static TheoryData<string> RightNames => [.. Right.Select(one => one.Name)];

    public static TheoryData<string> WrongNames => [.. Wrong.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(RightNames))]
    public async Task A_picture_is_served_as_what_it_is(string name)
    {
        var (_, content, type) = Right.Single(one => one.Name == name);
        var body = Bodies
            .Multipart(("location_url", "https://example.org/"))
            .WithFile("cloaking_favicon", content, "../../etc/passwd\\a.html", "text/html");

        var made = await SendAsync(HttpMethod.Post, "/api/links", body);

        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        var address = await AddressAsync(made.Json["data"]!["id"]!.GetValue<long>(), "cloaking_favicon");
        Assert.Matches("^" + Server.Url + "/files/[0-9a-f]{40}\\.[a-z]+$", address);
        using var served = await Server.Anonymous.GetAsync(address, Cancel);
        Assert.Equal(content, await served.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal(type, served.Content.Headers.ContentType!.ToString());
        Assert.Equal(["nosniff"], served.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["default-src 'none'; sandbox"], served.Headers.GetValues("Content-Security-Policy"));
        Assert.Equal(["cross-origin"], served.Headers.GetValues("Cross-Origin-Resource-Policy"));
        Assert.True(served.Headers.CacheControl!.MaxAge >= TimeSpan.FromDays(300));
    }

    [Theory]
    [MemberData(nameof(WrongNames))]
    public async Task What_is_no_picture_is_refused(string name)
    {
        var content = Wrong.Single(one => one.Name == name).Content;
        var before = await FilesAsync();

        var reply = await SendAsync(
            HttpMethod.Post,
            "/api/links",
            Bodies.Multipart(("location_url", "https://example.org/")).WithFile("cloaking_favicon", content)
        );

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(["cloaking_favicon"], reply.WrongFields);
        Assert.Equal(before, await FilesAsync());
    }

    [Fact]
    public async Task The_preview_picture_may_be_larger_than_the_icon()
    {
        var five = Pictures.PngOfLength(5 << 20);
        var body = () => Bodies.Multipart(("location_url", "https://example.org/"));

        var right = await SendAsync(HttpMethod.Post, "/api/links", body().WithFile("cloaking_opengraph", five));
        var wrong = await SendAsync(
            HttpMethod.Post,
            "/api/links",
            body().WithFile("cloaking_opengraph", Pictures.PngOfLength((5 << 20) + 1))
        );

        Assert.Equal(HttpStatusCode.Created, right.Status);
        Assert.Equal(["cloaking_opengraph"], wrong.WrongFields);
    }

    [Fact]
    public async Task A_part_without_name_and_bytes_is_no_file()
    {
        var id = await CreateWithPictureAsync();
        var before = await AddressAsync(id, "cloaking_favicon");

        var reply = await SendAsync(
            HttpMethod.Post,
            $"/api/links/{id}",
            Bodies.Multipart().WithFile("cloaking_favicon", [], "")
        );

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal(before, await AddressAsync(id, "cloaking_favicon"));
    }

    [Fact]
    public async Task Files_that_nobody_asked_for_are_skipped_and_a_text_field_takes_none()
    {
        var skipped = await SendAsync(
            HttpMethod.Post,
            "/api/links",
            Bodies.Multipart(("location_url", "https://example.org/")).WithFile("whatever", new byte[3 << 20])
        );
        var refused = await SendAsync(HttpMethod.Post, "/api/links", Bodies.Multipart().WithFile("location_url", [65]));

        Assert.Equal(HttpStatusCode.Created, skipped.Status);
        Assert.Equal(["location_url"], refused.WrongFields);
    }

    [Fact]
    public async Task Two_files_for_one_field_are_an_error()
    {
        var body = Bodies.Multipart(("location_url", "https://example.org/"));
        for (var i = 0; i < 20; i++)
            body.WithFile("cloaking_favicon", Bodies.Png);

        Assert.Equal(["cloaking_favicon"], (await SendAsync(HttpMethod.Post, "/api/links", body)).WrongFields);
    }

    [Theory]
    [InlineData("replace")]
    [InlineData("clear")]
    public async Task A_replaced_picture_stays_until_its_link_goes(string how)
    {
        var id = await CreateWithPictureAsync();
        var old = await AddressAsync(id, "cloaking_favicon");

        var reply = how switch
        {
            "replace" => await SendAsync(
                HttpMethod.Post,
                $"/api/links/{id}",
                Bodies.Multipart().WithFile("cloaking_favicon", Pictures.Gif)
            ),
            _ => await PostAsync($"/api/links/{id}", ("cloaking_favicon", "")),
        };

        var kept = await GetAsync(old);
        await SendAsync(HttpMethod.Delete, $"/api/links/{id}?permanent=1");

        Assert.True((int)reply.Status < 300, reply.Body);
        Assert.Equal(HttpStatusCode.OK, kept.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(old)).Status);
        Assert.Equal(0, await FilesOfAsync(id, expected: 0));
    }

    [Fact]
    public async Task A_picture_that_links_of_a_bulk_show_again_stays_until_the_last_of_them_goes()
    {
        var body = Bodies
            .Multipart(("is_bulk", "1"), ("location_urls", "https://example.org/1\nhttps://example.org/2"))
            .WithFile("cloaking_favicon", Bodies.Png);
        var made = (await SendAsync(HttpMethod.Post, "/api/links", body)).Json["data"]!["ids"]!.AsArray();
        var (first, second) = ((long)made[0]!, (long)made[1]!);
        var picture = await AddressAsync(first, "cloaking_favicon");
        foreach (var id in (long[])[first, second])
            await PostAsync($"/api/links/{id}", ("cloaking_favicon", ""));

        await PostAsync($"/api/links/{first}/versions/1/restore");
        await SendAsync(HttpMethod.Delete, $"/api/links/{second}?permanent=1");
        var shown = await AddressAsync(first, "cloaking_favicon");
        var served = await GetAsync(picture);
        await SendAsync(HttpMethod.Delete, $"/api/links/{first}?permanent=1");

        Assert.Equal((picture, HttpStatusCode.OK), (shown, served.Status));
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(picture)).Status);
    }

    [Fact]
    public async Task A_client_may_send_back_the_address_it_read()
    {
        var id = await CreateWithPictureAsync();
        var address = await AddressAsync(id, "cloaking_favicon");

        var same = await PostAsync($"/api/links/{id}", ("cloaking_favicon", address));
        var other = await PostAsync($"/api/links/{id}", ("cloaking_favicon", address + "x"));

        Assert.Equal(HttpStatusCode.OK, same.Status);
        Assert.Equal(address, await AddressAsync(id, "cloaking_favicon"));
        Assert.Equal(["cloaking_favicon"], other.WrongFields);
    }

    [Theory]
    [InlineData("/files/nothing.png")]
    [InlineData("/files/..%2f..%2fsignpost.db")]
    [InlineData("/files/%00")]
    public async Task Nothing_else_is_served(string path)
    {
        using var http = new RawHttp(Server.Url);

        var status = await http.StatusAsync($"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n", Cancel);

        Assert.Contains(status, (int[])[400, 404]);
    }

    private async Task<long> CreateWithPictureAsync()
    {
        var body = Bodies.Multipart(("location_url", "https://example.org/")).WithFile("cloaking_favicon", Bodies.Png);
        return (await SendAsync(HttpMethod.Post, "/api/links", body)).Json["data"]!["id"]!.GetValue<long>();
    }

    private async Task<string> AddressAsync(long id, string field) =>
        (await ReadAsync(id))["settings"]![field]!.GetValue<string>();

    private Task<int> FilesAsync()
    {
        using var db = Server.Database.Read();
        return Task.FromResult(db.Files.Count());
    }

    private Task<int> FilesOfAsync(long id, int expected)
    {
        using var db = Server.Database.Read();
        return Task.FromResult(db.Files.Count(file => file.LinkId == id) - expected);
    }
}
