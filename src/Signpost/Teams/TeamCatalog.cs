using Microsoft.EntityFrameworkCore;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.Storage;

namespace Signpost.Teams;

/// <summary>A team in a response of the API.</summary>
internal sealed record TeamResponse(long Id, string Name, string Timezone, string Datetime, string LastDatetime)
    : WarnedResponse
{
    public static TeamResponse Of(Account team, TimeZoneInfo zone) =>
        new(
            team.Id,
            team.Name,
            team.TimeZone,
            LocalTime.Format(team.CreatedAt, zone),
            LocalTime.Format(team.UpdatedAt, zone)
        );
}

/// <summary>The only reader of teams. It returns only teams of which the caller is a member.</summary>
internal sealed class TeamCatalog(Database database) : IResourceCatalog<TeamResponse>
{
    public async Task<TeamResponse?> FindAsync(Caller caller, long id, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await FindAsync(db, caller, id, cancel);
    }

    public async Task<TeamResponse?> FindAsync(SignpostDb db, Caller caller, long id, CancellationToken cancel) =>
        await db.TeamsOf(caller).FirstOrDefaultAsync(team => team.Id == id, cancel) is { } found
            ? TeamResponse.Of(found, caller.TimeZone)
            : null;

    public async Task<(IReadOnlyList<TeamResponse> Items, long Total)> ListAsync(
        Caller caller,
        ResourceQuery query,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var (teams, total) = await query.PageAsync(db.TeamsOf(caller), cancel);
        return ([.. teams.Select(team => TeamResponse.Of(team, caller.TimeZone))], total);
    }
}
