using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Signpost.Core.Redirecting;
using Signpost.Core.Visitors;

namespace Signpost.Core.Targeting;

/// <summary>One targeting rule: a key, and the destination of visitors who match it.</summary>
/// <param name="Key">In its stored spelling.</param>
/// <param name="Location">Like <see cref="LinkPlan.Location"/>.</param>
public readonly record struct TargetingRule(string Key, string Location);

/// <summary>The rules of a link, compiled: finding one is pure and allocates nothing.</summary>
public abstract class TargetingTable
{
    /// <summary>The most rules that a link may have of one kind.</summary>
    public const int MostRules = 100;

    private TargetingTable(TargetingKind kind, Facts asks, TargetingRule[] rules) =>
        (Kind, Asks, Rules) = (kind, asks, rules);

    public TargetingKind Kind { get; }

    /// <summary>The facts of a visit that <see cref="Find"/> reads.</summary>
    public Facts Asks { get; }

    public IReadOnlyList<TargetingRule> Rules { get; }

    /// <summary>Compiles 1 to <see cref="MostRules"/> rules with keys in their stored spelling.</summary>
    /// <exception cref="FormatException">A rotation's key is no weight.</exception>
    public static TargetingTable Compile(TargetingKind kind, params TargetingRule[] rules) =>
        kind switch
        {
            TargetingKind.Rotation => new Rotation(rules),
            TargetingKind.BrowserLanguage => new Languages(rules),
            _ => new Names(kind, rules),
        };

    /// <summary>The rule that matches this visitor; -1: none.</summary>
    public abstract int Find(in Visit visit);

    /// <summary>Two spellings of one name that differ only in the encoding of accents are one key.</summary>
    private static string Normal(string key) => key.Normalize(NormalizationForm.FormC);

    // The first of equal keys wins, as in a search from the start.
    private static FrozenDictionary<string, int> Index(TargetingRule[] rules, Func<string, IEnumerable<string>> names)
    {
        var places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var rule = 0; rule < rules.Length; rule++)
            foreach (var name in names(rules[rule].Key))
                places.TryAdd(Normal(name), rule);

        return places.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private sealed class Names(TargetingKind kind, TargetingRule[] rules) : TargetingTable(kind, AsksOf(kind), rules)
    {
        private readonly FrozenDictionary<string, int> _places = Index(
            rules,
            key => kind is TargetingKind.BrowserName ? [key, .. AgentNames.EditionsOf(key)] : [key]
        );

        public override int Find(in Visit visit)
        {
            if (NameOf(visit) is not { } name)
                return -1;
            if (_places.TryGetValue(name, out var rule))
                return rule;

            // Some data also name the quarter: "Stuttgart (Zuffenhausen)" is in Stuttgart.
            return
                Kind is TargetingKind.CityName
                && name.IndexOf(" (", StringComparison.Ordinal) is > 0 and var end
                && _places.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name.AsSpan(0, end), out rule)
                ? rule
                : -1;
        }

        private string? NameOf(in Visit visit) =>
            Kind switch
            {
                TargetingKind.ContinentCode => visit.Place.ContinentCode,
                TargetingKind.CountryCode => visit.Place.CountryCode,
                TargetingKind.CityName => visit.Place.CityName,
                TargetingKind.DeviceType => visit.Agent?.DeviceName,
                TargetingKind.OsName => visit.Agent?.SystemName,
                TargetingKind.BrowserName => visit.Agent?.BrowserName,
                _ => null,
            };

        private static Facts AsksOf(TargetingKind kind) =>
            kind switch
            {
                TargetingKind.ContinentCode or TargetingKind.CountryCode or TargetingKind.CityName => Facts.Place,
                TargetingKind.DeviceType or TargetingKind.OsName or TargetingKind.BrowserName => Facts.Agent,
                _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Has no names."),
            };
    }

    /// <summary>In the visitor's order: each range with its region, then as its primary tag; both sides in their present spelling.</summary>
    private sealed class Languages(TargetingRule[] rules)
        : TargetingTable(TargetingKind.BrowserLanguage, Facts.Language, rules)
    {
        private readonly FrozenDictionary<string, int> _places = Index(rules, Present);

        public override int Find(in Visit visit)
        {
            Span<char> buffer = stackalloc char[AcceptLanguage.LongestCanonical];
            Span<LanguageRange> ranges = stackalloc LanguageRange[AcceptLanguage.MostRanges];
            var header = visit.AcceptLanguage.AsSpan();
            var places = _places.GetAlternateLookup<ReadOnlySpan<char>>();
            foreach (var range in ranges[..AcceptLanguage.Read(header, ranges)])
            {
                var tag = AcceptLanguage.Canonical(range.Of(header), buffer);
                if (places.TryGetValue(tag, out var rule) || places.TryGetValue(AcceptLanguage.Primary(tag), out rule))
                    return rule;
            }

            return -1;
        }

        private static IEnumerable<string> Present(string key) =>
            [AcceptLanguage.Canonical(key, new char[AcceptLanguage.LongestCanonical]).ToString()];
    }

    /// <summary>
    /// Chooses a rule as often as its weight says. Weights are counted in millionths, their finest unit,
    /// so a lot of 64 bits gives each its share to within 2^-64.
    /// </summary>
    private sealed class Rotation : TargetingTable
    {
        /// <summary>The weights up to and with each rule.</summary>
        private readonly ulong[] _ends;

        public Rotation(TargetingRule[] rules)
            : base(TargetingKind.Rotation, Facts.Lot, rules)
        {
            _ends = new ulong[rules.Length];
            var end = 0ul;
            for (var rule = 0; rule < rules.Length; rule++)
                _ends[rule] = end += Millionths(rules[rule].Key);
        }

        public override int Find(in Visit visit)
        {
            var point = Math.BigMul(visit.Lot, _ends[^1], out _);
            var rule = Array.BinarySearch(_ends, point);
            // An end belongs to the next rule; if the search finds none, its inverted result is the next end.
            return rule < 0 ? ~rule : rule + 1;
        }

        private static ulong Millionths(string key) =>
            (ulong)(decimal.Parse(key, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * 1_000_000);
    }
}
