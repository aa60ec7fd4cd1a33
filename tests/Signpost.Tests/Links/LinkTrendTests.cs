using Microsoft.Extensions.DependencyInjection;
using Signpost.Links;
using Signpost.Testing;

namespace Signpost.Tests.Links;

/// <summary>The clicks of several links by days, as lists show them.</summary>
public sealed class LinkTrendTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Days_begin_at_midnight_of_the_zone_and_each_link_has_its_own()
    {
        ManualClock clock = new(new(2026, 11, 27, 23, 30, 0, TimeSpan.Zero));
        await using var server = await TestServer.StartAsync(clock, null);
        var (first, second) = (await server.CreateLinkAsync(), await server.CreateLinkAsync());
        await VisitAsync(first, second, second);
        clock.Advance(TimeSpan.FromHours(1));
        await VisitAsync(first, first);
        var trends = server.Services.GetRequiredService<LinkTrends>();
        long[] ids = [second.Id, first.Id];
        await Patience.UntilAsync(
            async () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return (await trends.ReadAsync(ids, TimeZoneInfo.Utc, Cancel))?.Sum(days => days.Sum()) == 5;
            },
            "Counting five clicks"
        );

        var utc = await trends.ReadAsync(ids, TimeZoneInfo.Utc, Cancel);
        var berlin = await trends.ReadAsync(ids, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), Cancel);

        Assert.All(utc!.Concat(berlin!), days => Assert.Equal(LinkTrends.Days, days.Length));
        Assert.Equal([(2L, 0L), (1L, 2L)], utc!.Select(days => (days[^2], days[^1])));
        Assert.Equal([(0L, 2L), (0L, 3L)], berlin!.Select(days => (days[^2], days[^1])));

        async Task VisitAsync(params MadeLink[] links)
        {
            foreach (var link in links)
                (await server.FollowAsync(link.Alias, null, ("User-Agent", Person.Unknown))).Dispose();
        }
    }
}
