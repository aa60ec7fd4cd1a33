using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Signpost.Testing;

namespace Signpost.Tests.Statistics;

/// <summary>
/// Random requests of every kind over some days: the strip of the page holds each request that was answered, and strip, totals, tables and
/// single clicks agree.
/// </summary>
public sealed partial class RandomTrafficTests : IAsyncLifetime
{
    private const int Requests = 400;
    private const int RequestsOfADay = 60;

    private static readonly (string Name, string Value)[] Agents =
    [
        ("User-Agent", StatisticsTests.Firefox),
        ("User-Agent", StatisticsTests.Iphone),
        ("User-Agent", StatisticsTests.Robot),
        ("User-Agent", "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"),
        ("User-Agent", ""),
    ];

    private static readonly string[] Tables =
    [
        "country_code",
        "referrer_host",
        "device_type",
        "os_name",
        "destination",
    ];

    private readonly ShiftedClock _clock = new(new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));
    private readonly int _seed = Random.Shared.Next();
    private TestServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _server = await TestServer.StartAsync(
            _clock,
            null,
            ("SIGNPOST_TRUSTED_PROXIES", "127.0.0.0/8,::1"),
            ("SIGNPOST_GEO_HEADERS", "cloudflare")
        );

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Strip_totals_tables_and_clicks_agree_for_any_traffic()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {_seed}");
        var chance = new Random(_seed);
        var links = await LinksAsync();
        var made = new int[links.Count];
        var unknown = 0;
        for (var at = 0; at < Requests; at++)
        {
            if (at % RequestsOfADay == RequestsOfADay - 1)
                _clock.MoveTo(_clock.GetUtcNow() + TimeSpan.FromHours(chance.Next(1, 30)));
            var link = chance.Next(links.Count + 1);
            var alias = link < links.Count ? links[link].Alias : $"nobody-{chance.Next(5)}";
            if (link < links.Count && chance.Next(10) == 0)
                // A wrong password is no request of the link.
                using (
                    await _server.Anonymous.PostAsync(
                        $"/_signpost/unlock/{alias}",
                        new FormUrlEncodedContent([new("password", "wrong")]),
                        Cancel
                    )
                ) { }

            using var response = await FollowAsync(alias, chance);
            Assert.True((int)response.StatusCode < 500 || response.StatusCode is HttpStatusCode.ServiceUnavailable);
            if (link < links.Count)
                made[link]++;
            else
                unknown++;
        }

        await Patience.UntilAsync(
            async () => Sum(await RowsAsync($"?type=kind&{Days}")) >= made.Sum(),
            $"Counting {made.Sum()} requests"
        );
        using Person ada = new(_server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        HashSet<string> kinds = [];
        foreach (var (link, requests) in links.Zip(made))
            await AssertAgreesAsync(ada, $"/dashboard/links/{link.Id}/statistics", $"/{link.Id}", requests, kinds);
        await AssertAgreesAsync(ada, "/dashboard/statistics", "", made.Sum(), kinds);

        Assert.True(kinds.Count >= 10, $"{string.Join(' ', kinds)}; seed {_seed}");
        await Patience.UntilAsync(async () => Sum(await RowsAsync($"/orphans?{Days}")) >= unknown);
        Assert.Equal(unknown, Sum(await RowsAsync($"/orphans?{Days}")));
    }

    private async Task AssertAgreesAsync(Person ada, string path, string scope, int requests, HashSet<string> kinds)
    {
        var lines = (await TextAsync($"/api/statistics{scope}/export?format=ndjson"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => (string)JsonNode.Parse(line)!["kind"]!)
            .ToList();
        kinds.UnionWith(lines);
        var persons = lines.Count(kind => kind is "person");
        var page = (await ada.GetAsync($"{path}?{Days}", Cancel)).Body;
        var why = $"{path}; seed {_seed}";

        Assert.True(requests == lines.Count, $"{lines.Count} clicks and {requests} requests: {why}");
        if (requests > 0)
        {
            var strip = Numbers(page[page.IndexOf("stats-requests", StringComparison.Ordinal)..], Count());
            var parts = lines.GroupBy(kind => kind).Select(group => (long)group.Count()).Order().ToList();
            Assert.True(requests == strip[0], why);
            Assert.True(parts.SequenceEqual(strip.Skip(1).Take(parts.Count).Order()), why);
            Assert.True(persons == Numbers(page, Total())[0], why);
        }

        foreach (var type in Tables.Concat(["overview", "hour", "weekday_hour"]))
            Assert.True(persons == Sum(await RowsAsync($"{scope}?type={type}&{Days}")), $"{type}: {why}");
        foreach (var kind in lines.Distinct())
            Assert.True(
                lines.Count(one => one == kind) == Sum(await RowsAsync($"{scope}?kind={kind}&{Days}")),
                $"{kind}: {why}"
            );
    }

    private async Task<List<MadeLink>> LinksAsync() =>
        [
            await _server.CreateLinkAsync(),
            await _server.CreateLinkAsync(("is_enabled", "0")),
            await _server.CreateLinkAsync(("start_date", "2999-01-01 00:00")),
            await _server.CreateLinkAsync(("end_date", "2026-01-07 12:00")),
            await _server.CreateLinkAsync(("clicks_limit", "3")),
            await _server.CreateLinkAsync(("password", "sesame")),
            await _server.CreateLinkAsync(("sensitive_content", "1")),
            await _server.CreateLinkAsync(("splash_page_id", await _server.CreateSplashPageAsync())),
            await _server.CreateLinkAsync(("cloaking_is_enabled", "1"), ("cloaking_title", "A title")),
            await _server.CreateLinkAsync(("http_status_code", "307")),
        ];

    private Task<HttpResponseMessage> FollowAsync(string alias, Random chance) =>
        _server.FollowAsync(
            alias + (chance.Next(4) == 0 ? "?qr=1" : "?utm_source=mail"),
            chance.Next(8) switch
            {
                0 => HttpMethod.Head,
                1 => HttpMethod.Post,
                _ => HttpMethod.Get,
            },
            Agents[chance.Next(3) == 0 ? chance.Next(Agents.Length) : 0],
            ("Sec-Purpose", chance.Next(9) == 0 ? "prefetch" : ""),
            ("Referer", chance.Next(2) == 0 ? "https://news.example/" : ""),
            ("CF-IPCountry", chance.Next(2) == 0 ? "FR" : "DE"),
            ("X-Forwarded-For", $"192.0.2.{chance.Next(1, 9)}")
        );

    // Clicks that came after the end of the day in UTC are in the range, too.
    private string Days =>
        $"start_date=2026-01-01&end_date={(_clock.GetUtcNow() + TimeSpan.FromDays(1)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";

    private async Task<JsonArray> RowsAsync(string query) =>
        JsonNode.Parse(await TextAsync($"/api/statistics{query}"))!["data"]!.AsArray();

    private async Task<string> TextAsync(string path)
    {
        using var response = await _server.Http.GetAsync(path, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, $"{path} {text}");
        return text;
    }

    private static int Sum(JsonArray rows) => rows.Sum(row => row!["pageviews"]!.GetValue<int>());

    private static List<long> Numbers(string html, Regex of) =>
        [.. of.Matches(html).Select(found => long.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture))];

    [GeneratedRegex("<strong>([0-9]+)</strong>")]
    private static partial Regex Count();

    [GeneratedRegex("<dd>\\s*<strong>([0-9]+)</strong>")]
    private static partial Regex Total();
}
