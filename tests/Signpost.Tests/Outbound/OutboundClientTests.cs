using System.Net;
using Signpost.Outbound;

namespace Signpost.Tests.Outbound;

public sealed class OutboundClientTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.9.9.9")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.8")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.19.255.255")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.250")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::7f00:1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:0:127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:1ff:ffff::1")]
    [InlineData("2001:db8::1")]
    [InlineData("3fff::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456:789a::1")]
    [InlineData("fe80::1")]
    [InlineData("2606:4700:4700::1111%1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    [InlineData("4000::1")]
    public void What_means_something_only_here_is_not_public(string address) =>
        Assert.False(PublicInternet.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.169.0.0")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001::1")]
    public void What_anybody_can_reach_is_public(string address) =>
        Assert.True(PublicInternet.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("localhost")]
    [InlineData("rebound.example")]
    public async Task Nobody_on_this_machine_hears_of_a_request_for_it(string host)
    {
        await using var stranger = Stranger.Saying();
        using var client = new OutboundClient(
            OutboundReach.Public with
            {
                IsPortAllowed = _ => true,
                Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]),
            }
        );

        await Assert.ThrowsAsync<OutboundException>(() =>
            client.ReadHeadersAsync(new($"http://{host}:{stranger.Port}/"), Cancel)
        );

        Assert.Equal(0, stranger.Visits);
    }

    [Fact]
    public async Task One_private_address_among_public_ones_is_enough_to_refuse()
    {
        using var client = new OutboundClient(
            OutboundReach.Public with
            {
                Resolve = (_, _) =>
                    Task.FromResult<IPAddress[]>([IPAddress.Parse("1.1.1.1"), IPAddress.Parse("10.0.0.1")]),
            }
        );

        await Assert.ThrowsAsync<OutboundException>(() => client.ReadHeadersAsync(new("http://both.example/"), Cancel));
    }

    [Fact]
    public async Task A_redirect_is_checked_like_the_first_address()
    {
        await using var hidden = Stranger.Saying();
        await using var stranger = Stranger.RedirectingTo($"http://inside.example:{hidden.Port}/");
        using var client = new OutboundClient(Reach(host => host == "inside.example" ? "10.0.0.1" : "127.0.0.1"));

        await Assert.ThrowsAsync<OutboundException>(() => client.ReadHeadersAsync(new(stranger.Url), Cancel));

        Assert.Equal((1, 0), (stranger.Visits, hidden.Visits));
    }

    [Fact]
    public async Task A_name_that_changes_its_mind_between_two_looks_is_judged_at_the_look_that_counts()
    {
        await using var stranger = Stranger.Saying();
        var looks = 0;
        using var client = new OutboundClient(Reach(_ => looks++ == 0 ? "10.0.0.1" : "127.0.0.1"));
        var url = new Uri($"http://flips.example:{stranger.Port}/");

        await Assert.ThrowsAsync<OutboundException>(() => client.ReadHeadersAsync(url, Cancel));

        Assert.Equal(1, looks);
        Assert.Equal(0, stranger.Visits);
    }

    [Theory]
    [InlineData("ftp://example.org/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user@example.org/")]
    [InlineData("http://example.org:22/")]
    [InlineData("https://example.org:6379/")]
    public async Task Only_the_web_at_its_usual_ports_is_asked(string url)
    {
        using var client = new OutboundClient(
            OutboundReach.Public with
            {
                Resolve = (_, _) => throw new InvalidOperationException("Nobody should ask."),
            }
        );

        await Assert.ThrowsAsync<OutboundException>(() => client.ReadHeadersAsync(new(url), Cancel));
    }

    [Fact]
    public async Task Redirects_are_followed_a_few_times_and_not_for_ever()
    {
        await using var end = Stranger.Saying("X-Frame-Options: DENY");
        await using var first = Stranger.RedirectingTo(end.Url);
        using var client = new OutboundClient(Reach(_ => "127.0.0.1"));
        await using var loop = Stranger.RedirectingTo("/again");

        var answer = await client.ReadHeadersAsync(new(first.Url), Cancel);
        await Assert.ThrowsAsync<OutboundException>(() => client.ReadHeadersAsync(new(loop.Url), Cancel));

        Assert.Equal(["DENY"], answer.FrameOptions);
        Assert.Equal(new Uri(end.Url), answer.Url);
        Assert.Equal(6, loop.Visits);
    }

    [Fact]
    public async Task A_response_with_too_many_headers_is_not_read()
    {
        await using var fits = Stranger.Saying("X-Frame-Options: DENY", $"X: {new string('a', 16 << 10)}");
        await using var floods = Stranger.Saying($"X: {new string('a', 40 << 10)}");
        using var client = new OutboundClient(Reach(_ => "127.0.0.1"));

        var answer = await client.ReadHeadersAsync(new(fits.Url), Cancel);
        await Assert.ThrowsAsync<OutboundException>(() => client.ReadHeadersAsync(new(floods.Url), Cancel));

        Assert.Equal(["DENY"], answer.FrameOptions);
    }

    private static OutboundReach Reach(Func<string, string> resolve) =>
        new()
        {
            IsAllowed = IPAddress.IsLoopback,
            IsPortAllowed = _ => true,
            Resolve = (host, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(resolve(host))]),
        };
}
