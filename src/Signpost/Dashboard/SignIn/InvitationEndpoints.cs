using Microsoft.AspNetCore.Authentication;
using Signpost.Accounts;
using Signpost.Accounts.SignIn;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Hosting;
using Signpost.Teams;
using Signpost.Web.Forms;
using Signpost.Web.Languages;
using Signpost.Web.Notices;

namespace Signpost.Dashboard.SignIn;

/// <summary>The page of an invitation's one-time address. A GET uses nothing. <see cref="Invitations"/> makes the decisions.</summary>
internal static class InvitationEndpoints
{
    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    public static void MapInvitations(this RouteGroupBuilder login)
    {
        login.MapMethods("/invitation/{secret}", Reads, Show).WithMetadata(new PageAfterSignIn());
        login.MapPost("/invitation/{secret}", MakeAccount);
        login.MapPost("/invitation/{secret}/accept", Accept);
    }

    private static Task Show(string secret, HttpContext http) => WriteAsync(http, secret, name: null, []);

    private static async Task Accept(string secret, HttpContext http, Invitations invitations, OwnLanguages languages)
    {
        var accepted = await IsSignedInAsync(http)
            ? await invitations.AcceptAsync(http.Caller(), secret, http.RequestAborted)
            : new Refusal.Forbidden();
        if (accepted is EditResult<ResourceId>.Refused(var why))
            await WriteAsync(http, secret, name: null, Shown(why, languages, languages.For(http)));
        else
            http.SeeOther("/dashboard/account/teams?done=team-joined");
    }

    private static async Task MakeAccount(
        string secret,
        HttpContext http,
        Invitations invitations,
        SignpostSettings settings,
        OwnLanguages languages,
        VisitorPages notices
    )
    {
        if (settings.Oidc is { IsRequired: true })
        {
            http.SeeOther("/login");
            return;
        }

        var (form, texts) = (http.Request.Form, languages.For(http));
        AccountChanges wanted = new()
        {
            Name = $"{form["name"]}".Trim(),
            Password = $"{form["password"]}",
            Language = languages.TagFor(http),
        };
        var made = await LoginEndpoints.Bounded(() =>
            invitations.MakeAccountAsync(
                secret,
                wanted,
                SessionAuthentication.SecretOf(http),
                http.Origin(),
                http.RequestAborted
            )
        );
        switch (made)
        {
            case EditResult<string>.Done(var session):
                SessionAuthentication.SignIn(http, session);
                http.SeeOther("/dashboard/account/teams?done=team-joined");
                return;
            case EditResult<string>.Refused({ Errors.Count: > 0 } why):
                await WriteAsync(http, secret, wanted.Name, Shown(why, languages, texts));
                return;
            case null:
                await notices.WriteAsync(http, VisitorPage.Busy);
                return;
            default:
                await OneTimeEndpoints.WriteGoneAsync(http);
                return;
        }
    }

    private static List<(string Text, string? Field)> Shown(Refusal why, OwnLanguages languages, PageTexts texts) =>
        [.. why.Errors.Select(error => (languages.Translate(error.Title, texts), error.Field))];

    private static async Task WriteAsync(
        HttpContext http,
        string secret,
        string? name,
        IReadOnlyList<(string Text, string? Field)> errors
    )
    {
        var services = http.RequestServices;
        var isSignedIn = await IsSignedInAsync(http);
        if (
            await services
                .GetRequiredService<Invitations>()
                .FindAsync(secret, isSignedIn ? http.Caller().PersonId : null, http.RequestAborted)
            is not { } shown
        )
        {
            await OneTimeEndpoints.WriteGoneAsync(http);
            return;
        }

        Dictionary<string, object?> parameters = new()
        {
            [nameof(Invitation.Token)] = http.AntiforgeryToken(),
            [nameof(Invitation.Secret)] = secret,
            [nameof(Invitation.Email)] = shown.Email,
            [nameof(Invitation.Team)] = shown.TeamName,
            [nameof(Invitation.IsYours)] = shown.IsYours,
            [nameof(Invitation.IsSignedIn)] = isSignedIn,
            [nameof(Invitation.WithPassword)] =
                services.GetRequiredService<SignpostSettings>().Oidc is not { IsRequired: true },
            [nameof(Invitation.Name)] = name,
            [nameof(Invitation.Errors)] = errors,
        };
        var status = errors is [] ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        await services.GetRequiredService<PeoplePages>().WriteOneTimeAsync<Invitation>(http, status, parameters);
    }

    private static async Task<bool> IsSignedInAsync(HttpContext http) =>
        (await http.AuthenticateAsync(SessionAuthentication.SchemeName)).Succeeded;
}
