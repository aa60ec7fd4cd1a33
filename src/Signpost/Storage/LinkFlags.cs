namespace Signpost.Storage;

/// <summary>The settings of links by which lists can be filtered. A computed column of links holds those that a link has.</summary>
internal static class LinkFlags
{
    /// <summary>The name of the column in the model. It is null for links without flags.</summary>
    public const string Column = "Flags";

    /// <summary>Not a bit of the column: the schedule of the link is over.</summary>
    public const string Expired = "expired";

    private const string Schedule = "schedule";

    // The place of each is its bit in the column: never move one.
    private static readonly string[] Stored = ["targeting", "password", Schedule, "limit", "warning", "cloaking"];

    /// <summary>The words of the filter.</summary>
    public static readonly string[] Names = [.. Stored, Expired];

    /// <summary>The value of the column, in SQL.</summary>
    public const string Sql = """
        nullif(CASE WHEN targeting_type IS NULL THEN 0 ELSE 1 END + CASE WHEN password_hash IS NULL THEN 0 ELSE 2 END
            + CASE WHEN schedule THEN 4 ELSE 0 END + CASE WHEN clicks_limit IS NULL THEN 0 ELSE 8 END
            + CASE WHEN sensitive_content THEN 16 ELSE 0 END + CASE WHEN cloaking_is_enabled THEN 32 ELSE 0 END, 0)
        """;

    /// <summary>All values of the column that have these flags.</summary>
    public static long[] ValuesOf(IEnumerable<string> flags)
    {
        var wanted = flags.Aggregate(0L, (bits, flag) => bits | BitOf(flag is Expired ? Schedule : flag));
        var values = new List<long>();
        for (var value = 1L; value < 1L << Stored.Length; value++)
            if ((value & wanted) == wanted)
                values.Add(value);
        return [.. values];
    }

    private static long BitOf(string flag) => 1L << Array.IndexOf(Stored, flag);
}
