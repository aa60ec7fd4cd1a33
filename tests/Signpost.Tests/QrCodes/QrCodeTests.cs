using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Signpost.QrCodes;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.QrCodes;

/// <summary>QR codes that an account keeps, and their public pictures.</summary>
public sealed class QrCodeTests(SharedServer shared) : ApiTests(shared)
{
    [Fact]
    public async Task A_code_holds_an_address_a_new_link_or_a_link_and_everybody_can_scan_it()
    {
        using var scanner = new Scanner();
        var link = await CreateAsync();

        var coded = await MakeAsync(("url", "https://example.org/menu"), ("style", "rounded"));
        var made = await MakeAsync(("url", "https://example.org/drinks"), ("url_dynamic", "1"));
        var own = await MakeAsync(("link_id", $"{link}"), ("foreground", "#7C2D12"));
        foreach (var (code, format) in new[] { (coded, "svg"), (made, "png"), (own, "pdf") })
            await scanner.AddAsync($"{code["id"]}", format, await PictureAsync(code, format));
        var read = await scanner.ReadAsync();

        var newLink = await ReadAsync((long)made["link_id"]!);
        Assert.Equal("https://example.org/drinks", (string?)newLink["location_url"]);
        Assert.Equal((null, true), ((string?)made["url"], (bool)made["url_dynamic"]!));
        Assert.Equal("https://example.org/menu", read[$"{coded["id"]}"]);
        Assert.Equal($"{newLink["short_url"]}?qr", read[$"{made["id"]}"]);
        Assert.Equal($"{(await ReadAsync(link))["short_url"]}?qr", read[$"{own["id"]}"]);
        Assert.All([coded, made, own], code => Assert.Equal(read[$"{code["id"]}"], (string?)code["embedded_data"]));
        Assert.Equal("#7c2d12", (string?)own["foreground"]);
        Assert.Equal(
            "id type name qr_code embedded_data url url_dynamic link_id size margin error_correction foreground background style logo last_datetime datetime",
            string.Join(' ', own.AsObject().Select(field => field.Key))
        );
    }

