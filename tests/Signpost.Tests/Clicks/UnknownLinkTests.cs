using Microsoft.Extensions.DependencyInjection;
using Signpost.Clicks;
using Signpost.Core.Clicks;
using Signpost.Testing;

namespace Signpost.Tests.Clicks;

/// <summary>Requests for aliases that are no link are counted, and nothing else is.</summary>
public sealed class UnknownLinkTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_for_what_is_no_link_are_counted_by_alias_whatever_their_method()
    {
        await using var server = await TestServer.StartAsync();
        var link = await server.CreateLinkAsync();
        await server.FollowAsync("Gone/Away");
        await server.FollowAsync("gone/away", HttpMethod.Head);
        await server.FollowAsync("gone/away?x=y", HttpMethod.Post);
        await server.FollowAsync("gone/away", null, ("Sec-Purpose", "prefetch"));
        await server.FollowAsync("Straße");
        await server.FollowAsync(link.Alias);

        var batch = await server.ReadAsync();

        var day = (int)(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 86_400);
        Assert.Equal(
            [("gone/away", 4L), ("straße", 1L)],
            batch.Orphans.Select(orphan => (orphan.Alias, orphan.Count)).Order()
        );
        Assert.All(batch.Orphans, orphan => Assert.Equal((0L, true), (orphan.DomainId, day - orphan.Day is 0 or 1)));
        Assert.Equal([link.Id], batch.Rows.Select(row => row.LinkId));
        Assert.Equal([link.Id], batch.Totals.Select(total => total.LinkId));
    }

    [Fact]
    public async Task Pages_of_the_server_and_what_can_be_no_alias_are_not_counted()
    {
        await using var server = await TestServer.StartAsync();
        var link = await server.CreateLinkAsync();
        foreach (
            var path in (string[])
                ["", "robots.txt", "favicon.ico", "login", "api/links", "api/none", "healthz", "a%00b"]
        )
            await server.FollowAsync(path);
        await server.FollowAsync(link.Alias);

        Assert.Empty((await server.ReadAsync()).Orphans);
    }

    [Fact]
    public async Task Nothing_of_who_asked_is_kept()
    {
        await using var server = await TestServer.StartAsync();
        await server.FollowAsync("gone", null, ("User-Agent", "marker-agent"), ("Referer", "https://marker.example/"));

        var journal = Directory
            .GetFiles(Path.Combine(server.DataDirectory, "journal"), "*.seg")
            .Select(path => File.ReadAllText(path, System.Text.Encoding.Latin1))
            .ToList();

        Assert.Contains(journal, text => text.Contains("gone", StringComparison.Ordinal));
        Assert.All(journal, text => Assert.DoesNotContain("marker", text, StringComparison.Ordinal));
        Assert.Single((await server.ReadAsync()).Orphans);
    }

    [Fact]
    public async Task A_request_that_met_no_database_is_counted_where_it_belongs()
    {
        await using var server = await TestServer.StartAsync();
        var link = await server.CreateLinkAsync();
        var recorder = server.Services.GetRequiredService<ClickRecorder>();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var alias in (string[])[link.Alias, "gone"])
            recorder.TryRecord(
                new(0, 0, now, ClickKind.Unavailable, 503),
                consumed: false,
                new ClickFacts { Alias = alias }
            );

        var batch = await server.ReadAsync();

        var row = Assert.Single(batch.Rows);
        Assert.Equal((link.Id, ClickKind.Unavailable, 503), (row.LinkId, row.Kind, (int)row.Status));
        Assert.Equal(
            (link.Id, ClickKind.Unavailable, 1L),
            (batch.Totals[0].LinkId, batch.Totals[0].Kind, batch.Totals[0].Count)
        );
        Assert.Equal("gone", Assert.Single(batch.Orphans).Alias);
    }
}
