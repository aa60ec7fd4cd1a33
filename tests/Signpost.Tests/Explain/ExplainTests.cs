using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Redirects;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Links;

namespace Signpost.Tests.Explain;

/// <summary>The response of a link to a visitor, and its reasons.</summary>
public sealed class ExplainTests(SharedServer shared) : ApiTests(shared)
{
    private const string Chrome =
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36";

    private static readonly string[] AllSteps =
    [
        "domain",
        "availability",
        "request",
        "end",
        "password",
        "sensitive_content",
        "splash_page",
        "targeting",
        "parameters",
        "delivery",
    ];

    [Theory]
    [InlineData("json")]
    [InlineData("form")]
    [InlineData("multipart")]
    public async Task A_made_up_visitor_is_told_every_step_and_what_they_would_get(string body)
    {
        var id = await CreateAsync(
            ("targeting_type", "country_code"),
            ("targeting_country_code_key[0]", "FR"),
            ("targeting_country_code_value[0]", "https://example.fr/"),
            ("targeting_country_code_key[1]", "NL"),
            ("targeting_country_code_value[1]", "https://example.nl/?x=1"),
            ("utm_source", "poster"),
            ("forward_query_parameters_is_enabled", "1")
        );

        var data = await ExplainAsync(
            id,
            Bodies.Of(
                body,
                ("ip", "193.0.6.139"),
                ("user_agent", Chrome),
                ("accept_language", "nl-NL,en;q=0.8"),
                ("query", "?y=2")
            )
        );

        Assert.Equal(
            """{"continent_code":"EU","country_code":"NL","city_name":null,"device_type":"mobile","os_name":"Android","os_version":"10","browser_name":"Chrome","browser_version":"137.0.0.0","browser_language":"nl","is_robot":false}""",
            data["visitor"]!.ToJsonString()
        );
        Assert.Equal(AllSteps, data["steps"]!.AsArray().Select(step => Text(step, "step")));
        Assert.All(data["steps"]!.AsArray().SkipLast(1), step => Assert.Equal("passed", Text(step, "outcome")));
        Assert.Equal("settled", Text(data["steps"]![9], "outcome"));
        Assert.Equal(
            "country_code asks for FR, NL. The visitor's is NL: rule 1 matches.",
            Text(data["steps"]![7], "because")
        );
        Assert.Equal(302, data["decision"]!["status"]!.GetValue<int>());
        Assert.Equal("https://example.nl/?x=1&utm_source=poster&y=2", Text(data["decision"], "location"));
        Assert.Equal("targeting_country_code[1]", Text(data["decision"], "rule"));
    }

    [Theory]
    [InlineData("is_enabled", "0", "availability", 404, "The link is disabled.")]
    [InlineData("start_date", "2036-01-01 00:00:00", "availability", 404, "starts at 2036-01-01 00:00:00")]
    [InlineData("end_date", "2030-02-01 00:00:00", "end", 410, "ends at 2030-02-01 00:00:00; the visit is at 2030-03-")]
    public async Task What_settles_it_says_why_and_nothing_after_it_is_reached(
        string field,
        string value,
        string step,
        int status,
        string because
    )
    {
        var id = await CreateAsync((field, value));

        var data = await ExplainAsync(id, Bodies.Json("""{"at": "2030-03-01 12:00"}"""));

        var steps = data["steps"]!.AsArray();
        var at = Array.IndexOf(AllSteps, step);
        Assert.Equal("settled", Text(steps[at], "outcome"));
        Assert.Contains(because, Text(steps[at], "because"), StringComparison.Ordinal);
        Assert.All(steps.Take(at), one => Assert.Equal("passed", Text(one, "outcome")));
        Assert.All(steps.Skip(at + 1), one => Assert.Equal("not_reached", Text(one, "outcome")));
        Assert.Equal(status, data["decision"]!["status"]!.GetValue<int>());
        Assert.Null(data["decision"]!["location"]);
    }

