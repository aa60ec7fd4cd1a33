using Signpost.Api.Bodies;
using Signpost.Core.Links;

namespace Signpost.Links.Targeting;

/// <summary>Reads the rules of one targeting type.</summary>
internal static class TargetingFields
{
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
            if (key is null)
                read.Add($"Pair {pair.Place}: the key must be {type.Expected}.", pair.KeyAs);
            else if (!keys.Add(key) && !type.KeysMayRepeat)
                read.Add($"Pair {pair.Place}: the key {key} is there twice.", pair.KeyAs);

            if (!TargetUrl.TryParse(pair.Value, out var url, out var problem, schemes))
                read.Add($"Pair {pair.Place}: {problem}", pair.ValueAs);
            else if (key is not null)
                entries.Add(new(key, url, pair.ValueAs));
            read.Meaning.Add(key ?? pair.Key, url.Text);
        }

        return new(type, [.. entries]);
    }
}
