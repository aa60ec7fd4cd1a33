namespace Signpost.ClickStore.Rollups;

/// <summary>The scope of a rollup as one number: the owner half of its key. The numbers are stored, so they never change.</summary>
internal static class RollupScopes
{
    public static long Link(long id) => id * 4;

    public static long Project(long id) => id * 4 + 1;

    /// <summary>An account's links on the main domain.</summary>
    public static long MainDomain(long accountId) => accountId * 4 + 2;

    /// <summary>A custom domain.</summary>
    public static long Domain(long id) => id * 4 + 3;
}
