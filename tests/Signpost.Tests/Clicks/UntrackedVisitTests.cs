using System.Net;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Testing;

namespace Signpost.Tests.Clicks;

/// <summary>Visits of which nothing of the visitor is kept, because visitor, operator or address ask for that.</summary>
public sealed class UntrackedVisitTests
{
    private static readonly (string, string)[] Visitor =
    [
        ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 marker"),
        ("X-Forwarded-For", "8.8.8.8"),
        ("Accept-Language", "de"),
        ("Referer", "https://marker.example/"),
        ("Sec-CH-UA-Platform", "\"Linux\""),
    ];

    [Theory]
    [InlineData("DNT", "1", "on", true)]
    [InlineData("Sec-GPC", "1", "on", true)]
    [InlineData("DNT", "0", "on", false)]
    [InlineData("DNT", "1", "off", false)]
    [InlineData("Sec-GPC", "1", "off", false)]
    public async Task A_browser_that_asks_is_heard_when_the_operator_wants_it(
        string header,
        string value,
        string honored,
        bool isUntracked
    )
    {
        await using var server = await StartAsync(("SIGNPOST_HONOR_DNT", honored));
        var link = await server.CreateLinkAsync(("location_url", "https://example.org/x"), ("utm_source", "own"));

        await server.FollowAsync(link.Alias + "?qr=1&utm_medium=mail", null, [.. Visitor, (header, value)]);

        var row = await server.RowAsync(link);
        Assert.Equal((ClickKind.Person, true), (row.Kind, row.IsQr));
        Assert.Equal(new ClickUtm("own", "mail", null), row.Utm);
        Assert.Equal("https://example.org/x", row.Target.Destination);
        AssertUntracked(isUntracked, row);
        Assert.Equal(isUntracked, !JournalOf(server).Contains("marker", StringComparison.Ordinal));
        Assert.Equal(1, await server.ReadClicksAsync(link.Id));
    }

    [Theory]
    [InlineData("?quiet", true)]
    [InlineData("?a=b&quiet=1", true)]
    [InlineData("?QUIET=1", false)]
    [InlineData("?quieter=1", false)]
    public async Task A_parameter_can_ask_for_it(string query, bool isUntracked)
    {
        await using var server = await StartAsync(("SIGNPOST_NOTRACK_PARAMETER", "quiet"));
        var link = await server.CreateLinkAsync(("clicks_limit", "1"));

        await server.FollowAsync(link.Alias + query, null, Visitor);
        await server.FollowAsync(link.Alias, null, Visitor);

        var rows = await server.RowsAsync(link);
        Assert.Equal([ClickKind.Person, ClickKind.Limited], rows.Select(row => row.Kind));
        AssertUntracked(isUntracked, rows[0]);
        Assert.Equal(1, await server.ReadClicksAsync(link.Id));
    }

    [Fact]
    public async Task No_parameter_asks_for_it_unless_one_is_chosen()
    {
        await using var server = await StartAsync();
        var link = await server.CreateLinkAsync();

        await server.FollowAsync(link.Alias + "?notrack=1&=1&", null, Visitor);

        AssertUntracked(false, await server.RowAsync(link));
    }

    [Theory]
    [InlineData("country_code", "US", false)]
    [InlineData("rotation", "1", true)]
    public async Task Where_somebody_was_sent_is_not_kept_when_it_says_who_came(string type, string key, bool isKept)
    {
        await using var server = await StartAsync(("SIGNPOST_HONOR_DNT", "on"));
        var link = await server.CreateLinkAsync(
            ("targeting_type", type),
            ($"targeting_{type}_key[0]", key),
            ($"targeting_{type}_value[0]", "https://example.org/there")
        );

        using var answer = await server.FollowAsync(link.Alias, null, [.. Visitor, ("DNT", "1")]);

        Assert.Equal("https://example.org/there", answer.Headers.Location?.ToString());
        Assert.Equal(
            isKept ? new("https://example.org/there", $"targeting_{type}[0]") : ClickTarget.None,
            (await server.RowAsync(link)).Target
        );
    }

    [Theory]
    [InlineData("", null, true)]
    [InlineData("", "DNT", false)]
    [InlineData("?quiet", null, false)]
    public async Task No_pixel_fires_for_somebody_of_whom_nothing_is_kept(string query, string? header, bool fires)
    {
        await using var server = await StartAsync(
            ("SIGNPOST_HONOR_DNT", "on"),
            ("SIGNPOST_NOTRACK_PARAMETER", "quiet")
        );
        var pixel = await server.CreatePixelAsync("facebook", "123456789");
        var plain = await server.CreateLinkAsync(("pixels_ids[]", pixel));
        var cloaked = await server.CreateLinkAsync(("cloaking_is_enabled", "1"), ("pixels_ids[]", pixel));
        (string, string)[] headers = header is null ? Visitor : [.. Visitor, (header, "1")];

        using var first = await server.FollowAsync(plain.Alias + query, null, headers);
        using var second = await server.FollowAsync(cloaked.Alias + query, null, headers);

        Assert.Equal(fires ? HttpStatusCode.OK : HttpStatusCode.Found, first.StatusCode);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(
            fires,
            (await second.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Contains(
                "data-pixel",
                StringComparison.Ordinal
            )
        );
    }

    [Fact]
    public async Task Without_hashes_visitors_are_not_told_apart_and_the_rest_is_kept()
    {
        await using var server = await StartAsync(("SIGNPOST_VISITOR_HASHES", "off"));
        var link = await server.CreateLinkAsync();

        await server.FollowAsync(link.Alias, null, Visitor);

        var row = await server.RowAsync(link);
        Assert.Equal((0ul, "US", "de"), (row.Visitor, row.Place.CountryCode, row.Language));
    }

    private static void AssertUntracked(bool isUntracked, in ClickRow row)
    {
        Assert.Equal(isUntracked, row.Visitor == 0);
        Assert.Equal(isUntracked, row.Place == ClickPlace.Unknown);
        Assert.Equal(isUntracked, row.Agent == ClickAgent.Unknown);
        Assert.Equal(isUntracked, row.Language is null);
        Assert.Equal(isUntracked, row.Referrer == ClickReferrer.None);
    }

    private static string JournalOf(TestServer server) =>
        string.Concat(
            Directory
                .GetFiles(Path.Combine(server.DataDirectory, "journal"), "*.seg")
                .Select(path => File.ReadAllText(path, System.Text.Encoding.Latin1))
        );

    private static Task<TestServer> StartAsync(params (string, string)[] settings) =>
        TestServer.StartAsync([("SIGNPOST_TRUSTED_PROXIES", "127.0.0.1,::1"), .. settings]);
}
