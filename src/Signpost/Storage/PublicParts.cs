namespace Signpost.Storage;

/// <summary>The choice of an owner for a page of public statistics: some, all or none of a few words. A link stores them with commas.</summary>
internal sealed class PublicParts(params string[] all)
{
    /// <summary>The lists of values that a page can show.</summary>
    public static PublicParts Shows { get; } = new("countries", "referrers", "systems", "browsers", "devices");

    /// <summary>The days that a page can show; they end today.</summary>
    public static PublicParts Periods { get; } = new("7", "30", "90");

    public IReadOnlyList<string> All => all;

    /// <param name="stored">Null: all.</param>
    public IReadOnlyList<string> Read(string? stored) =>
        stored?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? all;

    /// <summary>The chosen words as a link stores them; null: all.</summary>
    public string? Write(IReadOnlyCollection<string> chosen)
    {
        string[] kept = [.. all.Where(chosen.Contains)];
        return kept.Length == all.Length ? null : string.Join(',', kept);
    }
}
