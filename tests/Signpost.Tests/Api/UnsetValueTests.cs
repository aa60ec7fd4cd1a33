using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.Api;

/// <summary>Values by which clients say "not set": for every optional field and every boolean.</summary>
public sealed class UnsetValueTests(SharedServer shared) : ApiTests(shared)
{
    private static readonly (string Name, string Value, string Cleared)[] Optional =
    [
        ("start_date", "2030-01-01 00:00:00", "null"),
        ("end_date", "2031-01-01 00:00:00", "null"),
        ("settings.clicks_limit", "5", "null"),
        ("settings.expiration_url", "https://example.org/e", "null"),
        ("settings.password", "secret", "null"),
        ("settings.http_status_code", "307", "302"),
        ("settings.cloaking_title", "Title", "null"),
        ("settings.cloaking_meta_description", "Text", "null"),
        ("settings.cloaking_custom_js", "a()", "null"),
        ("settings.utm_source", "a", "null"),
        ("settings.utm_medium", "a", "null"),
        ("settings.utm_campaign", "a", "null"),
        ("settings.utm_term", "a", "null"),
        ("settings.utm_content", "a", "null"),
        ("settings.statistics_public_title", "a", "null"),
        ("settings.statistics_public_password", "secret", "null"),
        ("title", "a", "null"),
        ("note", "a", "null"),
        ("settings.targeting_type", "rotation", "null"),
    ];

    private static readonly string[] Booleans =
    [
        "settings.sensitive_content",
        "settings.app_linking_is_enabled",
        "settings.cloaking_is_enabled",
        "settings.forward_query_parameters_is_enabled",
        "settings.statistics_is_public",
        "settings.schedule",
    ];

    public static TheoryData<string, string, string> Cases =>
        [.. Optional.Select(one => new TheoryDataRow<string, string, string>(one.Name, one.Value, one.Cleared))];

    public static TheoryData<string> Flags => [.. Booleans];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Each_optional_field_is_cleared_by_empty_and_by_null(string path, string value, string cleared)
    {
        var name = path.Split('.')[^1];
        List<HttpContent> unset =
        [
            .. Bodies.Types.SelectMany(type =>
                (HttpContent[])[Bodies.Of(type, (name, "")), Bodies.Of(type, (name, "null"))]
            ),
            Bodies.Json($"{{\"{name}\":null}}"),
            Bodies.Json($"{{\"{name}\":false}}"),
        ];
        foreach (var body in unset)
        {
            var id = await CreateAsync((name, value));
            Assert.NotEqual(cleared, At(await ReadAsync(id), path));

            var changed = await SendAsync(HttpMethod.Post, $"/api/links/{id}", body);

            Assert.True(changed.Status is HttpStatusCode.OK, changed.Body);
            Assert.Equal(cleared, At(await ReadAsync(id), path));
        }
    }

    [Theory]
    [MemberData(nameof(Flags))]
    public async Task Each_boolean_is_false_when_empty_or_null(string path)
    {
        var name = path.Split('.')[^1];
        List<HttpContent> unset =
        [
            .. Bodies.Types.SelectMany(type =>
                (HttpContent[])[Bodies.Of(type, (name, "")), Bodies.Of(type, (name, "null"))]
            ),
            Bodies.Json($"{{\"{name}\":null}}"),
            Bodies.Json($"{{\"{name}\":false}}"),
        ];
        foreach (var body in unset)
        {
            var id = await CreateAsync((name, "1"));
            Assert.Equal("true", At(await ReadAsync(id), path));

            var changed = await SendAsync(HttpMethod.Post, $"/api/links/{id}", body);

            Assert.True(changed.Status is HttpStatusCode.OK, changed.Body);
            Assert.Equal("false", At(await ReadAsync(id), path));
        }
    }

    [Theory]
    [InlineData("links", "location_url=https://example.org/", "is_enabled", true)]
    [InlineData("domains", "host={host}.example", "is_enabled", true)]
    [InlineData("users", "email={host}@example.org&password=long enough 7", "is_disabled", false)]
    [InlineData("users", "email={host}@example.org&password=long enough 7", "two_factor_is_enabled", false)]
    public async Task A_switch_stays_as_it_is_when_it_is_empty_or_null(
        string kind,
        string fields,
        string name,
        bool usual
    )
    {
        var sent = fields.Replace("{host}", $"h{Guid.NewGuid():N}"[..20], StringComparison.Ordinal);
        var made = await SendAsync(
            HttpMethod.Post,
            $"/api/{kind}",
            Bodies.Raw("application/x-www-form-urlencoded", $"{sent}&{name}=null")
        );
        var path = $"/api/{kind}/{made.Json["data"]!["id"]}";
        Assert.Equal(usual, await FlagAsync());
        if (name is not "two_factor_is_enabled")
            await SendAsync(HttpMethod.Post, path, Bodies.Form((name, usual ? "0" : "1")));
        var before = await FlagAsync();

        foreach (
            var body in (HttpContent[])
                [Bodies.Form((name, "")), Bodies.Multipart((name, "null")), Bodies.Json($"{{\"{name}\":null}}")]
        )
        {
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Post, path, body)).Status);
            Assert.Equal(before, await FlagAsync());
        }

        async Task<bool> FlagAsync() => (await GetAsync(path)).Json["data"]![name]!.GetValue<bool>();
    }

    [Theory]
    [InlineData("clicks_limit", "0", "settings.clicks_limit")]
    [InlineData("clicks_limit", "false", "settings.clicks_limit")]
    [InlineData("targeting_type", "false", "settings.targeting_type")]
    [InlineData("start_date", "false", "start_date")]
    [InlineData("expiration_url", "false", "settings.expiration_url")]
    [InlineData("project_id", "0", "project_id")]
    [InlineData("splash_page_id", "false", "settings.splash_page_id")]
    public async Task These_texts_say_none_too(string name, string value, string path)
    {
        var id = await CreateAsync((name, value));

        Assert.Equal("null", At(await ReadAsync(id), path));
    }

    [Fact]
    public async Task An_empty_is_enabled_makes_a_disabled_link() =>
        Assert.Equal("false", At(await ReadAsync(await CreateAsync(("is_enabled", ""))), "is_enabled"));

    private static string At(JsonNode link, string path)
    {
        JsonNode? at = link;
        foreach (var name in path.Split('.'))
            at = at![name];
        return at?.ToString() ?? "null";
    }
}
