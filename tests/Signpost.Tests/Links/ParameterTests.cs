using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Links;

/// <summary>Every parameter: accepted values, their form in responses, and refused values, in each body type.</summary>
public sealed class ParameterTests(SharedServer shared) : ApiTests(shared)
{
    private static readonly string[] BodyTypes = ["multipart", "form", "json"];

    private static readonly (string Name, string Sent, string? Answered)[] Good =
    [
        ("type", "link", null),
        ("is_bulk", "0", null),
        ("domain_id", "0", null),
        ("domain_id", "", null),
        ("project_id", "", null),
        ("project_id", "null", null),
        ("project_id", "0", null),
        ("pixels_ids", "", null),
        ("splash_page_id", "", "settings.splash_page_id=null"),
        ("splash_page_id", "null", "settings.splash_page_id=null"),
        ("splash_page_id", "0", "settings.splash_page_id=null"),
        ("statistics_public_logo", "0", "settings.statistics_public_logo=null"),
        ("schedule", "1", "settings.schedule=true"),
        ("schedule", "0", "settings.schedule=false"),
        ("start_date", "2030-01-01 10:00:00", "start_date=2030-01-01 10:00:00"),
        ("start_date", "2030-01-01 10:00", "start_date=2030-01-01 10:00:00"),
        ("start_date", " 2030-01-01 10:00\t", "start_date=2030-01-01 10:00:00"),
        ("start_date", "2030-01-01T10:00:00+02:00", "start_date=2030-01-01 08:00:00"),
        ("start_date", "2030-01-01T10:00Z", "start_date=2030-01-01 10:00:00"),
        ("start_date", "2030-01-01 00:00:00+14:00", "start_date=2029-12-31 10:00:00"),
        ("start_date", "2028-02-29 00:00:00", "start_date=2028-02-29 00:00:00"),
        ("start_date", "", "start_date=null"),
        ("end_date", "9999-12-31 23:59:59", "end_date=9999-12-31 23:59:59"),
        ("end_date", "2030-01-01 10:00", "settings.schedule=true"),
        ("clicks_limit", "1", "settings.clicks_limit=1"),
        ("clicks_limit", " 007 ", "settings.clicks_limit=7"),
        ("clicks_limit", "9223372036854775807", "settings.clicks_limit=9223372036854775807"),
        ("clicks_limit", "", "settings.clicks_limit=null"),
        ("clicks_limit", "null", "settings.clicks_limit=null"),
        ("expiration_url", "https://example.com/gone", "settings.expiration_url=https://example.com/gone"),
        ("expiration_url", "HTTP://BÜCHER.example", "settings.expiration_url=HTTP://BÜCHER.example"),
        ("expiration_url", "", "settings.expiration_url=null"),
        ("sensitive_content", "1", "settings.sensitive_content=true"),
        ("sensitive_content", "TRUE", "settings.sensitive_content=true"),
        ("sensitive_content", "On", "settings.sensitive_content=true"),
        ("sensitive_content", "yes", "settings.sensitive_content=true"),
        ("sensitive_content", " no ", "settings.sensitive_content=false"),
        ("sensitive_content", "OFF", "settings.sensitive_content=false"),
        ("sensitive_content", "false", "settings.sensitive_content=false"),
        ("http_status_code", "301", "settings.http_status_code=301"),
        ("http_status_code", "302 ", "settings.http_status_code=302"),
        ("http_status_code", "307", "settings.http_status_code=307"),
        ("http_status_code", "308", "settings.http_status_code=308"),
        ("http_status_code", "", "settings.http_status_code=302"),
        ("app_linking_is_enabled", "1", "settings.app_linking_is_enabled=true"),
        ("cloaking_is_enabled", "1", "settings.cloaking_is_enabled=true"),
        ("cloaking_title", "  A \"title\" <b>  ", "settings.cloaking_title=A \"title\" <b>"),
        ("cloaking_title", "null", "settings.cloaking_title=null"),
        ("cloaking_title", " \t ", "settings.cloaking_title=null"),
        ("cloaking_meta_description", "Größe 😀", "settings.cloaking_meta_description=Größe 😀"),
        ("cloaking_custom_js", " a();\r\n\tb(); ", "settings.cloaking_custom_js= a();\r\n\tb(); "),
        ("cloaking_favicon", "", "settings.cloaking_favicon=null"),
        ("cloaking_opengraph", "null", "settings.cloaking_opengraph=null"),
        ("password", "hunter2", "settings.password=********"),
        ("password", "   ", "settings.password=********"),
        ("password", "null", "settings.password=null"),
        ("password", "", "settings.password=null"),
        ("forward_query_parameters_is_enabled", "1", "settings.forward_query_parameters_is_enabled=true"),
        ("utm_source", "a & b", "settings.utm_source=a & b"),
        ("utm_medium", "e=mail", "settings.utm_medium=e=mail"),
        ("utm_campaign", "100%", "settings.utm_campaign=100%"),
        ("utm_term", "shoes", "settings.utm_term=shoes"),
        ("utm_content", "a=b", "settings.utm_content=a=b"),
        ("title", " Größe 😀 ", "title=Größe 😀"),
        ("title", "null", "title=null"),
        ("note", "one\r\ntwo", "note=one\r\ntwo"),
        ("note", "", "note=null"),
        ("targeting_type", "", "settings.targeting_type=null"),
        ("targeting_type", "city_name", "settings.targeting_type=city_name"),
        ("targeting_type", "rotation", "settings.targeting_type=rotation"),
        ("is_enabled", "0", "is_enabled=false"),
        ("is_enabled", "1", "is_enabled=true"),
        ("url", "Hallo-Welt_1.x~y", "url=Hallo-Welt_1.x~y"),
        ("url", "grüße/mañana", "url=grüße/mañana"),
        ("no_such_field", "\u0001", null),
        ("no_such_field[x]", "1", null),
        ("id", "77", null),
        ("clicks", "99", "clicks=0"),
        ("datetime", "2001-01-01 00:00:00", null),
        ("URL", "nobody", null),
    ];

