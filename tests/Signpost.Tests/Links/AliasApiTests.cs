using System.Net;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Links;

/// <summary>The owners of aliases, and for how long.</summary>
public sealed class AliasApiTests(SharedServer shared) : ApiTests(shared)
{
    [Theory]
    [InlineData("Straße", "straße")]
    [InlineData("Case", "cASE")]
    [InlineData("Caf\u00e9", "Cafe\u0301")]
    [InlineData("a/B/c", "A/b/C")]
    public async Task Two_spellings_of_one_alias_are_one(string first, string second)
    {
        var id = await CreateAsync(("url", first));

        var reply = await PostAsync("/api/links", ("url", second), ("location_url", "https://example.org/"));

        Assert.Equal(HttpStatusCode.Conflict, reply.Status);
        Assert.Equal(
            $$$"""{"message":"The alias already exists.","errors":[{"title":"The alias already exists.","status":"409","field":"url","link_id":{{{id}}}}]}""",
            reply.Body
        );
        Assert.Equal(first, (await ReadAsync(id))["url"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_wrong_field_wins_over_a_taken_alias()
    {
        await CreateAsync(("url", "wins"));

        var reply = await PostAsync("/api/links", ("url", "wins"), ("location_url", "nope"));

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(["location_url"], reply.WrongFields);
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("rename")]
    public async Task An_alias_that_was_given_up_stays_its_accounts_for_a_while(string how)
    {
        using var stranger = await StrangerAsync();
        var alias = $"given-up-{how}";
        var id = await CreateAsync(("url", alias));
        if (how == "delete")
            await SendAsync(HttpMethod.Delete, $"/api/links/{id}?permanent=1");
        else
            Assert.Equal(HttpStatusCode.OK, (await PostAsync($"/api/links/{id}", ("url", alias + "-new"))).Status);

        var body = () => Bodies.Form(("url", alias.ToUpperInvariant()), ("location_url", "https://example.org/"));
        var theirs = await SendAsync(HttpMethod.Post, "/api/links", body(), stranger);
        var mine = await SendAsync(HttpMethod.Post, "/api/links", body());

        Assert.Equal(HttpStatusCode.Conflict, theirs.Status);
        Assert.Equal("The alias already exists.", theirs.Json["message"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Created, mine.Status);
    }

    [Fact]
    public async Task An_alias_is_everybodys_after_thirty_days()
    {
        var clock = new ManualClock();
        await using var server = await Testing.TestServer.StartAsync(clock, null);
        using var stranger = await Strangers.NewAsync(server, "UTC", Cancel);
        var body = () => Bodies.Form(("url", "patience"), ("location_url", "https://example.org/"));
        var made = await SendAsync(HttpMethod.Post, "/api/links", body(), server.Http);
        await SendAsync(HttpMethod.Delete, $"/api/links/{made.Json["data"]!["id"]}?permanent=1", http: server.Http);

        clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        Assert.Equal(
            HttpStatusCode.Conflict,
            (await SendAsync(HttpMethod.Post, "/api/links", body(), stranger)).Status
        );
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(HttpMethod.Post, "/api/links", body(), stranger)).Status);
    }

    [Fact]
    public async Task On_update_an_empty_alias_is_drawn_and_an_absent_one_stays()
    {
        var id = await CreateAsync(("url", "to-redraw"));

        await PostAsync($"/api/links/{id}", ("utm_source", "x"));
        Assert.Equal("to-redraw", (await ReadAsync(id))["url"]!.GetValue<string>());
        await PostAsync($"/api/links/{id}", ("url", "null"));
        Assert.Equal("to-redraw", (await ReadAsync(id))["url"]!.GetValue<string>());
        await SendAsync(HttpMethod.Post, $"/api/links/{id}", Bodies.Json("""{"url":null}"""));
        Assert.Equal("to-redraw", (await ReadAsync(id))["url"]!.GetValue<string>());
        await PostAsync($"/api/links/{id}", ("url", " "));
        Assert.Matches("^[23456789abcdefghjkmnpqrstuvwxyz]{7}$", (await ReadAsync(id))["url"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_link_may_change_the_case_of_its_own_alias_and_take_an_old_one_back()
    {
        var id = await CreateAsync(("url", "ping"));

        foreach (var alias in (string[])["PING", "pong", "ping", "Ping"])
        {
            Assert.Equal(HttpStatusCode.OK, (await PostAsync($"/api/links/{id}", ("url", alias))).Status);
            Assert.Equal(alias, (await ReadAsync(id))["url"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task A_short_address_is_ASCII_and_leads_to_the_link()
    {
        var made = await PostAsync("/api/links", ("url", "grüße/welt"), ("location_url", "https://example.org/x"));

        var address = made.Json["data"]!["short_url"]!.GetValue<string>();
        Assert.Equal($"{Server.Url}/gr%C3%BC%C3%9Fe/welt", address);
        using var visit = await Server.Anonymous.GetAsync(address, Cancel);
        Assert.Equal(HttpStatusCode.Redirect, visit.StatusCode);
        Assert.Equal("https://example.org/x", visit.Headers.Location!.ToString());
    }

    [Fact]
    public async Task One_of_fifty_requests_for_an_alias_gets_it()
    {
        var replies = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(n => PostAsync("/api/links", ("url", "coveted"), ("location_url", $"https://r{n}.example/")))
        );

        Assert.Single(replies, reply => reply.Status == HttpStatusCode.Created);
        Assert.Equal(49, replies.Count(reply => reply.Status == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Updates_and_a_delete_at_once_leave_no_ghost()
    {
        var id = await CreateAsync(("url", "ghost"));

        var replies = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(n =>
                    n == 10
                        ? SendAsync(HttpMethod.Delete, $"/api/links/{id}?permanent=1")
                        : PostAsync($"/api/links/{id}", ("location_url", $"https://u{n}.example/"))
                )
        );

        Assert.All(replies, reply => Assert.Contains((int)reply.Status, (int[])[200, 204, 404]));
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/api/links/{id}")).Status);
        using var visit = await Server.Anonymous.GetAsync("/ghost", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, visit.StatusCode);
    }

    [Fact]
    public async Task The_very_next_visit_sees_an_edit()
    {
        var id = await CreateAsync(("url", "edit-me"));
        for (var n = 0; n < 20; n++)
        {
            await PostAsync(
                $"/api/links/{id}",
                ("location_url", $"https://v{n}.example/"),
                ("url", $"edit-me-{n % 2}")
            );
            using var visit = await Server.Anonymous.GetAsync($"/edit-me-{n % 2}", Cancel);
            Assert.Equal($"https://v{n}.example/", visit.Headers.Location?.ToString());
            using var old = await Server.Anonymous.GetAsync($"/edit-me-{(n + 1) % 2}", Cancel);
            Assert.Equal(HttpStatusCode.NotFound, old.StatusCode);
        }
    }

    [Theory]
    [InlineData("my.example", "http://my.example/ringed", 400)]
    [InlineData("my.example:8080", "https://MY.example.:8080/Ringed", 400)]
    [InlineData("my.example:8080", "http://my.example/ringed", 201)]
    [InlineData("other.example", "http://my.example/ringed", 201)]
    public async Task The_host_of_the_request_is_one_more_name_of_this_server(string host, string target, int status)
    {
        var body = Bodies.Form([("url", "ringed"), ("location_url", target)]);

        var reply = await SendAsync(HttpMethod.Post, "/api/links", body, null, ("Host", host));

        Assert.Equal(status, (int)reply.Status);
        if (status == 201)
            await SendAsync(HttpMethod.Delete, $"/api/links/{reply.Json["data"]!["id"]}?permanent=1");
    }

    [Theory]
    [InlineData("location_url", "{0}/LOOP")]
    [InlineData("location_url", "{0}/loop/?x=1#y")]
    [InlineData("location_url", "{1}/%6Coop")]
    [InlineData("expiration_url", "{0}/loop")]
    [InlineData("targeting_country_code_value[0]", "{0}/loop")]
    public async Task A_link_never_leads_to_itself(string field, string address)
    {
        var target = string.Format(
            System.Globalization.CultureInfo.InvariantCulture,
            address,
            Server.Url,
            Server.Url.Replace("127.0.0.1", "LOCALHOST", StringComparison.Ordinal)
        );
        (string, string)[] fields =
        [
            ("targeting_country_code_key[0]", "FR"),
            ("targeting_country_code_value[0]", "https://a.example"),
        ];
        (string, string)[] sent = [.. fields.Where(one => one.Item1 != field), (field, target)];

        var created = await PostAsync("/api/links", [("url", "loop"), .. With(sent, "location_url")]);
        var id = await CreateAsync([("url", "loop-later"), .. sent.Where(one => one.Item1 != "location_url")]);
        if (field == "location_url")
            await PostAsync($"/api/links/{id}", sent);
        var renamed = await PostAsync($"/api/links/{id}", ("url", "loop"));
        var other = await CreateAsync(("url", "loop"));
        var updated = await PostAsync($"/api/links/{other}", sent);

        Assert.Equal([field], created.WrongFields);
        Assert.Equal(["url"], renamed.WrongFields);
        Assert.Equal([field], updated.WrongFields);
        await SendAsync(HttpMethod.Delete, $"/api/links/{id}?permanent=1");
        await SendAsync(HttpMethod.Delete, $"/api/links/{other}?permanent=1");
    }

    private static (string, string)[] With((string Name, string)[] fields, string name) =>
        fields.Any(field => field.Name == name) ? fields : [(name, "https://example.org/"), .. fields];
}
