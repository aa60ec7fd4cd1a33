using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Links;

/// <summary>Responses show addresses as they were sent; visitors go where a browser would go.</summary>
public sealed class SentAddressTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer _server = shared.Server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static readonly TheoryData<string, string, string> Addresses = new()
    {
        { "https://example.com", "https://example.com", "https://example.com/" },
        {
            "https://example.com/it's|a[b]^{c}#d#'e",
            "https://example.com/it's|a[b]^{c}#d#'e",
            "https://example.com/it's|a[b]%5E%7Bc%7D#d#'e"
        },
        {
            "https://example.com/100%?a=%u0041&b='",
            "https://example.com/100%?a=%u0041&b='",
            "https://example.com/100%?a=%u0041&b=%27"
        },
        {
            "HTTPS://B\u00FCcher.Example/Stra\u00DFe?\u00FC",
            "HTTPS://B\u00FCcher.Example/Stra\u00DFe?\u00FC",
            "https://xn--bcher-kva.example/Stra%C3%9Fe?%C3%BC"
        },
        {
            "\u200B\u00A0\uFEFF\u2060 https://example.com/a \u2060\uFEFF\u200B\u00A0",
            "https://example.com/a",
            "https://example.com/a"
        },
        { "example.com", "https://example.com", "https://example.com/" },
        { "example.com:8443/x?y", "https://example.com:8443/x?y", "https://example.com:8443/x?y" },
        { "obsidian://open?vault=my vault", "obsidian://open?vault=my vault", "obsidian://open?vault=my%20vault" },
        {
            "mailto:a@example.com?subject=it's",
            "mailto:a@example.com?subject=it's",
            "mailto:a@example.com?subject=it's"
        },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Each_field_shows_what_was_sent_and_visitors_go_where_a_browser_would(
        string text,
        string sent,
        string canonical
    )
    {
        (string Name, string Value)[] fields =
        [
            ("location_url", text),
            ("expiration_url", text),
            ("targeting_type", "rotation"),
            ("targeting_rotation_key[0]", "1"),
            ("targeting_rotation_value[0]", text),
        ];
        foreach (var type in (string[])["multipart", "form"])
        {
            using var made = await _server.Http.PostAsync("/api/links", Bodies.Of(type, fields), Cancel);
            var link = await DataAsync(made);

            var shown = await _server.ReadLinkAsync(link.GetProperty("id").GetInt64());
            var settings = shown.GetProperty("settings");
            Assert.Equal(sent, shown.GetProperty("location_url").GetString());
            Assert.Equal(sent, settings.GetProperty("expiration_url").GetString());
            Assert.Equal(
                $$"""{"key":"1","value":{{JsonSerializer.Serialize(sent)}}}""",
                JsonSerializer.Serialize(settings.GetProperty("targeting_rotation")[0])
            );
            Assert.Equal(canonical, await LocationAsync(link.GetProperty("url").GetString()!));
            await _server.UpdateLinkAsync(link.GetProperty("id").GetInt64(), ("targeting_type", ""));
            Assert.Equal(canonical, await LocationAsync(link.GetProperty("url").GetString()!));
            await _server.UpdateLinkAsync(link.GetProperty("id").GetInt64(), ("end_date", "2020-01-01 00:00"));
            Assert.Equal(canonical, await LocationAsync(link.GetProperty("url").GetString()!));
        }
    }

    [Fact]
    public async Task A_bulk_takes_lines_as_people_paste_them()
    {
        string[] texts = [.. Addresses.Select(row => row.Data.Item1)];
        using var made = await _server.Http.PostAsync(
            "/api/links",
            Bodies.Of("form", ("is_bulk", "1"), ("location_urls", string.Join("\r\n", [.. texts, "\u200B \uFEFF"]))),
            Cancel
        );
        var ids = (await DataAsync(made)).GetProperty("ids").EnumerateArray().Select(id => id.GetInt64()).ToList();

        Assert.Equal(texts.Length, ids.Count);
        foreach (var (id, row) in ids.Zip(Addresses))
            Assert.Equal(row.Data.Item2, (await _server.ReadLinkAsync(id)).GetProperty("location_url").GetString());
    }

    [Theory]
    [InlineData("\u200B\uFEFF", "location_url is required.")]
    [InlineData("//example.com", "The address must start with")]
    [InlineData("name@example.com", "The address must start with")]
    [InlineData("example.com/a b", "The address must start with")]
    public async Task Other_texts_are_refused(string text, string problem)
    {
        using var refused = await _server.Http.PostAsync("/api/links", Bodies.Form(("location_url", text)), Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(problem, await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_that_is_sent_back_changes_nothing()
    {
        using var berliner = await Strangers.NewAsync(_server, "Europe/Berlin", Cancel);
        using var made = await berliner.PostAsync(
            "/api/links",
            Bodies.Form(
                ("location_url", "example.com/it's"),
                // The second half past two of that night.
                ("start_date", "2026-10-25T02:30:00+01:00"),
                ("end_date", "2030-10-27T02:30:00+01:00")
            ),
            Cancel
        );
        var id = (await DataAsync(made)).GetProperty("id").GetInt64();
        var before = await StoredAsync(id);
        var shown = (await berliner.GetFromJsonAsync<JsonElement>($"/api/links/{id}", Cancel)).GetProperty("data");
        Assert.Equal("2026-10-25 02:30:00", shown.GetProperty("start_date").GetString());

        using var changed = await berliner.PostAsync(
            $"/api/links/{id}",
            Bodies.Form([
                .. ((string[])["location_url", "start_date", "end_date"]).Select(name =>
                    (name, shown.GetProperty(name).GetString()!)
                ),
            ]),
            Cancel
        );
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(before, await StoredAsync(id));

        using var moved = await berliner.PostAsync(
            $"/api/links/{id}",
            Bodies.Form(("start_date", "2026-10-25T02:30:00+02:00")),
            Cancel
        );
        Assert.Equal(before.Start - 3_600_000, (await StoredAsync(id)).Start);
    }

    [Fact]
    public async Task A_scheme_of_the_setting_is_taken_and_no_other()
    {
        await using var server = await TestServer.StartAsync(("SIGNPOST_APP_SCHEMES", "zotero, Things:"));

        var link = await server.CreateLinkAsync(
            ("location_url", "Zotero://select/items/1"),
            ("expiration_url", "things:add")
        );
        using var response = await server.FollowAsync(link.Alias);
        Assert.Equal("zotero://select/items/1", response.Headers.NonValidated["Location"].ToString());
        using var found = await server.Http.GetAsync("/api/links?location_url=zotero://select/items/1", Cancel);
        Assert.Equal(
            1,
            (await found.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("data").GetArrayLength()
        );
        foreach (var client in (TestServer[])[server, _server])
        foreach (var scheme in (string[])["javascript:alert(1)", "intent://x", "ms-word:x", "other:x"])
        {
            using var refused = await client.Http.PostAsync(
                "/api/links",
                Bodies.Form(("location_url", scheme)),
                Cancel
            );
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Theory]
    [InlineData("javascript")]
    [InlineData("zotero,data")]
    [InlineData("ms-settings")]
    [InlineData("a b")]
    public async Task A_dangerous_scheme_in_the_setting_ends_the_start(string value)
    {
        var error = await Assert.ThrowsAsync<Signpost.Hosting.StartException>(() =>
            TestServer.StartAsync(("SIGNPOST_APP_SCHEMES", value))
        );

        Assert.Contains("SIGNPOST_APP_SCHEMES", error.Message, StringComparison.Ordinal);
    }

    private async Task<(string Location, string? Sent, long? Start, long? End)> StoredAsync(long id)
    {
        await using var db = _server.Database.Read();
        var row = db.Links.Single(link => link.Id == id);
        return (row.LocationUrl, row.LocationSent, row.StartAt, row.EndAt);
    }

    private async Task<string> LocationAsync(string alias)
    {
        using var response = await _server.FollowAsync(alias);
        return response.Headers.NonValidated["Location"].ToString();
    }

    private static async Task<JsonElement> DataAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("data");
    }
}
