using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Signpost.FaultTests.Running;
using Signpost.FaultTests.Visiting;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>The move from SQLite to PostgreSQL by real processes, killed on their way.</summary>
[Trait("Database", "PostgreSQL")]
public sealed partial class MoveTests
{
    private const int Aliases = 90_000;
    private const int MostSends = 1_500;
    private static readonly int Kills = Rounds.Of(2);
    private static readonly string[] Move = ["migrate-database"];

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
        (string, string)[] target = [("SIGNPOST_DATABASE_URL", url)];
        List<string> said = [];
        foreach (
            var line in (string[])
                ["retired_aliases: 20,000 of 90,000", "retired_aliases: 60,000", "All rows are copied"]
        )
        {
            await using var process = SignpostProcess.Start(home, Move, target);
            await process.LineAsync(one => one.Contains(line, StringComparison.Ordinal)).OrFail(line, process.Said);
            process.Signal(Signals.Kill);
            said.AddRange((await process.EndAsync()).Output);
        }

        var early = await SignpostProcess.RunAsync(home, [], [("SIGNPOST_DATABASE_URL", url)]);
        await using var other = await Installation.SeededAsync();
        var foreign = await SignpostProcess.RunAsync(other, Move, target);
        var ended = await SignpostProcess.RunAsync(home, Move, target);
        var again = await SignpostProcess.RunAsync(home, Move, target);
        var without = await SignpostProcess.RunAsync(home, []);

        Assert.Equal(1, without.ExitCode);
        Assert.Contains("was moved to", Assert.Single(without.Errors), StringComparison.Ordinal);
        Assert.Equal(1, early.ExitCode);
        Assert.Contains("unfinished move", Assert.Single(early.Errors), StringComparison.Ordinal);
        Assert.Equal(1, foreign.ExitCode);
        Assert.Contains("of another installation", Assert.Single(foreign.Errors), StringComparison.Ordinal);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        // No rows were copied twice. A run that was killed after a commit may not have said so.
        var copied = said.Concat(ended.Output).Select(CopiedOf).OfType<int>().ToList();
        Assert.InRange(copied.Count, 3, 5);
        Assert.Equal(copied.Distinct().Order(), copied);
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

    [Fact]
    public async Task A_move_that_is_killed_anywhere_ends_with_the_same_rows()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"), new SeededLink("two"));
        await FillAsync(home);
        var url = await TestPostgres.NewAsync(isEmpty: true);
        (string, string)[] target = [("SIGNPOST_DATABASE_URL", url)];
        var isKilled = true;
        for (var kill = 0; kill < Kills && isKilled; kill++)
        {
            isKilled = await KilledCommand.RunAsync(
                home,
                Move,
                target,
                KilledCommand.Sends,
                Random.Shared.Next(1, MostSends)
            );
            // It may have been killed when all was done.
            isKilled = isKilled && !await IsMovedAsync(url);
            if (isKilled)
                await RefusedToServeAsync(home, target);
        }

        if (isKilled)
        {
            var ended = await SignpostProcess.RunAsync(home, Move, target);
            Assert.True(ended.ExitCode == 0, ended.ToString());
        }

        Assert.Empty(TableSums.Differences(TableSums.Of(home.DatabasePath), await TableSums.OnServerAsync(url)));
    }

    [Fact]
    public async Task A_move_is_refused_in_one_line_while_it_is_not_safe()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        await using var empty = Installation.Empty();
        var url = await TestPostgres.NewAsync(isEmpty: false);
        await using var server = await RunningServer.StartAsync(home);

        await RefusedAsync(home, url, "in use");
        await RefusedAsync(empty, url, "There is no database at");
        await RefusedAsync(home, "mysql://signpost@127.0.0.1/signpost", "SIGNPOST_DATABASE_URL");
        await server.StopAsync();
        await RefusedAsync(home, $"{url}_gone", "There is no database signpost_");
        var early = await SignpostProcess.RunAsync(
            home,
            [],
            [("SIGNPOST_DATABASE_URL", await TestPostgres.NewAsync(isEmpty: true))]
        );
        Assert.Contains("is empty, but there is", Assert.Single(early.Errors), StringComparison.Ordinal);
        var typed = await SignpostProcess.RunAsync(home, [.. Move, "postgres://ada:secret@127.0.0.1/signpost"]);
        Assert.DoesNotContain("secret", Assert.Single(typed.Errors), StringComparison.Ordinal);
        await using (TestDatabase.OpenAt(url))
            await RefusedAsync(home, url, "Another Signpost server uses");
    }

    [Fact]
    public async Task A_move_notices_that_the_original_has_changed_meanwhile()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        await FillAsync(home);
        var url = await TestPostgres.NewAsync(isEmpty: false);
        (string, string)[] target = [("SIGNPOST_DATABASE_URL", url)];
        await using (var process = SignpostProcess.Start(home, Move, target))
        {
            await process.LineAsync(said => said.Contains("retired_aliases: 20,000", StringComparison.Ordinal));
            process.Signal(Signals.Kill);
            await process.EndAsync();
        }

        home.Ask("UPDATE retired_aliases SET until = until + 1 WHERE alias = 'gone1'");
        var ended = await SignpostProcess.RunAsync(home, Move, target);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(
            "The copy of the table retired_aliases differs",
            Assert.Single(ended.Errors),
            StringComparison.Ordinal
        );
    }

    private static async Task<bool> IsMovedAsync(string url)
    {
        await using var database = TestDatabase.OpenAt(url);
        await using var connection = database.OpenRead();
        return Schema.IsIn(connection) && !Dialect.Of(connection).HasTable(connection, "unfinished_move");
    }

    // However early it was killed, no server may begin with an empty database.
    private static async Task RefusedToServeAsync(Installation home, (string, string)[] target)
    {
        var refused = await SignpostProcess.RunAsync(home, ["--urls", "http://127.0.0.1:0"], target);
        Assert.Equal(1, refused.ExitCode);
        Assert.Matches("unfinished move|is empty, but there is", Assert.Single(refused.Errors));
    }

    private static int? CopiedOf(string said) =>
        CopiedLine().Match(said) is { Success: true } match
            ? int.Parse(match.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture)
            : null;

    [GeneratedRegex("retired_aliases: ([0-9,]+) of")]
    private static partial Regex CopiedLine();

    private static async Task RefusedAsync(Installation home, string url, string why)
    {
        var refused = await SignpostProcess.RunAsync(home, Move, [("SIGNPOST_DATABASE_URL", url)]);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(why, Assert.Single(refused.Errors), StringComparison.Ordinal);
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
