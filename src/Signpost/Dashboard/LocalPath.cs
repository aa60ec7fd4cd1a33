namespace Signpost.Dashboard;

/// <summary>Where to go after signing in: a path of this server, whoever made the link to the sign-in page.</summary>
internal static class LocalPath
{
    public const string Account = "/account";
    private const int Longest = 2048;

    /// <summary>The path if it is one of ours, else the account page.</summary>
    public static string Of(string? path) =>
        path is ['/', ..] and { Length: <= Longest }
        && path is not ['/', '/' or '\\', ..]
        && path.All(c => c is > ' ' and < '\u007f' and not '\\')
            ? path
            : Account;
}