    private static readonly (string Name, string Sent)[] Bad =
    [
        ("type", "biolink"),
        ("is_bulk", "maybe"),
        ("location_url", ""),
        ("location_url", "   "),
        ("location_url", "javascript:alert(1)"),
        ("location_url", "JaVaScRiPt:alert(1)"),
        ("location_url", "java\tscript:alert(1)"),
        ("location_url", "foo/bar"),
        ("location_url", "//evil.example"),
        ("location_url", "https://user:pass@example.com/"),
        ("location_url", "https://example.com/\0x"),
        ("location_url", "https://example.com/a\nb"),
        ("url", "a b"),
        ("url", "a//b"),
        ("url", "../a"),
        ("url", "a?b"),
        ("url", "API"),
        ("url", "api/x"),
        ("url", "Healthz"),
        ("url", "files/x"),
        ("url", "setup"),
        ("domain_id", "1"),
        ("domain_id", "abc"),
        ("domain_id", "9223372036854775808"),
        ("project_id", "1"),
        ("project_id", "-1"),
        ("project_id", "1 OR 1=1"),
        ("splash_page_id", "999999999"),
        ("splash_page_id", "-1"),
        ("splash_page_id", "1 OR 1=1"),
        ("statistics_public_logo", "999999999"),
        ("statistics_public_logo", "https://example.org/a.png"),
        ("statistics_public_password", new string('x', 129)),
        ("pixels_ids", "1"),
        ("pixels_ids[]", "abc"),
        ("pixels_ids[3]", "7"),
        ("schedule", "2"),
        ("start_date", "2030-01-01"),
        ("start_date", "12:00"),
        ("start_date", "2025-02-30 00:00:00"),
        ("start_date", "2025-13-01 00:00:00"),
        ("start_date", "2030-06-30 23:59:60"),
        ("start_date", "2030-01-01T00:00:00.5"),
        ("start_date", "2030-01-01 00:00:00\0"),
        ("start_date", "２０３０-01-01 00:00:00"),
        ("start_date", "0000-00-00 00:00:00"),
        ("start_date", "0001-01-01T00:00:00+14:00"),
        ("end_date", "9999-12-31T23:59:59-14:00"),
        ("end_date", "tomorrow"),
        ("end_date", "2030-01-01T00:00:00+15:00"),
        ("end_date", "2030-01-01T00:00:00+02:60"),
        ("clicks_limit", "-1"),
        ("clicks_limit", "+1"),
        ("clicks_limit", "1.0"),
        ("clicks_limit", "1e3"),
        ("clicks_limit", "٣"),
        ("clicks_limit", "9223372036854775808"),
        ("expiration_url", "javascript:alert(1)"),
        ("sensitive_content", "maybe"),
        ("is_enabled", "00"),
        ("is_enabled", "0.0"),
        ("is_enabled", "true\0"),
        ("app_linking_is_enabled", "maybe"),
        ("cloaking_is_enabled", "2"),
        ("forward_query_parameters_is_enabled", "ja"),
        ("http_status_code", "303"),
        ("http_status_code", "302.0"),
        ("http_status_code", "abc"),
        ("cloaking_title", "a\u0007"),
        ("cloaking_title", "a\tb"),
        ("cloaking_title", "a\nb"),
        ("cloaking_title", "a\uFFFDb"),
        ("cloaking_custom_js", "a\0"),
        ("cloaking_favicon", "https://example.org/f.png"),
        ("cloaking_opengraph", "x"),
        ("password", "********"),
        ("password", "a\nb"),
        ("utm_source", "a\u0085"),
        ("targeting_type", "country"),
        ("targeting_type", "CONTINENT_CODE"),
        ("targeting_type", "__proto__"),
        ("url[]", "x"),
        ("location_url[0]", "https://example.org/"),
        ("is_enabled[a]", "1"),
    ];

