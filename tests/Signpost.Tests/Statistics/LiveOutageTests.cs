using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Signpost.Testing;

namespace Signpost.Tests.Statistics;

/// <summary>A live stream over a database that cannot be read for a while.</summary>
[Trait("Database", "SQLite")]
public sealed class LiveOutageTests
{
    private const string Away = ": the database is away; clicks follow when it is back";

    private readonly ManualClock _clock = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_says_so_stays_open_and_goes_on_with_every_click_once()
    {
        await using var server = await TestServer.StartAsync(
            _clock,
            null,
            ("Logging:LogLevel:Signpost.Statistics.Live", "Information")
        );
        var log = LogLines.Of(server);
        var link = await server.CreateLinkAsync();
        await using var one = await LiveTests.Stream.OpenAsync(server.Http, "", null, Cancel);
        await using var two = await LiveTests.Stream.OpenAsync(server.Http, "", null, Cancel);
        await VisitAsync(1);
        Assert.Equal(["1"], await ReadAsync(one, 1));
        Assert.Equal(["1"], await ReadAsync(two, 1));

        // Open connections still work; no new one can be opened.
        var path = Path.Combine(server.DataDirectory, "signpost.db");
        File.Move(path, path + ".aside");
        SqliteConnection.ClearAllPools();
        await VisitAsync(2);
        await VisitAsync(3);
        foreach (var stream in (LiveTests.Stream[])[one, two])
            for (var told = 0; told < 3; )
                if (await LineAsync(stream) is Away)
                    told++;
        File.Move(path + ".aside", path);
        await VisitAsync(4);

        Assert.Equal(["2", "3", "4"], await ReadAsync(one, 3));
        Assert.Equal(["2", "3", "4"], await ReadAsync(two, 3));
        Assert.Equal(1, log.Count("live streams wait"));
        Assert.Equal(1, log.Count("live streams continue"));

        async Task VisitAsync(int number)
        {
            using var visit = await server.FollowAsync($"{link.Alias}?utm_source={number}");
        }
    }

    private async Task<List<string>> ReadAsync(LiveTests.Stream stream, int count)
    {
        List<string> sources = [];
        while (sources.Count < count)
            if (await LineAsync(stream) is ['d', 'a', 't', 'a', ':', .. var data])
                sources.Add(JsonNode.Parse(data)!["utm_source"]!.GetValue<string>());
        return sources;
    }

    private async Task<string> LineAsync(LiveTests.Stream stream)
    {
        var line = stream.LineAsync();
        await _clock.UntilAsync(() => line.IsCompleted, TimeSpan.FromSeconds(1), "The next line");
        return await line;
    }
}
