using Signpost.Accounts;
using Signpost.Accounts.Keys;
using Signpost.Accounts.SignIn;
using Signpost.Addressing;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Dashboard.SignIn;
using Signpost.Web.Forms;
using Signpost.Web.Notices;

namespace Signpost.Dashboard.Account;

/// <summary>The account page. Each form posts to its own address. After a change, a redirect leads back to the page.</summary>
internal static class AccountEndpoints
{
    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

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
        account.MapPost("/keys", MakeKey);
        account.MapPost("/keys/revoke", RevokeKey);
        account.MapMethods("/second-factor", Reads, ShowSecondFactor);
        account.MapPost("/second-factor", ConfirmSecondFactor);
        account.MapPost("/second-factor/start", BeginSecondFactor);
        account.MapPost("/second-factor/codes", RenewRecoveryCodes);
        account.MapPost("/second-factor/off", TurnSecondFactorOff);
    }

    private static Task Show(HttpContext http) =>
        ShowAsync(
            http,
            view =>
                view with
                {
                    Done = $"{http.Request.Query["done"]}" switch
                    {
                        "profile" => "Saved.",
                        "email" => "The e-mail address is changed.",
                        "password" => "The password is changed.",
                        "session" => "The session has ended.",
                        "key" => "The key is revoked.",
                        "second-factor-off" => "The second factor is off.",
                        _ => null,
                    },
                }
        );

    private static Task SaveProfile(HttpContext http, AccountEditor editor)
    {
        var (form, caller) = (http.Request.Form, http.Caller());
        AccountChanges wanted = new()
        {
            Name = $"{form["name"]}".Trim(),
            TimeZone = $"{form["timezone"]}",
            Language = $"{form["language"]}",
        };
        return AnswerAsync(
            http,
            "profile",
            () => editor.UpdateAsync(caller, caller.AccountId, wanted, null, http.RequestAborted),
            _ => http.SeeOther("/account?done=profile")
        );
    }

    private static Task ChangeEmail(HttpContext http, OwnAccount own) =>
        ChangeAsync(http, own, "email", new() { Email = $"{http.Request.Form["email"]}".Trim() });

    private static Task ChangePassword(HttpContext http, OwnAccount own) =>
        ChangeAsync(http, own, "password", new() { Password = $"{http.Request.Form["password"]}" });

    private static Task ChangeAsync(HttpContext http, OwnAccount own, string form, AccountChanges wanted) =>
        AnswerAsync(
            http,
            form,
            () => own.ChangeAsync(http.Caller(), wanted, Current(http), RevokesKeys(http), http.RequestAborted),
            _ => http.SeeOther($"/account?done={form}")
        );

    private static async Task EndSession(HttpContext http, OwnAccount own)
    {
        if (long.TryParse(http.Request.Form["id"], out var id))
            await own.EndSessionAsync(http.Caller(), id, http.RequestAborted);
        http.SeeOther("/account?done=session#sessions");
    }

    private static async Task EndAllSessions(HttpContext http, OwnAccount own)
    {
        await own.EndAllSessionsAsync(http.Caller(), RevokesKeys(http), http.RequestAborted);
        SessionAuthentication.SignOut(http);
        http.SeeOther("/login");
    }

    private static Task MakeKey(HttpContext http, OwnAccount own, PeoplePages pages)
    {
        var caller = http.Caller();
        var wanted = KeyForm.Read(http.Request.Form, caller.TimeZone);
        return AnswerAsync(
            http,
            "keys",
            () => own.MakeKeyAsync(caller, wanted, Current(http), http.RequestAborted),
            done =>
            {
                if (done.Secret is { } secret)
                    SessionAuthentication.SignIn(http, secret);
                return pages.WriteKeyAsync(http, wanted.Name, done.Made.Key);
            }
        );
    }

    private static async Task RevokeKey(HttpContext http, KeyEditor editor)
    {
        if (long.TryParse(http.Request.Form["id"], out var id))
            await editor.RevokeAsync(http.Caller(), id, http.Request.Form["with_others"] == "1", http.RequestAborted);
        http.SeeOther("/account?done=key#keys");
    }

    private static async Task ShowSecondFactor(HttpContext http, OwnAccount own)
    {
        if (await own.PendingSecondFactorAsync(http.Caller(), http.RequestAborted) is var (secret, email))
            await WriteSecondFactorAsync(http, secret, email);
        else
            http.SeeOther("/account#second-factor");
    }

    private static Task BeginSecondFactor(HttpContext http, OwnAccount own) =>
        AnswerAsync(
            http,
            "second-factor",
            () => own.BeginSecondFactorAsync(http.Caller(), Current(http), http.RequestAborted),
            _ => http.SeeOther("/account/second-factor")
        );

    private static async Task ConfirmSecondFactor(
        HttpContext http,
        OwnAccount own,
        PeoplePages pages,
        VisitorPages notices
    )
    {
        var (caller, code) = (http.Caller(), $"{http.Request.Form["code"]}");
        switch (await own.ConfirmSecondFactorAsync(caller, code, http.RequestAborted))
        {
            case EditResult<ChangedCredentials>.Done({ Secret: var secret, RecoveryCodes: { } codes }):
                SessionAuthentication.SignIn(http, secret!);
                await pages.WriteRecoveryCodesAsync(http, codes);
                return;
            case EditResult<ChangedCredentials>.Refused(Refusal.TooMany(var wait)):
                await http.TooManyAsync(notices, wait);
                return;
            case EditResult<ChangedCredentials>.Refused({ Errors: [var error, ..] })
                when await own.PendingSecondFactorAsync(caller, http.RequestAborted) is var (pending, email):
                await WriteSecondFactorAsync(http, pending, email, error.Title);
                return;
            default:
                http.SeeOther("/account#second-factor");
                return;
        }
    }

    private static Task RenewRecoveryCodes(HttpContext http, OwnAccount own, PeoplePages pages) =>
        AnswerAsync(
            http,
            "codes",
            () => own.RenewRecoveryCodesAsync(http.Caller(), Current(http), http.RequestAborted),
            done => pages.WriteRecoveryCodesAsync(http, done.RecoveryCodes!)
        );

    private static Task TurnSecondFactorOff(HttpContext http, OwnAccount own) =>
        AnswerAsync(
            http,
            "second-factor-off",
            () => own.TurnSecondFactorOffAsync(http.Caller(), Current(http), http.RequestAborted),
            _ => http.SeeOther("/account?done=second-factor-off#second-factor")
        );

    private static Task AnswerAsync<T>(HttpContext http, string form, Func<Task<EditResult<T>>> act, Action<T> then) =>
        AnswerAsync(
            http,
            form,
            act,
            done =>
            {
                then(done);
                return Task.CompletedTask;
            }
        );

    private static async Task AnswerAsync<T>(
        HttpContext http,
        string form,
        Func<Task<EditResult<T>>> act,
        Func<T, Task> then
    )
    {
        var notices = http.RequestServices.GetRequiredService<VisitorPages>();
        switch (await LoginEndpoints.Bounded(act))
        {
            case EditResult<T>.Done(var done):
                if (done is ChangedCredentials { Secret: { } secret })
                    SessionAuthentication.SignIn(http, secret);
                await then(done);
                return;
            case EditResult<T>.Refused(Refusal.TooMany(var wait)):
                await http.TooManyAsync(notices, wait);
                return;
            case EditResult<T>.Refused({ Errors: [var error, ..] }):
                await ShowAsync(
                    http,
                    view => view with { WrongForm = form, WrongField = error.Field, Error = error.Title }
                );
                return;
            case null:
                await notices.WriteAsync(http, VisitorPage.Busy);
                return;
            default:
                await Show(http);
                return;
        }
    }

    private static async Task ShowAsync(HttpContext http, Func<AccountPage.Content, AccountPage.Content> with)
    {
        var services = http.RequestServices;
        var view = await services
            .GetRequiredService<AccountViews>()
            .OfAsync(http.Caller(), http.AntiforgeryToken(), http.RequestAborted);
        await services.GetRequiredService<PeoplePages>().WriteAccountAsync(http, with(view));
    }

    private static Task WriteSecondFactorAsync(HttpContext http, string secret, string email, string? error = null)
    {
        var host = new Uri(http.RequestServices.GetRequiredService<PublicAddress>().Url).Host;
        return http
            .RequestServices.GetRequiredService<PeoplePages>()
            .WriteSecondFactorAsync(http, http.AntiforgeryToken(), secret, $"Signpost {host}", email, error);
    }

    private static bool RevokesKeys(HttpContext http) => http.Request.Form["revoke_keys"] == "1";

    private static string Current(HttpContext http) => $"{http.Request.Form["current"]}";
}