    [Fact]
    public async Task A_code_can_be_sent_back_as_it_was_read_and_point_elsewhere()
    {
        var link = await CreateAsync();
        var coded = await MakeAsync(("url", "https://example.org/a"));
        var path = $"/api/qr-codes/{coded["id"]}";

        var same = await SendAsync(HttpMethod.Put, path, Api.Bodies.Json(coded.ToJsonString()));
        var named = await ChangeAsync(path, ("name", "Wall"), ("size", ""));
        var moved = await ChangeAsync(path, ("url", "https://example.org/b"));
        var dynamic = await ChangeAsync(path, ("url_dynamic", "1"));
        var sameLink = await SendAsync(HttpMethod.Put, path, Api.Bodies.Json(dynamic.ToJsonString()));
        var refused = await PostAsync(path, ("url", "https://example.org/c"));
        var other = await ChangeAsync(path, ("link_id", $"{link}"));
        var back = await ChangeAsync(path, ("url", "https://example.org/d"), ("url_dynamic", "0"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (same.Status, sameLink.Status));
        Assert.Equal(("Wall", "https://example.org/a"), ((string?)named["name"], (string?)named["embedded_data"]));
        Assert.Equal("https://example.org/b", (string?)moved["embedded_data"]);
        Assert.Equal("https://example.org/b", (string?)(await ReadAsync((long)dynamic["link_id"]!))["location_url"]);
        Assert.Equal((long?)dynamic["link_id"], (long?)sameLink.Json["data"]!["link_id"]);
        Assert.Equal(["url"], refused.WrongFields);
        Assert.Contains("location_url", refused.Body, StringComparison.Ordinal);
        Assert.Equal(link, (long?)other["link_id"]);
        Assert.Equal((null, "https://example.org/d"), ((long?)back["link_id"], (string?)back["embedded_data"]));
        Assert.All(
            [same.Json["data"]!, back],
            code => Assert.Equal((string?)coded["qr_code"], (string?)code["qr_code"])
        );
    }

    [Theory]
    [InlineData("url", "url", "")]
    [InlineData("url", "url", "javascript:alert(1)")]
    [InlineData("url", "url_dynamic", "1")]
    [InlineData("link_id", "link_id", "987654321")]
    [InlineData("type", "type", "wifi", "url", "https://example.org/")]
    [InlineData("name", "name", "", "url", "https://example.org/")]
    [InlineData("size", "size", "65", "url", "https://example.org/")]
    [InlineData("logo", "logo", "987654321", "url", "https://example.org/")]
    [InlineData("background", "background", "#333333", "url", "https://example.org/", "url_dynamic", "1")]
    public async Task A_wrong_value_is_a_400_at_its_field_and_makes_no_link(string wrong, params string[] sent)
    {
        var before = await TotalAsync("/api/links");
        var fields = sent.Chunk(2).Select(pair => (pair[0], pair[1]));

        var reply = await PostAsync("/api/qr-codes", [.. sent[0] is "name" ? [] : Named, .. fields]);

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal([wrong], reply.WrongFields);
        Assert.Equal(before, await TotalAsync("/api/links"));
    }

    [Fact]
    public async Task A_link_and_an_address_together_are_refused_and_so_is_a_link_of_others()
    {
        using var stranger = await StrangerAsync();
        var link = await CreateAsync();

        var both = await PostAsync(
            "/api/qr-codes",
            [.. Named, ("url", "https://example.org/"), ("link_id", $"{link}")]
        );
        var foreign = await SendAsync(
            HttpMethod.Post,
            "/api/qr-codes",
            Api.Bodies.Form([.. Named, ("link_id", $"{link}")]),
            stranger
        );
        var none = await PostAsync("/api/qr-codes", Named);

        Assert.Equal(["url"], both.WrongFields);
        Assert.Equal(["link_id"], foreign.WrongFields);
        Assert.Equal(["url"], none.WrongFields);
    }

    [Fact]
    public async Task A_link_has_a_bounded_number_of_codes()
    {
        var link = await CreateAsync();
        var first = await MakeAsync(("link_id", $"{link}"));
        await Server.Database.WriteAsync(
            db =>
                db.Database.ExecuteSqlAsync(
                    $"""
                    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {QrCodeEditor.MostOfLink
                        - 1})
                    INSERT INTO qr_codes (account_id, name, secret, link_id, size, margin, error_correction, foreground,
                        background, style, created_at, updated_at)
                    SELECT account_id, name, secret || i, link_id, size, margin, error_correction, foreground, background,
                        style, created_at, updated_at FROM qr_codes, n WHERE id = {(long)first["id"]!}
                    """,
                    Cancel
                ),
            Cancel
        );

        var beyond = await PostAsync("/api/qr-codes", [.. Named, ("link_id", $"{link}")]);
        var change = await PostAsync($"/api/qr-codes/{first["id"]}", ("name", "First"));

        Assert.Equal(["link_id"], beyond.WrongFields);
        Assert.Equal(HttpStatusCode.OK, change.Status);
    }

    [Fact]
    public async Task A_public_picture_is_kept_for_minutes_and_shown_by_other_sites()
    {
        var code = await MakeAsync(("url", "https://example.org/"));
        var address = (string)code["qr_code"]!;

        var svg = await SendAsync(HttpMethod.Get, address, http: Server.Anonymous);
        var head = await SendAsync(HttpMethod.Head, address, http: Server.Anonymous);
        var known = await SendAsync(
            HttpMethod.Get,
            address,
            http: Server.Anonymous,
            headers: ("If-None-Match", svg.Headers["ETag"])
        );
        var guessed = await SendAsync(HttpMethod.Get, $"{Server.Url}/_signpost/qr/1.svg", http: Server.Anonymous);
        var unknown = await SendAsync(HttpMethod.Get, Path.ChangeExtension(address, "gif"), http: Server.Anonymous);
        await PostAsync($"/api/qr-codes/{code["id"]}", ("style", "dots"));
        var changed = await SendAsync(HttpMethod.Get, address, http: Server.Anonymous);
        await SendAsync(HttpMethod.Delete, $"/api/qr-codes/{code["id"]}");
        var deleted = await SendAsync(HttpMethod.Get, address, http: Server.Anonymous);

        Assert.Matches("/_signpost/qr/[0-9a-f]{40}[.]svg$", address);
        Assert.StartsWith("<svg ", svg.Body, StringComparison.Ordinal);
        Assert.Equal("public, max-age=300", svg.Headers["Cache-Control"]);
        Assert.Equal("nosniff", svg.Headers["X-Content-Type-Options"]);
        Assert.Equal("cross-origin", svg.Headers["Cross-Origin-Resource-Policy"]);
        Assert.Contains("default-src 'none'", svg.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, ""), (head.Status, head.Body));
        Assert.Equal((HttpStatusCode.NotModified, ""), (known.Status, known.Body));
        Assert.NotEqual(svg.Body, changed.Body);
        Assert.All([guessed, unknown, deleted], reply => Assert.Equal(HttpStatusCode.NotFound, reply.Status));
    }

