using Signpost.Accounts;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Teams;

namespace Signpost.Dashboard.Account;

/// <summary>The forms of the account page about teams.</summary>
internal static class TeamForms
{
    private const string Form = "teams";

    public static void MapTeamForms(this IEndpointRouteBuilder account)
    {
        account.MapPost("/teams", Create).KeepsSimpleForm("name");
        account.MapPost("/teams/accept", Accept);
        account.MapPost("/teams/leave", Leave);
        account.LeadBack(AccountTabs.Teams, "/teams/accept", "/teams/leave");
    }

    private static Task Create(HttpContext http, IResourceEditor<TeamChanges> editor)
    {
        var name = $"{http.Request.Form["name"]}".Trim();
        TeamChanges wanted = new()
        {
            Name = new("name", name),
            Errors = NameError(name) is { } wrong ? [wrong] : [],
            Warnings = [],
            Meaning = new(),
        };
        return AccountForms.AnswerAsync(
            http,
            Form,
            () => editor.CreateAsync(http.Caller(), wanted, null, http.RequestAborted),
            made => http.SeeOther($"/dashboard/team?{ChosenAccount.Field}={made.Id}&done=team")
        );
    }

    /// <summary>The error of a team's name; null: it is good.</summary>
    public static FieldError? NameError(string name) =>
        name is "" || AccountRules.Name(name) is not null ? new("Enter a name of 1 to 128 characters.", "name") : null;

    private static Task Accept(HttpContext http, MemberEditor editor)
    {
        InvitationReply reply = new()
        {
            Status = new("status", true),
            Errors = [],
            Warnings = [],
            Meaning = new(),
        };
        return AccountForms.AnswerAsync(
            http,
            Form,
            () => editor.ReplyAsync(http.Caller(), Id(http), reply, null, http.RequestAborted),
            joined => http.SeeOther($"/dashboard/team?{ChosenAccount.Field}={joined.TeamId}&done=team-joined")
        );
    }

    private static Task Leave(HttpContext http, MemberEditor editor) =>
        AccountForms.AnswerAsync(
            http,
            Form,
            () => editor.LeaveAsync(http.Caller(), Id(http), http.RequestAborted),
            _ => http.SeeOther($"{AccountTabs.Teams}?done=team-left")
        );

    private static long Id(HttpContext http) => long.TryParse(http.Request.Form["id"], out var id) ? id : 0;
}
