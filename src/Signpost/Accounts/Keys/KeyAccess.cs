using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Accounts.Keys;

/// <summary>Finds the keys that a caller may see and revoke.</summary>
internal static class KeyAccess
{
    /// <summary>
    /// The keys of one's own account and one's own keys of teams; for owners and admins of a team all its keys. A team's key reaches
    /// only keys of its team.
    /// </summary>
    public static IQueryable<ApiKey> KeysOf(this SignpostDb db, Caller caller)
    {
        var person = caller.PersonId;
        var memberships = Memberships.Of(db, person);
        if (caller.ActsForTeam)
            memberships = memberships.Where(member => member.TeamId == caller.AccountId);
        var ownAccount = caller.ActsForTeam ? 0 : caller.AccountId;
        return db.ApiKeys.Where(key =>
            key.AccountId == ownAccount
            || memberships.Any(member =>
                member.TeamId == key.AccountId && (member.Role >= Role.Admin || key.PersonId == person)
            )
        );
    }

    /// <summary>The person who uses a key.</summary>
    public static long Holder(this ApiKey key) => key.PersonId ?? key.AccountId;
}
