using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Signpost.Core.Redirecting;
using Signpost.Core.Visitors;

namespace Signpost.Core.Targeting;

/// <summary>One pair: whom it means and where they go.</summary>
/// <param name="Key">In the one spelling that is stored.</param>
/// <param name="Location">As a <see cref="LinkPlan.Location"/> is.</param>
/// <param name="Destination">As the link holds it, as a <see cref="LinkPlan.Destination"/> is.</param>
public readonly record struct LocationPair(string Key, string Location, string Destination)
{
    public LocationPair(string key, string location)
        : this(key, location, location) { }
}

/// <summary>The pairs of a link, compiled: finding one is pure and allocates nothing.</summary>
public abstract class PairTable
{
    /// <summary>As many as a link may have of one kind.</summary>
    public const int MostPairs = 100;

    private PairTable(TargetingKind kind, Facts asks, LocationPair[] pairs) =>
        (Kind, Asks, Pairs) = (kind, asks, pairs);

    public TargetingKind Kind { get; }

    /// <summary>What <see cref="Find"/> reads of a visit.</summary>
    public Facts Asks { get; }

    public IReadOnlyList<LocationPair> Pairs { get; }

    /// <summary>Compiles 1 to <see cref="MostPairs"/> pairs, whose keys are spelled as they are stored.</summary>
    /// <exception cref="FormatException">A rotation's key is no weight.</exception>
    public static PairTable Compile(TargetingKind kind, params LocationPair[] pairs) =>
        kind switch
        {
            TargetingKind.Rotation => new Rotation(pairs),
            TargetingKind.BrowserLanguage => new Languages(pairs),
            _ => new Names(kind, pairs),
        };

    /// <summary>Which pair means this visitor; -1: none does.</summary>
    public abstract int Find(in Visit visit);

    /// <summary>Two spellings of one name that differ only in how accents are encoded are one key.</summary>
    private static string Normal(string key) => key.Normalize(NormalizationForm.FormC);

    // The first of equal keys wins, as if the list were walked.
    private static FrozenDictionary<string, int> Index(LocationPair[] pairs)
    {
        var places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var pair = 0; pair < pairs.Length; pair++)
            places.TryAdd(Normal(pairs[pair].Key), pair);

        return places.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private sealed class Names(TargetingKind kind, LocationPair[] pairs) : PairTable(kind, AsksOf(kind), pairs)
    {
        private readonly FrozenDictionary<string, int> _places = Index(pairs);

        public override int Find(in Visit visit)
        {
            if (NameOf(visit) is not { } name)
                return -1;
            if (_places.TryGetValue(name, out var pair))
                return pair;

            // Some data name the quarter too: "Stuttgart (Zuffenhausen)" is in Stuttgart.
            return
                Kind is TargetingKind.CityName
                && name.IndexOf(" (", StringComparison.Ordinal) is > 0 and var end
                && _places.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name.AsSpan(0, end), out pair)
                ? pair
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
    private sealed class Languages(LocationPair[] pairs)
        : PairTable(TargetingKind.BrowserLanguage, Facts.Language, pairs)
    {
        private readonly FrozenDictionary<string, int> _places = Index(pairs);

        public override int Find(in Visit visit)
        {
            Span<LanguageRange> ranges = stackalloc LanguageRange[AcceptLanguage.MostRanges];
            var header = visit.AcceptLanguage.AsSpan();
            var places = _places.GetAlternateLookup<ReadOnlySpan<char>>();
            foreach (var range in ranges[..AcceptLanguage.Read(header, ranges)])
            {
                var tag = range.Of(header);
                if (places.TryGetValue(tag, out var pair) || places.TryGetValue(AcceptLanguage.Primary(tag), out pair))
                    return pair;
            }

            return -1;
        }
    }

    /// <summary>
    /// One of the pairs, as often as its weight says. Weights are counted in millionths, as finely as they may be written,
    /// so a lot of 64 bits gives each its share to within 2^-64.
    /// </summary>
    private sealed class Rotation : PairTable
    {
        /// <summary>The weights up to and with each pair.</summary>
        private readonly ulong[] _ends;

        public Rotation(LocationPair[] pairs)
            : base(TargetingKind.Rotation, Facts.Lot, pairs)
        {
            _ends = new ulong[pairs.Length];
            var end = 0ul;
            for (var pair = 0; pair < pairs.Length; pair++)
                _ends[pair] = end += Millionths(pairs[pair].Key);
        }

        public override int Find(in Visit visit)
        {
            var point = Math.BigMul(visit.Lot, _ends[^1], out _);
            var pair = Array.BinarySearch(_ends, point);
            // An end belongs to the next pair already; a miss says, inverted, which end comes next.
            return pair < 0 ? ~pair : pair + 1;
        }

        private static ulong Millionths(string key) =>
            (ulong)(decimal.Parse(key, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * 1_000_000);
    }
}
