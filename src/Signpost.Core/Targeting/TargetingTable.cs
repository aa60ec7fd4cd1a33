using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Signpost.Core.Redirecting;
using Signpost.Core.Visitors;

namespace Signpost.Core.Targeting;

/// <summary>One rule: whom it means and where they go.</summary>
/// <param name="Key">In the one spelling that is stored.</param>
/// <param name="Location">As a <see cref="LinkPlan.Location"/> is.</param>
/// <param name="Destination">As the link holds it, as a <see cref="LinkPlan.Destination"/> is.</param>
public readonly record struct TargetingRule(string Key, string Location, string Destination)
{
    public TargetingRule(string key, string location)
        : this(key, location, location) { }
}

/// <summary>The rules of a link, compiled: finding one is pure and allocates nothing.</summary>
public abstract class TargetingTable
{
    /// <summary>As many as a link may have of one kind.</summary>
    public const int MostRules = 100;

    private TargetingTable(TargetingKind kind, Facts asks, TargetingRule[] rules) =>
        (Kind, Asks, Rules) = (kind, asks, rules);

    public TargetingKind Kind { get; }

    /// <summary>What <see cref="Find"/> reads of a visit.</summary>
    public Facts Asks { get; }

    public IReadOnlyList<TargetingRule> Rules { get; }

    /// <summary>Compiles 1 to <see cref="MostRules"/> rules, whose keys are spelled as they are stored.</summary>
    /// <exception cref="FormatException">A rotation's key is no weight.</exception>
    public static TargetingTable Compile(TargetingKind kind, params TargetingRule[] rules) =>
        kind switch
        {
            TargetingKind.Rotation => new Rotation(rules),
            TargetingKind.BrowserLanguage => new Languages(rules),
            _ => new Names(kind, rules),
        };

    /// <summary>Which rule means this visitor; -1: none does.</summary>
    public abstract int Find(in Visit visit);

    /// <summary>Two spellings of one name that differ only in how accents are encoded are one key.</summary>
    private static string Normal(string key) => key.Normalize(NormalizationForm.FormC);

    // The first of equal keys wins, as if the list were walked.
    private static FrozenDictionary<string, int> Index(TargetingRule[] rules)
    {
        var places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var rule = 0; rule < rules.Length; rule++)
            places.TryAdd(Normal(rules[rule].Key), rule);

        return places.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private sealed class Names(TargetingKind kind, TargetingRule[] rules) : TargetingTable(kind, AsksOf(kind), rules)
    {
        private readonly FrozenDictionary<string, int> _places = Index(rules);

        public override int Find(in Visit visit)
        {
            if (NameOf(visit) is not { } name)
                return -1;
            if (_places.TryGetValue(name, out var rule))
                return rule;

            // Some data name the quarter too: "Stuttgart (Zuffenhausen)" is in Stuttgart.
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

    /// <summary>In the visitor's order: each range as it is, then as its primary tag.</summary>
    private sealed class Languages(TargetingRule[] rules)
        : TargetingTable(TargetingKind.BrowserLanguage, Facts.Language, rules)
    {
        private readonly FrozenDictionary<string, int> _places = Index(rules);

        public override int Find(in Visit visit)
        {
            Span<LanguageRange> ranges = stackalloc LanguageRange[AcceptLanguage.MostRanges];
            var header = visit.AcceptLanguage.AsSpan();
            var places = _places.GetAlternateLookup<ReadOnlySpan<char>>();
            foreach (var range in ranges[..AcceptLanguage.Read(header, ranges)])
            {
                var tag = range.Of(header);
                if (places.TryGetValue(tag, out var rule) || places.TryGetValue(AcceptLanguage.Primary(tag), out rule))
                    return rule;
            }

            return -1;
        }
    }

    /// <summary>
    /// One of the rules, as often as its weight says. Weights are counted in millionths, as finely as they may be written,
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
            // An end belongs to the next rule already; a miss says, inverted, which end comes next.
            return rule < 0 ? ~rule : rule + 1;
        }

        private static ulong Millionths(string key) =>
            (ulong)(decimal.Parse(key, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * 1_000_000);
    }
}
