using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Core.Links;
using Signpost.Storage;

namespace Signpost.Links.Targeting;

/// <summary>Reads the rules of one targeting type.</summary>
internal static class TargetingFields
{
    private const int LongestShown = 64;

    /// <summary>The warnings about lists of which none is in force, because the link has no targeting.</summary>
    public static IEnumerable<Warning> WarningsOf(LinkRow row, LinkChanges changes) =>
        row.TargetingType is not null
            ? []
            : changes
                .Targeting.Where(change => change.Entries is not [])
                .Select(change => new Warning(
                    $"{change.Type.Field} is not used until targeting_type is {change.Type.Name}.",
                    change.Entries[0].ValueAs
                ));

    public static TargetingChange? Read(FieldReader read, TargetingType type, AppSchemes? schemes)
    {
        var sent = read.Pairs(type.Field);
        if (sent.Value is not { } pairs)
            return null;

        if (pairs.Count > TargetingType.MostRules)
        {
            read.Add(
                $"{type.Field} may hold at most {TargetingType.MostRules} pairs.",
                pairs[TargetingType.MostRules].KeyAs
            );
            return null;
        }

        read.Meaning.Add(type.Field, $"{pairs.Count}");
        var entries = new List<TargetingEntry>();
        var keys = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in pairs)
        {
            var key = type.Canonical(pair.Key);
            var isSecond = key is not null && !keys.Add(key) && !type.KeysMayRepeat;
            if (key is null)
                read.Add(WrongKey(type, pair), pair.KeyAs);
            else if (isSecond)
                read.Warn($"Pair {pair.Place} is left out: an earlier pair has the key {key}.", pair.KeyAs);

            if (!TargetUrl.TryParse(pair.Value, out var url, out var problem, schemes))
                read.Add($"Pair {pair.Place}: {problem}", pair.ValueAs);
            else if (key is not null && !isSecond)
                entries.Add(new(key, url, pair.ValueAs));
            read.Meaning.Add(key ?? pair.Key, url.Text);
        }

        return new(type, [.. entries]);
    }

    private static string WrongKey(TargetingType type, FieldReader.RawPair pair)
    {
        var sent = pair.Key.Length <= LongestShown ? pair.Key : $"{pair.Key[..LongestShown]}…";
        var problem = $"Pair {pair.Place}: the key must be {type.Expected}, but it is \"{sent}\".";
        return NearKeys.Find(type, pair.Key) is { } meant ? $"{problem} Did you mean {meant}?" : problem;
    }
}
