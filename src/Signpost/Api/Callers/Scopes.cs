using System.Collections.Frozen;

namespace Signpost.Api.Callers;

/// <summary>What an API key may do. What it may do it to is another question: only ever its account's own things.</summary>
[Flags]
internal enum Scopes
{
    None = 0,

    /// <summary>See links, and what they are sorted and served by: projects, pixels, domains.</summary>
    LinksRead = 1 << 0,

    LinksWrite = 1 << 1,
    StatsRead = 1 << 2,

    /// <summary>See one's own account and the list of its keys.</summary>
    AccountRead = 1 << 3,

    AccountWrite = 1 << 4,

    /// <summary>Run the server; of use only to an account with the role for it.</summary>
    Admin = 1 << 5,

    All = LinksRead | LinksWrite | StatsRead | AccountRead | AccountWrite | Admin,
}

/// <summary>Scopes as people and the database write them.</summary>
internal static class ScopeNames
{
    /// <summary>How the database writes all scopes, those of later versions too.</summary>
    public const string Everything = "*";

    private static readonly FrozenDictionary<string, Scopes> ByName = new Dictionary<string, Scopes>
    {
        ["links:read"] = Scopes.LinksRead,
        ["links:write"] = Scopes.LinksWrite,
        ["stats:read"] = Scopes.StatsRead,
        ["account:read"] = Scopes.AccountRead,
        ["account:write"] = Scopes.AccountWrite,
        ["admin"] = Scopes.Admin,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Every word, in the order to show them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. ByName.OrderBy(pair => pair.Value).Select(pair => pair.Key)];

    public static bool TryParse(string name, out Scopes scope) => ByName.TryGetValue(name, out scope);

    public static IReadOnlyList<string> Names(this Scopes scopes) =>
        [.. All.Where(name => scopes.HasFlag(ByName[name]))];

    public static string ToStored(Scopes scopes) =>
        scopes == Scopes.All ? Everything : string.Join(' ', scopes.Names());

    public static Scopes FromStored(string text)
    {
        if (text == Everything)
            return Scopes.All;

        var scopes = Scopes.None;
        foreach (var name in text.Split(' '))
            scopes |= ByName.GetValueOrDefault(name);
        return scopes;
    }
}
