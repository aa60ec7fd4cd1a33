using Signpost.Storage;

namespace Signpost.Teams;

/// <summary>The rights in a team as people read them, each with the lowest role that has it. The texts are those of <c>role.…</c>.</summary>
internal static class RoleRights
{
    public static readonly (string Right, Role Lowest)[] All =
    [
        ("read", Role.Viewer),
        ("members", Role.Viewer),
        ("write", Role.Editor),
        ("domains", Role.Admin),
        ("invite", Role.Admin),
        ("keys", Role.Admin),
        ("activity", Role.Admin),
        ("rename", Role.Admin),
        ("owners", Role.Owner),
        ("delete", Role.Owner),
    ];

    /// <summary>Tells whether a member may change members with a role, and give it. Only owners touch owners.</summary>
    public static bool MayManage(Role own, Role other) =>
        own >= Role.Admin && (other < Role.Owner || own == Role.Owner);
}
