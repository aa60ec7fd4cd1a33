using System.Net;
using Microsoft.EntityFrameworkCore;
using Signpost.Accounts;
using Signpost.Accounts.Keys;
using Signpost.Redirects.Interstitials;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.Api;

/// <summary>Limits of requests and attempts, and of the memory that counting them takes.</summary>
public sealed class RequestRateTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_has_so_many_requests_a_minute_and_takes_none_from_another()
    {
        await using var server = await TestServer.StartAsync(("SIGNPOST_API_REQUESTS_PER_MINUTE", "5"));
        using var stranger = await Strangers.NewAsync(server, "UTC", Cancel);
        List<HttpStatusCode> statuses = [];

        for (var i = 0; i < 8; i++)
            statuses.Add(await StatusAsync(stranger));
        using var refused = await stranger.GetAsync("/api/links", Cancel);

        Assert.Equal(5, statuses.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(3, statuses.Count(status => status == HttpStatusCode.TooManyRequests));
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.Contains("\"429\"", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server.Http));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server.Anonymous));
    }

    [Fact]
    public async Task All_keys_of_an_account_have_five_times_the_requests_of_one()
    {
        await using var server = await TestServer.StartAsync(("SIGNPOST_API_REQUESTS_PER_MINUTE", "5"));
        using var stranger = await Strangers.NewAsync(server, "UTC", Cancel);
        var keys = Enumerable.Range(0, 7).Select(_ => ApiKeys.Draw()).ToArray();
        await server.Database.WriteAsync(
            async db =>
            {
                var account = await db.ApiKeys.MinAsync(key => key.AccountId, Cancel);
                db.ApiKeys.AddRange(keys.Select(key => ApiKeys.Row(account, key, "Test", DateTimeOffset.UnixEpoch)));
                return await db.SaveChangesAsync(Cancel);
            },
            Cancel
        );
        List<HttpStatusCode> statuses = [];

        foreach (var key in keys)
        {
            using var http = server.NewClient(key);
            for (var i = 0; i < 4; i++)
                statuses.Add(await StatusAsync(http));
        }

        Assert.Equal(25, statuses.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(3, statuses.Count(status => status == HttpStatusCode.TooManyRequests));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stranger));
    }

    [Fact]
    public void Attempts_of_many_sources_take_bounded_memory()
    {
        var limiter = new AttemptLimiter(new ManualClock());
        var allowance = new Allowance(1, TimeSpan.FromMinutes(1));
        Assert.Null(limiter.Take("first", allowance));
        Assert.NotNull(limiter.Take("first", allowance));

        // The oldest count gives way, so there is no room for all.
        for (var i = 0; i < 50_000; i++)
            Assert.Null(limiter.Take($"{i}", allowance));

        Assert.Null(limiter.Take("first", allowance));
    }

    [Fact]
    public void Wrong_passwords_of_many_links_take_bounded_memory()
    {
        var limiter = new PasswordAttemptLimiter(new ManualClock());
        var link = 0L;
        while (link < 1_000_000 && limiter.Take(link, IPAddress.Loopback) == TimeSpan.Zero)
            link++;

        Assert.InRange(link, 10_000, 200_000);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http)
    {
        using var response = await http.GetAsync("/api/links", Cancel);
        return response.StatusCode;
    }
}
