namespace Signpost.Dashboard;

/// <summary>The path to go to after signing in. It is always on this server, so a forged link cannot lead elsewhere.</summary>
internal static class LocalPath
{
    public const string Account = "/account";
    private const int Longest = 2048;

    /// <summary>The path if it is on this server, else the account page.</summary>
    public static string Of(string? path) =>
        path is ['/', ..] and { Length: <= Longest }
        && path is not ['/', '/' or '\\', ..]
        && path.All(c => c is > ' ' and < '\u007f' and not '\\')
            ? path
            : Account;
}
