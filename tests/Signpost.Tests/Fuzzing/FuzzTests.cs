using System.Globalization;
using Signpost.Links.Targeting;
using Signpost.Testing;

namespace Signpost.Tests.Fuzzing;

/// <summary>
/// Every parser survives any input, with bounded work. A few inputs with each run of the tests; <c>tests/fuzz</c> gives them
/// as many as one likes.
/// </summary>
public sealed class FuzzTests(FuzzTests.Fixture fixture) : IClassFixture<FuzzTests.Fixture>
{
    private const long FewInputs = 100_000;

    private static readonly string[] Names =
    [
        "json",
        "form",
        "multipart",
        "alias",
        "destination",
        "domain",
        "visit-query",
        "referrer",
        "frame-policy",
        "agent-class",
        "agent-family",
        "client-hints",
        "accept-language",
        "mmdb",
        "png",
        "jpeg",
        "gif",
        "webp",
        "ico",
        "journal-record",
        "journal-segment",
        "classified-click",
        "date",
        "search",
        "statistics",
        "settings",
        "cookie",
        "x-forwarded-for",
        "dns",
        "http",
    ];

    private static readonly long Inputs = long.Parse(
        Setting("FUZZ_INPUTS") ?? $"{FewInputs}",
        CultureInfo.InvariantCulture
    );
    private static readonly int Seed = int.Parse(Setting("FUZZ_SEED") ?? "1", CultureInfo.InvariantCulture);
    private static readonly string? Only = Setting("FUZZ_TARGET");

    public static TheoryData<string> Targets => [.. Names.Where(name => Only is null || name == Only)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Every_input_gets_a_result_with_bounded_work(string name)
    {
        var target = fixture.Targets.Single(target => target.Name == name);
        var weights = Only is null ? fixture.Targets.Sum(target => target.Weight) : target.Weight;

        var report = new Fuzzer().Run(target, Seed, Math.Max(1, Inputs * target.Weight / weights));

        TestContext.Current.TestOutputHelper!.WriteLine($"seed {Seed}: {report}");
        Assert.InRange(report.Accepted, 1, report.Inputs - 1);
    }

    [Fact]
    public void No_target_is_left_out() =>
        Assert.Equal(
            Names.Order(StringComparer.Ordinal),
            fixture.Targets.Select(target => target.Name).Order(StringComparer.Ordinal)
        );

    private static string? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>The targets, and the server that some of them need.</summary>
    public sealed class Fixture : SharedServer
    {
        internal IReadOnlyList<FuzzTarget> Targets { get; private set; } = [];

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            // The names of keys are read once for the whole process.
            _ = NearKeys.Find(TargetingType.All[0], "none");
            Targets =
            [
                .. BodyTargets.All(),
                .. AddressTargets.All(),
                .. VisitorTargets.All(),
                .. FileTargets.All(),
                .. QuestionTargets.All(),
                .. ServerTargets.All(Server),
            ];
        }

        public override async ValueTask DisposeAsync()
        {
            foreach (var target in Targets)
                target.Dispose();
            await base.DisposeAsync();
        }

        private protected override Task<TestServer> StartAsync() => TestServer.StartAsync(ServerTargets.Settings);
    }
}
