using System.Net;
using Signpost.Testing;
using Signpost.Tests.Statistics;

namespace Signpost.Tests.Dashboard;

/// <summary>Pages with statistics on days when clocks change, and what they are compared with.</summary>
public sealed class StatisticsPageClockTests : IAsyncLifetime
{
    private readonly ShiftedClock _clock = new(new(2025, 10, 1, 0, 0, 0, TimeSpan.Zero));
    private TestServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(_clock, null);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_day_with_25_hours_is_whole_and_today_is_compared_with_its_beginning()
    {
        var link = await _server.CreateLinkAsync();
        DateTimeOffset[] visits =
        [
            // The first minutes of the 26th in Berlin, the hour that comes twice, and the last minutes.
            new(2025, 10, 25, 22, 5, 0, TimeSpan.Zero),
            new(2025, 10, 26, 0, 30, 0, TimeSpan.Zero),
            new(2025, 10, 26, 1, 30, 0, TimeSpan.Zero),
            new(2025, 10, 26, 22, 50, 0, TimeSpan.Zero),
            new(2025, 11, 1, 23, 5, 0, TimeSpan.Zero),
        ];
        foreach (var at in visits)
        {
            _clock.MoveTo(at);
            using var response = await _server.FollowAsync(link.Alias, null, ("User-Agent", StatisticsTests.Firefox));
        }

        await RangeTests.RowsAsync(_server.Http, $"/{link.Id}?start_date=2025-10-01", visits.Length);
        _clock.MoveTo(new(2025, 11, 1, 23, 40, 0, TimeSpan.Zero));
        using Person ada = new(_server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/profile",
            Cancel,
            ("timezone", "Europe/Berlin"),
            ("language", "en")
        );
        var address = $"/dashboard/links/{link.Id}/statistics";

        var day = await ada.GetAsync($"{address}?start_date=2025-10-26&end_date=2025-10-26", Cancel);
        var today = await ada.GetAsync($"{address}?period=today", Cancel);
        var week = await ada.GetAsync($"{address}?start_date=2025-10-27&end_date=2025-11-02", Cancel);
        var last = await ada.GetAsync($"{address}?period=last_week", Cancel);

        Assert.Equal(
            25,
            day.Body.Split("<th scope=\"row\"><a").Length + day.Body.Split("<th scope=\"row\">26 Oct").Length - 2
        );
        Assert.Contains("<strong>4</strong>", day.Body, StringComparison.Ordinal);
        // Sunday until 00:40 with the Sunday before until then.
        Assert.Contains("title=\"26 Oct 2025: 1\"", today.Body, StringComparison.Ordinal);
        Assert.Contains("Today is not over.", today.Body, StringComparison.Ordinal);
        // A week, from a Monday on, with the one before.
        Assert.Contains(
            "title=\"20 Oct 2025 – 26 Oct 2025: 1\"",
            WebUtility.HtmlDecode(week.Body),
            StringComparison.Ordinal
        );

        // The hour, and the day, that still grow.
        Assert.Contains("<title>2 Nov 2025 00:00 · not over yet: 1 ", TimesOf(today), StringComparison.Ordinal);
        Assert.Contains("<title>2 Nov 2025 · not over yet: 1 ", TimesOf(week), StringComparison.Ordinal);
        Assert.Matches("2 Nov 2025</a>\\s*<span class=\"badge neutral\">not over yet</span></th>", TimesOf(week));
        Assert.DoesNotContain("not over yet", last.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("not over yet", day.Body, StringComparison.Ordinal);
        // The week before this one, from Monday to Sunday, with the one before that.
        Assert.Contains("20 Oct 2025 – 26 Oct 2025", WebUtility.HtmlDecode(last.Body), StringComparison.Ordinal);
        Assert.Contains(
            "title=\"13 Oct 2025 – 19 Oct 2025: 0\"",
            WebUtility.HtmlDecode(last.Body),
            StringComparison.Ordinal
        );

        // 03:00 is one hour more after midnight on the day with 25 hours.
        _clock.MoveTo(new(2025, 11, 2, 2, 0, 0, TimeSpan.Zero));
        today = await ada.GetAsync($"{address}?period=today", Cancel);
        Assert.Contains("title=\"26 Oct 2025: 3\"", today.Body, StringComparison.Ordinal);
    }

    private static string TimesOf(Sight page) => WebUtility.HtmlDecode(page.Body);
}
