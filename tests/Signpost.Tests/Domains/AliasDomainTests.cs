using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Clicks;

namespace Signpost.Tests.Domains;

/// <summary>Domains that serve the links of another domain.</summary>
public sealed class AliasDomainTests(DomainServer shared) : DomainTests(shared)
{
    private const string Index = "https://index.example/";
    private const string NotFound = "https://missing.example/";
    private const string Destination = "https://example.org/a";

    [Fact]
    public async Task An_alias_answers_as_the_domain_and_clicks_tell_the_hosts_apart()
    {
        var (host, aliasHost) = (NewHost(), NewHost());
        var id = await DomainAsync(
            host,
            null,
            ("custom_index_url", Index),
            ("custom_not_found_url", NotFound),
            ("asset_links", "[1]")
        );
        var alias = await AliasAsync(
            aliasHost,
            id,
            ("custom_index_url", "https://unused.example/"),
            ("asset_links", "[2]")
        );
        var link = await LinkAsync(id);

        Assert.StartsWith($"https://{host}/", link.ShortUrl, StringComparison.Ordinal);
        foreach (var asked in (string[])[aliasHost, $"{aliasHost.ToUpperInvariant()}.:80", host])
        {
            Assert.Equal($"302 {Destination}", await FollowAsync(asked, link.Path));
            Assert.Equal($"302 {Destination}", await FollowAsync(asked, link.Path + ")."));
            Assert.Equal($"302 {Index}", await FollowAsync(asked, "/"));
            Assert.Equal($"302 {NotFound}", await FollowAsync(asked, "/unknown"));
            Assert.Equal($"302 {NotFound}", await FollowAsync(asked, "/api/links"));
            Assert.Equal("[1]", await FileAsync(asked));
        }
        Assert.Equal($"308 https://{aliasHost}/x", await FollowAsync("www." + aliasHost, "/x"));
        Assert.Equal(HttpStatusCode.OK, await CheckAsync(aliasHost));
        var explained = await PostAsync($"/api/links/{link.Id}/explain", ("domain", aliasHost));
        Assert.Equal(Destination, (string?)explained.Json["data"]!["decision"]!["location"]);
        Assert.Equal(id, (long?)(await DomainAsync(alias))["alias_of"]);
        Assert.Null((await DomainAsync(id))["alias_of"]);

        var batch = await Server.ReadAsync();
        Assert.Equal(
            [aliasHost, aliasHost, aliasHost, aliasHost, host, host],
            batch.Rows.Where(row => row.LinkId == link.Id).Select(row => row.Host)
        );
        Assert.Equal(6, batch.Orphans.Where(orphan => orphan.DomainId == id).Sum(orphan => orphan.Count));
        Assert.DoesNotContain(batch.Orphans, orphan => orphan.DomainId == alias);
    }

    [Fact]
    public async Task A_visitor_of_both_hosts_is_one_visitor_and_the_counts_say_which_host()
    {
        var (host, aliasHost) = (NewHost(), NewHost());
        var id = await DomainAsync(host);
        await AliasAsync(aliasHost, id);
        var link = await LinkAsync(id);
        foreach (var asked in (string[])[host, aliasHost, aliasHost])
            await FollowAsync(asked, link.Path);
        await Patience.UntilAsync(
            async () =>
                (await RowsAsync($"{link.Id}?type=kind")) is "[{\"kind\":\"person\",\"pageviews\":3,\"visitors\":1}]",
            "Three clicks"
        );

        Assert.Equal(
            $$"""[{"host":"{{aliasHost}}","pageviews":2,"visitors":1},{"host":"{{host}}","pageviews":1,"visitors":1}]""",
            await RowsAsync($"{link.Id}?type=host")
        );
        Assert.Equal(
            $$"""[{"host":"{{aliasHost}}","pageviews":2,"visitors":1}]""",
            await RowsAsync($"?domain_id={id}&type=host&not_host={host}")
        );
        Assert.Equal(
            $$"""[{"kind":"person","pageviews":1,"visitors":1}]""",
            await RowsAsync($"{link.Id}?type=kind&host={host.ToUpperInvariant()}")
        );
    }

    [Fact]
    public async Task Hosts_that_visitors_make_up_are_not_kept()
    {
        var made = await PostAsync("/api/links", ("location_url", Destination));
        var link = new Made(made.Json["data"]!);
        for (var number = 0; number < 3; number++)
            await FollowAsync($"made-up{number}.example", link.Path);

        var hosts = (await Server.ReadAsync()).Rows.Where(row => row.LinkId == link.Id).Select(row => row.Host);

        Assert.Equal(Enumerable.Repeat(new Uri(Server.Url).Host, 3), hosts);
    }

