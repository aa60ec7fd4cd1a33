namespace Signpost.ClickStore.Rollups;

/// <summary>Whose a rollup is, as one number: the owner half of its key. Stored, so never to be renumbered.</summary>
internal static class RollupScopes
{
    public static long Link(long id) => id * 4;

    public static long Project(long id) => id * 4 + 1;

    /// <summary>An account's links on the main domain.</summary>
    public static long MainDomain(long accountId) => accountId * 4 + 2;

    /// <summary>A custom domain.</summary>
    public static long Domain(long id) => id * 4 + 3;
}
