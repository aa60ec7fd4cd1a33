using Signpost.Core.Statistics;
using Signpost.Testing;

namespace Signpost.Tests.Clicks;

/// <summary>A click names the version of its link instead of the destination, however long that is and however often it changes.</summary>
public sealed class LongDestinationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_click_of_a_link_with_long_addresses_loses_no_field()
    {
        await using var server = await TestServer.StartAsync(("SIGNPOST_TRUSTED_PROXIES", "127.0.0.1,::1"));
        var agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0 ";
        agent += new string('x', 1_024 - agent.Length);
        (string, string)[] rules =
        [
            .. Enumerable
                .Range(0, 10)
                .SelectMany(rule =>
                    ((string, string)[])
                        [
                            (
                                $"targeting_country_code_key[{rule}]",
                                ((string[])["FR", "DE", "NL", "BE", "ES", "IT", "PL", "CH", "AT", "US"])[rule]
                            ),
                            ($"targeting_country_code_value[{rule}]", Long($"rule{rule}")),
                        ]
                ),
        ];
        var link = await server.CreateLinkAsync([
            ("location_url", Long("own")),
            ("targeting_type", "country_code"),
            .. rules,
        ]);
        (string, string)[] headers =
        [
            ("User-Agent", agent),
            ("Accept-Language", "de-AT,de;q=0.9"),
            ("Referer", "https://news.example/" + new string('r', 240)),
        ];

        await server.FollowAsync(
            link.Alias + "?utm_source=s&utm_medium=m&utm_campaign=c&qr",
            null,
            [.. headers, ("X-Forwarded-For", "8.8.8.8")]
        );
        await server.FollowAsync(link.Alias, null, headers);

        var rows = await server.RowsAsync(link);
        Assert.Equal(
            [new ClickTarget(Long("rule9"), "targeting_country_code[9]"), new(Long("own"), null)],
            rows.Select(row => row.Target)
        );
        Assert.Equal(new ClickUtm("s", "m", "c"), rows[0].Utm);
        Assert.Equal(new ClickPlace("NA", "US", null), rows[0].Place);
        Assert.All(
            rows,
            row =>
            {
                Assert.Equal(new ClickAgent("Windows", "Firefox", "desktop"), row.Agent);
                Assert.Equal("de", row.Language);
                Assert.Equal(new ClickReferrer("news.example", "/" + new string('r', 240)), row.Referrer);
                Assert.NotEqual(0ul, row.Visitor);
            }
        );
    }

    [Fact]
    public async Task Clicks_keep_the_destination_of_their_time_whatever_changes_before_they_are_stored()
    {
        await using var server = await TestServer.StartAsync();
        var link = await server.CreateLinkAsync(("location_url", "https://example.org/1"));
        await server.FollowAsync(link.Alias);
        await server.UpdateLinkAsync(link.Id, ("utm_source", "x"));
        await server.FollowAsync(link.Alias);
        await server.UpdateLinkAsync(link.Id, ("location_url", "https://example.org/2"));
        await server.UpdateLinkAsync(link.Id, ("location_url", "https://example.org/3"));
        await server.FollowAsync(link.Alias);
        await server.UpdateLinkAsync(
            link.Id,
            ("targeting_type", "rotation"),
            ("targeting_rotation_key[0]", "1"),
            ("targeting_rotation_value[0]", "https://example.org/r1")
        );
        await server.FollowAsync(link.Alias);
        await server.UpdateLinkAsync(link.Id, ("targeting_rotation_key", ""), ("targeting_rotation_value", ""));
        await server.UpdateLinkAsync(link.Id, ("targeting_type", ""));
        await server.FollowAsync(link.Alias);

        Assert.Equal(
            [
                new("https://example.org/1", null),
                new("https://example.org/1", null),
                new("https://example.org/3", null),
                new("https://example.org/r1", "targeting_rotation[0]"),
                new ClickTarget("https://example.org/3", null),
            ],
            (await server.RowsAsync(link)).Select(row => row.Target)
        );
    }

    [Fact]
    public async Task Former_destinations_go_when_their_clicks_are_stored_and_with_their_link()
    {
        var clock = new ManualClock();
        await using var server = await TestServer.StartAsync(clock, null);
        var kept = await server.CreateLinkAsync(("location_url", "https://example.org/1"));
        var deleted = await server.CreateLinkAsync(("location_url", "https://example.org/1"));
        foreach (var link in (MadeLink[])[kept, deleted])
            await server.UpdateLinkAsync(link.Id, ("location_url", "https://example.org/2"));
        Assert.Equal(2, Former());

        using var response = await server.Http.DeleteAsync($"/api/links/{deleted.Id}?permanent=1", Cancel);
        Assert.Equal(1, Former());
        await clock.UntilAsync(() => Former() == 0, TimeSpan.FromSeconds(5), "No former destination is left");

        int Former()
        {
            using var db = server.Database.Read();
            return db.FormerDestinations.Count();
        }
    }

    private static string Long(string name) => $"https://example.org/{name}/".PadRight(8_192, 'a');
}
