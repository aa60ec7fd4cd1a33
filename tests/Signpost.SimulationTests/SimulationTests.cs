using Signpost.SimulationTests.Machine;

namespace Signpost.SimulationTests;

/// <summary>Runs seeds: <c>tests/simulate</c> runs more of them.</summary>
public sealed class SimulationTests : IAsyncLifetime
{
    private const int Seeds = 500;

    private Surroundings _surroundings = null!;

    public async ValueTask InitializeAsync() => _surroundings = await Surroundings.CreateAsync();

    public ValueTask DisposeAsync() => _surroundings.DisposeAsync();

    public static TheoryData<string> Bugs => [.. Mutants.All.Keys];

    [Fact]
    public void No_seed_breaks_a_law()
    {
        var first = Number("SIMULATE_FIRST", 1);
        var last = first + Number("SIMULATE_SEEDS", Seeds) - 1;
        for (var seed = first; seed <= last; seed++)
            if (Simulation.Try(seed, _surroundings).Broken is not null)
                Assert.Fail(Explain(seed));
    }

    [Fact]
    public void The_same_seed_is_the_same_run()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var trace = Simulation.Try(seed, _surroundings, tells: true).World.Trace;

            Assert.NotEmpty(trace);
            Assert.Equal(trace, Simulation.Try(seed, _surroundings, tells: true).World.Trace);
        }
    }

    [Theory]
    [MemberData(nameof(Bugs))]
    public void A_planted_bug_is_found(string bug)
    {
        for (var seed = 1; seed <= Seeds; seed++)
            if (Simulation.Try(seed, _surroundings, Mutants.All[bug]).Broken is { } found)
            {
                TestContext.Current.TestOutputHelper!.WriteLine($"Seed {seed}: {found.Message}");
                return;
            }

        Assert.Fail($"No seed up to {Seeds} finds it.");
    }

    private string Explain(int seed)
    {
        var (world, broken) = Simulation.Try(seed, _surroundings, tells: true);
        return $"""
            Seed {seed}: {broken?.Message ?? "it holds when it is repeated: the run is not the same"}
            tests/simulate 1 {seed} runs it again.
            {string.Join('\n', world.Trace)}
            """;
    }

    private static int Number(string variable, int usual) =>
        int.TryParse(
            Environment.GetEnvironmentVariable(variable),
            System.Globalization.CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : usual;
}
