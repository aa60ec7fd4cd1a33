using System.Net;
using System.Text;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Links;

namespace Signpost.Tests.Clients;

/// <summary>
/// Replays, in our own words, the requests of the kinds of programs that use this API, and reads from the responses what they read.
/// </summary>
public sealed class ClientTests(SharedServer shared) : ApiTests(shared)
{
    private static readonly string Nl = "\r\n";

    [Fact]
    public async Task A_plugin_in_PHP_sends_multipart_by_curl_and_looks_for_its_alias()
    {
        var alias = $"php-{Guid.NewGuid():N}";
        (string, string)[] fields =
        [
            ("url", alias),
            ("location_url", "https://example.com/?a=1&b=2"),
            ("schedule", ""),
            ("clicks_limit", "0"),
            ("sensitive_content", ""),
            ("pixels_ids[0]", ""),
            ("type", "link"),
        ];

        var made = await CurlAsync("POST", "/api/links/", fields);
        var taken = await CurlAsync("POST", "/api/links/", fields);
        var changed = await CurlAsync(
            "POST",
            $"/api/links/{made.Json["data"]!["id"]}",
            [("is_enabled", "0"), ("schedule", "")]
        );
        var found = await GetAsync($"/api/links/?search={alias}&search_by=url&results_per_page=1&type=link");

        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal($"{Server.Url}/{alias}", made.Json["data"]!["short_url"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Conflict, taken.Status);
        Assert.Contains(
            "already exists",
            taken.Json["errors"]![0]!["title"]!.GetValue<string>(),
            StringComparison.Ordinal
        );
        Assert.False(changed.Json["data"]!["is_enabled"]!.GetValue<bool>());
        Assert.Equal(alias, found.Json["data"]![0]!["url"]!.GetValue<string>());
        Assert.Empty(found.Json["data"]![0]!["pixels_ids"]!.AsArray());
    }

    [Fact]
    public async Task An_app_with_OkHttp_tells_the_length_of_each_part()
    {
        const string Boundary = "3a8f7c1e-5b1d-4e0c-9a4e-4d0f6b7f4b11";
        (string Name, string Value)[] fields =
        [
            ("location_url", "https://example.com/größe"),
            ("utm_source", "app"),
            ("cloaking_is_enabled", "false"),
        ];
        var parts = fields.Select(part =>
            $"--{Boundary}{Nl}Content-Disposition: form-data; name=\"{part.Name}\"{Nl}"
            + $"Content-Type: text/plain; charset=utf-8{Nl}"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(part.Value)}{Nl}{Nl}{part.Value}{Nl}"
        );
        var body = $"{string.Concat(parts)}--{Boundary}--{Nl}";

        var made = await SendAsync(
            HttpMethod.Post,
            "/api/links",
            Bodies.Raw($"multipart/form-data; boundary={Boundary}", body),
            null,
            ("User-Agent", "okhttp/4.12.0"),
            ("Accept-Encoding", "gzip")
        );

        Assert.True(made.Status is HttpStatusCode.Created, made.Body);
        var link = made.Json["data"]!;
        Assert.Equal("app", link["settings"]!["utm_source"]!.GetValue<string>());
        Assert.False(link["settings"]!["cloaking_is_enabled"]!.GetValue<bool>());
        using var visit = await Server.FollowAsync(link["url"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Found, visit.StatusCode);
    }

    [Fact]
    public async Task A_script_in_Python_sends_lists_with_brackets_and_pages_through_everything()
    {
        using var http = await StrangerAsync();
        var form = Bodies.Form(
            ("location_url", "https://example.com/"),
            ("targeting_type", "country_code"),
            ("targeting_country_code_key[]", "UK"),
            ("targeting_country_code_key[]", "FR"),
            ("targeting_country_code_value[]", "https://example.co.uk/"),
            ("targeting_country_code_value[]", "https://example.fr/"),
            ("sensitive_content", "False")
        );
        var made = await SendAsync(HttpMethod.Post, "/api/links", form, http, ("User-Agent", "python-requests/2.32.3"));
        var bulk = Bodies.Form(
            ("is_bulk", "True"),
            ("location_urls", "https://example.com/1\nhttps://example.com/2\n")
        );
        var many = await SendAsync(HttpMethod.Post, "/api/links", bulk, http);

        List<long> met = [];
        for (var at = "/api/links?results_per_page=2&page=1"; at is not null; )
        {
            var page = (await SendAsync(HttpMethod.Get, at, http: http)).Json;
            met.AddRange(page["data"]!.AsArray().Select(link => link!["id"]!.GetValue<long>()));
            at = page["links"]!["next"]?.GetValue<string>();
        }

        var rules = made.Json["data"]!["settings"]!["targeting_country_code"]!.AsArray();
        Assert.Equal(["GB", "FR"], rules.Select(rule => rule!["key"]!.GetValue<string>()));
        var ids = many.Json["data"]!["ids"]!.AsArray().GetValues<long>().ToList();
        Assert.Equal(ids, many.Json["data"]!["links"]!.AsArray().Select(link => link!["id"]!.GetValue<long>()));
        Assert.Equal([.. ids.OrderDescending(), made.Json["data"]!["id"]!.GetValue<long>()], met);
    }

    [Fact]
    public async Task A_program_with_axios_changes_a_field_and_sends_the_whole_link_back()
    {
        var made = await AxiosAsync(
            HttpMethod.Post,
            "/api/links",
            """{"location_url":"https://example.com/","password":null,"pixels_ids":[],"clicks_limit":null,"sensitive_content":false}"""
        );
        var link = made.Json["data"]!.DeepClone().AsObject();
        link["settings"]!["utm_campaign"] = "spring";
        link["is_enabled"] = false;

        var changed = await AxiosAsync(HttpMethod.Put, $"/api/links/{link["id"]}", link.ToJsonString());

        Assert.Equal(HttpStatusCode.OK, changed.Status);
        var after = changed.Json["data"]!;
        Assert.Null(after["warnings"]);
        Assert.Equal(link["settings"]!.ToJsonString(), after["settings"]!.ToJsonString());
        Assert.False(after["is_enabled"]!.GetValue<bool>());
        Assert.Equal(link["url"]!.GetValue<string>(), after["url"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_page_asks_first_then_creates_and_reads_its_errors()
    {
        (string, string) origin = ("Origin", "https://tool.example");
        var asked = await SendAsync(
            HttpMethod.Options,
            "/api/links",
            null,
            Server.Anonymous,
            origin,
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "authorization,content-type,idempotency-key")
        );
        Assert.Contains("POST", asked.Headers["Access-Control-Allow-Methods"], StringComparison.Ordinal);
        Assert.Contains("idempotency-key", asked.Headers["Access-Control-Allow-Headers"], StringComparison.Ordinal);

        var json = """{"location_url":"https://example.com/"}""";
        var made = await SendAsync(
            HttpMethod.Post,
            "/api/links",
            Bodies.Json(json),
            null,
            origin,
            ("Idempotency-Key", "page-1")
        );
        var wrong = await SendAsync(HttpMethod.Post, "/api/links", Bodies.Json("{}"), null, origin);
        var nobody = await SendAsync(HttpMethod.Get, "/api/user", null, Server.Anonymous, origin);

        Assert.Equal(
            [HttpStatusCode.Created, HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized],
            new[] { made.Status, wrong.Status, nobody.Status }
        );
        Assert.All([made, wrong, nobody], reply => Assert.Equal("*", reply.Headers["Access-Control-Allow-Origin"]));
        Assert.Equal("location_url is required.", wrong.Json["message"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_form_of_a_page_sends_null_for_everything_that_is_not_set()
    {
        var body = Bodies
            .Multipart(
                ("location_url", "https://example.com/"),
                ("url", "null"),
                ("password", "null"),
                ("start_date", "null"),
                ("end_date", "null"),
                ("clicks_limit", "null"),
                ("expiration_url", "null"),
                ("project_id", "null"),
                ("domain_id", "null"),
                ("pixels_ids", "null"),
                ("targeting_type", "null"),
                ("http_status_code", "null"),
                ("cloaking_title", "null"),
                ("cloaking_opengraph", "null"),
                ("utm_source", "null"),
                ("is_enabled", "null"),
                ("sensitive_content", "false")
            )
            .WithFile("cloaking_favicon", [], fileName: "", type: "application/octet-stream");

        var made = await SendAsync(HttpMethod.Post, "/api/links", body);

        Assert.True(made.Status is HttpStatusCode.Created, made.Body);
        var link = made.Json["data"]!;
        var plain = (await PostAsync("/api/links", ("location_url", "https://example.com/"))).Json["data"]!;
        Assert.Equal(plain["settings"]!.ToJsonString(), link["settings"]!.ToJsonString());
        Assert.True(link["is_enabled"]!.GetValue<bool>());
        using var visit = await Server.FollowAsync(link["url"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Found, visit.StatusCode);
    }

    [Fact]
    public async Task An_older_client_reads_its_plan_before_it_creates()
    {
        var user = (await GetAsync("/api/user")).Json["data"]!;

        Assert.Equal("custom", user["plan_id"]!.GetValue<string>());
        Assert.Null(user["plan_expiration_date"]);
        Assert.Equal(-1, user["plan_settings"]!["projects_limit"]!.GetValue<long>());
        Assert.NotEqual(0, user["plan_settings"]!["links_limit"]!.GetValue<long>());
        Assert.Equal("{}", user["billing"]!.ToJsonString());
        foreach (
            var name in (string[])["type", "is_enabled", "country", "last_activity", "total_logins", "plan_trial_done"]
        )
            Assert.True(user.AsObject().ContainsKey(name), name);
    }

    // The parts of curl have no type of their own, and it waits for 100 Continue before a larger body.
    private Task<Reply> CurlAsync(string method, string path, (string Name, string Value)[] fields)
    {
        const string Boundary = "------------------------d74496d66958873e";
        var body = string.Concat(
            fields.Select(field =>
                $"--{Boundary}{Nl}Content-Disposition: form-data; name=\"{field.Name}\"{Nl}{Nl}{field.Value}{Nl}"
            )
        );
        return SendAsync(
            new(method),
            path,
            Bodies.Raw($"multipart/form-data; boundary={Boundary}", $"{body}--{Boundary}--{Nl}"),
            null,
            ("Accept", "*/*"),
            ("Expect", "100-continue")
        );
    }

    private Task<Reply> AxiosAsync(HttpMethod method, string path, string json) =>
        SendAsync(
            method,
            path,
            Bodies.Json(json),
            null,
            ("Accept", "application/json, text/plain, */*"),
            ("User-Agent", "axios/1.7.9")
        );
}
