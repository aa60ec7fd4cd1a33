using System.Net;
using Signpost.Tests.Api;

namespace Signpost.Tests.Domains;

/// <summary>Responses to visitors on a custom domain, and the links that it may have.</summary>
public sealed class ServingTests(DomainServer shared) : DomainTests(shared)
{
    [Fact]
    public async Task One_alias_leads_elsewhere_on_each_domain()
    {
        var (first, second) = (NewHost(), NewHost());
        var (one, two) = (await DomainAsync(first), await DomainAsync(second, null, ("scheme", "http://")));
        var alias = NewAlias();
        await MakeAsync(("url", alias), ("location_url", "https://main.example/"));
        var onFirst = await PostAsync("/api/links", Link(alias, "https://first.example/", one));
        var id = await MakeAsync(Link(alias, "https://second.example/", two));

        Assert.Equal($"https://{first}/{alias}", onFirst.Json["data"]!["short_url"]!.GetValue<string>());
        Assert.Equal($"http://{second}/{alias}", (await ReadAsync(id))["short_url"]!.GetValue<string>());
        Assert.Equal(two, (await ReadAsync(id))["domain_id"]!.GetValue<long>());
        Assert.Equal("302 https://main.example/", await FollowAsync("main.example", $"/{alias}"));
        foreach (
            var spelling in (string[])[first, first.ToUpperInvariant(), $"{first}.", $"{first}:8080", $"{first}.:1"]
        )
            Assert.Equal("302 https://first.example/", await FollowAsync(spelling, $"/{alias}"));
        Assert.Equal("302 https://second.example/", await FollowAsync(second, $"/{alias}"));
    }

