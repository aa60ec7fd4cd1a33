using BenchmarkDotNet.Attributes;
using Signpost.Changes;
using Signpost.Core.Links;
using Signpost.Core.Redirecting;
using Signpost.Core.Targeting;
using Signpost.Core.Visitors;
using Signpost.Redirects;
using Signpost.Visitors;

namespace Signpost.Benchmarks;

/// <summary>The steps of a redirect one by one, up to the click (for which see <see cref="JournalBenchmarks"/>).</summary>
public class RedirectBenchmarks : IDisposable
{
    private const string Browser =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";

    private readonly LinkPlan _plan = Plans.Make(1);
    private readonly string _path = "k7mwq2x";
    private readonly string _pathInCapitals = "Spring/Sale";
    private readonly AgentReader _reader = new(TimeProvider.System);
    private string[] _agents = [];
    private int _next;

    [GlobalSetup]
    public void Load()
    {
        _reader.Load();
        _reader.Meet(Browser);
        // More than the cache holds, so that each is read again.
        _agents = [.. Enumerable.Range(0, 100_000).Select(i => $"{Browser} Build/{i}")];
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _reader.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public Decision Decide() => _plan.Decide(new Visit(1_700_000_000_000));

    [Benchmark]
    public int AliasKey()
    {
        Span<char> buffer = stackalloc char[Alias.LongestText];
        Alias.TryGetKey(_path, AliasCase.Ignored, buffer, out var key);
        return key.Length;
    }

    [Benchmark]
    public int AliasKeyInCapitals()
    {
        Span<char> buffer = stackalloc char[Alias.LongestText];
        Alias.TryGetKey(_pathInCapitals, AliasCase.Ignored, buffer, out var key);
        return key.Length;
    }

    [Benchmark]
    public VisitorClass AgentSeenBefore() => _reader.Meet(Browser).Visitor;

    [Benchmark]
    public VisitorClass AgentNotSeenBefore() => _reader.Meet(_agents[_next++ % _agents.Length]).Visitor;
}

/// <summary>Finding a link in memory, each time another one.</summary>
public class PlanCacheBenchmarks
{
    private PlanCache _plans = null!;
    private string[] _aliases = [];
    private int _next;

    [Params(10_000, 1_000_000)]
    public int Links { get; set; }

    [GlobalSetup]
    public async Task Fill()
    {
        _aliases = [.. Enumerable.Range(0, Links).Select(i => Seed.Alias(i))];
        _plans = await Plans.FillAsync(_aliases);
    }

    [Benchmark]
    public bool Hit()
    {
        if (++_next == _aliases.Length)
            _next = 0;
        return _plans.TryGet(new(0, _aliases[_next]), out _);
    }
}

/// <summary>Plans as the loader makes them of seeded links.</summary>
internal static class Plans
{
    public static LinkPlan Make(long number, int pairs = 0) =>
        new()
        {
            LinkId = number,
            Version = 1,
            Location = Seed.Address(number),
            Status = 302,
            Rules =
                pairs == 0
                    ? null
                    : TargetingTable.Compile(
                        TargetingKind.CityName,
                        [
                            .. Enumerable
                                .Range(0, pairs)
                                .Select(pair => new TargetingRule($"City {number} {pair}", Seed.Address(pair))),
                        ]
                    ),
        };

    public static async Task<PlanCache> FillAsync(string[] aliases, int pairs = 0)
    {
        long number = 0;
        var plans = new PlanCache(
            long.MaxValue,
            _ => Task.FromResult<LinkPlan?>(Make(Interlocked.Increment(ref number), pairs)),
            new ChangeFeed()
        );
        foreach (var alias in aliases)
            // As in the server, the key is a string of its own.
            await plans.LoadAsync(new(0, new string(alias)), CancellationToken.None);
        return plans;
    }

    /// <summary>Prints what a cached plan takes on the heap, beside what <see cref="PlanCost"/> says.</summary>
    public static async Task PrintCostAsync(int count, int pairs)
    {
        string[] aliases = [.. Enumerable.Range(0, count).Select(i => Seed.Alias(i))];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var plans = await FillAsync(aliases, pairs);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        Console.WriteLine(
            $"{count} plans: {(after - before) / (double)count:0} bytes each on the heap, {plans.Bytes / (double)count:0} counted"
        );
        GC.KeepAlive(aliases);
    }
}