    [Fact]
    public async Task Every_change_is_in_force_at_once()
    {
        var (host, aliasHost) = (NewHost(), NewHost());
        var id = await DomainAsync(host);
        var alias = await DomainAsync(aliasHost, null, ("custom_index_url", "https://own.example/"));
        var link = await LinkAsync(id);
        Assert.Equal("404", await FollowAsync(aliasHost, link.Path));

        await ChangeAsync(alias, ("alias_of", $"{id}"));
        Assert.Equal($"302 {Destination}", await FollowAsync(aliasHost, link.Path));
        await ChangeAsync(id, ("custom_index_url", Index), ("asset_links", "[3]"));
        Assert.Equal($"302 {Index}", await FollowAsync(aliasHost, "/"));
        Assert.Equal("[3]", await FileAsync(aliasHost));

        await ChangeAsync(id, ("is_enabled", "0"));
        Assert.Equal("404", await FollowAsync(aliasHost, link.Path));
        Assert.Equal(HttpStatusCode.NotFound, await CheckAsync(aliasHost));
        await ChangeAsync(id, ("is_enabled", "1"));

        // The alias proves its own host, and does not need the other one's.
        await Server.Database.WriteAsync(
            db =>
                db.Domains.Where(row => row.Id == id)
                    .ExecuteUpdateAsync(all => all.SetProperty(row => row.VerifiedAt, (long?)null), Cancel),
            Cancel
        );
        await ChangeAsync(id, ("custom_index_url", ""));
        Assert.Equal("404", await FollowAsync(host, link.Path));
        Assert.Equal($"302 {Destination}", await FollowAsync(aliasHost, link.Path));

        await ChangeAsync(alias, ("alias_of", ""));
        Assert.Equal("404", await FollowAsync(aliasHost, link.Path));
        Assert.Equal("302 https://own.example/", await FollowAsync(aliasHost, "/"));
    }

