using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Clicks;
using Signpost.ClickStore.Chunks;
using Signpost.ClickStore.Rollups;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Statistics.Questions;
using Signpost.Testing;

namespace Signpost.Tests.Statistics;

/// <summary>Clicks with more different values than a response and a day keep.</summary>
public sealed class ManyValuesTests
{
    private const int Clicks = 2_500;
    private static readonly Guid Journal = new("0190a0b1-0000-7000-8000-000000000014");
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_rows_of_every_type_add_up_to_all_clicks_whatever_the_limit_is()
    {
        await using var server = await TestServer.StartAsync(new ManualClock(Start), null);
        var link = await server.CreateLinkAsync();
        await StoreAsync(server, link.Id);

        await CheckAsync(server, link.Id);
        await server.Services.GetRequiredService<ClickCompactor>().CompactAsync(Cancel);
        await CheckAsync(server, link.Id);
        await server.Services.GetRequiredService<RollupJob>().CloseAsync(Cancel);
        await CheckAsync(server, link.Id);
    }

    private static async Task CheckAsync(TestServer server, long link)
    {
        foreach (var type in StatisticsType.Names)
        foreach (var limit in (string[])["", "&limit=1", "&limit=700", "&limit=1000"])
        foreach (var compare in (string[])["", "&compare=previous"])
        {
            var question = $"/api/statistics/{link}?type={type}{limit}{compare}";
            var body = JsonNode.Parse(await server.Http.GetStringAsync(question, Cancel))!;
            var rows = body["data"]!.AsArray();
            var sum = rows.Sum(row => row!["pageviews"]!.GetValue<long>());
            Assert.True(sum == Clicks, $"{question}: {sum} of {Clicks} clicks.");
            Assert.InRange(rows.Count(row => row!["is_other"] is not null), 0, 1);
        }
    }

    // Half of the clicks of each dimension have values of their own, and a third has none.
    private static Task<bool> StoreAsync(TestServer server, long link)
    {
        var rows = Enumerable.Range(0, Clicks).Select(number => Row(link, number)).ToList();
        var clicks = rows.ConvertAll(row => new Click(row.LinkId, 1, row.AtSeconds * 1_000, row.Kind, row.Status));
        ClickBatch batch = new(JournalPosition.Start, new(1, 0), clicks) { Rows = rows };
        return server.Services.GetRequiredService<IClickStore>().AppendAsync(Journal, batch, Cancel);
    }

    private static ClickRow Row(long link, int number)
    {
        string? Value(string name) =>
            (number % 6) switch
            {
                < 3 => $"{name} {number}",
                < 5 => null,
                _ => $"{name} {number % 9}",
            };
        return new(
            link,
            Start.AddDays(-2).ToUnixTimeSeconds() + number,
            (ulong)number,
            ClickKind.Person,
            302,
            number % 2 == 0,
            new(Value("continent"), Value("country"), Value("city")),
            new(Value("system"), Value("browser"), Value("device")),
            Value("language"),
            new(Value("host"), Value("path")),
            new(Value("source"), Value("medium"), Value("campaign")),
            new(Value("destination"), Value("variant")),
            Value("host")
        );
    }
}
