using Signpost.Accounts.Api;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;
using Signpost.Api.Resources;

namespace Signpost.Teams;

/// <summary>Teams, their members and one's own memberships over HTTP.</summary>
internal static class TeamEndpoints
{
    public static void AddTeams(this IServiceCollection services)
    {
        services.AddSingleton<IResourceEditor<TeamChanges>, TeamEditor>();
        services.AddSingleton<IResourceCatalog<TeamResponse>, TeamCatalog>();
        services.AddSingleton<Invitations>();
        services.AddSingleton<MemberEditor>();
        services.AddSingleton<MemberCatalog>();
    }

    public static void MapTeams(this IEndpointRouteBuilder api)
    {
        api.MapResource(
            new Resource<TeamResponse, TeamChanges>("team", TeamFields.Read, TeamFields.Parameters)
            {
                ReadScope = Scopes.AccountRead,
                WriteScope = Scopes.AccountWrite,
                Filters = new("name"),
                OnDelete =
                    "Owners only. Its members and keys end at once. The parameter links says what becomes of its things.",
                DeleteParameters = TeamFields.Delete,
                DeleteFailures = [400],
            }
        );
        MapMembers(api.MapGroup("/team-members").WithTags("Teams").Scoped(Scopes.AccountRead, Scopes.AccountWrite));
        MapOwn(api.MapGroup("/teams-member").WithTags("Teams").Scoped(Scopes.AccountRead, Scopes.AccountWrite));
    }

    private static void MapMembers(RouteGroupBuilder members)
    {
        members
            .MapGet("/{id}", List)
            .Describe("listTeamMembers", "List the members of a team", "The id is that of the team. Newest first.")
            .WithQuery(Describe.Paging)
            .Fails(404);
        members
            .MapPost("/", Invite)
            .Describe(
                "inviteTeamMember",
                "Invite a person to a team",
                "Owners and admins only. The response is the same whether or not the address has an account. invitation_url is a one-time address where the person accepts and, without an account, creates one. It works for seven days and is shown only once. Mails it, if mail is on. At most 20 invitations a day leave a team, and one a day to the same address."
            )
            .WithNewBody(MemberFields.Invite);
        members
            .MapPost("/{id}", Change)
            .Describe(
                "updateTeamMember",
                "Change the role of a member",
                "Owners and admins only. The id is that of the member."
            )
            .WithBody(MemberFields.Change);
        members
            .MapDelete("/{id}", Remove)
            .Describe(
                "deleteTeamMember",
                "Remove a member, or withdraw an invitation",
                "Owners and admins only. The keys of the member for the team stop working at once. Their links stay."
            )
            .Fails(400);
    }

    private static void MapOwn(RouteGroupBuilder own)
    {
        own.MapGet("/", ListOwn)
            .Describe(
                "listMemberships",
                "List your memberships and invitations",
                "Newest first. Not with a team's key."
            )
            .WithQuery(Describe.Paging);
        own.MapPost("/{id}", Reply)
            .Describe("replyToInvitation", "Accept or decline an invitation", "Not with a team's key.")
            .WithBody(MemberFields.Reply);
        own.MapDelete("/{id}", Leave)
            .Describe(
                "leaveTeam",
                "Leave a team, or decline an invitation",
                "Your keys for the team stop working at once. The last owner cannot leave. Not with a team's key."
            )
            .Fails(400);
    }

    private static async Task<Listed<MemberResponse>> List(
        HttpContext http,
        PathId id,
        MemberCatalog catalog,
        CancellationToken cancel
    ) =>
        await catalog.IsInAsync(http.Caller(), id, cancel)
            ? await PagedLists.AnswerAsync(
                http,
                () => catalog.CountAsync(id, cancel),
                (offset, count) => catalog.ListAsync(id, offset, count, cancel),
                MemberResponse.Of
            )
            : new Refusal.Missing();

    private static async Task<Created<InvitedResponse>> Invite(
        HttpContext http,
        MemberEditor editor,
        EditEndpoint edits,
        CancellationToken cancel
    )
    {
        var wanted = MemberFields.Read(await http.BodyAsync(cancel), isNew: true);
        return await edits.CreateAsync<MadeInvitation, InvitedResponse>(
            http,
            wanted,
            afterwards => editor.InviteAsync(http.Caller(), wanted, afterwards, cancel),
            cancel,
            async (db, made, stop) =>
                InvitedResponse.Of(await MemberCatalog.ReadAsync(db, made.Id, stop), http.Caller().TimeZone, made.Url),
            again: made =>
                ApiResult.Error(
                    409,
                    $"The first request created the invitation {made.Id}. Its address is shown only once: withdraw it and invite again.",
                    Idempotency.Header
                )
        );
    }

    private static async Task<Changed<MemberResponse>> Change(
        HttpContext http,
        PathId id,
        MemberEditor editor,
        EditEndpoint edits,
        CancellationToken cancel
    )
    {
        var wanted = MemberFields.Read(await http.BodyAsync(cancel), isNew: false);
        return await edits.ChangeAsync<ResourceId, MemberResponse>(
            http,
            wanted,
            afterwards => editor.ChangeAsync(http.Caller(), id, wanted, afterwards, cancel),
            cancel,
            Reading(http)
        );
    }

    private static async Task<Deleted> Remove(
        HttpContext http,
        PathId id,
        MemberEditor editor,
        CancellationToken cancel
    ) => Deleted.Of(await editor.RemoveAsync(http.Caller(), id, cancel));

    private static async Task<Listed<MembershipResponse>> ListOwn(
        HttpContext http,
        MemberCatalog catalog,
        CancellationToken cancel
    ) =>
        http.Caller() is { ActsForTeam: false } caller
            ? await PagedLists.AnswerAsync(
                http,
                () => catalog.CountOwnAsync(caller, cancel),
                (offset, count) => catalog.ListOwnAsync(caller, offset, count, cancel),
                MembershipResponse.Of
            )
            : new Refusal.Forbidden();

    private static async Task<Changed<MembershipResponse>> Reply(
        HttpContext http,
        PathId id,
        MemberEditor editor,
        EditEndpoint edits,
        CancellationToken cancel
    )
    {
        var reply = MemberFields.ReadReply(await http.BodyAsync(cancel));
        return await edits.ChangeAsync<MembershipResponse, MembershipResponse>(
            http,
            reply,
            afterwards => editor.ReplyAsync(http.Caller(), id, reply, afterwards, cancel),
            cancel
        );
    }

    private static async Task<Deleted> Leave(
        HttpContext http,
        PathId id,
        MemberEditor editor,
        CancellationToken cancel
    ) => Deleted.Of(await editor.LeaveAsync(http.Caller(), id, cancel));

    private static ReadEdited<ResourceId> Reading(HttpContext http) =>
        async (db, edited, cancel) =>
            MemberResponse.Of(await MemberCatalog.ReadAsync(db, edited.Id, cancel), http.Caller().TimeZone);
}
