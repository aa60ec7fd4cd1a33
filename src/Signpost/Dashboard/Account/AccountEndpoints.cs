using Signpost.Accounts;
using Signpost.Accounts.Keys;
using Signpost.Accounts.SignIn;
using Signpost.Api.Callers;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Mail;
using Signpost.PersonalData;

namespace Signpost.Dashboard.Account;

/// <summary>The account page. Each form posts to its own address. After a change, a redirect leads back to the form's part of the page.</summary>
internal static class AccountEndpoints
{
    private static readonly string[] FormsOfSignIn = ["/email", "/password", "/sessions/end", "/sessions/end-all"];

    /// <param name="account">The addresses below <c>/dashboard/account</c>.</param>
    public static void MapAccount(this IEndpointRouteBuilder account)
    {
        foreach (var (path, _) in AccountTabs.All)
            account.MapMethods(
                path[AccountTabs.Profile.Length..],
                DashboardEndpoints.Reads,
                (HttpContext http, AccountViews views) => views.ShowAsync(http, path)
            );
        account.MapPost("/profile", SaveProfile).KeepsSimpleForm("timezone");
        account.MapPost("/email", ChangeEmail);
        account.MapPost("/password", ChangePassword);
        account.MapPost("/sessions/end", EndSession);
        account.MapPost("/sessions/end-all", EndAllSessions);
        account.MapPost("/keys", MakeKey);
        account.MapPost("/keys/revoke", RevokeKey);
        account.MapTeamForms();
        account.MapSecondFactor();
        account.MapMethods("/export", DashboardEndpoints.Reads, PersonExportEndpoints.ExportAsync);
        account.MapPost("/delete", Delete);
        account.LeadBack(AccountTabs.Profile, "/profile");
        account.LeadBack(AccountTabs.SignIn, FormsOfSignIn);
        account.LeadBack(AccountTabs.Keys, "/keys/revoke");
        account.LeadBack(AccountTabs.Data, "/delete");
    }

    /// <summary>The addresses that the account page once had.</summary>
    public static void MapFormerAccount(this IEndpointRouteBuilder routes) =>
        routes
            .MapGroup(LocalPath.FormerAccount)
            .ExcludeFromDescription()
            .ForSignedIn()
            .MapMethods("/{**page}", DashboardEndpoints.Reads, ShowFormer);

    private static void ShowFormer(HttpContext http)
    {
        var rest = http.Request.Path.ToUriComponent()[LocalPath.FormerAccount.Length..].TrimEnd('/');
        http.SeeOther(AccountTabs.Profile + rest);
        http.Response.StatusCode = StatusCodes.Status302Found;
    }

    private static Task SaveProfile(HttpContext http, AccountEditor editor)
    {
        var (form, caller) = (http.Request.Form, http.Caller());
        AccountChanges wanted = new()
        {
            Name = $"{form["name"]}".Trim(),
            TimeZone = $"{form["timezone"]}",
            Language = $"{form["language"]}",
        };
        return AccountForms.AnswerAsync(
            http,
            "profile",
            () => editor.UpdateAsync(caller, caller.AccountId, wanted, null, http.RequestAborted),
            _ => http.SeeOther($"{AccountTabs.Profile}?done=profile")
        );
    }

    private static Task ChangeEmail(HttpContext http, OwnAccount own, EmailChanges changes, MailQueue mails)
    {
        var email = $"{http.Request.Form["email"]}".Trim();
        return mails.IsOn
            ? AccountForms.AnswerAsync(
                http,
                "email",
                () => changes.AskAsync(http.Caller(), email, Current(http), http.RequestAborted),
                _ => http.SeeOther($"{AccountTabs.SignIn}?done=email-asked")
            )
            : ChangeAsync(http, own, "email", new() { Email = email });
    }

    private static Task ChangePassword(HttpContext http, OwnAccount own) =>
        ChangeAsync(http, own, "password", new() { Password = $"{http.Request.Form["password"]}" });

    private static Task ChangeAsync(HttpContext http, OwnAccount own, string form, AccountChanges wanted) =>
        AccountForms.AnswerAsync(
            http,
            form,
            () => own.ChangeAsync(http.Caller(), wanted, Current(http), RevokesKeys(http), http.RequestAborted),
            _ => http.SeeOther($"{AccountTabs.SignIn}?done={form}")
        );

    private static async Task EndSession(HttpContext http, OwnAccount own)
    {
        if (long.TryParse(http.Request.Form["id"], out var id))
            await own.EndSessionAsync(http.Caller(), id, http.RequestAborted);
        http.SeeOther($"{AccountTabs.SignIn}?done=session");
    }

    private static async Task EndAllSessions(HttpContext http, OwnAccount own)
    {
        await own.EndAllSessionsAsync(http.Caller(), RevokesKeys(http), http.RequestAborted);
        SessionAuthentication.SignOut(http);
        http.SeeOther("/login");
    }

    private static Task MakeKey(HttpContext http, OwnAccount own, KeyViews keys)
    {
        var caller = http.Caller();
        var wanted = KeyForm.Read(http.Request.Form, caller.TimeZone);
        return AccountForms.AnswerAsync(
            http,
            "keys",
            () => own.MakeKeyAsync(caller, wanted, Current(http), http.RequestAborted),
            done =>
            {
                if (done.Secret is { } secret)
                    SessionAuthentication.SignIn(http, secret);
                keys.Leave(http, wanted, done);
                http.SeeOther(AccountTabs.Keys);
            }
        );
    }

    private static async Task RevokeKey(HttpContext http, KeyEditor editor)
    {
        if (long.TryParse(http.Request.Form["id"], out var id))
            await editor.RevokeAsync(http.Caller(), id, http.Request.Form["with_others"] == "1", http.RequestAborted);
        http.SeeOther($"{AccountTabs.Keys}?done=key");
    }

    private static Task Delete(HttpContext http, OwnAccount own) =>
        AccountForms.AnswerAsync(
            http,
            "delete",
            () =>
                own.DeleteAsync(
                    http.Caller(),
                    $"{http.Request.Form["email"]}".Trim(),
                    Current(http),
                    http.RequestAborted
                ),
            _ =>
            {
                SessionAuthentication.SignOut(http);
                http.SeeOther("/login?done=deleted");
            }
        );

    private static bool RevokesKeys(HttpContext http) => http.Request.Form["revoke_keys"] == "1";

    public static string Current(HttpContext http) => $"{http.Request.Form["current"]}";
}
