namespace Signpost.Tests.Fuzzing;

/// <summary>The fuzzer finds faults that were planted behind each parser's first checks.</summary>
public sealed class PlantedFaultTests(FuzzTests.Fixture fixture) : IClassFixture<FuzzTests.Fixture>
{
    private const int Seed = 1;

    // Each input takes a connection or a question.
    private static readonly HashSet<string> Slow = ["http", "dns"];

    [Fact]
    public void A_fault_behind_what_no_example_reaches_is_found_in_every_target()
    {
        Assert.NotEmpty(fixture.Targets);
        foreach (var target in fixture.Targets)
        {
            // A result that is accepted and that no example has.
            var known = target.Seeds.Select(seed => target.Read(seed).Shape).ToHashSet();
            var planted = Planted(
                target,
                outcome => outcome.IsAccepted && !known.Contains(outcome.Shape),
                () => throw new IndexOutOfRangeException()
            );

            var found = Record.Exception(() => Run(planted, Slow.Contains(target.Name) ? 6_000 : 10_000));

            Assert.True(found is FuzzException { InnerException: IndexOutOfRangeException }, $"{target.Name}: {found}");
            Assert.StartsWith($"{target.Name}, seed {Seed}: ", found.Message, StringComparison.Ordinal);
            var input = Convert.FromBase64String(found.Message.Split('\n')[^1]);
            // A server remembers the first time, so the same request may get another response.
            if (target.Name != "http")
                Assert.Throws<IndexOutOfRangeException>(() => planted.Read(input));
        }
    }

    [Fact]
    public void Work_without_bounds_is_found()
    {
        var target = fixture.Targets.Single(target => target.Name == "destination");
        var spent = TimeSpan.Zero;
        var wasteful = Planted(target, outcome => outcome.IsAccepted, () => GC.KeepAlive(new byte[1 << 20]));
        var slow = Planted(target, outcome => outcome.IsAccepted, () => spent += Fuzzer.Longest * 2);

        Assert.Contains(
            "allocated",
            Assert.Throws<FuzzException>(() => Run(wasteful, 1_000)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "took 20 s",
            Assert.Throws<FuzzException>(() => new Fuzzer(() => spent).Run(slow, Seed, 1_000)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_same_seed_makes_the_same_inputs()
    {
        var target = fixture.Targets.Single(target => target.Name == "json");
        List<string>[] runs =
        [
            [],
            [],
            [],
        ];

        foreach (var (at, seed) in (int[])[1, 1, 2] is var seeds ? seeds.Index() : [])
            new Fuzzer().Run(
                target with
                {
                    Read = input =>
                    {
                        runs[at].Add(Convert.ToBase64String(input));
                        return target.Read(input);
                    },
                },
                seed,
                500
            );

        Assert.Equal(runs[0], runs[1]);
        Assert.NotEqual(runs[0], runs[2]);
    }

    private static FuzzTarget Planted(FuzzTarget target, Func<Outcome, bool> reaches, Action fault)
    {
        var isPlanted = false;
        var seeds = target.Seeds.Length;
        return target with
        {
            Read = input =>
            {
                // The examples come first, before anything is measured.
                isPlanted |= seeds-- <= 0;
                var outcome = target.Read(input);
                if (isPlanted && reaches(outcome))
                    fault();
                return outcome;
            },
        };
    }

    private static void Run(FuzzTarget target, long inputs) => new Fuzzer().Run(target, Seed, inputs);
}
