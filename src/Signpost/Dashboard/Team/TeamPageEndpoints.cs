using Microsoft.AspNetCore.Mvc;
using Signpost.Accounts;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Dashboard.Account;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Teams;
using Signpost.Web.Languages;
using Signpost.Web.Notices;
using static Signpost.Dashboard.Shell.DashboardPage;

namespace Signpost.Dashboard.Team;

/// <summary>The page of the chosen team. In the person's own account it leads to the list of their teams.</summary>
internal static class TeamPageEndpoints
{
    private static readonly string[] FormsOfMembers = ["/invite", "/again", "/role", "/remove"];
    private static readonly string[] FormsOfSettings = ["/leave", "/delete"];

    public static void MapTeamPages(this IEndpointRouteBuilder dashboard)
    {
        var team = dashboard.MapGroup("/team").Scoped(Scopes.AccountRead);
        team.AddEndpointFilter(
            async (context, next) =>
            {
                if (context.HttpContext.Caller().ActsForTeam)
                    return await next(context);
                context.HttpContext.SeeOther(AccountTabs.Teams);
                return Results.Empty;
            }
        );
        team.MapMethods(
            "",
            DashboardEndpoints.Reads,
            (HttpContext http, TeamViews views) => views.ShowMembersAsync(http)
        );
        team.MapMethods(
            "/activity",
            DashboardEndpoints.Reads,
            (HttpContext http, TeamViews views) => views.ShowActivityAsync(http)
        );
        team.MapMethods(
            "/settings",
            DashboardEndpoints.Reads,
            (HttpContext http, TeamViews views) => views.ShowSettingsAsync(http)
        );
        team.MapMethods("/members/{member_id}/remove", DashboardEndpoints.Reads, AskToRemove);
        team.MapPost("/invite", Invite).KeepsSimpleForm("user_email");
        team.MapPost("/again", InviteAgain);
        team.MapPost("/role", ChangeRole);
        team.MapPost("/remove", Remove);
        team.MapPost("/settings", Save).KeepsSimpleForm("timezone");
        team.MapPost("/leave", Leave);
        team.MapPost("/delete", Delete);
        team.LeadBack(TeamTabs.Members, FormsOfMembers);
        team.LeadBack(TeamTabs.Settings, FormsOfSettings);
    }

    private static async Task Invite(HttpContext http, MemberEditor editor, TeamViews views)
    {
        var email = $"{http.Request.Form["user_email"]}".Trim();
        var wanted = RoleOf(http) with
        {
            TeamId = new("team_id", http.Caller().AccountId),
            Email = new("user_email", email),
            Errors = AccountRules.Email(email) is { } wrong ? [new FieldError(wrong, "user_email")] : [],
        };
        await InviteAsync(http, views, () => editor.InviteAsync(http.Person(), wanted, null, http.RequestAborted));
    }

    private static Task InviteAgain(HttpContext http, MemberEditor editor, TeamViews views) =>
        InviteAsync(http, views, () => editor.InviteAgainAsync(http.Person(), IdOf(http), http.RequestAborted));

    private static async Task InviteAsync(HttpContext http, TeamViews views, Func<Task<EditResult<MadeInvitation>>> act)
    {
        MadeInvitation? made = null;
        await AccountForms.AnswerAsync(http, act, done => made = done, Wrong(http, "invite", views.ShowMembersAsync));
        if (made is null)
            return;
        await views.LeaveAsync(http, made);
        http.SeeOther(TeamTabs.Members);
    }

    private static Task ChangeRole(HttpContext http, MemberEditor editor, TeamViews views) =>
        AccountForms.AnswerAsync(
            http,
            () => editor.ChangeAsync(http.Person(), IdOf(http), RoleOf(http), null, http.RequestAborted),
            _ => http.SeeOther($"{TeamTabs.Members}?done=team-role"),
            Wrong(http, null, views.ShowMembersAsync)
        );

    private static async Task AskToRemove(
        HttpContext http,
        [FromRoute(Name = "member_id")] PathId id,
        MemberCatalog members,
        DashboardPages pages,
        VisitorPages notices
    )
    {
        var caller = http.Caller();
        if (
            await members.FindAsync(caller.AccountId, id, http.RequestAborted) is not { } member
            || !RoleRights.MayManage(caller.Role, member.Row.Role)
        )
            await notices.WriteAsync(http, VisitorPage.NotFound);
        else
            await pages.WriteAsync<RemoveMemberPage>(
                http,
                new() { [nameof(RemoveMemberPage.Id)] = member.Row.Id, [nameof(RemoveMemberPage.Email)] = member.Email }
            );
    }

