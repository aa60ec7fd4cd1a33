namespace Signpost.Api.Bodies;

/// <summary>Finds the name that a misspelt one probably means.</summary>
internal static class NearNames
{
    private const int LongestName = 64;

    /// <summary>The nearest of some names; null: none is near.</summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        if (name.Length > LongestName)
            return null;
        var bare = Bare(name);
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
    public static string Bare(string name) =>
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
}
