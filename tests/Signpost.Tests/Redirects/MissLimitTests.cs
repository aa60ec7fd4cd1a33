using System.Net;
using Signpost.Testing;
using Signpost.Tests.Clicks;
using Signpost.Web;

namespace Signpost.Tests.Redirects;

/// <summary>Beyond a limit, requests of a network for unknown aliases get 429 and are not recorded.</summary>
public sealed class MissLimitTests
{
    [Theory]
    [InlineData("203.0.113.", "", "203.0.114.1")]
    [InlineData("2001:db8:1:", "::1", "2001:db8:2::1")]
    public async Task A_network_asks_for_few_unknown_aliases_and_for_links_as_often_as_it_likes(
        string network,
        string end,
        string other
    )
    {
        var clock = new ManualClock();
        await using var server = await TestServer.StartAsync(clock, null, ("SIGNPOST_TRUSTED_PROXIES", "127.0.0.1"));
        var link = await server.CreateLinkAsync(("statistics_is_public", "1"));
        var asked = 0;

        for (var i = 0; i < MissLimiter.PerWindow; i++)
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"none{i}"));
        using (var refused = await FollowAsync("none"))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync("none1", HttpMethod.Head));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync("_signpost/unlock/none", HttpMethod.Post));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync("_signpost/agree/none", HttpMethod.Post));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync("_signpost/continue/none"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync("l/stats/none"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync($"l/stats/{link.Alias}?domain=none.example"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"l/stats/{link.Alias}"));
        Assert.Equal(HttpStatusCode.Found, await StatusAsync(link.Alias));
        using (var stranger = await server.FollowAsync("none", null, ("X-Forwarded-For", other)))
            Assert.Equal(HttpStatusCode.NotFound, stranger.StatusCode);

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("none"));
        // The refused ones are not noted: 600 of this network, one of the other, and one a second later.
        Assert.Equal(MissLimiter.PerWindow + 2, (await server.ReadAsync()).Orphans.Sum(orphan => orphan.Count));

        async Task<HttpStatusCode> StatusAsync(string path, HttpMethod? method = null)
        {
            using var response = await FollowAsync(path, method);
            return response.StatusCode;
        }

        // Each time from another address of the network.
        Task<HttpResponseMessage> FollowAsync(string path, HttpMethod? method = null) =>
            server.FollowAsync(path, method, ("X-Forwarded-For", $"{network}{asked++ % 250}{end}"));
    }

    // A short address, the public statistics and the forms of interstitials share one limit.
    [Fact]
    public async Task Every_address_that_tells_whether_there_is_a_link_takes_of_the_limit()
    {
        await using var server = await TestServer.StartAsync(
            new ManualClock(),
            null,
            ("SIGNPOST_TRUSTED_PROXIES", "127.0.0.1")
        );
        var hidden = await server.CreateLinkAsync();
        string[] paths = ["none", "l/stats/none", $"l/stats/{hidden.Alias}", "l/stats/none?domain=none.example"];

        for (var i = 0; i < MissLimiter.PerWindow; i++)
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(paths[i % paths.Length]));

        foreach (var path in paths)
            Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(path));

        async Task<HttpStatusCode> StatusAsync(string path)
        {
            using var response = await server.FollowAsync(path, null, ("X-Forwarded-For", "203.0.113.7"));
            return response.StatusCode;
        }
    }
}