    public static TheoryData<string, string, string, string?> GoodOnes() =>
        Cross(Good.Select(row => (row.Name, row.Sent, row.Answered)));

    public static TheoryData<string, string, string, string?> BadOnes() =>
        Cross(Bad.Select(row => (row.Name, row.Sent, (string?)null)));

    [Theory]
    [MemberData(nameof(GoodOnes))]
    public async Task A_right_value_is_stored_and_returned(string type, string name, string sent, string? answered)
    {
        var made = await SendAsync(
            HttpMethod.Post,
            "/api/links",
            Bodies.Of(type, ("location_url", "https://example.com/"), (name, sent))
        );

        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        var id = made.Json["data"]!["id"]!.GetValue<long>();
        if (answered is not null)
        {
            var (path, expected) = (answered[..answered.IndexOf('=')], answered[(answered.IndexOf('=') + 1)..]);
            Assert.Equal(expected, At(await ReadAsync(id), path));
        }

        Assert.Equal(
            HttpStatusCode.NoContent,
            (await SendAsync(HttpMethod.Delete, $"/api/links/{id}?permanent=1")).Status
        );
    }

    [Theory]
    [MemberData(nameof(BadOnes))]
    public async Task A_wrong_value_is_named_and_nothing_is_stored(string type, string name, string sent, string? _)
    {
        var before = await TotalAsync();
        (string, string)[] fields = name.StartsWith("location_url", StringComparison.Ordinal)
            ? [(name, sent)]
            : [("location_url", "https://example.com/"), (name, sent)];

        var reply = await SendAsync(HttpMethod.Post, "/api/links", Bodies.Of(type, fields));

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal([name], reply.WrongFields.Distinct());
        Assert.Equal("400", reply.Json["errors"]![0]!["status"]!.GetValue<string>());
        Assert.Equal(before, await TotalAsync());
    }

