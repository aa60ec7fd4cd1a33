using Signpost.FaultTests.Running;
using Signpost.FaultTests.Visiting;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>A process that is killed under load, again and again, and must not lose or invent a click.</summary>
public sealed class KilledTests
{
    private const int Visitors = 6;
    private const int SmallLimit = 40;

    private static readonly SeededLink[] Links =
    [
        new("plain-1"),
        new("plain-2"),
        new("plain-3"),
        new("small-limit", Limit: SmallLimit),
        new("large-limit", Limit: 8_000),
        new("huge-limit", Limit: 100_000_000),
    ];

    [Fact(Timeout = 3_600_000)]
    public async Task No_click_is_lost_or_counted_twice_however_often_it_is_killed()
    {
        await using var home = await Installation.SeededAsync(Links);
        await KillOverAndOverAsync(home, Rounds.Of(6), ("SIGNPOST_CLICK_DURABILITY", "process"));
    }

    [Fact(Timeout = 3_600_000)]
    public async Task No_click_is_lost_or_counted_twice_when_the_disk_is_waited_for()
    {
        await using var home = await Installation.SeededAsync(Links);
        await KillOverAndOverAsync(home, Rounds.Of(3), ("SIGNPOST_CLICK_DURABILITY", "disk"));
    }

    [Trait("Database", "PostgreSQL")]
    [Fact(Timeout = 3_600_000)]
    public async Task No_click_is_lost_or_counted_twice_on_PostgreSQL()
    {
        await using var home = await Installation.SeededOnAsync(await TestPostgres.NewAsync(isEmpty: false), Links);
        await KillOverAndOverAsync(home, Rounds.Of(2), ("SIGNPOST_DATABASE_URL", home.DatabaseUrl!));
    }

    [Trait("Database", "PostgreSQL")]
    [Fact(Timeout = 3_600_000)]
    public async Task No_click_is_lost_or_counted_twice_when_processes_of_PostgreSQL_are_killed()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        var moments = new Random(seed);
        await using var postgres = await OwnPostgres.StartAsync();
        await using var home = await Installation.SeededOnAsync(postgres.Url, Links);
        var ledger = new Ledger(home.Links);
        await using var server = await RunningServer.StartAsync(home, ("SIGNPOST_DATABASE_URL", postgres.Url));

        for (var round = 1; round <= Rounds.Of(2); round++)
        {
            await using var crowd = Crowd.Gather(server.Endpoint, ledger, Visitors);
            await crowd.Begun.OrFail("The first answer", server.Process.Said);
            await Patience.PassAsync(TimeSpan.FromMilliseconds(moments.Next(5, 500)));
            Assert.True(await postgres.KillBackendAsync(moments) > 0, "Nothing was killed");
            await Patience.PassAsync(TimeSpan.FromMilliseconds(moments.Next(5, 500)));
            await crowd.DismissAsync();

            ledger.IsOrderly(server);
            ledger.IsAnswered(server);
            await Patience.UntilAsync(
                async () => await server.ReadinessAsync() is { Status: 200, JournalBytes: 0 },
                "All clicks are stored",
                server.Process.Said
            );
            await CheckAsync(server, ledger, $"after round {round}, seed {seed}");
            Assert.All(ledger.Tallies, tally => Assert.Equal(tally.Arrived, home.StoredClicks(tally.Link.Id)));
        }

        Assert.Equal(SmallLimit, home.StoredClicks(home.Link("small-limit").Id));
        TestContext.Current.TestOutputHelper?.WriteLine($"{ledger}");
    }

    private static async Task KillOverAndOverAsync(
        Installation home,
        int rounds,
        params (string Name, string Value)[] settings
    )
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        var moments = new Random(seed);
        var ledger = new Ledger(home.Links);

        for (var round = 1; round <= rounds; round++)
        {
            await using var server = await RunningServer.StartAsync(home, settings);
            var exhausted = await CheckAsync(server, ledger, $"at the start of round {round}, seed {seed}");
            var arrivedBefore = exhausted.Sum(tally => tally.Arrived);

            await using var crowd = Crowd.Gather(server.Endpoint, ledger, Visitors);
            await crowd.Begun.OrFail("The first answer", server.Process.Said);
            await Patience.PassAsync(TimeSpan.FromMilliseconds(moments.Next(5, 500)));
            await server.KillAsync();
            await crowd.GoneAsync();

            ledger.IsOrderly(server);
            Assert.Equal(arrivedBefore, exhausted.Sum(tally => tally.Arrived));
        }

        await using var last = await RunningServer.StartAsync(home, settings);
        await CheckAsync(last, ledger, $"at the end, seed {seed}");
        var told = new Dictionary<long, long>();
        foreach (var link in home.Links)
            told.Add(link.Id, await last.ClicksAsync(link.Id));
        // A stop has little time to store them.
        await Patience.UntilAsync(
            async () => (await last.ReadinessAsync()).JournalBytes == 0,
            "All clicks are stored",
            last.Process.Said
        );
        await last.StopAsync();

        Assert.All(home.Links, link => Assert.Equal(told[link.Id], home.StoredClicks(link.Id)));
        Assert.Equal(SmallLimit, home.StoredClicks(home.Link("small-limit").Id));
        TestContext.Current.TestOutputHelper?.WriteLine($"{ledger}");
    }

    /// <summary>Compares the visitors' counts with the server's; returns the links that have reached their limit.</summary>
    private static async Task<List<Tally>> CheckAsync(RunningServer server, Ledger ledger, string when)
    {
        List<Tally> exhausted = [];
        foreach (var tally in ledger.Tallies)
        {
            var clicks = await server.ClicksAsync(tally.Link.Id);
            var limit = tally.Link.Limit ?? long.MaxValue;
            Assert.True(
                tally.Arrived <= clicks && clicks <= tally.Sent && clicks <= limit,
                $"{tally.Link.Alias} has {clicks} clicks {when}, but visitors know: {tally}"
            );
            if (clicks == limit)
                exhausted.Add(tally);
        }

        return exhausted;
    }
}
