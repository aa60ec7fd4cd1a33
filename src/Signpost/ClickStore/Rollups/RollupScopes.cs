namespace Signpost.ClickStore.Rollups;

/// <summary>The scope of a rollup as one number: the owner half of its key. The numbers are stored, so they never change.</summary>
internal static class RollupScopes
{
    public static long Link(long id) => id * 4;

    public static long Project(long id) => id * 4 + 1;

    /// <summary>An account's links on the main domain.</summary>
    public static long MainDomain(long accountId) => accountId * 4 + 2;

    /// <summary>A custom domain, with the links of its own account only.</summary>
    public static long Domain(long id) => id * 4 + 3;

    /// <summary>An account's links on domains of other accounts.</summary>
    public static long Guest(long accountId) => FirstGuest + accountId * 4 + 2;

    /// <summary>The account of a <see cref="Guest"/>; null: the scope is another one.</summary>
    public static long? AccountOfGuest(long scope) => scope >= FirstGuest ? (scope - FirstGuest) / 4 : null;

    /// <summary>Whether the scope's days have columns: each link is in exactly one such scope.</summary>
    public static bool HasColumns(long scope) => scope % 4 is 2 or 3;

    // Far above all other numbers: ids of accounts, links, projects and domains are below 2^40.
    private const long FirstGuest = 1L << 42;
}
