using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.Api;

/// <summary>Warnings about fields that nobody reads: in <c>data</c> of every write, in <c>meta</c> of every list.</summary>
public sealed class WarningTests(SharedServer shared) : ApiTests(shared)
{
    public static TheoryData<string, string, string, string> Writes =>
        new()
        {
            { "/api/links", "location_url=https://example.org/", "passwrd", "password" },
            { "/api/links", "location_url=https://example.org/", "click_limit", "clicks_limit" },
            { "/api/links", "location_url=https://example.org/", "expirationUrl", "expiration_url" },
            { "/api/links", "location_url=https://example.org/", "Alias", "url" },
            { "/api/links", "location_urls=https://example.org/&is_bulk=1", "utm_sorce", "utm_source" },
            { "/api/projects", "name=a", "colour", "color" },
            { "/api/pixels", "name=a&type=facebook&pixel=123456", "pixl", "pixel" },
            { "/api/splash-pages", "name=a", "titel", "title" },
            { "/api/domains", "host={name}.example", "custom_index", "" },
            { "/api/api-keys", "name=a", "expire", "expires" },
            { "/api/users", "email={name}@example.org&password=long enough 7", "time-zone", "timezone" },
            { "/api/user", "name=a", "langauge", "language" },
            { "/api/visitor", "ip=127.0.0.1", "useragent", "user_agent" },
        };

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task An_unknown_field_of_a_write_is_a_warning(string path, string fields, string name, string meant)
    {
        var unique = $"w{Guid.NewGuid():N}"[..20];
        var body = $"{fields.Replace("{name}", unique, StringComparison.Ordinal)}&{name}=1&{name}[2]=x";

        var made = await SendAsync(HttpMethod.Post, path, Form(body));

        Assert.True((int)made.Status is 200 or 201, made.Body);
        Assert.Equal(
            [meant is "" ? $"Unknown field {name}." : $"Unknown field {name}. Did you mean {meant}?"],
            Titles(made.Json["data"]!)
        );
    }

    [Theory]
    [InlineData("/api/links", "location_url=https://example.org/")]
    [InlineData("/api/projects", "name=a")]
    [InlineData("/api/pixels", "name=a&type=facebook&pixel=123456")]
    [InlineData("/api/domains", "host={name}.example")]
    public async Task An_update_warns_as_create_does(string path, string fields)
    {
        var unique = $"w{Guid.NewGuid():N}"[..20];
        var made = await SendAsync(
            HttpMethod.Post,
            path,
            Form(fields.Replace("{name}", unique, StringComparison.Ordinal))
        );
        Assert.Null(made.Json["data"]!["warnings"]);

        foreach (var method in (HttpMethod[])[HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch])
        {
            var changed = await SendAsync(method, $"{path}/{made.Json["data"]!["id"]}", Form("no_such_thing=1"));

            Assert.Equal(["Unknown field no_such_thing."], Titles(changed.Json["data"]!));
        }
    }

    [Fact]
    public async Task An_unknown_parameter_of_every_list_is_a_warning()
    {
        var paths = (await GetAsync("/openapi/v1.json")).Json["paths"]!
            .AsObject()
            .Where(path => path.Value!["get"] is not null);
        var walked = 0;
        foreach (var (path, _) in paths.Where(path => !path.Key.Contains('{', StringComparison.Ordinal)))
        {
            // A stream and a file are no lists.
            if (path.EndsWith("/live", StringComparison.Ordinal) || path.EndsWith("/export", StringComparison.Ordinal))
                continue;
            var plain = await GetAsync($"{path}?results_per_page=10&page=1");
            if (plain.Status is not HttpStatusCode.OK || plain.Json["meta"]?["total"] is null)
                continue;
            Assert.Null(plain.Json["meta"]!["warnings"]);

            var list = await GetAsync($"{path}?limit=5&serch=x");

            Assert.Equal(HttpStatusCode.OK, list.Status);
            Assert.Equal("Unknown field limit. Did you mean results_per_page?", Titles(list.Json["meta"]!)[0]);
            Assert.StartsWith("Unknown field serch.", Titles(list.Json["meta"]!)[1], StringComparison.Ordinal);
            walked++;
        }

        Assert.True(walked >= 7, $"{walked} lists");
    }

