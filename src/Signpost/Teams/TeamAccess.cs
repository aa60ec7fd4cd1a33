using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Teams;

/// <summary>Finds teams for callers. A person's key reaches all teams of the person, a team's key only its own team.</summary>
internal static class TeamAccess
{
    /// <summary>The teams that the caller may see.</summary>
    public static IQueryable<Account> TeamsOf(this SignpostDb db, Caller caller)
    {
        var memberships = Memberships.Of(db, caller.PersonId);
        var teams = db.Accounts.Where(team => memberships.Any(member => member.TeamId == team.Id));
        return caller.ActsForTeam ? teams.Where(team => team.Id == caller.AccountId) : teams;
    }

    /// <summary>The caller as a member of a team, with the role there; null: there is no such team, or the caller is no member.</summary>
    public static async Task<Caller?> InTeamAsync(
        this SignpostDb db,
        Caller caller,
        long teamId,
        CancellationToken cancel
    ) =>
        teamId == caller.PersonId || (caller.ActsForTeam && teamId != caller.AccountId)
            ? null
            : await Memberships.InAsync(db, caller, teamId, cancel);
}
