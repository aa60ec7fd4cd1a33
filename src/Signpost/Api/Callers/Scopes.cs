using System.Collections.Frozen;

namespace Signpost.Api.Callers;

/// <summary>The rights of an API key. They always concern only the data of its own account.</summary>
[Flags]
internal enum Scopes
{
    None = 0,

    /// <summary>Read links, projects, pixels, splash pages and domains.</summary>
    LinksRead = 1 << 0,

    LinksWrite = 1 << 1,
    StatsRead = 1 << 2,

    /// <summary>Read the account and its keys. Of a team: also its members.</summary>
    AccountRead = 1 << 3,

    AccountWrite = 1 << 4,

    /// <summary>Manage the server; effective only for an account with the role admin.</summary>
    Admin = 1 << 5,

    /// <summary>Claim, change and give up domains. It has no name: it comes with links:write, except for editors of a team.</summary>
    DomainsWrite = 1 << 6,

    All = LinksRead | LinksWrite | StatsRead | AccountRead | AccountWrite | Admin | DomainsWrite,
}

/// <summary>Names of scopes for people and for the database.</summary>
internal static class ScopeNames
{
    /// <summary>The database's value for all scopes, including those of later versions.</summary>
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

    /// <summary>The names of all scopes, in display order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. ByName.OrderBy(pair => pair.Value).Select(pair => pair.Key)];

    public static bool TryParse(string name, out Scopes scope) => ByName.TryGetValue(name, out scope);

    public static IReadOnlyList<string> Names(this Scopes scopes) =>
        [.. All.Where(name => scopes.HasFlag(ByName[name]))];

    public static string ToStored(Scopes scopes) =>
        (scopes | Scopes.DomainsWrite) == Scopes.All ? Everything : string.Join(' ', scopes.Names());

    public static Scopes FromStored(string text)
    {
        if (text == Everything)
            return Scopes.All;

        var scopes = Scopes.None;
        foreach (var name in text.Split(' '))
            scopes |= ByName.GetValueOrDefault(name);
        return scopes.HasFlag(Scopes.LinksWrite) ? scopes | Scopes.DomainsWrite : scopes;
    }
}
