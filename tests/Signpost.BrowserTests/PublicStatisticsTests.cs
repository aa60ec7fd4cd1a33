using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Signpost.Testing;

namespace Signpost.BrowserTests;

/// <summary>The public statistics of a link, in a real browser.</summary>
public sealed class PublicStatisticsTests(Chromium chromium, PublicStatisticsServer shared)
    : IClassFixture<PublicStatisticsServer>
{
    public static MatrixTheoryData<string, Screen, ColorScheme> Screens => Looks.Of("en", "ar", "de", "ja");

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task It_is_calm_in_every_script_on_every_screen(string language, Screen screen, ColorScheme scheme)
    {
        await using var view = await chromium.OpenAsync(screen, scheme, script: false, language: language);

        await view.GoAsync(shared.Page);

        await Assertions.Expect(view.Page.Locator("svg[role=img]")).ToBeVisibleAsync();
        await view.KeepAsync($"public-statistics-{language}-{screen}-{scheme}", isWhole: true);
        await view.Page.Locator("summary").ClickAsync();
        await Assertions.Expect(view.Page.Locator("details table")).ToBeVisibleAsync();
        await view.KeepAsync($"public-statistics-table-{language}-{screen}-{scheme}");
    }

    [Fact]
    public async Task The_table_has_the_values_of_the_chart()
    {
        await using var view = await chromium.OpenAsync();
        await view.GoAsync(shared.Page);

        await view.Page.GetByText("Show as a table").ClickAsync();

        Assert.Equal(30, await view.Page.Locator("svg[role=img] rect.clicks").CountAsync());
        Assert.Equal(30, await view.Page.Locator("details tbody tr").CountAsync());
        await Assertions.Expect(view.Page.GetByRole(AriaRole.Row, new() { Name = "Germany" })).ToBeVisibleAsync();
        await view.AssertCalmAsync();
    }

    [Fact]
    public async Task A_link_that_nobody_has_followed_says_so()
    {
        var link = await shared.Server.CreateLinkAsync(("statistics_is_public", "1"));
        await using var view = await chromium.OpenAsync(Screen.Phone);

        await view.GoAsync($"{shared.Server.Url}/l/stats/{link.Alias}");

        await Assertions.Expect(view.Page.GetByText("Nobody followed this link")).ToBeVisibleAsync();
        await view.AssertCalmAsync();
        await view.KeepAsync("public-statistics-none");
    }
}

/// <summary>A server with a link that was visited on many days, from many places.</summary>
public sealed class PublicStatisticsServer : SharedServer
{
    private static readonly string[] Countries =
    [
        "DE",
        "DE",
        "DE",
        "FR",
        "FR",
        "JP",
        "US",
        "BR",
        "BA",
        "TR",
        "EG",
        "PT",
        "CN",
    ];
    private static readonly string[] Agents =
    [
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    ];
    private static readonly string[] Referrers =
    [
        "",
        "",
        "https://news.example/",
        "https://a-rather-long-host-name.of-some.forum.example/",
    ];

    private readonly PastClock _clock = new();

    /// <summary>The page's address.</summary>
    internal string Page { get; private set; } = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var link = await Server.CreateLinkAsync(("url", "summer/festival-2026"), ("statistics_is_public", "1"));
        var chance = new Random(7);
        var clicks = 0;
        for (var day = 29; day >= 0; day--)
        {
            _clock.Shift = TimeSpan.FromDays(-day);
            for (var visit = chance.Next(1, 10) * (day % 7 < 2 ? 1 : 2); visit > 0; visit--, clicks++)
            {
                using var response = await Server.FollowAsync(
                    link.Alias,
                    null,
                    ("User-Agent", Agents[chance.Next(Agents.Length)]),
                    ("X-Forwarded-For", $"192.0.2.{chance.Next(1, 12)}"),
                    ("CF-IPCountry", Countries[chance.Next(Countries.Length)]),
                    ("Referer", Referrers[chance.Next(Referrers.Length)])
                );
            }

            // A click that is stored days later has no visitor any more.
            await Patience.UntilAsync(async () => await CountAsync(link.Id) >= clicks, $"Counting {clicks} clicks");
        }

        Page = $"{Server.Url}/l/stats/{link.Alias}";
    }

    private async Task<long> CountAsync(long link) =>
        (await Server.Http.GetFromJsonAsync<JsonElement>($"/api/statistics/{link}?type=kind"))
            .GetProperty("data")
            .EnumerateArray()
            .Sum(row => row.GetProperty("pageviews").GetInt64());

    private protected override Task<TestServer> StartAsync() =>
        TestServer.StartAsync(
            _clock,
            null,
            ("SIGNPOST_TRUSTED_PROXIES", "127.0.0.0/8,::1"),
            ("SIGNPOST_GEO_HEADERS", "cloudflare")
        );
}
