using System.Collections.Frozen;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Teams;

/// <summary>
/// The words of the parameter <c>access</c>: the names of roles, and single rights such as <c>create.links</c>. A right means the lowest role
/// that includes it.
/// </summary>
internal static class Access
{
    private const string ReadAll = "read.all";
    private static readonly string[] Verbs = ["create", "update", "delete"];

    // Things of other products of the family are here, too, so that their clients can send the same list.
    private static readonly FrozenDictionary<string, Role> Things = new Dictionary<string, Role>
    {
        ["links"] = Role.Editor,
        ["projects"] = Role.Editor,
        ["pixels"] = Role.Editor,
        ["tags"] = Role.Editor,
        ["qr_codes"] = Role.Editor,
        ["splash_pages"] = Role.Editor,
        ["biolinks"] = Role.Editor,
        ["biolinks_blocks"] = Role.Editor,
        ["data"] = Role.Editor,
        ["notification_handlers"] = Role.Editor,
        ["payment_processors"] = Role.Editor,
        ["signatures"] = Role.Editor,
        ["domains"] = Role.Admin,
        ["team_members"] = Role.Admin,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // The things that Signpost has.
    private static readonly string[] Listed =
    [
        "links",
        "projects",
        "tags",
        "pixels",
        "splash_pages",
        "domains",
        "team_members",
    ];

    /// <summary>The names of all roles, the lowest first.</summary>
    public static IReadOnlyList<string> RoleNames { get; } = [.. Enum.GetValues<Role>().Select(role => role.Name())];

    /// <summary>All words that may be sent.</summary>
    public static IReadOnlyList<string> Words { get; } =
    [.. RoleNames, ReadAll, .. Things.Keys.Order(StringComparer.Ordinal).SelectMany(RightsTo)];

    /// <summary>The role of a word; null: no such word.</summary>
    public static Role? RoleOf(string word)
    {
        foreach (var role in Enum.GetValues<Role>())
            if (word == role.Name())
                return role;
        if (word is ReadAll)
            return Role.Viewer;
        return
            word.Split('.') is [var verb, var thing]
            && Verbs.Contains(verb)
            && Things.TryGetValue(thing, out var needed)
            ? needed
            : null;
    }

    /// <summary>The words of a role. They mean the same role when they are sent back.</summary>
    public static IReadOnlyList<string> Of(Role role) =>
        [role.Name(), ReadAll, .. Listed.Where(thing => role >= Things[thing]).SelectMany(RightsTo)];

    private static IEnumerable<string> RightsTo(string thing) => Verbs.Select(verb => $"{verb}.{thing}");
}