    [Theory]
    [InlineData("/api/links", "location_url=https://example.org/", "settings")]
    [InlineData("/api/projects", "name=a", "")]
    [InlineData("/api/pixels", "name=a&type=facebook&pixel=123456", "")]
    [InlineData("/api/splash-pages", "name=a", "")]
    [InlineData("/api/domains", "host={name}.example", "")]
    public async Task A_whole_response_can_be_sent_back_without_a_warning(string path, string fields, string inner)
    {
        var unique = $"w{Guid.NewGuid():N}"[..20];
        var sent = Form(fields.Replace("{name}", unique, StringComparison.Ordinal));
        var id = (await SendAsync(HttpMethod.Post, path, sent)).Json["data"]!["id"]!;
        var whole = (await GetAsync($"{path}/{id}")).Json["data"]!;

        var back = await SendAsync(HttpMethod.Put, $"{path}/{id}", Bodies.Json(whole.ToJsonString()));

        Assert.True(back.Status is HttpStatusCode.OK, back.Body);
        Assert.Null(back.Json["data"]!["warnings"]);
        if (inner is not "")
            Assert.Equal(
                whole[inner]!.ToJsonString(),
                (await GetAsync($"{path}/{id}")).Json["data"]![inner]!.ToJsonString()
            );
    }

    [Fact]
    public async Task Settings_in_JSON_are_read_as_if_they_stood_outside()
    {
        var made = await SendAsync(
            HttpMethod.Post,
            "/api/links",
            Bodies.Json(
                """
                {"settings":{"utm_source":"inner","clicks_limit":7,"http_status_code":307,"sensitive_contnt":true,
                  "targeting_type":"country_code","targeting_country_code":[{"key":"FR","value":"https://example.fr/"}]},
                 "location_url":"https://example.org/","utm_source":"outer"}
                """
            )
        );

        var settings = (await ReadAsync(made.Json["data"]!["id"]!.GetValue<long>()))["settings"]!;
        Assert.Equal("outer", settings["utm_source"]!.GetValue<string>());
        Assert.Equal(7, settings["clicks_limit"]!.GetValue<int>());
        Assert.Equal(307, settings["http_status_code"]!.GetValue<int>());
        Assert.Equal("FR", settings["targeting_country_code"]![0]!["key"]!.GetValue<string>());
        Assert.Equal(["Unknown field sensitive_contnt. Did you mean sensitive_content?"], Titles(made.Json["data"]!));
    }

    [Theory]
    [InlineData(
        "location_url=https://a.example/&targeting_city_name_key[3]=Paris&targeting_city_name_value[3]=https://b.example/",
        "targeting_city_name is not used until targeting_type is city_name.",
        "targeting_city_name_value[3]"
    )]
    [InlineData(
        "location_url=https://a.example/&location_urls=https://b.example/",
        "location_urls is ignored without is_bulk.",
        "location_urls"
    )]
    [InlineData(
        "is_bulk=1&location_url=https://a.example/&location_urls=https://b.example/",
        "location_url is ignored with is_bulk.",
        "location_url"
    )]
    [InlineData("is_bulk=1&url=abc&location_urls=https://b.example/", "url is ignored with is_bulk.", "url")]
    public async Task A_field_that_has_no_effect_is_a_warning(string fields, string title, string field)
    {
        var made = await SendAsync(HttpMethod.Post, "/api/links", Form(fields));

        var warning = Assert.Single(made.Json["data"]!["warnings"]!.AsArray())!;
        Assert.Equal((title, field), (warning["title"]!.GetValue<string>(), warning["field"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Very_many_and_very_long_unknown_names_make_a_short_response()
    {
        var names = string.Join('&', Enumerable.Range(0, 900).Select(n => $"{n}{new string('x', 1_500)}=1"));

        var made = await SendAsync(HttpMethod.Post, "/api/links", Form($"location_url=https://a.example/&{names}"));

        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.True(made.Body.Length < 8_192, $"{made.Body.Length} characters");
        Assert.Equal("880 more fields are unknown.", Titles(made.Json["data"]!)[^1]);
    }

    private static HttpContent Form(string fields) => Bodies.Raw("application/x-www-form-urlencoded", fields);

    private static string[] Titles(JsonNode holder) =>
        [.. holder["warnings"]!.AsArray().Select(warning => warning!["title"]!.GetValue<string>())];
}
