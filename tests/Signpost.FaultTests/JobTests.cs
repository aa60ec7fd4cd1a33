using Signpost.FaultTests.Running;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>A process that is killed while it deletes or moves a domain with thousands of links, and continues at each start.</summary>
[Collection(Beside.Name)]
public sealed class JobTests
{
    private const int Links = 2_000;
    private const int MostKills = 7;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("delete")]
    [InlineData("move")]
    public async Task Killed_over_and_over_it_ends_with_all_links_gone_or_all_moved(string links)
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        var chance = new Random(seed);
        await using var home = await Installation.SeededAsync([
            .. Enumerable.Range(1, Links).Select(i => new SeededLink($"link-{i}")),
        ]);
        await PutOnDomainAsync(home);

        await using (var first = await RunningServer.StartAsync(home))
        {
            var asked = first.Http.DeleteAsync($"/api/domains/1?links={links}", Cancel);
            await Patience.UntilAsync(
                () => Task.FromResult(HasBegun(home)),
                "The begin of the job",
                () => $"The request: {asked.Status}.",
                TimeSpan.FromMilliseconds(1)
            );
            await Patience.PassAsync(TimeSpan.FromMilliseconds(chance.Next(300)));
            await first.KillAsync();
            await asked
                .ContinueWith(_ => { }, Cancel, TaskContinuationOptions.None, TaskScheduler.Default)
                .OrFail("The end of the request");
        }

        var kills = 0;
        for (; Jobs(home) > 0; kills++)
        {
            await using var server = await RunningServer.StartAsync(home);
            // The last one may end the job, however slow the machine is.
            var time = kills < MostKills ? TimeSpan.FromMilliseconds(chance.Next(200) << kills) : TimeSpan.MaxValue;
            var start = TimeProvider.System.GetTimestamp();
            await Patience.UntilAsync(
                () => Task.FromResult(Jobs(home) == 0 || TimeProvider.System.GetElapsedTime(start) >= time),
                "The end of the job or of the process's time"
            );
            await server.KillAsync();
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"Killed {kills + 1} times");
        Assert.Equal(0L, Jobs(home));
        Assert.Equal(0L, home.Ask("SELECT count(*) FROM domains"));
        Assert.Equal(0L, home.Ask("SELECT count(*) FROM reserved_aliases"));
        Assert.Equal(0L, home.Ask("SELECT count(*) FROM links WHERE domain_id = 1"));
        Assert.Equal(links is "move" ? Links : 0L, home.Ask("SELECT count(*) FROM links WHERE version = 2"));
        Assert.Equal(links is "move" ? Links : 0L, home.Ask("SELECT count(*) FROM link_counts"));
    }

    private static bool HasBegun(Installation home) =>
        (long)home.Ask("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'jobs'")! > 0;

    private static long Jobs(Installation home) => (long)home.Ask("SELECT count(*) FROM jobs")!;

    private static async Task PutOnDomainAsync(Installation home)
    {
        await using var database = new Database(home.DatabasePath);
        await database.WriteRawAsync(
            (connection, transaction) =>
            {
                using var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = """
                    INSERT INTO domains (id, account_id, scheme, host, is_enabled, token, verified_at, failed_checks,
                        created_at, updated_at)
                    SELECT 1, min(id), 'https://', 'go.example', 1, 't', 1, 0, 0, 0 FROM accounts;
                    UPDATE links SET domain_id = 1;
                    INSERT INTO link_counts (link_id, kind, count) SELECT id, 1, 5 FROM links;
                    """;
                return command.ExecuteNonQuery();
            },
            Cancel
        );
    }
}
