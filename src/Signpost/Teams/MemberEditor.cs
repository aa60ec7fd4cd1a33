using Microsoft.EntityFrameworkCore;
using Signpost.Accounts;
using Signpost.Accounts.Audit;
using Signpost.Accounts.Keys;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Storage;

namespace Signpost.Teams;

/// <summary>Invites people to teams, and changes and removes members. No edit leaves a team without an owner who can sign in.</summary>
internal sealed class MemberEditor(
    Database database,
    KeyEditor keys,
    Invitations invitations,
    AttemptLimiter limiter,
    AuditLog audit,
    TimeProvider clock
)
{
    /// <summary>The most members and invitations of a team.</summary>
    public const int MostMembers = 1_000;

    private const string LastOwner = "A team needs an owner. Make another member an owner first.";

    private static readonly Allowance PerTeam = new(20, TimeSpan.FromDays(1));

    /// <summary>
    /// Invites an e-mail address. The result is the same whether or not the address has an account. If it has one, only that person can
    /// accept. If not, it is bound to the account that is created later: at its one-time address (<see cref="Invitations"/>), or where
    /// the e-mail address is known to be theirs (<see cref="TeamMembers.BindAsync"/>).
    /// </summary>
    public Task<EditResult<MadeInvitation>> InviteAsync(
        Caller caller,
        MemberChanges wanted,
        AfterEdit<MadeInvitation>? afterwards,
        CancellationToken cancel
    ) =>
        database.WriteAsync<EditResult<MadeInvitation>>(
            async db =>
            {
                if (wanted.TeamId.Value is not { } teamId)
                    return new Refusal.Invalid(wanted.Errors);
                if (await db.InTeamAsync(caller, teamId, cancel) is not { } admin)
                    return new Refusal.Invalid([
                        new("team_id must be a team of yours.", wanted.TeamId.As!),
                        .. wanted.Errors,
                    ]);
                var role = wanted.Role.Or(Role.Viewer);
                if (!MayManage(admin, role))
                    return new Refusal.Forbidden();
                if (wanted.Errors is not [])
                    return new Refusal.Invalid(wanted.Errors);

                var member = NewInvitation(teamId, wanted.Email.Value!, role);
                if (await IsThereAsync(db, member, cancel))
                    return new Refusal.Conflict(
                        new FieldError("This address is invited or a member already.", wanted.Email.As!)
                    );
                if (await db.Members.CountAsync(one => one.TeamId == teamId, cancel) >= MostMembers)
                    return new Refusal.Invalid(
                        new FieldError($"A team has at most {MostMembers} members.", wanted.Email.As!)
                    );
                if (TooMany(member) is { } wait)
                    return new Refusal.TooMany(wait);

                await AddAsync(db, member, cancel);
                var url = await invitations.OfferAsync(db, caller, member, cancel);
                audit.Add(db, AuditLine.By(caller, AuditEvent.MemberInvited, teamId, role.Name()));
                await db.SaveChangesAsync(cancel);
                return await afterwards.DoneAsync(db, new MadeInvitation(member.Id, url));
            },
            cancel
        );

    /// <summary>Makes a new one-time address for an invitation. The former one ends.</summary>
    public Task<EditResult<MadeInvitation>> InviteAgainAsync(Caller caller, long id, CancellationToken cancel) =>
        database.WriteAsync<EditResult<MadeInvitation>>(
            async db =>
            {
                if (await FindAsync(db, caller, id, cancel) is not var (member, admin) || member.JoinedAt is not null)
                    return new Refusal.Missing();
                if (!MayManage(admin, member.Role))
                    return new Refusal.Forbidden();
                if (limiter.Take($"invite {member.TeamId}", PerTeam) is { } wait)
                    return new Refusal.TooMany(wait);

                await db.OneTimeAddresses.Where(one => one.InvitationId == id).ExecuteDeleteAsync(cancel);
                var url = await invitations.OfferAsync(db, caller, member, cancel);
                member.UpdatedAt = Now();
                audit.Add(db, AuditLine.By(caller, AuditEvent.MemberInvited, member.TeamId, member.Role.Name()));
                await db.SaveChangesAsync(cancel);
                return new MadeInvitation(id, url);
            },
            cancel
        );

    /// <summary>Gives a member or an invitation another role. It is in force at once, also for keys.</summary>
    public Task<EditResult<ResourceId>> ChangeAsync(
        Caller caller,
        long id,
        MemberChanges wanted,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    ) =>
        database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                if (await FindAsync(db, caller, id, cancel) is not var (member, admin))
                    return new Refusal.Missing();
                var role = wanted.Role.Or(member.Role);
                if (!MayManage(admin, member.Role) || !MayManage(admin, role))
                    return new Refusal.Forbidden();
                if (wanted.Errors is not [])
                    return new Refusal.Invalid(wanted.Errors);
                if (
                    role == Role.Owner
                    && member is { Role: < Role.Owner, JoinedAt: not null, PersonId: { } person }
                    && await TeamEditor.OwnsEnoughAsync(db, person, cancel)
                )
                    return new Refusal.Invalid(new FieldError(TeamEditor.TooMany, wanted.Role.As ?? "access"));
                if (role < Role.Owner && await IsLastOwnerAsync(db, member, cancel))
                    return new Refusal.Invalid(new FieldError(LastOwner, wanted.Role.As ?? "access"));

                if (role != member.Role)
                    audit.Add(db, AuditLine.By(caller, AuditEvent.MemberRoleChanged, member.TeamId, role.Name()));
                (member.Role, member.UpdatedAt) = (role, Now());
                await db.SaveChangesAsync(cancel);
                return await afterwards.DoneAsync(db, new ResourceId(id));
            },
            cancel
        );

    /// <summary>Removes a member with their keys, or withdraws an invitation.</summary>
    public Task<EditResult<ResourceId>> RemoveAsync(Caller caller, long id, CancellationToken cancel) =>
        database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                if (await FindAsync(db, caller, id, cancel) is not var (member, admin))
                    return new Refusal.Missing();
                return MayManage(admin, member.Role)
                    ? await EndAsync(db, caller, member, AuditEvent.MemberRemoved, cancel)
                    : new Refusal.Forbidden();
            },
            cancel
        );

    /// <summary>Accepts or declines an invitation to the caller.</summary>
    public Task<EditResult<MembershipResponse>> ReplyAsync(
        Caller caller,
        long id,
        InvitationReply reply,
        AfterEdit<MembershipResponse>? afterwards,
        CancellationToken cancel
    ) =>
        database.WriteAsync<EditResult<MembershipResponse>>(
            async db =>
            {
                if (caller.ActsForTeam)
                    return new Refusal.Forbidden();
                if (await OwnAsync(db, caller, id, cancel) is not { } member)
                    return new Refusal.Missing();
                if (reply.Errors is not [])
                    return new Refusal.Invalid(reply.Errors);
                if (!reply.Status.Value && member.JoinedAt is not null)
                    return new Refusal.Invalid(
                        new FieldError("You are a member already. DELETE leaves the team.", reply.Status.As!)
                    );

                if (
                    reply.Status.Value
                    && await invitations.JoinAsync(db, member, caller.PersonId, caller.Origin, cancel) is { } full
                )
                    return new Refusal.Invalid(new FieldError(full, reply.Status.As!));
                var response = MembershipResponse.Of(await MemberCatalog.ReadAsync(db, id, cancel), caller.TimeZone);
                if (!reply.Status.Value)
                    await EndAsync(db, caller, member, AuditEvent.MemberLeft, cancel);
                return await afterwards.DoneAsync(db, response);
            },
            cancel
        );

    /// <summary>Ends a membership of the caller, or declines an invitation.</summary>
    public Task<EditResult<ResourceId>> LeaveAsync(Caller caller, long id, CancellationToken cancel) =>
        database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                if (caller.ActsForTeam)
                    return new Refusal.Forbidden();
                return await OwnAsync(db, caller, id, cancel) is { } member
                    ? await EndAsync(db, caller, member, AuditEvent.MemberLeft, cancel)
                    : new Refusal.Missing();
            },
            cancel
        );

    private static bool MayManage(Caller admin, Role role) => RoleRights.MayManage(admin.Role, role);

    private TimeSpan? TooMany(Member invitation) =>
        invitations.TakeEmail(invitation) ?? limiter.Take($"invite {invitation.TeamId}", PerTeam);

    private async Task<EditResult<ResourceId>> EndAsync(
        SignpostDb db,
        Caller caller,
        Member member,
        string what,
        CancellationToken cancel
    )
    {
        if (await IsLastOwnerAsync(db, member, cancel))
            return new Refusal.Invalid(new FieldError(LastOwner, "id"));
        if (member.PersonId is { } person && member.JoinedAt is not null)
            await keys.RevokeOfTeamAsync(db, caller, member.TeamId, person, cancel);
        audit.Add(db, AuditLine.By(caller, what, member.TeamId, member.Role.Name()));
        db.Members.Remove(member);
        await db.SaveChangesAsync(cancel);
        return new ResourceId(member.Id);
    }

    private static async Task<(Member Member, Caller Admin)?> FindAsync(
        SignpostDb db,
        Caller caller,
        long id,
        CancellationToken cancel
    ) =>
        await db.Members.FirstOrDefaultAsync(member => member.Id == id, cancel) is { } member
        && await db.InTeamAsync(caller, member.TeamId, cancel) is { } admin
            ? (member, admin)
            : null;

    private static Task<Member?> OwnAsync(SignpostDb db, Caller caller, long id, CancellationToken cancel) =>
        db.Members.FirstOrDefaultAsync(member => member.Id == id && member.PersonId == caller.PersonId, cancel);

    private static async Task<bool> IsLastOwnerAsync(SignpostDb db, Member member, CancellationToken cancel) =>
        member is { Role: Role.Owner, JoinedAt: not null, PersonId: { } person }
        && await TeamMembers.OnlyOwnedBy(db, person).AnyAsync(team => team.Id == member.TeamId, cancel);

    private Member NewInvitation(long teamId, string email, Role role) =>
        new()
        {
            TeamId = teamId,
            Email = email,
            NormalizedEmail = Person.Normalize(email),
            Role = role,
            CreatedAt = Now(),
            UpdatedAt = Now(),
        };

    private static Task<bool> IsThereAsync(SignpostDb db, Member invitation, CancellationToken cancel) =>
        db.Members.AnyAsync(
            member =>
                member.TeamId == invitation.TeamId
                && (
                    member.NormalizedEmail == invitation.NormalizedEmail
                    || (
                        member.JoinedAt != null
                        && db.People.Any(person =>
                            person.Id == member.PersonId && person.NormalizedEmail == invitation.NormalizedEmail
                        )
                    )
                ),
            cancel
        );

    // A person who is invited already under a former address keeps that invitation, and this one looks like any other.
    private static async Task AddAsync(SignpostDb db, Member invitation, CancellationToken cancel)
    {
        var person = await db
            .People.Where(one => one.NormalizedEmail == invitation.NormalizedEmail)
            .Where(one => !db.Members.Any(other => other.TeamId == invitation.TeamId && other.PersonId == one.Id))
            // The deletion of an account would take the invitation along.
            .Where(one => !db.Jobs.Any(job => job.Kind == JobKind.DeleteAccount && job.Subject == one.Id))
            .FirstOrDefaultAsync(cancel);
        invitation.PersonId = person?.Id;
        db.Members.Add(invitation);
        await db.SaveChangesAsync(cancel);
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