    [Fact]
    public async Task All_wrong_fields_are_named_in_one_response()
    {
        await CreateAsync(("url", "mine"));

        var reply = await PostAsync(
            "/api/links",
            ("url", "mine"),
            ("location_url", "nope"),
            ("http_status_code", "1"),
            ("targeting_country_code_key[0]", "ZZ"),
            ("targeting_country_code_value[0]", "nope"),
            ("targeting_country_code_key[1]", "FR"),
            ("start_date", "2030-01-02 00:00"),
            ("end_date", "2030-01-01 00:00")
        );

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(
            [
                "end_date",
                "http_status_code",
                "location_url",
                "targeting_country_code_key[0]",
                "targeting_country_code_key[1]",
                "targeting_country_code_value[0]",
            ],
            reply.WrongFields.Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("cloaking_title", 256)]
    [InlineData("cloaking_meta_description", 1024)]
    [InlineData("utm_source", 256)]
    [InlineData("utm_medium", 256)]
    [InlineData("utm_campaign", 256)]
    [InlineData("utm_term", 256)]
    [InlineData("utm_content", 256)]
    [InlineData("title", 256)]
    [InlineData("note", 4096)]
    [InlineData("password", 128)]
    [InlineData("cloaking_custom_js", 65536)]
    [InlineData("url", 256)]
    public async Task A_text_may_be_just_so_long(string name, int longest)
    {
        await CreateAsync((name, new string('a', longest)));

        var tooLong = await PostAsync(
            "/api/links",
            ("location_url", "https://example.org/"),
            (name, new string('a', longest + 1))
        );

        Assert.Equal([name], tooLong.WrongFields);
    }

    [Fact]
    public async Task Numbers_truths_and_nulls_of_JSON_mean_what_they_say()
    {
        var made = await SendAsync(
            HttpMethod.Post,
            "/api/links",
            Bodies.Json(
                """
                {"location_url":"https://example.org/","http_status_code":301,"clicks_limit":5,"is_enabled":false,
                 "sensitive_content":1,"project_id":null,"pixels_ids":[],"url":null,"start_date":null,"password":null}
                """
            )
        );

        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        var link = await ReadAsync(made.Json["data"]!["id"]!.GetValue<long>());
        Assert.Equal("301", At(link, "settings.http_status_code"));
        Assert.Equal("5", At(link, "settings.clicks_limit"));
        Assert.Equal("false", At(link, "is_enabled"));
        Assert.Equal("true", At(link, "settings.sensitive_content"));
        Assert.Equal("null", At(link, "settings.password"));
    }

    [Theory]
    [InlineData("""{"location_url":"https://example.org/","clicks_limit":1e2}""", "clicks_limit")]
    [InlineData("""{"location_url":"https://example.org/","clicks_limit":[1]}""", "clicks_limit")]
    [InlineData("""{"location_url":["https://example.org/"]}""", "location_url")]
    [InlineData("""{"location_url":{"key":"a"}}""", "location_url")]
    [InlineData("""{"location_url":null}""", "location_url")]
    [InlineData("""{"location_url":"https://example.org/\ud800"}""", "location_url")]
    [InlineData("""{"location_url":"https://example.org/","pixels_ids":[[]]}""", "pixels_ids")]
    [InlineData("""{"location_url":"https://example.org/","utm_source":"\u0000"}""", "utm_source")]
    [InlineData("""{"location_url":"https://example.org/","start_date":20300101}""", "start_date")]
    public async Task JSON_of_the_wrong_shape_names_its_field(string json, string field)
    {
        var reply = await SendAsync(HttpMethod.Post, "/api/links", Bodies.Json(json));

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal([field], reply.WrongFields);
    }

    [Theory]
    [InlineData("multipart")]
    [InlineData("form")]
    public async Task A_single_value_sent_twice_is_an_error(string type)
    {
        var reply = await SendAsync(
            HttpMethod.Post,
            "/api/links",
            Bodies.Of(type, ("location_url", "https://example.org/"), ("utm_source", "a"), ("utm_source", "a"))
        );

        Assert.Equal(["utm_source"], reply.WrongFields);
    }

    [Fact]
    public async Task A_query_says_nothing_about_the_body()
    {
        var reply = await PostAsync("/api/links?location_url=https://evil.example/");

        Assert.Equal(["location_url"], reply.WrongFields);
    }

    private async Task<int> TotalAsync() => (await GetAsync("/api/links")).Json["meta"]!["total"]!.GetValue<int>();

    internal static string At(JsonNode node, string path)
    {
        var at = path.Split('.').Aggregate((JsonNode?)node, (here, name) => here![name]);
        return at is null ? "null"
            : at.GetValueKind() == System.Text.Json.JsonValueKind.String ? at.GetValue<string>()
            : at.ToJsonString();
    }

    private static TheoryData<string, string, string, string?> Cross(
        IEnumerable<(string Name, string Sent, string? Answered)> rows
    )
    {
        var data = new TheoryData<string, string, string, string?>();
        foreach (var (name, sent, answered) in rows)
        foreach (var type in BodyTypes)
            data.Add(type, name, sent, answered);
        return data;
    }
}