    private static Task Remove(HttpContext http, MemberEditor editor, TeamViews views) =>
        AccountForms.AnswerAsync(
            http,
            () => editor.RemoveAsync(http.Person(), IdOf(http), http.RequestAborted),
            _ => http.SeeOther($"{TeamTabs.Members}?done=team-removed"),
            Wrong(http, null, views.ShowMembersAsync)
        );

    private static Task Save(HttpContext http, IResourceEditor<TeamChanges> editor, TeamViews views)
    {
        var (name, zone) = ($"{http.Request.Form["name"]}".Trim(), $"{http.Request.Form["timezone"]}");
        List<FieldError> errors = [];
        if (TeamForms.NameError(name) is { } unnamed)
            errors.Add(unnamed);
        if (AccountRules.TimeZone(zone) is { } unknown)
            errors.Add(new(unknown, "timezone"));
        TeamChanges wanted = new()
        {
            Name = new("name", name),
            TimeZone = new("timezone", zone),
            Errors = errors,
            Warnings = [],
            Meaning = new(),
        };
        return AccountForms.AnswerAsync(
            http,
            () => editor.UpdateAsync(http.Person(), http.Caller().AccountId, wanted, null, http.RequestAborted),
            _ => http.SeeOther($"{TeamTabs.Settings}?done=profile"),
            Wrong(http, "team", views.ShowSettingsAsync)
        );
    }

    private static async Task Leave(HttpContext http, MemberEditor editor, MemberCatalog members, TeamViews views)
    {
        var id = await members.OwnIdAsync(http.Person(), http.Caller().AccountId, http.RequestAborted);
        await AccountForms.AnswerAsync(
            http,
            () => editor.LeaveAsync(http.Person(), id, http.RequestAborted),
            _ => http.SeeOther($"{AccountTabs.Teams}?done=team-left"),
            Wrong(http, null, views.ShowSettingsAsync)
        );
    }

    private static async Task Delete(
        HttpContext http,
        IResourceEditor<TeamChanges> editor,
        IResourceCatalog<TeamResponse> teams,
        TeamViews views,
        OwnLanguages languages
    )
    {
        var (person, id, form) = (http.Person(), http.Caller().AccountId, http.Request.Form);
        var show = Wrong(http, "delete", views.ShowSettingsAsync);
        if (await teams.FindAsync(person, id, http.RequestAborted) is { } team && team.Name != $"{form["name"]}".Trim())
        {
            await show([(languages.For(http)["error.team.confirm"], "name")]);
            return;
        }

        // The API's own parameters: links=delete, or links=transfer with the account that receives them.
        var heir = $"{form["links"]}";
        Fields query = new();
        query.Add("links", new FieldValue.Text(heir is "" ? "delete" : "transfer"));
        if (heir is not "")
            query.Add("to", new FieldValue.Text(heir));
        await AccountForms.AnswerAsync(
            http,
            () => editor.DeleteAsync(person, id, query, http.RequestAborted),
            _ => http.SeeOther($"{AccountTabs.Teams}?done=team-deleted"),
            show
        );
    }

    /// <summary>Shows the errors at the fields of a form, or above the page.</summary>
    /// <param name="form">The name of the form; null: its errors concern no field.</param>
    private static Func<IReadOnlyList<(string Text, string? Field)>, Task> Wrong(
        HttpContext http,
        string? form,
        Func<HttpContext, FormState, Task> show
    ) =>
        errors =>
            errors is []
                ? http.RequestServices.GetRequiredService<DashboardPages>().WriteForbiddenAsync(http)
                : show(
                    http,
                    new()
                    {
                        WrongForm = form ?? "",
                        Errors = form is null ? [.. errors.Select(error => (error.Text, (string?)null))] : errors,
                        Typed = http.Request.Form,
                    }
                );

    private static MemberChanges RoleOf(HttpContext http) =>
        new()
        {
            Role = Access.RoleOf($"{http.Request.Form["role"]}") is { } role ? new("role", role) : default,
            Errors = [],
            Warnings = [],
            Meaning = new(),
        };

    private static long IdOf(HttpContext http) => long.TryParse(http.Request.Form["id"], out var id) ? id : 0;
}