    [Fact]
    public async Task Neither_chains_nor_rings_nor_aliases_with_links_can_be_made()
    {
        var (host, aliasHost) = (NewHost(), NewHost());
        var id = await DomainAsync(host, null, ("custom_not_found_url", "https://www.loop.example/x"));
        var alias = await AliasAsync(aliasHost, id);
        var other = await DomainAsync(NewHost());
        await LinkAsync(other);
        using var stranger = await StrangerAsync();
        var foreign = await ClaimAsync(NewHost(), stranger);
        var loop = await ClaimAsync("loop.example");

        await RefusedAsync(id, $"{id}", "alias_of must be another domain of yours");
        await RefusedAsync(id, $"{foreign}", "alias_of must be another domain of yours");
        await RefusedAsync(id, "987654321", "alias_of must be another domain of yours");
        await RefusedAsync(id, "-1", "alias_of must be a whole number");
        await RefusedAsync(id, $"{other}", $"The domain has aliases itself: {aliasHost}.");
        await RefusedAsync(other, $"{alias}", $"{aliasHost} is itself an alias");
        await RefusedAsync(other, $"{id}", "The domain has 1 link. Move or delete them first");
        await RefusedAsync(loop, $"{id}", $"{host} redirects to this host");
        await RefusedAsync(foreign, "0", "alias_of can be 0 only for server admins", stranger);
        foreach (var field in (string[])["custom_index_url", "custom_not_found_url"])
        foreach (var www in (string[])["", "www."])
        {
            var looping = await PostAsync($"/api/domains/{id}", (field, $"https://{www}{aliasHost}/"));
            Assert.Equal((HttpStatusCode.BadRequest, field), (looping.Status, Assert.Single(looping.WrongFields)));
        }

        var link = await PostAsync("/api/links", ("location_url", Destination), ("domain_id", $"{alias}"));
        Assert.Equal((HttpStatusCode.BadRequest, "domain_id"), (link.Status, Assert.Single(link.WrongFields)));
        Assert.Contains($"domain_id {id}.", link.Body, StringComparison.Ordinal);
        var made = await LinkAsync(id);
        var moved = await PostAsync($"/api/links/{made.Id}", ("domain_id", $"{alias}"));
        Assert.Equal((HttpStatusCode.BadRequest, "domain_id"), (moved.Status, Assert.Single(moved.WrongFields)));

        foreach (var query in (string[])["", "?links=delete", "?links=move"])
        {
            var deleted = await SendAsync(HttpMethod.Delete, $"/api/domains/{id}{query}");
            Assert.Equal(HttpStatusCode.Conflict, deleted.Status);
            Assert.Contains(aliasHost, deleted.Body, StringComparison.Ordinal);
        }
        Assert.Equal($"302 {Destination}", await FollowAsync(aliasHost, made.Path));
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, $"/api/domains/{alias}")).Status);
        Assert.Equal("404", await FollowAsync(aliasHost, made.Path));
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await SendAsync(HttpMethod.Delete, $"/api/domains/{id}?links=delete")).Status
        );
    }

    [Theory]
    [InlineData("location_url", "http://{0}/{1}")]
    [InlineData("expiration_url", "https://www.{0}/{1}/?a=b")]
    public async Task A_host_to_which_links_of_the_domain_lead_by_their_own_aliases_cannot_be_its_alias(
        string field,
        string url
    )
    {
        var (name, aliasHost) = ($"Promo{Guid.NewGuid():N}", NewHost());
        var id = await DomainAsync(NewHost());
        var claimed = await ClaimAsync(aliasHost);
        var target = string.Format(null, url, aliasHost, name.ToUpperInvariant());
        (string, string)[] location = field is "location_url" ? [] : [("location_url", Destination)];
        foreach (var (alias, to) in (IEnumerable<(string, string)>)[(name, target), ("other", $"http://{aliasHost}/")])
        {
            var link = await PostAsync(
                "/api/links",
                [.. location, ("url", alias), ("domain_id", $"{id}"), (field, to)]
            );
            Assert.True(link.Status == HttpStatusCode.Created, link.Body);
        }

        await RefusedAsync(claimed, $"{id}", $"The link {name} leads to this host and would lead to itself.");
        var made = await PostAsync("/api/domains", ("host", $"x{aliasHost}"), ("alias_of", $"{id}"));
        Assert.Equal(HttpStatusCode.Created, made.Status);
    }

    [Fact]
    public async Task An_alias_of_the_main_domain_serves_its_links_and_nothing_else_of_it()
    {
        var aliasHost = NewHost();
        var alias = await AliasAsync(aliasHost, 0);
        var link = new Made((await PostAsync("/api/links", ("location_url", Destination))).Json["data"]!);

        Assert.Equal($"302 {Destination}", await FollowAsync(aliasHost, link.Path));
        foreach (
            var path in (string[])["/", "/api/links", "/login", "/docs", "/healthz", "/.well-known/assetlinks.json"]
        )
            Assert.Equal("404", await FollowAsync(aliasHost, path));
        Assert.Equal(aliasHost, (await Server.ReadAsync()).Rows.Single(row => row.LinkId == link.Id).Host);
        var loop = await PostAsync($"/api/links/{link.Id}", ("location_url", $"https://{aliasHost}{link.Path}"));
        Assert.Equal((HttpStatusCode.BadRequest, "location_url"), (loop.Status, Assert.Single(loop.WrongFields)));
        // As it was read.
        await ChangeAsync(alias, ("alias_of", "0"));
    }

    private async Task RefusedAsync(long id, string target, string title, HttpClient? http = null)
    {
        var reply = await SendAsync(HttpMethod.Post, $"/api/domains/{id}", Bodies.Form(("alias_of", target)), http);

        Assert.Equal((HttpStatusCode.BadRequest, "alias_of"), (reply.Status, Assert.Single(reply.WrongFields)));
        Assert.StartsWith(title, (string?)reply.Json["message"], StringComparison.Ordinal);
    }

    private Task<long> AliasAsync(string host, long of, params (string Name, string Value)[] fields) =>
        DomainAsync(host, null, [("alias_of", $"{of}"), .. fields]);

    private async Task ChangeAsync(long id, params (string Name, string Value)[] fields)
    {
        var changed = await PostAsync($"/api/domains/{id}", fields);
        Assert.True(changed.Status == HttpStatusCode.OK, changed.Body);
    }

    private async Task<Made> LinkAsync(long domain) =>
        new((await PostAsync("/api/links", ("location_url", Destination), ("domain_id", $"{domain}"))).Json["data"]!);

    private async Task<string> FileAsync(string host)
    {
        using var response = await Server.FollowAsync(".well-known/assetlinks.json", null, ("Host", host));
        return await response.Content.ReadAsStringAsync(Cancel);
    }

    private async Task<string> RowsAsync(string question) =>
        (await GetAsync($"/api/statistics/{question}")).Json["data"]!.ToJsonString();

    private sealed class Made(JsonNode link)
    {
        public long Id { get; } = (long)link["id"]!;
        public string ShortUrl { get; } = (string)link["short_url"]!;
        public string Path => new Uri(ShortUrl).AbsolutePath;
    }
}
