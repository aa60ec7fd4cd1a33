using System.Text.Json;
using Signpost.Clicks;
using Signpost.ClickStore;
using Signpost.ClickStore.Blocks;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.FaultTests.Running;
using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Statistics.Questions;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>A link whose visitors make up referrers and campaigns, each click others, in a process with little memory.</summary>
[Collection(Beside.Name)]
public sealed class MadeUpWordsTests
{
    private const int Batches = 5;
    private const int BatchSize = 12_000;
    private const long Clicks = Batches * BatchSize;
    private const string HeapLimit = "0x10000000"; // 256 MiB

    private static readonly Guid Journal = new("0190a0b1-0000-7000-8000-000000000016");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 600_000)]
    public async Task They_are_compacted_and_counted_in_little_memory_before_and_after_a_restart()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("a"), new SeededLink("b"));
        await StoreAsync(home);
        Assert.InRange((long)home.Ask("SELECT sum(length(data)) FROM click_blocks")!, 28 << 20, 256 << 20);

        for (var start = 1; start <= 2; start++)
        {
            await using var server = await RunningServer.StartAsync(home, ("DOTNET_GCHeapHardLimit", HeapLimit));
            // The second start finds nothing to compact.
            if (start == 1)
                await CheckAsync(server, home.Links[0].Id);
            await Patience.UntilAsync(
                () =>
                    Task.FromResult(
                        (long)home.Ask("SELECT count(*) FROM click_days WHERE revision <> rolled_revision")! == 0
                            && (long)home.Ask("SELECT count(*) FROM click_blocks")! == 0
                    ),
                "The clicks are compacted and their day is closed"
            );
            await CheckAsync(server, home.Links[0].Id);
            Assert.DoesNotContain("OutOfMemory", server.Process.Said(), StringComparison.Ordinal);
            await server.StopAsync();
        }

        Assert.True((long)home.Ask("SELECT count(*) FROM rollups")! >= 2);
    }

    private static async Task CheckAsync(RunningServer server, long link)
    {
        foreach (var type in StatisticsType.Names)
        {
            var question = $"/api/statistics/{link}?type={type}";
            var text = await AskAsync(server, question);
            using var json = JsonDocument.Parse(text);
            var rows = json.RootElement.GetProperty("data").EnumerateArray();
            Assert.Equal(Clicks, rows.Sum(row => row.GetProperty("pageviews").GetInt64()));
        }
    }

    private static async Task<string> AskAsync(RunningServer server, string question)
    {
        var (isAnswered, text) = (false, "");
        await Patience.UntilAsync(
            async () =>
            {
                using var response = await server.Http.GetAsync(question, Cancel);
                (isAnswered, text) = (response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancel));
                // On a busy machine an answer may take longer than it may.
                return isAnswered || !text.Contains("choose fewer days", StringComparison.Ordinal);
            },
            $"{question} is answered"
        );
        Assert.True(isAnswered, $"{question}: {text} {server.Process.Said()}");
        return text;
    }

    // As an earlier version may have left them: the start finds all of them in blocks.
    private static async Task StoreAsync(Installation home)
    {
        var at = TimeProvider.System.GetUtcNow().AddDays(-2).ToUnixTimeSeconds();
        // The server must find the journal that the store knows.
        new JournalDirectory(home.JournalPath).WriteId(Journal);
        await using var database = new Database(home.DatabasePath);
        using var lanes = new BackgroundLanes(TimeProvider.System);
        var store = new SqliteClickStore(database, new RecentClicks(), lanes);
        for (var batch = 0; batch < Batches; batch++)
        {
            var first = batch * BatchSize;
            var rows = Enumerable.Range(first, BatchSize).Select(number => Row(home.Links[0].Id, at, number)).ToList();
            var clicks = rows.ConvertAll(row => new Click(row.LinkId, 1, row.AtSeconds * 1_000, row.Kind, row.Status));
            ClickBatch made = new(Position(batch), Position(batch + 1), clicks) { Rows = rows };
            Assert.True(await store.AppendAsync(Journal, made, Cancel));
        }
    }

    private static ClickRow Row(long link, long at, int number)
    {
        string Word(string name) => $"{name}-{number}-".PadRight(120, 'x');
        return new(
            link,
            at,
            (ulong)number + 1,
            ClickKind.Person,
            302,
            false,
            ClickPlace.Unknown,
            new("Windows", $"Browser {number}", "desktop"),
            $"l{number}",
            new(Word("host"), Word("/path")),
            new(Word("source"), Word("medium"), Word("campaign")),
            new("https://example.org/a", null)
        );
    }

    private static JournalPosition Position(int batches) => batches == 0 ? JournalPosition.Start : new(batches, 0);
}
