using System.Net.Http.Json;
using System.Text.Json;
using Signpost.FaultTests.Running;
using Signpost.FaultTests.Visiting;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>The move from SQLite to PostgreSQL by real processes, killed on their way.</summary>
public sealed class MoveTests
{
    private const int Aliases = 90_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_move_that_is_killed_again_and_again_brings_everything()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"), new SeededLink("two"));
        var one = home.Link("one");
        await FillAsync(home);
        await using (var server = await RunningServer.StartAsync(home))
        {
            await VisitAsync(server, times: 20);
            await server.StopAsync();
        }

        await using (var server = await RunningServer.StartAsync(home))
        {
            await VisitAsync(server, times: 7);
            // Clicks that only the journal has move along with it.
            await server.KillAsync();
        }

        var url = await TestPostgres.NewAsync(isEmpty: true);
        string[] move = ["migrate-database", "--to", url];
        foreach (var line in (string[])["retired_aliases: 20,000", "retired_aliases: 60,000", "All rows are copied"])
        {
            await using var process = SignpostProcess.Start(home, move, []);
            await process.LineAsync(said => said.StartsWith(line, StringComparison.Ordinal)).OrFail(line, process.Said);
            process.Signal(Signals.Kill);
            await process.EndAsync();
        }

        var early = await SignpostProcess.RunAsync(home, [], [("SIGNPOST_DATABASE_URL", url)]);
        var ended = await SignpostProcess.RunAsync(home, move);
        var again = await SignpostProcess.RunAsync(home, move);

        Assert.Equal(1, early.ExitCode);
        Assert.Contains("unfinished move", Assert.Single(early.Errors), StringComparison.Ordinal);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("is not empty", Assert.Single(again.Errors), StringComparison.Ordinal);
        await using (var connection = await TestPostgres.OpenAsync(url))
        await using (var count = connection.Command(null, "SELECT count(*) FROM retired_aliases"))
            Assert.Equal((long)Aliases, await count.ExecuteScalarAsync(Cancel));

        await using var moved = await RunningServer.StartAsync(home, ("SIGNPOST_DATABASE_URL", url));
        await Patience.UntilAsync(async () => await moved.ClicksAsync(one.Id) == 27);
        Assert.True(await CreateAsync(moved) > home.Links.Max(link => link.Id));
        Assert.Equal(20, home.StoredClicks(one.Id));
    }

    // Many rows of one table, so that it moves in several transactions.
    private static async Task FillAsync(Installation home)
    {
        await using var database = new Database(home.DatabasePath);
        await database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    """
                    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < @most)
                    INSERT INTO retired_aliases (domain_id, alias_key, alias, account_id, until)
                    SELECT 0, 'gone' || n, 'gone' || n, 1, 4000000000000 FROM numbers
                    """,
                    ("@most", Aliases)
                ),
            Cancel
        );
    }

    private static async Task VisitAsync(RunningServer server, int times)
    {
        using var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, Cancel);
        for (var visit = 0; visit < times; visit++)
            Assert.Equal(302, (await visitor.AskAsync(Visitor.Request("/one"), Cancel)).Status);
    }

    private static async Task<long> CreateAsync(RunningServer server)
    {
        using var response = await server.Http.PostAsJsonAsync(
            new Uri("/api/links", UriKind.Relative),
            new { location_url = "https://example.org/new" },
            Cancel
        );
        var body = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        return body.GetProperty("data").GetProperty("id").GetInt64();
    }
}
