using System.Net;

namespace Signpost.Tests.Domains;

/// <summary>Visitors who put a <c>www.</c> before the host of a short address.</summary>
public sealed class WwwTests(DomainServer shared) : DomainTests(shared)
{
    [Fact]
    public async Task Www_before_a_custom_domain_leads_to_it_with_path_and_query()
    {
        var host = NewHost();
        await DomainAsync(host);

        foreach (var spelling in (string[])["www." + host, $"WWW.{host.ToUpperInvariant()}", $"www.{host}.:8080"])
        foreach (var method in (string[])["GET", "HEAD", "POST"])
        {
            Assert.Equal($"308 https://{host}/x", await FollowAsync(spelling, "/x", method));
            Assert.Equal($"308 https://{host}/", await FollowAsync(spelling, "/", method));
            Assert.Equal(
                $"308 https://{host}/api/links?a=%22&b",
                await FollowAsync(spelling, "/api/links?a=\"&b", method)
            );
            Assert.Equal($"308 https://{host}/caf%C3%A9/%2F", await FollowAsync(spelling, "/caf%C3%A9/%2F", method));
        }

        Assert.Equal(HttpStatusCode.OK, await CheckAsync("www." + host));
        Assert.NotEqual("308", (await FollowAsync("www.www." + host, "/x"))[..3]);
    }

    [Fact]
    public async Task The_scheme_of_the_domain_is_used()
    {
        var host = NewHost();
        await DomainAsync(host, null, ("scheme", "http://"));

        Assert.Equal($"308 http://{host}/x", await FollowAsync("www." + host, "/x"));
    }

    [Fact]
    public async Task A_host_that_is_not_served_leads_nowhere()
    {
        var (claimed, disabled) = (NewHost(), NewHost());
        await ClaimAsync(claimed);
        await DomainAsync(disabled, null, ("is_enabled", "0"));

        foreach (var host in (string[])[claimed, disabled, "unknown.example"])
        {
            Assert.Equal("404", await FollowAsync("www." + host, "/x"));
            Assert.Equal(HttpStatusCode.NotFound, await CheckAsync("www." + host));
        }
    }

    [Fact]
    public async Task A_www_that_is_proven_by_itself_is_a_domain_of_its_own_also_while_it_is_disabled()
    {
        var host = NewHost();
        await DomainAsync(host);
        var id = await DomainAsync("www." + host);
        var alias = $"a{Guid.NewGuid():N}";
        await PostAsync("/api/links", Link(alias, "https://www.example/", id));

        Assert.Equal("302 https://www.example/", await FollowAsync("www." + host, $"/{alias}"));

        await PostAsync($"/api/domains/{id}", ("is_enabled", "0"));
        Assert.NotEqual("308", (await FollowAsync("www." + host, $"/{alias}"))[..3]);

        await SendAsync(HttpMethod.Delete, $"/api/domains/{id}?links=delete");
        Assert.Equal($"308 https://{host}/{alias}", await FollowAsync("www." + host, $"/{alias}"));
    }

    [Fact]
    public async Task A_link_to_its_own_address_with_www_is_a_loop()
    {
        var host = NewHost();
        var id = await DomainAsync(host);
        var alias = $"a{Guid.NewGuid():N}";

        var made = await PostAsync("/api/links", Link(alias, $"https://www.{host}/{alias}", id));

        Assert.Equal((HttpStatusCode.BadRequest, "location_url"), (made.Status, Assert.Single(made.WrongFields)));
    }

    private static (string Name, string Value)[] Link(string alias, string target, long domain) =>
        [("url", alias), ("location_url", target), ("domain_id", $"{domain}")];
}
