using System.Net;
using Signpost.Redirects.Interstitials;
using Signpost.Testing;

namespace Signpost.Tests.Redirects.Interstitials;

/// <summary>The limits of wrong passwords.</summary>
public sealed class PasswordAttemptTests
{
    private const string Password = "open sesame";

    [Fact]
    public async Task After_ten_wrong_tries_an_address_waits_and_then_the_right_one_works()
    {
        var clock = new ManualClock();
        await using var server = await StartAsync(clock);
        var link = await server.CreateLinkAsync(("password", Password));
        var (client, other, holder) = (
            new Browser(server, "192.0.2.1"),
            new Browser(server, "192.0.2.2"),
            new Browser(server, "192.0.2.1")
        );
        await holder.SubmitAsync($"/{link.Alias}", ("password", Password));

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await AttemptAsync(client, link, $"wrong {i}")).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await AttemptAsync(client, link, "")).Status);
        }
        var slowed = await AttemptAsync(client, link, Password);

        Assert.Equal(HttpStatusCode.TooManyRequests, slowed.Status);
        Assert.InRange(slowed.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(15));
        Assert.Contains("Too many wrong passwords", slowed.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync($"/{link.Alias}")).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await AttemptAsync(other, link, Password)).Status);
        Assert.Equal(HttpStatusCode.Found, (await holder.GetAsync($"/{link.Alias}")).Status);

        clock.Advance(slowed.RetryAfter.Value);
        Assert.Equal(HttpStatusCode.SeeOther, (await AttemptAsync(client, link, Password)).Status);
    }

    [Fact]
    public async Task Two_hundred_attempts_from_fifty_addresses_are_slowed_but_no_visitor_with_access_and_none_for_ever()
    {
        var clock = new ManualClock();
        await using var server = await StartAsync(clock);
        var link = await server.CreateLinkAsync(("password", Password));
        var holder = new Browser(server, "198.51.100.1");
        await holder.SubmitAsync($"/{link.Alias}", ("password", Password));

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 200; i++)
            statuses.Add((await AttemptAsync(new(server, $"203.0.113.{i % 50}"), link, "wrong")).Status);

        Assert.Equal(PasswordAttemptLimiter.PerLink, statuses.Count(status => status == HttpStatusCode.Unauthorized));
        Assert.Equal(
            200 - PasswordAttemptLimiter.PerLink,
            statuses.Count(status => status == HttpStatusCode.TooManyRequests)
        );
        Assert.Equal(HttpStatusCode.Found, (await holder.GetAsync($"/{link.Alias}")).Status);
        var late = new Browser(server, "198.51.100.2");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await AttemptAsync(late, link, Password)).Status);
        clock.Advance(PasswordAttemptLimiter.Window);
        Assert.Equal(HttpStatusCode.SeeOther, (await AttemptAsync(late, link, Password)).Status);
    }

    [Fact]
    public async Task Attempts_at_once_are_limited_like_attempts_in_a_row()
    {
        await using var server = await StartAsync(new ManualClock());
        var link = await server.CreateLinkAsync(("password", Password));

        var statuses = await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(async i => (await AttemptAsync(new(server, "192.0.2.9"), link, $"wrong {i}")).Status)
        );

        Assert.InRange(
            statuses.Count(status => status == HttpStatusCode.Unauthorized),
            1,
            PasswordAttemptLimiter.PerAddress
        );
        Assert.All(
            statuses,
            status =>
                Assert.Contains(
                    status,
                    (HttpStatusCode[])
                        [HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests, HttpStatusCode.ServiceUnavailable]
                )
        );
    }

    [Theory]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("0.0.0.1", "::1", false)]
    public void One_network_counts_as_one_address(string first, string second, bool isOne)
    {
        var limiter = new PasswordAttemptLimiter(new ManualClock());
        for (var i = 0; i < PasswordAttemptLimiter.PerAddress; i++)
            Assert.Equal(TimeSpan.Zero, limiter.Take(1, IPAddress.Parse(first)));

        Assert.True(limiter.Take(1, IPAddress.Parse(first)) > TimeSpan.Zero);
        Assert.Equal(isOne, limiter.Take(1, IPAddress.Parse(second)) > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, limiter.Take(2, IPAddress.Parse(first)));
    }

    [Fact]
    public void A_try_that_is_given_back_counts_for_nothing()
    {
        var limiter = new PasswordAttemptLimiter(new ManualClock());
        var address = IPAddress.Loopback;

        for (var i = 0; i < 1_000; i++)
        {
            Assert.Equal(TimeSpan.Zero, limiter.Take(1, address));
            limiter.GiveBack(1, address);
        }

        Assert.Equal(TimeSpan.Zero, limiter.Take(1, address));
    }

    [Fact]
    public void In_any_quarter_of_an_hour_an_address_has_at_most_twice_ten_tries()
    {
        var clock = new ManualClock();
        var limiter = new PasswordAttemptLimiter(clock);
        var taken = new List<DateTimeOffset>();

        for (var second = 0; second < 3_600; second++, clock.Advance(TimeSpan.FromSeconds(1)))
            if (limiter.Take(1, IPAddress.Loopback) == TimeSpan.Zero)
                taken.Add(clock.GetUtcNow());

        Assert.NotEmpty(taken);
        Assert.All(
            taken,
            from =>
                Assert.InRange(
                    taken.Count(at => at >= from && at < from + PasswordAttemptLimiter.Window),
                    1,
                    2 * PasswordAttemptLimiter.PerAddress
                )
        );
    }

    private static Task<TestServer> StartAsync(TimeProvider clock) =>
        TestServer.StartAsync(clock, null, ("SIGNPOST_TRUSTED_PROXIES", "127.0.0.1"));

    private static Task<Seen> AttemptAsync(Browser browser, MadeLink link, string password) =>
        browser.PostAsync($"/_signpost/unlock/{link.Alias}", ("password", password));
}
