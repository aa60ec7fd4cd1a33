using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Links;

/// <summary>Finding a link by its addresses: by a part, exactly, and instead of making one.</summary>
public sealed class LookUpTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer _server = shared.Server;
    private readonly string _mark = Guid.NewGuid().ToString("N");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{0}/{1}")]
    [InlineData("{0}/{1}?a=1#b")]
    [InlineData("{2}/{1}")]
    [InlineData("{2}/{1}/")]
    public async Task A_whole_short_address_finds_its_link(string shape)
    {
        var link = await _server.CreateLinkAsync(("url", $"Guides/{_mark}"));
        await _server.CreateLinkAsync(("location_url", $"{_server.Url}/Guides/{_mark}"), ("url", $"{_mark}-other"));
        var address = string.Format(null, shape, _server.Url, $"GUIDES/{_mark}", new Uri(_server.Url).Authority);

        Assert.Equal([link.Id], await FindAsync("url", address));
        Assert.Equal([link.Id], await FindAsync("search", address));
        Assert.Empty(await FindAsync("url", address.Replace(_mark, _mark[1..], StringComparison.Ordinal)));
        Assert.Empty(await FindAsync("url", $"https://elsewhere.example/Guides/{_mark}"));
    }

    [Fact]
    public async Task An_alias_is_found_exactly()
    {
        var link = await _server.CreateLinkAsync(("url", $"\u00C9t\u00E9-{_mark}"));
        await _server.CreateLinkAsync(("url", $"\u00C9t\u00E9-{_mark}-2"));

        Assert.Equal([link.Id], await FindAsync("url", $"E\u0301T\u00C9-{_mark}"));
        Assert.Empty(await FindAsync("url", _mark));
        Assert.Empty(await FindAsync("url", "no alias)"));
    }

    [Theory]
    [InlineData("https://M\u00FCnchen.example/Stra\u00DFe-{0}?q=\u0434")]
    [InlineData("https://xn--mnchen-3ya.example/Stra%C3%9Fe-{0}?q=%D0%B4")]
    public async Task A_part_of_the_destination_is_found_however_it_was_sent(string address)
    {
        var link = await _server.CreateLinkAsync(("location_url", string.Format(null, address, _mark)));
        string[] parts =
        [
            "m\u00FCnchen.example",
            "M\u00DCNCHEN",
            "https://m\u00FCnchen.example/stra\u00DFe-" + _mark,
            "xn--mnchen-3ya",
            "Stra\u00DFe-" + _mark,
            "stra%c3%9fe-" + _mark,
            _mark + "?q=\u0434",
            _mark + "?q=%D0%B4",
            _mark.ToUpperInvariant(),
        ];

        foreach (var part in parts)
            Assert.Contains(link.Id, await FindAsync("search_by=location_url&search", part));
        Assert.DoesNotContain(link.Id, await FindAsync("search_by=location_url&search", "m_nchen"));
    }

    [Theory]
    [InlineData("https://example.com:443/{0}/a/../b?q=it's", "HTTPS://EXAMPLE.com/{0}/b?q=it%27s", true)]
    [InlineData("example.com/{0}", "https://example.com/{0}", true)]
    [InlineData("https://example.com/{0}", " example.com/{0}\u200B", true)]
    [InlineData("https://b\u00FCcher.example/{0}", "https://xn--bcher-kva.example/{0}", true)]
    [InlineData("https://example.com/{0}", "http://example.com/{0}", false)]
    [InlineData("https://example.com/{0}", "https://example.com/{0}/", false)]
    [InlineData("https://example.com/{0}", "{0}", false)]
    public async Task A_destination_is_found_exactly_in_any_spelling(string sent, string asked, bool isFound)
    {
        var link = await _server.CreateLinkAsync(("location_url", string.Format(null, sent, _mark)));

        Assert.Equal(isFound ? [link.Id] : [], await FindAsync("location_url", string.Format(null, asked, _mark)));
    }

    [Fact]
    public async Task A_program_with_a_key_may_ask_for_the_longest_address()
    {
        var address = $"https://example.com/{_mark}/";
        address += new string('a', 8_192 - address.Length);
        var link = await _server.CreateLinkAsync(("location_url", address));
        // Each letter escaped, as some programs do it.
        var escaped = string.Concat(
            address.Select(letter => letter is '/' or ':' ? $"%{(int)letter:X2}" : $"{letter}")
        );

        Assert.Equal([link.Id], await FindAsync("location_url", address));
        using (var raw = new RawHttp(_server.Url))
            Assert.Equal(
                200,
                await AskAsync(raw, $"/api/links?location_url={escaped}&x={new string('b', 24_000)}", key: true)
            );
        using (var raw = new RawHttp(_server.Url))
            Assert.Equal(414, await AskAsync(raw, $"/api/links?location_url={escaped}", key: false));
        using (var raw = new RawHttp(_server.Url))
            Assert.Equal(414, await AskAsync(raw, $"/{link.Alias}?x={new string('b', 8_200)}", key: false));
        using (var raw = new RawHttp(_server.Url))
            Assert.Equal(302, await AskAsync(raw, $"/{link.Alias}?x={new string('b', 8_000)}", key: false));
        using (var raw = new RawHttp(_server.Url))
            Assert.Equal(414, await AskAsync(raw, $"/api/links?x={new string('b', 33_000)}", key: true));
    }

    public static readonly TheoryData<string[]> Differences = new(
        ["location_url", "https://example.com/other"],
        ["url", "alias-{0}"],
        ["utm_source", "x"],
        ["http_status_code", "301"],
        ["password", "secret"],
        ["clicks_limit", "5"],
        ["end_date", "2031-01-01 00:00:00"],
        ["expiration_url", "https://example.com/over"],
        ["sensitive_content", "1"],
        ["is_enabled", "0"],
        ["cloaking_title", "t"],
        ["app_linking_is_enabled", "1"],
        ["forward_query_parameters_is_enabled", "1"],
        ["statistics_is_public", "1"],
        ["statistics_public_title", "t"],
        ["statistics_public_shows[]", "devices"],
        ["statistics_public_password", "secret"],
        [
            "targeting_type",
            "rotation",
            "targeting_rotation_key[0]",
            "1",
            "targeting_rotation_value[0]",
            "https://example.com/r",
        ]
    );

    [Theory]
    [MemberData(nameof(Differences))]
    public async Task A_link_of_the_same_destination_and_settings_is_taken_instead_of_a_new_one(string[] difference)
    {
        (string, string)[] usual = [("find_existing", "1"), ("location_url", $"https://Example.com/{_mark}")];
        (string, string)[] other =
        [
            .. difference.Chunk(2).Select(pair => (pair[0], string.Format(null, pair[1], _mark))),
            .. usual.Where(field => difference[0] != field.Item1),
        ];

        var first = await CreateAsync(usual);
        var again = await CreateAsync([usual[0], ("location_url", $"example.com/{_mark}")]);
        var different = await CreateAsync(other);
        var differentAgain = await CreateAsync(other);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (first.Status, again.Status));
        Assert.Equal(first.Id, again.Id);
        Assert.Equal($"https://Example.com/{_mark}", again.Data.GetProperty("location_url").GetString());
        Assert.Equal(HttpStatusCode.Created, different.Status);
        // Passwords are not compared.
        var isFound = !difference[0].EndsWith("password", StringComparison.Ordinal);
        Assert.Equal(isFound, different.Id == differentAgain.Id);
        Assert.Equal(first.Id, (await CreateAsync(usual)).Id);
    }

    [Fact]
    public async Task Links_of_others_are_not_taken_and_two_requests_at_once_make_one_link()
    {
        (string, string)[] fields = [("find_existing", "1"), ("location_url", $"https://example.com/{_mark}")];
        using var stranger = await Strangers.NewAsync(_server, "UTC", Cancel);
        using var theirs = await stranger.PostAsync("/api/links", Bodies.Form(fields), Cancel);
        Assert.Equal(HttpStatusCode.Created, theirs.StatusCode);

        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CreateAsync(fields)));

        Assert.Single(made.Select(one => one.Id).Distinct());
        Assert.Single(made, one => one.Status is HttpStatusCode.Created);
    }

    [Fact]
    public async Task Only_a_key_that_may_read_links_finds_one_and_a_bulk_never()
    {
        using var made = await _server.Http.PostAsync(
            "/api/api-keys",
            Bodies.Form(("name", "writer"), ("scopes", "links:write")),
            Cancel
        );
        var data = (await made.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("data");
        var key = data.GetProperty("key").GetString();
        using var writer = _server.NewClient(key);

        using var refused = await writer.PostAsync(
            "/api/links",
            Bodies.Form(("find_existing", "1"), ("location_url", "https://example.com/")),
            Cancel
        );
        using var bulk = await _server.Http.PostAsync(
            "/api/links",
            Bodies.Form(("find_existing", "1"), ("is_bulk", "1"), ("location_urls", "https://example.com/")),
            Cancel
        );

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.BadRequest), (refused.StatusCode, bulk.StatusCode));
    }

    private async Task<(HttpStatusCode Status, long Id, JsonElement Data)> CreateAsync((string, string)[] fields)
    {
        using var response = await _server.Http.PostAsync("/api/links", Bodies.Form(fields), Cancel);
        var data = (await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("data");
        return (response.StatusCode, data.GetProperty("id").GetInt64(), data);
    }

    private async Task<long[]> FindAsync(string name, string value)
    {
        var page = await _server.Http.GetFromJsonAsync<JsonElement>(
            $"/api/links?results_per_page=1000&{name}={Uri.EscapeDataString(value)}",
            Cancel
        );
        return [.. page.GetProperty("data").EnumerateArray().Select(link => link.GetProperty("id").GetInt64())];
    }

    private static Task<int> AskAsync(RawHttp raw, string target, bool key) =>
        raw.StatusAsync(
            $"GET {target} HTTP/1.1\r\nHost: a\r\n{(key ? $"Authorization: Bearer {TestServer.ApiKey}\r\n" : "")}\r\n",
            Cancel
        );
}
