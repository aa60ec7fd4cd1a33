using Microsoft.EntityFrameworkCore;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Teams;

/// <summary>A member or an invitation, with the e-mail address to show and the name of the team.</summary>
internal sealed record ListedMember(Member Row, string Email, string TeamName);

/// <summary>A member of a team, or an invitation, in a response of the API.</summary>
/// <param name="Access">The role and its rights. They mean the same role when they are sent back.</param>
/// <param name="Status">1: a member. 0: invited; this gives no right.</param>
internal sealed record MemberResponse(
    long Id,
    long TeamId,
    string UserEmail,
    string Role,
    IReadOnlyList<string> Access,
    int Status,
    string Datetime,
    string LastDatetime
) : WarnedResponse
{
    public static MemberResponse Of(ListedMember member, TimeZoneInfo zone) =>
        new(
            member.Row.Id,
            member.Row.TeamId,
            member.Email,
            member.Row.Role.Name(),
            Teams.Access.Of(member.Row.Role),
            member.Row.JoinedAt is null ? 0 : 1,
            LocalTime.Format(member.Row.CreatedAt, zone),
            LocalTime.Format(member.Row.UpdatedAt, zone)
        );
}

/// <summary>An invitation that was just made.</summary>
/// <param name="InvitationUrl">The one-time address where the person accepts, for seven days. It is shown only once.</param>
internal sealed record InvitedResponse(
    long Id,
    long TeamId,
    string UserEmail,
    string Role,
    IReadOnlyList<string> Access,
    int Status,
    string Datetime,
    string LastDatetime,
    string InvitationUrl
) : WarnedResponse
{
    public static InvitedResponse Of(ListedMember member, TimeZoneInfo zone, string url)
    {
        var shown = MemberResponse.Of(member, zone);
        return new(
            shown.Id,
            shown.TeamId,
            shown.UserEmail,
            shown.Role,
            shown.Access,
            shown.Status,
            shown.Datetime,
            shown.LastDatetime,
            url
        );
    }
}

/// <summary>An invitation with its one-time address.</summary>
internal sealed record MadeInvitation(long Id, string Url) : WarnedResponse;

/// <summary>A membership of one's own, or an invitation to a team.</summary>
internal sealed record MembershipResponse(
    long Id,
    long TeamId,
    string TeamName,
    string UserEmail,
    string Role,
    IReadOnlyList<string> Access,
    int Status,
    string Datetime,
    string LastDatetime
) : WarnedResponse
{
    public static MembershipResponse Of(ListedMember member, TimeZoneInfo zone)
    {
        var shown = MemberResponse.Of(member, zone);
        return new(
            shown.Id,
            shown.TeamId,
            member.TeamName,
            shown.UserEmail,
            shown.Role,
            shown.Access,
            shown.Status,
            shown.Datetime,
            shown.LastDatetime
        );
    }
}

/// <summary>The only reader of members.</summary>
internal sealed class MemberCatalog(Database database)
{
    /// <summary>Tells whether the caller may see a team.</summary>
    public async Task<bool> IsInAsync(Caller caller, long teamId, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db.InTeamAsync(caller, teamId, cancel) is not null;
    }

    /// <summary>Counts the members and invitations of a team. Ask <see cref="IsInAsync"/> first.</summary>
    public async Task<long> CountAsync(long teamId, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db.Members.LongCountAsync(member => member.TeamId == teamId, cancel);
    }

    /// <summary>The members and invitations of a team, the newest first. Ask <see cref="IsInAsync"/> first.</summary>
    public async Task<IReadOnlyList<ListedMember>> ListAsync(
        long teamId,
        long offset,
        int count,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        return await PageAsync(db, db.Members.Where(member => member.TeamId == teamId), offset, count, cancel);
    }

    /// <summary>One member or invitation of a team; null: there is none. Ask <see cref="IsInAsync"/> first.</summary>
    public async Task<ListedMember?> FindAsync(long teamId, long id, CancellationToken cancel)
    {
        await using var db = database.Read();
        var found = db.Members.Where(member => member.TeamId == teamId && member.Id == id);
        return await Listed(db, found).FirstOrDefaultAsync(cancel);
    }

    /// <summary>The id of the caller's own membership in a team; 0: there is none.</summary>
    public async Task<long> OwnIdAsync(Caller caller, long teamId, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await Memberships
            .Of(db, caller.PersonId)
            .Where(member => member.TeamId == teamId)
            .Select(member => member.Id)
            .FirstOrDefaultAsync(cancel);
    }

    /// <summary>Counts the caller's own memberships and invitations.</summary>
    public async Task<long> CountOwnAsync(Caller caller, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db.Members.LongCountAsync(member => member.PersonId == caller.PersonId, cancel);
    }

    /// <summary>The caller's own memberships and invitations, the newest first.</summary>
    public async Task<IReadOnlyList<ListedMember>> ListOwnAsync(
        Caller caller,
        long offset,
        int count,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var own = db.Members.Where(member => member.PersonId == caller.PersonId);
        return await PageAsync(db, own, offset, count, cancel);
    }

    /// <summary>The caller's memberships, without invitations: the newest, and always the one in a certain team if there is one.</summary>
    /// <param name="always">The id of that team.</param>
    /// <param name="most">The most memberships to return, 1 or more.</param>
    public async Task<IReadOnlyList<ListedMember>> ListTeamsAsync(
        Caller caller,
        long always,
        int most,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var joined = Memberships
            .Of(db, caller.PersonId)
            .OrderByDescending(member => member.TeamId == always)
            .ThenByDescending(member => member.Id);
        return await Listed(db, joined.Take(most)).ToListAsync(cancel);
    }

    /// <summary>One member or invitation, within a transaction.</summary>
    public static async Task<ListedMember> ReadAsync(SignpostDb db, long id, CancellationToken cancel) =>
        await Listed(db, db.Members.Where(member => member.Id == id)).SingleAsync(cancel);

    private static async Task<IReadOnlyList<ListedMember>> PageAsync(
        SignpostDb db,
        IQueryable<Member> members,
        long offset,
        int count,
        CancellationToken cancel
    ) =>
        await Listed(db, members.OrderByDescending(member => member.Id).Skip((int)offset).Take(count))
            .ToListAsync(cancel);

    // An invitation shows its own address, so that it looks the same whether or not the address has an account.
    private static IQueryable<ListedMember> Listed(SignpostDb db, IQueryable<Member> members) =>
        from member in members
        join team in db.Accounts on member.TeamId equals team.Id
        orderby member.Id descending
        select new ListedMember(
            member,
            member.Email ?? db.People.Where(person => person.Id == member.PersonId).Select(p => p.Email!).First(),
            team.Name
        );
}
