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
        var bare = Bare(name);
        if (Elsewhere.TryGetValue(bare, out var usual) && known.Contains(usual))
            return usual;
        // Few letters have too many neighbours.
        var most =
            bare.Length < 4 ? 0
            : bare.Length < 8 ? 1
            : 2;
        return known
            .Select(one => (Name: one, Distance: Distance(bare, Bare(one))))
            .Where(one => one.Distance <= most)
            .OrderBy(one => one.Distance)
            .ThenBy(one => one.Name, StringComparer.Ordinal)
            .FirstOrDefault()
            .Name;
    }

    // locationUrl, location-url and location_url are the same word.
    private static string Bare(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    // Letters to add, drop, replace or swap (optimal string alignment).
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 2)
            return int.MaxValue;
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        for (var j = 0; j <= b.Length; j++)
            rows[i, j] = i == 0 || j == 0 ? i + j : Least(a, b, rows, i, j);
        return rows[a.Length, b.Length];
    }

    private static int Least(string a, string b, int[,] rows, int i, int j)
    {
        var replaced = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        var least = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
        return i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]
            ? Math.Min(least, rows[i - 2, j - 2] + 1)
            : least;
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
