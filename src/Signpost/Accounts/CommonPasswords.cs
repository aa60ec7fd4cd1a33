using System.Collections.Frozen;

namespace Signpost.Accounts;

/// <summary>The commonest 10,000 passwords of at least 8 characters (<c>Npm.mjs</c> writes the list). They are tried first.</summary>
internal static class CommonPasswords
{
    private static readonly Lazy<FrozenSet<string>> List = new(Read);

    /// <summary>Tells whether a password is on the list, in capitals or not.</summary>
    public static bool Contains(string password) => List.Value.Contains(password);

    private static FrozenSet<string> Read()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        List<string> passwords = [];
        while (reader.ReadLine() is { } password)
            passwords.Add(password);
        return passwords.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}