    [Fact]
    public async Task Explaining_counts_nothing_and_consumes_no_click_of_a_limit()
    {
        var link = await Server.CreateLinkAsync(("clicks_limit", "1"), ("expiration_url", "https://example.org/over"));
        for (var i = 0; i < 5; i++)
            Assert.Equal(302, (await ExplainAsync(link.Id))["decision"]!["status"]!.GetValue<int>());
        Assert.Equal(0, await Server.ReadClicksAsync(link.Id));

        using (var visit = await Server.FollowAsync(link.Alias))
            Assert.Equal("https://example.org/", visit.Headers.Location?.OriginalString);

        var spent = await ExplainAsync(link.Id);
        Assert.Equal("settled", Text(spent["steps"]![3], "outcome"));
        Assert.Contains(
            "limit is 1 clicks, of which 1 are used",
            Text(spent["steps"]![3], "because"),
            StringComparison.Ordinal
        );
        Assert.Equal("https://example.org/over", Text(spent["decision"], "location"));
        Assert.Equal(1, await Server.ReadClicksAsync(link.Id));
    }

    [Fact]
    public async Task Headers_make_a_prefetch_and_a_robot_is_told_from_its_agent()
    {
        var id = await CreateAsync();

        var ahead = await ExplainAsync(id, Bodies.Json("""{"headers": {"Sec-Purpose": "prefetch;prerender"}}"""));
        Assert.Equal(503, ahead["decision"]!["status"]!.GetValue<int>());
        Assert.Equal("settled", Text(ahead["steps"]![2], "outcome"));

        var robot = await ExplainAsync(
            id,
            Bodies.Json("""{"headers": [{"key": "User-Agent", "value": "Mozilla/5.0 (compatible; Googlebot/2.1)"}]}""")
        );
        Assert.True(robot["visitor"]!["is_robot"]!.GetValue<bool>());
        Assert.Contains("by a robot", Text(robot["steps"]![2], "because"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_explained_is_what_a_visitor_gets()
    {
        var link = await Server.CreateLinkAsync(
            ("targeting_type", "browser_language"),
            ("targeting_browser_language_key[0]", "fr"),
            ("targeting_browser_language_value[0]", "https://example.fr/"),
            ("targeting_browser_language_key[1]", "en-GB"),
            ("targeting_browser_language_value[1]", "https://example.uk/")
        );

        foreach (
            var languages in (string[])["fr", "en", "en-GB,fr;q=0.9", "de,fr;q=0.1", "*", ";;;", "en-gb;q=0,fr;q=0.001"]
        )
        {
            using var visit = await Server.FollowAsync(link.Alias, headers: [("Accept-Language", languages)]);
            var data = await ExplainAsync(link.Id, Bodies.Form(("accept_language", languages)));

            Assert.Equal(visit.Headers.Location?.OriginalString, Text(data["decision"], "location"));
        }
    }

    [Theory]
    [InlineData("go.example.org")]
    [InlineData("GO.example.org.:8080")]
    [InlineData("[2001:db8::1]:8080")]
    [InlineData("b\u00FCcher.example")]
    [InlineData("my_host")]
    public async Task Any_host_may_be_asked_where_any_is_served(string domain)
    {
        var data = await ExplainAsync(await CreateAsync(), Bodies.Form(("domain", domain)));

        Assert.Equal("passed", Text(data["steps"]![0], "outcome"));
    }

    [Fact]
    public async Task An_app_s_address_takes_no_parameters_and_it_says_so()
    {
        var id = await CreateAsync(("utm_source", "poster"), ("forward_query_parameters_is_enabled", "1"));
        await PostAsync($"/api/links/{id}", ("location_url", "mailto:a@example.org"));

        var data = await ExplainAsync(id, Bodies.Form(("query", "subject=x")));

        Assert.Equal("mailto:a@example.org", Text(data["decision"], "location"));
        Assert.Equal("The destination is an app's address: it gets no parameters.", Text(data["steps"]![8], "because"));
    }

    [Theory]
    [InlineData(null, "2030-03-01 12:00", "", "It is over, and has no expiration_url.")]
    [InlineData(
        "https://example.org/over",
        "2030-03-01 12:00",
        "",
        "It is over: the visitor goes to its expiration_url."
    )]
    [InlineData("https://example.org/over", "2030-03-01 12:00", "Googlebot/2.1", "goes to its expiration_url.")]
    [InlineData(
        "https://example.org/over",
        "2030-01-01 12:00",
        "Googlebot/2.1",
        "A robot consumes no click and does not learn the destination of a limited link."
    )]
    public async Task The_end_says_where_it_leads_and_to_robots_only_what_holds_for_them(
        string? over,
        string at,
        string agent,
        string because
    )
    {
        var id = await CreateAsync(
            ("end_date", "2030-02-01 00:00:00"),
            ("clicks_limit", "5"),
            ("expiration_url", over ?? "")
        );

        var data = await ExplainAsync(id, Bodies.Form(("at", at), ("user_agent", agent)));

        Assert.Equal("settled", Text(data["steps"]![3], "outcome"));
        Assert.EndsWith(because, Text(data["steps"]![3], "because"), StringComparison.Ordinal);
        Assert.Equal(
            over is not null && because.EndsWith("expiration_url.", StringComparison.Ordinal) ? over : null,
            Text(data["decision"], "location")
        );
    }

    [Theory]
    [InlineData("ip", "999.1.1.1")]
    [InlineData("ip", "1")]
    [InlineData("ip", "0x7f.1")]
    [InlineData("ip", "[::1]")]
    [InlineData("ip", "example.org")]
    [InlineData("at", "tomorrow")]
    [InlineData("query", "a#b")]
    [InlineData("query", "a\nb")]
    [InlineData("domain", "https://example.org/")]
    [InlineData("domain", "a@b")]
    [InlineData("domain", "[")]
    [InlineData("domain", ":")]
    [InlineData("domain", "a:b:c")]
    [InlineData("domain", "a..b")]
    [InlineData("user_agent", "a\u0000b")]
    public async Task A_wrong_field_is_named(string field, string value)
    {
        var id = await CreateAsync();

        var reply = await PostAsync($"/api/links/{id}/explain", (field, value));

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal([field], reply.WrongFields);
    }

    [Theory]
    [InlineData("""{"headers": {"a b": "x"}}""")]
    [InlineData("""{"headers": {"": "x"}}""")]
    [InlineData("""{"headers": {"X-A": ["x"]}}""")]
    [InlineData("""{"headers": {"X-A": {"b": "x"}}}""")]
    [InlineData("""{"headers": {"X-A": "a\r\nb"}}""")]
    [InlineData("""{"headers": [{"key": "X-A"}]}""")]
    [InlineData("""{"headers": "X-A: b"}""")]
    public async Task Headers_that_no_request_can_carry_are_refused(string body)
    {
        var id = await CreateAsync();

        var reply = await SendAsync(HttpMethod.Post, $"/api/links/{id}/explain", Bodies.Json(body));

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal("headers", reply.WrongFields[0].Split('[')[0]);
    }

    [Fact]
    public async Task Somebody_else_s_link_is_explained_no_more_than_a_missing_one()
    {
        var id = await CreateAsync();
        using var stranger = await StrangerAsync();

        var foreign = await SendAsync(HttpMethod.Post, $"/api/links/{id}/explain", http: stranger);
        var missing = await SendAsync(HttpMethod.Post, "/api/links/987654321/explain/", http: stranger);

        Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
        Assert.Equal(missing.Body, foreign.Body);
    }

    [Fact]
    public async Task A_visitor_is_classified_alone()
    {
        var reply = await SendAsync(
            HttpMethod.Post,
            "/api/visitor/",
            Bodies.Json(
                """{"ip": "2600:1f18::1", "user_agent": "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0", "accept_language": "en-US"}"""
            )
        );

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal(
            """{"continent_code":"NA","country_code":"US","city_name":null,"device_type":"desktop","os_name":"Linux","os_version":null,"browser_name":"Firefox","browser_version":"139.0","browser_language":"en","is_robot":false}""",
            reply.Json["data"]!.ToJsonString()
        );
    }

    [Fact]
    public async Task Of_nobody_nothing_is_known()
    {
        var reply = await SendAsync(HttpMethod.Post, "/api/visitor");

        Assert.Equal(
            """{"continent_code":null,"country_code":null,"city_name":null,"device_type":null,"os_name":null,"os_version":null,"browser_name":null,"browser_version":null,"browser_language":null,"is_robot":false}""",
            reply.Json["data"]!.ToJsonString()
        );
    }

    [Fact]
    public async Task The_gates_of_a_link_are_passed_by_who_is_said_to_have_passed_them()
    {
        var id = await CreateAsync(("password", "open sesame"), ("sensitive_content", "1"));
        // An address that nobody is asked for whether it may be framed.
        await PostAsync($"/api/links/{id}", ("location_url", "https://192.0.2.1/"), ("cloaking_is_enabled", "1"));

        var stranger = await ExplainAsync(id, Bodies.Form(("has_agreed", "1")));
        var unlocked = await ExplainAsync(id, Bodies.Form(("is_unlocked", "yes")));
        var through = await ExplainAsync(id, Bodies.Json("""{"is_unlocked": true, "has_agreed": true}"""));

        Assert.Equal(
            ("settled", "The link has a password, and the visitor has not given it.", 401),
            (Text(stranger["steps"]![4], "outcome"), Text(stranger["steps"]![4], "because"), Status(stranger))
        );
        Assert.Equal("The link has a password, and the visitor has given it.", Text(unlocked["steps"]![4], "because"));
        Assert.Equal(
            ("settled", "The link warns of its content, and the visitor has not agreed yet.", 200),
            (Text(unlocked["steps"]![5], "outcome"), Text(unlocked["steps"]![5], "because"), Status(unlocked))
        );
        Assert.Null(unlocked["decision"]!["location"]);
        Assert.Equal(
            "The link warns of its content, and the visitor has agreed.",
            Text(through["steps"]![5], "because")
        );
        Assert.Equal(
            ("settled", "A page with 200 that holds the destination in a frame."),
            (Text(through["steps"]![9], "outcome"), Text(through["steps"]![9], "because"))
        );
        Assert.Equal("https://192.0.2.1/", Text(through["decision"], "location"));
    }

    [Fact]
    public async Task The_splash_page_of_a_link_is_a_step()
    {
        var page = await PostAsync("/api/splash-pages", ("name", "Spring"));
        var id = await CreateAsync(("splash_page_id", page.Json["data"]!["id"]!.ToJsonString()));

        var before = await ExplainAsync(id, Bodies.Form());
        var after = await ExplainAsync(id, Bodies.Form(("has_continued", "1")));

        Assert.Equal(
            ("settled", "The link has a splash page, and the visitor has not continued yet.", 200, "splash"),
            (
                Text(before["steps"]![6], "outcome"),
                Text(before["steps"]![6], "because"),
                Status(before),
                Text(before["decision"], "kind")
            )
        );
        Assert.Equal("The link has a splash page, and the visitor has continued.", Text(after["steps"]![6], "because"));
        Assert.Equal("https://example.org/", Text(after["decision"], "location"));
    }

    [Theory]
    [InlineData("is_unlocked")]
    [InlineData("has_agreed")]
    [InlineData("has_continued")]
    public async Task Whether_a_gate_was_passed_is_yes_or_no(string field)
    {
        var reply = await PostAsync($"/api/links/{await CreateAsync()}/explain", (field, "perhaps"));

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal([field], reply.WrongFields);
    }

    [Fact]
    public async Task A_preview_is_not_explained_as_a_missing_match()
    {
        var id = await CreateAsync(
            ("cloaking_title", "A title"),
            ("targeting_type", "browser_language"),
            ("targeting_browser_language_key[0]", "fr"),
            ("targeting_browser_language_value[0]", "https://example.fr/")
        );

        var data = await ExplainAsync(
            id,
            Bodies.Form(("accept_language", "fr"), ("user_agent", "facebookexternalhit/1.1"))
        );

        Assert.Equal(
            "browser_language is not used: the preview is the same for all.",
            Text(data["steps"]![7], "because")
        );
    }

    [Fact]
    public async Task A_path_to_explain_hides_no_page_of_the_server_and_fills_no_memory()
    {
        var id = await CreateAsync();
        var plans = Server.Services.GetRequiredService<PlanCache>();
        var before = plans.Bytes;

        foreach (var path in (string[])["/healthz", "/login).", "/unknown", "/unknown&a=b"])
            Assert.Equal(404, Status(await ExplainAsync(id, Bodies.Form(("path", path)))));

        Assert.Equal(before, plans.Bytes);
        foreach (var page in (string[])["healthz", "login"])
            using (var response = await Server.FollowAsync(page))
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static int Status(JsonNode data) => data["decision"]!["status"]!.GetValue<int>();

    private async Task<JsonNode> ExplainAsync(long id, HttpContent? body = null)
    {
        var reply = await SendAsync(HttpMethod.Post, $"/api/links/{id}/explain", body);
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Body);
        return reply.Json["data"]!;
    }

    private static string? Text(JsonNode? node, string name) => node![name]?.GetValue<string>();
}
