using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Signpost.Core.Visitors.Agents;
using Signpost.Visitors;

namespace Signpost.Tests.Visitors;

/// <summary>Agents that are sent to cost work.</summary>
internal sealed partial class HostileAgents
{
    private readonly Random _random = new(20_260_301);
    private readonly Func<string, int> _cost;
    private readonly string[] _pieces;

    private HostileAgents(Func<string, int> cost)
    {
        _cost = cost;
        _pieces =
        [
            .. AgentReader
                .Lines("agents.txt")
                .SelectMany(line => Texts().Matches(line.Split('\t')[1]))
                .Select(text => text.Value)
                .Distinct(),
            .. "a|1|/|1.1.1|; |(|A-|bot|Spider|crawl|aaaaaaaaaaaaaaaa|1111111111111111|MozillaxMobilex".Split('|'),
        ];
    }

    /// <summary>The worst that evolving found: more steps than an agent may take.</summary>
    /// <param name="number">Makes it another agent.</param>
    public static string Worst(int number, int length = AgentParser.LongestAgent) =>
        Fill(Digits(number), ["OBIGO"], "botKazehakaseVSEMicrosoft Office aws-SpiderUbuntu APT-HTTP", length);

    /// <summary>One that once cost a fifth of a second.</summary>
    /// <param name="number">Makes it another agent.</param>
    public static string Known(int number) =>
        Fill(
            Digits(number),
            ["MozillaxMobilex"],
            "InstagramFlipboardFlipboard-BriefingOnefootball/AndroidAspiegelBotPhantom/ios",
            AgentParser.LongestAgent
        );

    /// <summary>Mutates agents, and keeps the costly ones: the worst of them and its cost.</summary>
    public static (string Agent, int Cost) Evolve(int generations, Func<string, int> cost)
    {
        var search = new HostileAgents(cost);
        List<Candidate> kept =
        [
            search.Measure(new(["OBIGO"], ["bot", "Kazehakase", "VSE"], 0)),
            search.Measure(new(["MozillaxMobilex"], ["Instagram", "Flipboard", "AspiegelBot"], 0)),
            .. Enumerable.Range(0, 30).Select(_ => search.Measure(new([search.Piece()], [search.Piece()], 0))),
        ];
        for (var generation = 0; generation < generations; generation++)
        {
            var mutant = search.Measure(search.Mutate(search.Any(kept), search.Any(kept)));
            var least = kept.MinBy(candidate => candidate.Cost)!;
            if (mutant.Cost > least.Cost)
                kept[kept.IndexOf(least)] = mutant;
        }

        var worst = kept.MaxBy(candidate => candidate.Cost)!;
        return (worst.Agent, worst.Cost);
    }

    private static string Digits(int number) => number.ToString("D6", CultureInfo.InvariantCulture);

    private static string Fill(string head, IReadOnlyList<string> loop, string tail, int length)
    {
        var text = new StringBuilder(head);
        for (var i = 0; text.Length < length; i++)
            text.Append(loop[i % loop.Count]);
        return (text.ToString(0, Math.Max(0, length - tail.Length)) + tail)[..length];
    }

    private Candidate Measure(Candidate candidate) => candidate with { Cost = _cost(candidate.Agent) };

    private Candidate Mutate(Candidate one, Candidate other)
    {
        List<string> loop = [.. one.Loop],
            tail = [.. one.Tail];
        for (var changes = _random.Next(1, 4); changes > 0; changes--)
        {
            var (changed, source) = _random.Next(4) == 0 ? (loop, other.Loop) : (tail, other.Tail);
            var at = _random.Next(changed.Count);
            switch (_random.Next(4))
            {
                case 0 when changed.Count > 1:
                    changed.RemoveAt(at);
                    break;
                case 1:
                    changed[at] = Piece();
                    break;
                case 2:
                    changed.Insert(at, Any(source));
                    break;
                default:
                    changed.Insert(at, Piece());
                    break;
            }
        }

        return new(loop, tail, 0);
    }

    private string Piece() => Any(_pieces);

    private T Any<T>(IReadOnlyList<T> some) => some[_random.Next(some.Count)];

    [GeneratedRegex("[A-Za-z][A-Za-z0-9 _;-]{1,24}")]
    private static partial Regex Texts();

    private sealed record Candidate(IReadOnlyList<string> Loop, IReadOnlyList<string> Tail, int Cost)
    {
        public string Agent => Fill("", Loop, string.Concat(Tail), AgentParser.LongestAgent);
    }
}