    [Fact]
    public async Task A_domain_beyond_ASCII_is_met_in_punycode()
    {
        var host = $"bücher-{Guid.NewGuid():N}.example";
        var id = await DomainAsync(host);
        var alias = NewAlias();
        await MakeAsync(Link(alias, "https://first.example/", id));

        var ascii = (await DomainAsync(id))["host"]!.GetValue<string>();

        Assert.StartsWith("xn--", ascii, StringComparison.Ordinal);
        Assert.Equal("302 https://first.example/", await FollowAsync(ascii, $"/{alias}"));
        Assert.Equal(HttpStatusCode.OK, await CheckAsync(Uri.EscapeDataString(host)));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api")]
    [InlineData("/api/links")]
    [InlineData("/API/links/")]
    [InlineData("/api/domains/check?domain=x")]
    [InlineData("/docs")]
    [InlineData("/docs/viewer.js")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/setup/x")]
    [InlineData("/login")]
    [InlineData("/files/x")]
    [InlineData("/.well-known/acme-challenge/x")]
    [InlineData("/_signpost/x")]
    [InlineData("/a//b")]
    [InlineData("/x/%2e%2e/api/links")]
    public async Task A_custom_domain_serves_links_and_nothing_else_of_the_server(string path)
    {
        var host = NewHost();
        await DomainAsync(host);

        foreach (var method in (string[])["GET", "HEAD", "POST", "DELETE"])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.Host = host;
            using var response = await Server.Http.SendAsync(request, Cancel);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        }
    }

    [Theory]
    [InlineData("/robots.txt")]
    [InlineData("/favicon.ico")]
    public async Task Every_domain_has_the_files_that_are_asked_for_by_name(string path)
    {
        var host = NewHost();
        await DomainAsync(host);

        Assert.Equal("200", await FollowAsync(host, path));
    }

    [Theory]
    [InlineData("api", true)]
    [InlineData("docs/x", true)]
    [InlineData("login", true)]
    [InlineData("robots.txt", false)]
    [InlineData("Favicon.ICO", false)]
    [InlineData(".well-known/x", false)]
    [InlineData("_signpost", false)]
    public async Task Names_that_the_main_domain_needs_are_free_on_others(string alias, bool isFree)
    {
        var host = NewHost();
        var id = await DomainAsync(host);

        var made = await PostAsync("/api/links", Link(alias, "https://first.example/", id));

        if (!isFree)
        {
            Assert.Equal((HttpStatusCode.BadRequest, "url"), (made.Status, made.WrongFields.Single()));
            return;
        }

        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal("302 https://first.example/", await FollowAsync(host, $"/{alias}"));
        var moved = await PostAsync($"/api/links/{made.Json["data"]!["id"]}", ("domain_id", "0"));
        Assert.Equal((HttpStatusCode.BadRequest, "domain_id"), (moved.Status, moved.WrongFields.Single()));
    }

    [Fact]
    public async Task A_domains_own_addresses_for_its_root_and_for_what_is_unknown()
    {
        var host = NewHost();
        var id = await DomainAsync(host);
        var known = NewAlias();
        var link = await MakeAsync(Link(known, "https://first.example/", id));
        Assert.Equal("404", await FollowAsync(host, "/"));
        Assert.Equal("404", await FollowAsync(host, "/nobody"));

        await PostAsync($"/api/domains/{id}", ("custom_not_found_url", "https://lost.example/?a=1"));
        Assert.Equal("302 https://lost.example/?a=1", await FollowAsync(host, "/nobody"));
        Assert.Equal("302 https://lost.example/?a=1", await FollowAsync(host, "/no//body"));
        Assert.Equal("302 https://lost.example/?a=1", await FollowAsync(host, "/"));
        Assert.Equal("404", await FollowAsync(host, "/nobody", "POST"));
        Assert.Equal("302 https://first.example/", await FollowAsync(host, $"/{known}"));

        await PostAsync($"/api/links/{link}", ("is_enabled", "0"));
        Assert.Equal("302 https://lost.example/?a=1", await FollowAsync(host, $"/{known}"));

        await PostAsync($"/api/domains/{id}", ("custom_index_url", "https://home.example"));
        Assert.Equal("302 https://home.example/", await FollowAsync(host, "/"));
        Assert.Equal("302 https://home.example/", await FollowAsync(host, "/", "HEAD"));

        await PostAsync($"/api/domains/{id}", ("custom_index_url", ""), ("custom_not_found_url", ""));
        Assert.Equal("404", await FollowAsync(host, "/"));
    }

    [Theory]
    [InlineData("custom_index_url", "https://{0}", false)]
    [InlineData("custom_index_url", "http://{0}.:80/?x", false)]
    [InlineData("custom_index_url", "https://{0}/home", true)]
    [InlineData("custom_not_found_url", "https://{0}/lost", false)]
    [InlineData("custom_index_url", "http://www.{0}", false)]
    [InlineData("custom_not_found_url", "http://www.{0}/lost", false)]
    [InlineData("custom_index_url", "javascript:alert(1)", false)]
    [InlineData("custom_not_found_url", "https://a.example/\nSet-Cookie: x", false)]
    public async Task A_domain_does_not_lead_to_itself(string field, string url, bool isRight)
    {
        var host = NewHost();
        var id = await ClaimAsync(host);

        var reply = await PostAsync($"/api/domains/{id}", (field, url.Replace("{0}", host, StringComparison.Ordinal)));

        Assert.Equal(isRight ? HttpStatusCode.OK : HttpStatusCode.BadRequest, reply.Status);
        if (!isRight)
            Assert.Equal([field], reply.WrongFields);
    }

    [Fact]
    public async Task A_domain_that_is_switched_off_is_a_strangers_host_at_once()
    {
        var host = NewHost();
        var id = await DomainAsync(host);
        var alias = NewAlias();
        await MakeAsync(Link(alias, "https://first.example/", id));

        await PostAsync($"/api/domains/{id}", ("is_enabled", "0"));
        Assert.Equal("404", await FollowAsync(host, $"/{alias}"));
        Assert.Equal(HttpStatusCode.NotFound, await CheckAsync(host));
        var refused = await PostAsync("/api/links", Link(NewAlias(), "https://first.example/", id));
        Assert.Equal((HttpStatusCode.BadRequest, "domain_id"), (refused.Status, refused.WrongFields.Single()));

        await PostAsync($"/api/domains/{id}", ("is_enabled", "1"));
        Assert.Equal("302 https://first.example/", await FollowAsync(host, $"/{alias}"));
    }

    [Fact]
    public async Task A_link_needs_a_verified_domain_of_its_own_account()
    {
        using var stranger = await StrangerAsync();
        var foreign = await DomainAsync(NewHost(), stranger);
        var unverified = await ClaimAsync(NewHost());
        var id = await MakeAsync();

        List<string> bodies = [];
        foreach (var domain in (long[])[foreign, unverified, 999_999_999])
        foreach (var path in (string[])["/api/links", $"/api/links/{id}"])
        {
            var reply = await PostAsync(path, Link(NewAlias(), "https://first.example/", domain));
            Assert.Equal((HttpStatusCode.BadRequest, "domain_id"), (reply.Status, reply.WrongFields.Single()));
            bodies.Add(reply.Body);
        }

        Assert.Single(bodies.Distinct());
    }

    [Fact]
    public async Task A_link_moves_between_domains_and_leaves_its_alias_behind()
    {
        var host = NewHost();
        var domain = await DomainAsync(host);
        var alias = NewAlias();
        var id = await MakeAsync(("url", alias), ("location_url", "https://first.example/"));
        Assert.Equal("302 https://first.example/", await FollowAsync("main.example", $"/{alias}"));
        Assert.Equal("404", await FollowAsync(host, $"/{alias}"));

        await PostAsync($"/api/links/{id}", ("domain_id", $"{domain}"));

        Assert.Equal("404", await FollowAsync("main.example", $"/{alias}"));
        Assert.Equal("302 https://first.example/", await FollowAsync(host, $"/{alias}"));
        Assert.Equal($"https://{host}/{alias}", (await ReadAsync(id))["short_url"]!.GetValue<string>());
        using var stranger = await StrangerAsync();
        var taken = await SendAsync(
            HttpMethod.Post,
            "/api/links",
            Bodies.Form(("url", alias), ("location_url", "https://other.example/")),
            stranger
        );
        Assert.Equal(HttpStatusCode.Conflict, taken.Status);

        // Clients may send back the values that they read, even while the domain is disabled.
        await PostAsync($"/api/domains/{domain}", ("is_enabled", "0"));
        Assert.Equal(
            HttpStatusCode.OK,
            (await PostAsync($"/api/links/{id}", ("domain_id", $"{domain}"), ("url", alias))).Status
        );
        Assert.Equal(HttpStatusCode.OK, (await PostAsync($"/api/links/{id}", ("domain_id", "0"))).Status);
        Assert.Equal("302 https://first.example/", await FollowAsync("main.example", $"/{alias}"));
    }

    [Fact]
    public async Task A_link_cannot_move_to_where_its_alias_is_taken()
    {
        var domain = await DomainAsync(NewHost());
        var alias = NewAlias();
        await MakeAsync(Link(alias, "https://first.example/", domain));
        var id = await MakeAsync(("url", alias));

        var reply = await PostAsync($"/api/links/{id}", ("domain_id", $"{domain}"));

        Assert.Equal((HttpStatusCode.Conflict, "domain_id"), (reply.Status, reply.WrongFields.Single()));
        Assert.Equal(0, (await ReadAsync(id))["domain_id"]!.GetValue<long>());
    }

    [Fact]
    public async Task A_link_does_not_lead_to_itself_on_its_domain()
    {
        var host = NewHost();
        var domain = await DomainAsync(host);
        var alias = NewAlias();
        var self = $"http://{host.ToUpperInvariant()}.:8080/{alias.ToUpperInvariant()}?x#y";

        var made = await PostAsync("/api/links", Link(alias, self, domain));
        var onMain = await MakeAsync(("url", alias), ("location_url", self));
        var moved = await PostAsync($"/api/links/{onMain}", ("domain_id", $"{domain}"));

        Assert.Equal((HttpStatusCode.BadRequest, "location_url"), (made.Status, made.WrongFields.Single()));
        Assert.Equal((HttpStatusCode.BadRequest, "domain_id"), (moved.Status, moved.WrongFields.Single()));
    }

    [Fact]
    public async Task A_bulk_can_be_on_a_domain()
    {
        var host = NewHost();
        var domain = await DomainAsync(host);

        var made = await PostAsync(
            "/api/links",
            ("is_bulk", "1"),
            ("location_urls", "https://a.example/\nhttps://b.example/"),
            ("domain_id", $"{domain}")
        );

        var links = made.Json["data"]!["links"]!.AsArray();
        Assert.All(
            links,
            link =>
                Assert.StartsWith($"https://{host}/", link!["short_url"]!.GetValue<string>(), StringComparison.Ordinal)
        );
        Assert.Equal("302 https://b.example/", await FollowAsync(host, $"/{links[1]!["url"]}"));
        Assert.Equal(2, (await GetAsync($"/api/links?domain_id={domain}")).Json["meta"]!["total"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_domain_with_links_is_not_deleted_unless_something_is_said_of_them()
    {
        var host = NewHost();
        var domain = await DomainAsync(host);
        await MakeAsync(Link(NewAlias(), "https://first.example/", domain));

        var unsaid = await SendAsync(HttpMethod.Delete, $"/api/domains/{domain}");
        var wrong = await SendAsync(HttpMethod.Delete, $"/api/domains/{domain}?links=keep");

        Assert.Equal((HttpStatusCode.Conflict, "links"), (unsaid.Status, unsaid.WrongFields.Single()));
        Assert.Contains("1 link.", unsaid.Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.BadRequest, "links"), (wrong.Status, wrong.WrongFields.Single()));
        Assert.Equal(HttpStatusCode.OK, await CheckAsync(host));
    }

    [Fact]
    public async Task Links_go_with_their_domain_when_that_is_said()
    {
        var host = NewHost();
        var domain = await DomainAsync(host);
        var alias = NewAlias();
        var made = await SendAsync(
            HttpMethod.Post,
            "/api/links",
            Bodies
                .Multipart([.. Link(alias, "https://first.example/", domain)])
                .WithFile("cloaking_favicon", Bodies.Png)
        );
        var id = made.Json["data"]!["id"]!.GetValue<long>();
        var picture = new Uri((await ReadAsync(id))["settings"]!["cloaking_favicon"]!.GetValue<string>()).AbsolutePath;
        Assert.Equal("302 https://first.example/", await FollowAsync(host, $"/{alias}"));

        var deleted = await SendAsync(HttpMethod.Delete, $"/api/domains/{domain}?links=delete");

        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/api/links/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(picture)).Status);
        Assert.Equal("404", await FollowAsync(host, $"/{alias}"));
        Assert.Equal(HttpStatusCode.NotFound, await CheckAsync(host));
    }

    [Fact]
    public async Task Links_move_to_the_main_domain_when_that_is_said_and_all_can()
    {
        var host = NewHost();
        var domain = await DomainAsync(host);
        var (alias, taken) = (NewAlias(), NewAlias());
        var id = await MakeAsync(Link(alias, "https://first.example/", domain));
        await MakeAsync(Link("docs", "https://first.example/", domain));
        var conflicting = await MakeAsync(Link(taken, "https://first.example/", domain));
        await MakeAsync(("url", taken));
        // Unknown until now, and cached as unknown.
        Assert.Equal("404", await FollowAsync("main.example", $"/{alias}"));

        var refused = await SendAsync(HttpMethod.Delete, $"/api/domains/{domain}?links=move");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        var titles = refused.Json["errors"]!.AsArray().Select(error => error!["title"]!.GetValue<string>()).ToList();
        Assert.Equal(2, titles.Count);
        Assert.Contains(titles, title => title.Contains(" docs ", StringComparison.Ordinal));
        Assert.Contains(titles, title => title.Contains(taken, StringComparison.Ordinal));
        Assert.Equal("302 https://first.example/", await FollowAsync(host, $"/{alias}"));

        foreach (var link in (await GetAsync($"/api/links?domain_id={domain}")).Json["data"]!.AsArray())
            if (link!["id"]!.GetValue<long>() != id)
                await SendAsync(HttpMethod.Delete, $"/api/links/{link["id"]}");
        var moved = await SendAsync(HttpMethod.Delete, $"/api/domains/{domain}?links=move");

        Assert.Equal(HttpStatusCode.NoContent, moved.Status);
        Assert.Equal("302 https://first.example/", await FollowAsync("main.example", $"/{alias}"));
        Assert.Equal($"{Server.Url}/{alias}", (await ReadAsync(id))["short_url"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/api/links/{conflicting}")).Status);
    }

    [Fact]
    public async Task A_link_is_explained_as_its_own_host_answers_it_and_not_another()
    {
        var (own, other, lost) = (NewHost(), NewHost(), NewHost());
        var domain = await DomainAsync(own);
        await DomainAsync(other);
        await DomainAsync(lost, null, ("custom_not_found_url", "https://lost.example/"));
        var id = await MakeAsync(Link(NewAlias(), "https://first.example/", domain));
        var onMain = await MakeAsync(("url", NewAlias()));

        Assert.Equal("passed 302 https://first.example/", await ExplainAsync(id));
        Assert.Equal("passed 302 https://first.example/", await ExplainAsync(id, $"{own.ToUpperInvariant()}.:8080"));
        Assert.Equal("passed 302 https://first.example/", await ExplainAsync(id, $"www.{own}"));
        Assert.Equal("settled 404", await ExplainAsync(id, other));
        Assert.Equal("settled 302 https://lost.example/", await ExplainAsync(id, $"www.{lost}"));
        Assert.Equal("settled 404", await ExplainAsync(id, "main.example"));
        Assert.Equal("settled 302 https://lost.example/", await ExplainAsync(id, lost));
        Assert.Equal("settled 404", await ExplainAsync(onMain, own));
        Assert.Equal("passed 302 https://example.org/", await ExplainAsync(onMain, "main.example"));

        await PostAsync($"/api/domains/{domain}", ("is_enabled", "0"));
        Assert.Equal("settled 404", await ExplainAsync(id));
    }

    private async Task<string> ExplainAsync(long id, string domain = "")
    {
        var reply = await PostAsync($"/api/links/{id}/explain", ("domain", domain));
        var (step, decision) = (reply.Json["data"]!["steps"]![0]!, reply.Json["data"]!["decision"]!);
        return $"{step["outcome"]} {decision["status"]} {decision["location"]}".TrimEnd();
    }

    private async Task<long> MakeAsync(params (string Name, string Value)[] fields)
    {
        (string, string)[] target = [("location_url", "https://example.org/")];
        var made = await PostAsync(
            "/api/links",
            [.. fields.Any(field => field.Name == "location_url") ? [] : target, .. fields]
        );
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return made.Json["data"]!["id"]!.GetValue<long>();
    }

    private static string NewAlias() => $"a{Guid.NewGuid():N}";

    private static (string Name, string Value)[] Link(string alias, string target, long domain) =>
        [("url", alias), ("location_url", target), ("domain_id", $"{domain}")];
}
