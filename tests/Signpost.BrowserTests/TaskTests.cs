using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Signpost.Testing;

namespace Signpost.BrowserTests;

/// <summary>Three things that people come for, with as few clicks as are promised.</summary>
public sealed class TaskTests(Chromium chromium, CampaignServer shared) : IClassFixture<CampaignServer>
{
    [Fact]
    public async Task Which_campaign_brought_most_visitors_from_Germany_on_phones_last_week_and_the_week_before()
    {
        await using var view = await SignedInAsync();
        var clicks = new Hand(view.Page, most: 5);

        await clicks.OnAsync(view.Page.Locator("nav").GetByRole(AriaRole.Link, new() { Name = "Statistics" }).First);
        await clicks.OnAsync(view.Page.GetByRole(AriaRole.Link, new() { Name = "Last week", Exact = true }));
        await Assertions.Expect(view.Page.Locator(".periods [aria-current]")).ToHaveTextAsync("Last week");
        foreach (var (card, name) in ((string, string)[])[("places", "Germany"), ("devices", "Phone")])
        {
            await clicks.OnAsync(Row(view, card, name));
            await Assertions.Expect(view.Page.Locator(".stats-chip", new() { HasText = name })).ToBeVisibleAsync();
        }

        // Winter has more clicks, by one visitor.
        Assert.Equal(
            [("winter", 5, 1), ("autumn", 3, 3)],
            await RowsAsync(view.Page.Locator("#campaigns"), CampaignServer.Campaigns)
        );
        await view.KeepAsync("task-campaigns", isWhole: true);
        await clicks.OnAsync(Row(view, "campaigns", "autumn"));

        await Assertions.Expect(view.Page.Locator(".stats-totals strong").Nth(1)).ToHaveTextAsync("3");
        var change = view.Page.Locator(".stats-totals > div").Nth(1).Locator(".change");
        await Assertions.Expect(change).ToContainTextAsync("+1");
        await Assertions.Expect(change).ToContainTextAsync($"{shared.WeekBefore}: 2");
        await view.AssertCalmAsync();
    }

    [Fact]
    public async Task Share_that_with_my_client()
    {
        await using var view = await SignedInAsync();
        await view.GoAsync($"{shared.Server.Url}/dashboard/links/{shared.Link.Id}/statistics");
        var page = view.Page;
        var clicks = new Hand(page, most: 7);

        await clicks.OnAsync(page.Locator(".stats-filters summary", new() { HasText = "Share with everybody" }));
        await clicks.OnAsync(page.GetByRole(AriaRole.Button, new() { Name = "Publish" }));
        var address = await page.Locator(".stats-filters a[href*='/l/stats/']").GetAttributeAsync("href");
        await clicks.OnAsync(page.GetByRole(AriaRole.Link, new() { Name = "Title, password and more" }));
        await page.GetByLabel("Title of the page").FillAsync("For our client");
        await page.Locator("[name=statistics_public_password]").FillAsync("open sesame");
        foreach (var unwanted in (string[])["periods-90", "shows-referrers", "shows-browsers"])
            await clicks.OnAsync(page.Locator($"#statistics_public_{unwanted}"));
        await view.KeepAsync("task-settings");
        await clicks.OnAsync(page.GetByRole(AriaRole.Button, new() { Name = "Save" }).First);
        await Assertions.Expect(page.Locator(".toast")).ToBeVisibleAsync();

        await using var client = await chromium.OpenAsync();
        await client.GoAsync(address!);
        await client.Page.Locator("input[type=password]").FillAsync("open sesame");
        await client.Page.Locator("button").First.ClickAsync();
        await Assertions.Expect(client.Page.Locator("h1")).ToHaveTextAsync("For our client");
        await Assertions.Expect(client.Page.Locator(".periods a")).ToHaveTextAsync(["7 days", "30 days"]);
        await Assertions.Expect(client.Page.Locator("caption")).ToHaveTextAsync(["Countries", "Systems", "Devices"]);
        await Assertions.Expect(client.Page.Locator(".sums .clicks dd")).ToHaveTextAsync($"{shared.Clicks}");
        await client.KeepAsync("task-client", isWhole: true);
        await view.AssertCalmAsync();
    }

    [Fact]
    public async Task Give_me_the_spreadsheet()
    {
        await using var view = await SignedInAsync();
        await view.GoAsync($"{shared.Server.Url}/dashboard/statistics?period=last_week&country_code=DE");
        var card = view.Page.Locator("#campaigns");
        var shown = await RowsAsync(card, CampaignServer.Campaigns);
        var clicks = new Hand(view.Page, most: 2);

        await clicks.OnAsync(card.Locator("summary", new() { HasText = "Download: Campaigns" }));
        var waits = view.Page.WaitForDownloadAsync();
        await clicks.OnAsync(card.GetByRole(AriaRole.Link, new() { Name = "CSV" }));
        var file = await waits.OrFail("The file");
        var lines = await File.ReadAllLinesAsync(await file.PathAsync(), TestContext.Current.CancellationToken);

        Assert.EndsWith(".csv", file.SuggestedFilename, StringComparison.Ordinal);
        Assert.Equal("utm_source,utm_medium,utm_campaign,pageviews,visitors", lines[0].TrimStart('\uFEFF'));
        Assert.Equal(2, shown.Count);
        Assert.Equal(shown.Select(row => $",,{row.Name},{row.Clicks},{row.Visitors}"), lines[1..]);
        await view.AssertCalmAsync();
    }

