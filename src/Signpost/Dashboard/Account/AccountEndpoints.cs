using Signpost.Accounts;
using Signpost.Accounts.Keys;
using Signpost.Accounts.SignIn;
using Signpost.Addressing;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Dashboard.SignIn;
using Signpost.Mail;
using Signpost.PersonalData;
using Signpost.Web.Forms;
using Signpost.Web.Notices;

namespace Signpost.Dashboard.Account;

/// <summary>The account page. Each form posts to its own address. After a change, a redirect leads back to the page.</summary>
internal static class AccountEndpoints
{
    private const string KeyPath = "/keys";
    private const string CodesPath = "/second-factor/codes";
    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] FormPaths =
    [
        "/profile",
        "/email",
        "/password",
        "/sessions/end",
        "/sessions/end-all",
        "/keys/revoke",
        "/teams",
        "/teams/accept",
        "/teams/leave",
        "/second-factor/start",
        "/second-factor/off",
        "/delete",
    ];

    public static void MapAccount(this IEndpointRouteBuilder routes)
    {
        var account = routes
            .MapGroup(LocalPath.Account)
            .ExcludeFromDescription()
            .ForSignedIn()
            .RequireAntiforgeryToken();
        account.MapMethods("", Reads, Show);
        account.MapPost("/profile", SaveProfile);
        account.MapPost("/email", ChangeEmail);
        account.MapPost("/password", ChangePassword);
        account.MapPost("/sessions/end", EndSession);
        account.MapPost("/sessions/end-all", EndAllSessions);
        account.MapMethods(KeyPath, Reads, ShowKey);
        account.MapPost(KeyPath, MakeKey);
        account.MapPost("/keys/revoke", RevokeKey);
        account.MapTeamForms();
        account.MapMethods("/second-factor", Reads, ShowSecondFactor);
        account.MapPost("/second-factor", ConfirmSecondFactor);
        account.MapPost("/second-factor/start", BeginSecondFactor);
        account.MapMethods(CodesPath, Reads, ShowRecoveryCodes);
        account.MapPost(CodesPath, RenewRecoveryCodes);
        account.MapPost("/second-factor/off", TurnSecondFactorOff);
        account.MapMethods("/export", Reads, PersonExportEndpoints.ExportAsync);
        account.MapPost("/delete", Delete);
        // A form with an error is shown at its own address. If somebody opens that address again, the page is shown without the error.
        foreach (var path in FormPaths)
            account.MapMethods(path, Reads, (HttpContext http) => http.SeeOther(LocalPath.Account));
    }

    private static Task Show(HttpContext http) => AccountForms.ShowAsync(http);

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
            _ => http.SeeOther("/account?done=profile")
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
                _ => http.SeeOther("/account?done=email-asked")
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
            _ => http.SeeOther($"/account?done={form}")
        );

    private static async Task EndSession(HttpContext http, OwnAccount own)
    {
        if (long.TryParse(http.Request.Form["id"], out var id))
            await own.EndSessionAsync(http.Caller(), id, http.RequestAborted);
        http.SeeOther("/account?done=session");
    }

    private static async Task EndAllSessions(HttpContext http, OwnAccount own)
    {
        await own.EndAllSessionsAsync(http.Caller(), RevokesKeys(http), http.RequestAborted);
        SessionAuthentication.SignOut(http);
        http.SeeOther("/login");
    }

    private static Task MakeKey(HttpContext http, OwnAccount own, OneTimeNotice notice)
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
                notice.Leave(http, KeyPath, $"{done.Made.Key} {wanted.Name}", done.Secret);
                http.SeeOther(LocalPath.Account + KeyPath);
            }
        );
    }

    private static Task ShowKey(HttpContext http, OneTimeNotice notice, PeoplePages pages)
    {
        if (notice.Take(http, KeyPath)?.Split(' ', 2) is [var key, var name])
            return pages.WriteAsync<KeyMade>(
                http,
                isWrong: false,
                new() { [nameof(KeyMade.Name)] = name, [nameof(KeyMade.Key)] = key }
            );
        http.SeeOther("/account?done=key-shown");
        return Task.CompletedTask;
    }

    private static async Task RevokeKey(HttpContext http, KeyEditor editor)
    {
        if (long.TryParse(http.Request.Form["id"], out var id))
            await editor.RevokeAsync(http.Caller(), id, http.Request.Form["with_others"] == "1", http.RequestAborted);
        http.SeeOther("/account?done=key");
    }

    private static async Task ShowSecondFactor(HttpContext http, OwnAccount own)
    {
        if (await own.PendingSecondFactorAsync(http.Caller(), http.RequestAborted) is var (secret, email))
            await WriteSecondFactorAsync(http, secret, email);
        else
            http.SeeOther("/account#second-factor");
    }

    private static Task BeginSecondFactor(HttpContext http, OwnAccount own) =>
        AccountForms.AnswerAsync(
            http,
            "factor",
            () => own.BeginSecondFactorAsync(http.Caller(), Current(http), http.RequestAborted),
            _ => http.SeeOther("/account/second-factor")
        );

    private static async Task ConfirmSecondFactor(
        HttpContext http,
        OwnAccount own,
        OneTimeNotice notice,
        VisitorPages notices
    )
    {
        var (caller, code) = (http.Caller(), $"{http.Request.Form["code"]}");
        switch (await own.ConfirmSecondFactorAsync(caller, code, http.RequestAborted))
        {
            case EditResult<ChangedCredentials>.Done({ Secret: var secret, RecoveryCodes: { } codes }):
                SessionAuthentication.SignIn(http, secret!);
                LeaveRecoveryCodes(http, notice, codes, secret);
                return;
            case EditResult<ChangedCredentials>.Refused(Refusal.TooMany(var wait)):
                await http.TooManyAsync(notices, wait);
                return;
            case EditResult<ChangedCredentials>.Refused({ Errors: [var error, ..] })
                when await own.PendingSecondFactorAsync(caller, http.RequestAborted) is var (pending, email):
                await WriteSecondFactorAsync(http, pending, email, AccountForms.Translate(http, error.Title));
                return;
            default:
                http.SeeOther("/account#second-factor");
                return;
        }
    }

    private static Task RenewRecoveryCodes(HttpContext http, OwnAccount own, OneTimeNotice notice) =>
        AccountForms.AnswerAsync(
            http,
            "codes",
            () => own.RenewRecoveryCodesAsync(http.Caller(), Current(http), http.RequestAborted),
            done => LeaveRecoveryCodes(http, notice, done.RecoveryCodes!, done.Secret)
        );

    private static void LeaveRecoveryCodes(
        HttpContext http,
        OneTimeNotice notice,
        IReadOnlyList<string> codes,
        string? secret
    )
    {
        notice.Leave(http, CodesPath, string.Join('\n', codes), secret);
        http.SeeOther(LocalPath.Account + CodesPath);
    }

    private static Task ShowRecoveryCodes(HttpContext http, OneTimeNotice notice, PeoplePages pages)
    {
        if (notice.Take(http, CodesPath) is { } codes)
            return pages.WriteAsync<RecoveryCodes>(
                http,
                isWrong: false,
                new() { [nameof(RecoveryCodes.Codes)] = codes }
            );
        http.SeeOther("/account?done=codes-shown");
        return Task.CompletedTask;
    }

    private static Task TurnSecondFactorOff(HttpContext http, OwnAccount own) =>
        AccountForms.AnswerAsync(
            http,
            "off",
            () => own.TurnSecondFactorOffAsync(http.Caller(), Current(http), http.RequestAborted),
            _ => http.SeeOther("/account?done=second-factor-off")
        );

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

    private static Task WriteSecondFactorAsync(HttpContext http, string secret, string email, string? error = null)
    {
        var host = new Uri(http.RequestServices.GetRequiredService<PublicAddress>().Url).Host;
        return http
            .RequestServices.GetRequiredService<PeoplePages>()
            .WriteSecondFactorAsync(http, secret, $"Signpost {host}", email, error);
    }

    private static bool RevokesKeys(HttpContext http) => http.Request.Form["revoke_keys"] == "1";

    private static string Current(HttpContext http) => $"{http.Request.Form["current"]}";
}
