using BenchmarkDotNet.Attributes;
using Signpost.Core.Redirecting;
using Signpost.Core.Targeting;
using Signpost.Core.Visitors;

namespace Signpost.Benchmarks;

/// <summary>Decides among the most rules that a link may have, when the facts of the visit are known.</summary>
public class TargetingBenchmarks
{
    private LinkPlan _plan = null!;
    private Visit _visit;

    [Params("country_code", "city_name", "browser_language", "rotation", "os_name", "browser_name")]
    public string Type { get; set; } = "";

    [GlobalSetup]
    public void Compile()
    {
        string[] keys = [.. Keys(Type)];
        _plan = new()
        {
            LinkId = 1,
            Version = 1,
            Location = Seed.Address(0),
            Status = 302,
            Rules = TargetingTable.Compile(
                TargetingKind.Named(Type),
                [.. keys.Select((key, pair) => new TargetingRule(key, Seed.Address(pair)))]
            ),
        };
        _visit = new(1_700_000_000_000)
        {
            // The last rule is found as fast as the first; facts that the link does not need are not read.
            Place = new("EU", keys[^1], keys[^1]),
            Agent = new(keys[^1], "15", keys[^1], "138", DeviceType.Mobile),
            AcceptLanguage = "de-CH,de;q=0.9,en-US;q=0.8,en;q=0.7",
            Lot = ulong.MaxValue / 3,
        };
    }

    [Benchmark]
    public Decision Decide() => _plan.Decide(_visit);

    /// <summary>Keys that the type takes: a hundred, or as many as there are.</summary>
    public static IEnumerable<string> Keys(string type) =>
        type switch
        {
            "country_code" =>
                "AD AE AF AG AI AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FR GA GB GD GE GH GM GN GQ GR GT GW GY HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ NL US ZA".Split(
                    ' '
                ),
            "rotation" => Enumerable.Range(1, TargetingTable.MostRules).Select(weight => $"{weight}"),
            "browser_language" =>
            [
                .. Enumerable.Range(0, TargetingTable.MostRules - 1).Select(i => $"x{(char)('a' + (i / 10))}-{i:000}"),
                "en",
            ],
            "os_name" => ["Windows", "OS X", "iOS", "Chrome OS", "Linux", "Android"],
            _ => Enumerable.Range(0, TargetingTable.MostRules).Select(i => $"Name {i}"),
        };
}
