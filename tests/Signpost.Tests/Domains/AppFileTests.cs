using System.Net;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Links;

namespace Signpost.Tests.Domains;

/// <summary>The files of a custom domain that phones read.</summary>
public sealed class AppFileTests(DomainServer shared) : DomainTests(shared)
{
    private const int Most = 128 << 10;

    public static TheoryData<string, string, string> Files =>
        new()
        {
            {
                "apple_app_site_association",
                "apple-app-site-association",
                "{\r\n\t\"applinks\": {\"details\": [\"\u00fc\"]}\n}"
            },
            { "asset_links", "assetlinks.json", "[{\"relation\": [\"delegate_permission/common.handle_all_urls\"]}]" },
        };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_domain_serves_the_file_as_it_was_sent_until_it_is_cleared(
        string field,
        string name,
        string json
    )
    {
        var host = NewHost();
        var id = await DomainAsync(host);
        Assert.Equal((404, "text/html"), await ReadAsync(host, name));

        await ChangeAsync(id, field, json);
        var (status, type, body) = await ReadWholeAsync(host, name);
        Assert.Equal((200, "application/json", json), (status, type, body));
        Assert.Equal((200, "application/json"), await ReadAsync(host, name, "HEAD"));
        Assert.Equal(json, (string?)(await DomainAsync(id))[field]);
        var listed = (await GetAsync($"/api/domains?search={host}")).Json["data"]![0]!.AsObject();
        Assert.False(listed.ContainsKey(field));

        await ChangeAsync(id, "is_enabled", "1");
        Assert.Equal(json, (await ReadWholeAsync(host, name)).Body);
        var other = json[0] is '{' ? "{}" : "[]";
        await ChangeAsync(id, field, other);
        Assert.Equal(other, (await ReadWholeAsync(host, name)).Body);

        await ChangeAsync(id, field, "");
        Assert.Equal((404, "text/html"), await ReadAsync(host, name));
        Assert.Equal("", (string?)(await DomainAsync(id))[field]);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task In_a_JSON_body_the_file_may_be_a_value(string field, string name, string json)
    {
        var host = NewHost();
        var id = await DomainAsync(host);
        var other = json[0] is '{' ? "[1]" : "{}";

        var changed = await SendAsync(
            HttpMethod.Post,
            $"/api/domains/{id}",
            Bodies.Json($$"""{"{{field}}": {{json}}}""")
        );
        var wrong = await SendAsync(
            HttpMethod.Post,
            $"/api/domains/{id}",
            Bodies.Json($$"""{"{{field}}": {{other}}}""")
        );

        Assert.True(changed.Status == HttpStatusCode.OK, changed.Body);
        Assert.Equal((200, "application/json", json), await ReadWholeAsync(host, name));
        Assert.Equal((HttpStatusCode.BadRequest, field), (wrong.Status, Assert.Single(wrong.WrongFields)));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Only_the_domain_that_has_the_file_serves_it(string field, string name, string json)
    {
        var (host, disabled, other) = (NewHost(), NewHost(), NewHost());
        await DomainAsync(host, null, (field, json), ("custom_not_found_url", "https://example.org/"));
        await DomainAsync(disabled, null, (field, json), ("is_enabled", "0"));
        await DomainAsync(other);
        await ClaimAsync("claimed." + host, null, (field, json));

        Assert.Equal((200, "application/json"), await ReadAsync(host, name));
        foreach (var elsewhere in (string[])[disabled, other, "claimed." + host, "main.example"])
            Assert.Equal((404, "text/html"), await ReadAsync(elsewhere, name));
        Assert.Equal(
            $"308 https://{host}/.well-known/{name}",
            await FollowAsync("www." + host, $"/.well-known/{name}")
        );
        Assert.Equal("302 https://example.org/", await FollowAsync(host, $"/.well-known/{name}x"));
        Assert.Equal("302 https://example.org/", await FollowAsync(host, "/.well-known/x"));
    }

    [Fact]
    public async Task The_file_for_iOS_is_at_the_root_too_unless_a_link_is_there()
    {
        const string path = "/apple-app-site-association";
        var host = NewHost();
        var id = await DomainAsync(host);
        Assert.Equal("404", await FollowAsync(host, path));
        await ChangeAsync(id, "apple_app_site_association", "{}");
        Assert.Equal("200", await FollowAsync(host, path));
        Assert.Equal("200", await FollowAsync(host, path, "HEAD"));
        Assert.Equal("404", await FollowAsync("main.example", path));

        await PostAsync(
            "/api/links",
            ("url", path[1..]),
            ("location_url", "https://example.org/"),
            ("domain_id", $"{id}")
        );
        Assert.Equal("302 https://example.org/", await FollowAsync(host, path));
    }

    [Fact]
    public async Task The_file_goes_with_its_domain()
    {
        var host = NewHost();
        var id = await DomainAsync(host, null, ("asset_links", "[]"));
        await SendAsync(HttpMethod.Delete, $"/api/domains/{id}");
        var again = await DomainAsync(host);

        Assert.Equal((404, "text/html"), await ReadAsync(host, "assetlinks.json"));
        Assert.Equal("", (string?)(await DomainAsync(again))["asset_links"]);
    }

    [Theory]
    [InlineData("apple_app_site_association", "[]")]
    [InlineData("apple_app_site_association", "{")]
    [InlineData("apple_app_site_association", "{}{}")]
    [InlineData("apple_app_site_association", "<plist/>")]
    [InlineData("asset_links", "{}")]
    [InlineData("asset_links", "[1,]")]
    [InlineData("asset_links", "true")]
    public async Task A_text_that_phones_cannot_read_is_refused(string field, string text)
    {
        var made = await PostAsync("/api/domains", ("host", NewHost()), (field, text));

        Assert.Equal((HttpStatusCode.BadRequest, field), (made.Status, Assert.Single(made.WrongFields)));
    }

    [Fact]
    public async Task Both_files_may_have_128_KiB_and_not_a_byte_more()
    {
        var id = await ClaimAsync(NewHost());
        var (list, map) = ($"[\"{new string('a', Most - 4)}\"]", $"{{\"a\":\"{new string('a', Most - 8)}\"}}");

        foreach (var kind in (string[])["json", "form", "multipart"])
        {
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(kind, list, map)).Status);
            Assert.Equal(["asset_links"], (await SendAsync(kind, list + "\n", map)).WrongFields);
            Assert.Equal(["apple_app_site_association"], (await SendAsync(kind, list, map + "\n")).WrongFields);
        }

        // Each letter is two bytes.
        var letters = new string('\u00fc', Most / 2 - 2);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("multipart", $"[\"{letters}\"]", map)).Status);
        Assert.Equal(["asset_links"], (await SendAsync("multipart", $"[\"{letters}\u00fc\"]", map)).WrongFields);

        Task<Reply> SendAsync(string kind, string links, string association) =>
            this.SendAsync(
                HttpMethod.Post,
                $"/api/domains/{id}",
                Bodies.Of(kind, ("asset_links", links), ("apple_app_site_association", association))
            );
    }

    private async Task ChangeAsync(long id, string field, string value)
    {
        var changed = await PostAsync($"/api/domains/{id}", (field, value));
        Assert.True(changed.Status == HttpStatusCode.OK, changed.Body);
    }

    private async Task<(int, string?)> ReadAsync(string host, string name, string method = "GET")
    {
        using var response = await Server.FollowAsync($".well-known/{name}", new HttpMethod(method), ("Host", host));
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType);
    }

    private async Task<(int Status, string? Type, string Body)> ReadWholeAsync(string host, string name)
    {
        using var response = await Server.FollowAsync($".well-known/{name}", null, ("Host", host));
        var body = await response.Content.ReadAsStringAsync(Cancel);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, body);
    }
}
