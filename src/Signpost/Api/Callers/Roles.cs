using Signpost.Storage;

namespace Signpost.Api.Callers;

/// <summary>The rights of roles.</summary>
internal static class Roles
{
    private const Scopes Reading = Callers.Scopes.LinksRead | Callers.Scopes.StatsRead | Callers.Scopes.AccountRead;

    /// <summary>The most that a credential may do in an account where its person has this role.</summary>
    public static Scopes Scopes(this Role role) =>
        role switch
        {
            >= Role.Admin => Callers.Scopes.All,
            Role.Editor => Reading | Callers.Scopes.LinksWrite,
            _ => Reading,
        };

    /// <summary>The name in the API, as in <c>editor</c>.</summary>
    public static string Name(this Role role) => role.ToString().ToLowerInvariant();
}
