using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;

namespace Signpost.Api.Bodies;

/// <summary>Finds the field that a misspelt name probably means.</summary>
internal static class UnknownFields
{
    /// <summary>A warning names so many unknown fields; the next warning only counts the others.</summary>
    public const int MostNamed = 20;

    private const int LongestName = 64;

    // Names that other link shorteners use.
    private static readonly FrozenDictionary<string, string> Elsewhere = new Dictionary<string, string>
    {
        ["limit"] = "results_per_page",
        ["perpage"] = "results_per_page",
        ["pagesize"] = "results_per_page",
        ["longurl"] = "location_url",
        ["targeturl"] = "location_url",
        ["destination"] = "location_url",
        ["alias"] = "url",
        ["slug"] = "url",
        ["maxclicks"] = "clicks_limit",
        ["expiresat"] = "end_date",
        ["sort"] = "order_by",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<Type, FrozenSet<string>> ByResponse = new();

    /// <summary>All names of fields in a type of response, those of inner objects included.</summary>
    public static FrozenSet<string> NamesIn(Type response) =>
        ByResponse.GetOrAdd(response, static type => Names(type).ToFrozenSet(StringComparer.Ordinal));

    /// <summary>The warning about a name that no field has.</summary>
    /// <param name="known">The names that the request may use.</param>
    public static string Describe(string name, IReadOnlyCollection<string> known)
    {
        var shown = name.Length <= LongestName ? name : $"{name[..LongestName]}…";
        return Suggest(name, known) is { } meant
            ? $"Unknown field {shown}. Did you mean {meant}?"
            : $"Unknown field {shown}.";
    }

    private static string? Suggest(string name, IReadOnlyCollection<string> known)
    {
        if (name.Length > LongestName)
            return null;
        var bare = NearNames.Bare(name);
        if (Elsewhere.TryGetValue(bare, out var usual) && known.Contains(usual))
            return usual;
        return NearNames.Find(name, known);
    }

    private static IEnumerable<string> Names(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .SelectMany(property =>
                (IEnumerable<string>)
                    [
                        JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name),
                        .. property.PropertyType.Namespace == type.Namespace ? Names(property.PropertyType) : [],
                    ]
            );
}