    private static ILocator Row(View view, string card, string name) =>
        view.Page.Locator($"#{card} .share-list").GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    // Waits until the page shows these rows, and reads their numbers.
    private static async Task<List<(string Name, int Clicks, int Visitors)>> RowsAsync(ILocator card, int count)
    {
        var rows = card.Locator(".share-list li:not(.share-head)");
        await Assertions.Expect(rows).ToHaveCountAsync(count);
        List<(string, int, int)> read = [];
        foreach (var row in await rows.AllAsync())
            read.Add(
                (await TextAsync(row, "name"), await NumberAsync(row, "count"), await NumberAsync(row, "visitors"))
            );
        return read;

        static async Task<string> TextAsync(ILocator row, string part) =>
            (await row.Locator($".share-{part}").InnerTextAsync()).Trim();

        static async Task<int> NumberAsync(ILocator row, string part) =>
            int.Parse(await TextAsync(row, part), CultureInfo.InvariantCulture);
    }

    private async Task<View> SignedInAsync()
    {
        var view = await chromium.OpenAsync();
        await view.GoAsync($"{shared.Server.Url}/dashboard/links");
        await view.Page.GetByLabel("E-mail address").FillAsync(TestServer.AdminEmail);
        await view.Page.GetByLabel("Password").FillAsync(TestServer.AdminPassword);
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(view.Page.Locator("h1")).ToBeVisibleAsync();
        return view;
    }

    /// <summary>Counts its clicks, and does not click more often than promised.</summary>
    private sealed class Hand(IPage page, int most)
    {
        private int _clicks;

        /// <summary>Clicks once.</summary>
        public async Task OnAsync(ILocator target)
        {
            Assert.True(++_clicks <= most, $"More than {most} clicks: on {page.Url}");
            await target.ClickAsync();
        }
    }
}

/// <summary>A server with two campaigns that had visitors in the last two weeks.</summary>
public sealed class CampaignServer : SharedServer
{
    private const string Phone =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";

    private const string Desktop = "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0";

    private readonly PastClock _clock = new();

    /// <summary>The number of campaigns.</summary>
    internal const int Campaigns = 2;

    internal MadeLink Link { get; private set; } = null!;

    /// <summary>All clicks on the link.</summary>
    internal int Clicks { get; private set; }

    /// <summary>The days before those of last week, as people read them.</summary>
    internal string WeekBefore { get; private set; } = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Link = await Server.CreateLinkAsync();
        var now = TimeProvider.System.GetUtcNow();
        // Noon on the Wednesday of this week.
        var wednesday = now.Date.AddDays(2 - ((int)now.DayOfWeek + 6) % 7).AddHours(12);
        var monday = wednesday.Date.AddDays(-16);
        WeekBefore = string.Create(
            CultureInfo.InvariantCulture,
            $"{monday:d MMM yyyy} – {monday.AddDays(6):d MMM yyyy}"
        );
        _clock.Shift = wednesday.AddDays(-14) - now.UtcDateTime;
        await VisitAsync("autumn", "DE", Phone, visitors: 2);
        await VisitAsync("winter", "DE", Phone, visitors: 4);
        await CountedAsync();
        _clock.Shift += TimeSpan.FromDays(7);
        await VisitAsync("autumn", "DE", Phone, visitors: 3);
        await VisitAsync("winter", "DE", Phone, visitors: 1, times: 5);
        await VisitAsync("winter", "DE", Desktop, visitors: 4);
        await VisitAsync("winter", "FR", Phone, visitors: 4);
        await CountedAsync();
        _clock.Shift += TimeSpan.FromDays(7);
        await VisitAsync("winter", "DE", Phone, visitors: 6);
        await CountedAsync();
    }

    private async Task VisitAsync(string campaign, string country, string agent, int visitors, int times = 1)
    {
        for (var visit = 0; visit < visitors * times; visit++, Clicks++)
        {
            using var response = await Server.FollowAsync(
                $"{Link.Alias}?utm_campaign={campaign}",
                null,
                ("User-Agent", agent),
                ("X-Forwarded-For", $"192.0.2.{1 + visit / times}"),
                ("CF-IPCountry", country)
            );
        }
    }

    // A click that is stored days later has no visitor any more.
    private Task CountedAsync() =>
        Patience.UntilAsync(
            async () =>
                (await Server.Http.GetFromJsonAsync<JsonElement>($"/api/statistics/{Link.Id}?type=kind"))
                    .GetProperty("data")
                    .EnumerateArray()
                    .Sum(row => row.GetProperty("pageviews").GetInt64()) >= Clicks,
            $"Counting {Clicks} clicks"
        );

    private protected override Task<TestServer> StartAsync() =>
        TestServer.StartAsync(
            _clock,
            null,
            ("SIGNPOST_TRUSTED_PROXIES", "127.0.0.0/8,::1"),
            ("SIGNPOST_GEO_HEADERS", "cloudflare")
        );
}
