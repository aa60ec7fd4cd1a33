using Signpost.Accounts;
using Signpost.Api.Callers;
using Signpost.Dashboard.Account;
using Signpost.Dashboard.Shell;
using Signpost.Mail;
using Signpost.Storage;
using Signpost.Teams;
using static Signpost.Dashboard.Shell.DashboardPage;

namespace Signpost.Dashboard.Team;

/// <summary>Writes the parts of the page of the chosen team.</summary>
internal sealed class TeamViews(
    DashboardPages pages,
    MemberCatalog members,
    AccountCatalog accounts,
    ActivityViews activity,
    MailQueue mails,
    OneTimeNotice notice
)
{
    private const string Notice = "team-invitation";
    private const int MembersOfPage = 50;
    private const int MostTeams = 100;

    public Task ShowMembersAsync(HttpContext http) => ShowMembersAsync(http, new());

    /// <param name="form">The form that was wrong.</param>
    public async Task ShowMembersAsync(HttpContext http, FormState form)
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        var total = await members.CountAsync(caller.AccountId, cancel);
        var first =
            (Math.Min(ActivityViews.PageOf(http), Math.Max(1, (total + MembersOfPage - 1) / MembersOfPage)) - 1)
            * MembersOfPage;
        var listed = await members.ListAsync(caller.AccountId, first, MembersOfPage, cancel);
        var page = first / MembersOfPage + 1;
        MembersPage.Content view = new()
        {
            Members = [.. listed.Select(one => EntryOf(one, caller))],
            First = first + 1,
            Total = total,
            Previous = page > 1 ? $"{TeamTabs.Members}?page={page - 1}" : null,
            Next = page * MembersOfPage < total ? $"{TeamTabs.Members}?page={page + 1}" : null,
            Roles =
            [
                .. Enum.GetValues<Role>().Where(role => RoleRights.MayManage(caller.Role, role)).Select(Roles.Name),
            ],
            MailIsOn = mails.IsOn,
            Invited =
                HttpMethods.IsGet(http.Request.Method)
                && notice.Take(http, Notice)?.Split(' ', 2) is [var url, var email]
                    ? new(email, url)
                    : null,
        };
        await pages.WriteAsync<MembersPage>(
            http,
            new() { [nameof(MembersPage.Form)] = form, [nameof(MembersPage.View)] = view },
            StatusOf(form)
        );
    }

    /// <summary>Leaves a new invitation for the page, which shows its address once.</summary>
    public async Task LeaveAsync(HttpContext http, MadeInvitation made)
    {
        if (await members.FindAsync(http.Caller().AccountId, made.Id, http.RequestAborted) is { } invited)
            notice.Leave(http, Notice, $"{made.Url} {invited.Email}");
    }

    public async Task ShowActivityAsync(HttpContext http) =>
        await pages.WriteAsync<TeamActivityPage>(
            http,
            new() { [nameof(TeamActivityPage.View)] = await activity.OfAsync(http, TeamTabs.Activity) }
        );

    public Task ShowSettingsAsync(HttpContext http) => ShowSettingsAsync(http, new());

    /// <param name="form">The form that was wrong.</param>
    public async Task ShowSettingsAsync(HttpContext http, FormState form)
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        TeamSettingsPage.Content view = new(
            caller.Role >= Role.Admin,
            caller.Role == Role.Owner,
            await members.CountAsync(caller.AccountId, cancel),
            (await accounts.UsageAsync(caller.AccountId, cancel)).Links,
            caller.Role == Role.Owner ? await HeirsAsync(http) : [],
            AccountRules.TimeZones
        );
        await pages.WriteAsync<TeamSettingsPage>(
            http,
            new() { [nameof(TeamSettingsPage.Form)] = form, [nameof(TeamSettingsPage.View)] = view },
            StatusOf(form)
        );
    }

    // 0: the person's own account.
    private async Task<(long Id, string Name)[]> HeirsAsync(HttpContext http)
    {
        var person = http.Person();
        var own = await accounts.FindAsync(person.PersonId, http.RequestAborted);
        var teams = await members.ListOwnAsync(person, 0, MostTeams, http.RequestAborted);
        return
        [
            (0, own is { Name: not "" } ? own.Name : own!.Email),
            .. teams
                .Where(one => one.Row is { JoinedAt: not null, Role: >= Role.Admin })
                .Where(one => one.Row.TeamId != http.Caller().AccountId)
                .Select(one => (one.Row.TeamId, one.TeamName)),
        ];
    }

    private static MembersPage.Entry EntryOf(ListedMember member, Caller caller) =>
        new(
            member.Row.Id,
            member.Email,
            member.Row.Role.Name(),
            member.Row.JoinedAt is null,
            member.Row.PersonId == caller.PersonId,
            member.Row.PersonId != caller.PersonId && RoleRights.MayManage(caller.Role, member.Row.Role)
        );

    private static int StatusOf(FormState form) =>
        form.WrongForm is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
}