    [Fact]
    public async Task The_code_of_a_deleted_link_is_a_404_with_a_picture_that_scans_to_nothing()
    {
        using var scanner = new Scanner();
        var code = await MakeAsync(("url", "https://example.org/"), ("url_dynamic", "1"));
        await SendAsync(HttpMethod.Delete, $"/api/links/{code["link_id"]}");

        var read = (await GetAsync($"/api/qr-codes/{code["id"]}")).Json["data"]!;
        using var gone = await Server.Anonymous.GetAsync(Path.ChangeExtension((string)code["qr_code"]!, "png"), Cancel);
        await scanner.AddAsync("gone", "png", await gone.Content.ReadAsByteArrayAsync(Cancel));
        await scanner.AddAsync(
            "there",
            "svg",
            await PictureAsync(await MakeAsync(("url", "https://example.org/x")), "svg")
        );
        var renamed = await PostAsync($"/api/qr-codes/{code["id"]}", ("name", "Old"));
        var pointed = await PostAsync(
            $"/api/qr-codes/{code["id"]}",
            ("url", "https://example.org/"),
            ("url_dynamic", "0")
        );

        Assert.Null(read["embedded_data"]);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal(
            ("image/png", "no-store"),
            ($"{gone.Content.Headers.ContentType}", $"{gone.Headers.CacheControl}")
        );
        Assert.Equal(["there"], (await scanner.ReadAsync()).Keys);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (renamed.Status, pointed.Status));
    }

    [Fact]
    public async Task A_scan_counts_as_one()
    {
        var code = await MakeAsync(("url", "https://example.org/"), ("url_dynamic", "1"));

        using var visit = await Server.Anonymous.GetAsync((string)code["embedded_data"]!, Cancel);

        Assert.Equal("https://example.org/", visit.Headers.Location!.ToString());
        await Patience.UntilAsync(
            async () =>
                (await GetAsync($"/api/statistics/{code["link_id"]}?type=trigger")).Body.Contains(
                    "\"qr\"",
                    StringComparison.Ordinal
                ),
            "The scan is counted"
        );
    }

    private static readonly (string, string)[] Named = [("name", "Poster")];

    private async Task<JsonNode> MakeAsync(params (string, string)[] fields)
    {
        var made = await PostAsync("/api/qr-codes", [.. Named, .. fields]);
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return made.Json["data"]!;
    }

    private async Task<JsonNode> ChangeAsync(string path, params (string, string)[] fields)
    {
        var changed = await PostAsync(path, fields);
        Assert.True(changed.Status == HttpStatusCode.OK, changed.Body);
        return changed.Json["data"]!;
    }

    private Task<byte[]> PictureAsync(JsonNode code, string format) =>
        Server.Anonymous.GetByteArrayAsync(Path.ChangeExtension((string)code["qr_code"]!, format), Cancel);

    private async Task<long> TotalAsync(string path) => (long)(await GetAsync(path)).Json["meta"]!["total"]!;
}
