using Signpost.Accounts;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Hosting;
using Signpost.Mail;
using Signpost.Storage;
using Signpost.Web.Forms;
using Signpost.Web.Languages;
using Signpost.Web.Notices;

namespace Signpost.Dashboard.SignIn;

/// <summary>
/// The pages for a forgotten password, and those of one-time addresses. A GET shows a form and uses nothing, because programs that
/// check mails open every address in them.
/// </summary>
internal static class OneTimeEndpoints
{
    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    public static void MapOneTimeAddresses(this IEndpointRouteBuilder routes)
    {
        var pages = routes
            .MapGroup("/login")
            .ExcludeFromDescription()
            .WithMetadata(new InAccountLanguage())
            .RequireHttps()
            .RequireAntiforgeryToken();
        pages.MapMethods("/forgot", Reads, ShowForgot);
        pages.MapPost("/forgot", SendForgot);
        pages.MapMethods("/reset/{secret}", Reads, ShowReset);
        pages.MapPost("/reset/{secret}", SendReset);
        pages.MapMethods("/confirm/{secret}", Reads, ShowConfirmation);
        pages.MapPost("/confirm/{secret}", SendConfirmation);
        pages.MapInvitations();
    }

    private static Task ShowForgot(HttpContext http) => WriteForgotAsync(http, email: null, wrong: null);

    private static async Task SendForgot(HttpContext http, ResetRequests resets, VisitorPages notices)
    {
        var email = $"{http.Request.Form["email"]}".Trim();
        if (!MailsResets(http))
            await WriteForgotAsync(http, email: null, wrong: null);
        else if (AccountRules.Email(email) is { } wrong)
            await WriteForgotAsync(http, email, Translate(http, wrong));
        else if (resets.Ask(email, http.Origin()) is { } wait)
            await http.TooManyAsync(notices, wait);
        else
            http.SeeOther("/login/forgot?sent=1");
    }

    private static async Task ShowReset(string secret, HttpContext http, PasswordResets resets)
    {
        if (await resets.FindAsync(secret, http.RequestAborted) is { } email)
            await WriteResetAsync(http, secret, email, wrong: null);
        else
            await WriteGoneAsync(http);
    }

    private static async Task SendReset(
        string secret,
        HttpContext http,
        PasswordResets resets,
        OwnLogins logins,
        OwnPasskeys passkeys,
        VisitorPages notices
    )
    {
        var form = http.Request.Form;
        var result = await LoginEndpoints.Bounded(() =>
            resets.ResetAsync(
                secret,
                $"{form["password"]}",
                form["revoke_keys"] == "1",
                http.Origin(),
                http.RequestAborted
            )
        );
        switch (result)
        {
            case EditResult<long>.Done(var id):
                await WriteResetDoneAsync(
                    http,
                    await logins.ListAsync(id, http.RequestAborted),
                    await passkeys.ListAsync(id, http.RequestAborted)
                );
                return;
            case EditResult<long>.Refused({ Errors: [var error, ..] })
                when await resets.FindAsync(secret, http.RequestAborted) is { } email:
                await WriteResetAsync(http, secret, email, Translate(http, error.Title));
                return;
            case null:
                await notices.WriteAsync(http, VisitorPage.Busy);
                return;
            default:
                await WriteGoneAsync(http);
                return;
        }
    }

    private static async Task ShowConfirmation(string secret, HttpContext http, EmailChanges changes, PeoplePages pages)
    {
        if (await changes.FindAsync(secret, http.RequestAborted) is not var (from, to))
        {
            await WriteGoneAsync(http);
            return;
        }

        Dictionary<string, object?> parameters = new()
        {
            [nameof(ConfirmEmail.Token)] = http.AntiforgeryToken(),
            [nameof(ConfirmEmail.Secret)] = secret,
            [nameof(ConfirmEmail.From)] = from,
            [nameof(ConfirmEmail.To)] = to,
        };
        await pages.WriteOneTimeAsync<ConfirmEmail>(http, StatusCodes.Status200OK, parameters);
    }

    private static async Task SendConfirmation(string secret, HttpContext http, EmailChanges changes)
    {
        if (await changes.ConfirmAsync(secret, http.Origin(), http.RequestAborted) is EditResult<ResourceId>.Done)
            http.SeeOther("/login?done=email");
        else
            await WriteGoneAsync(http);
    }

    // While only the provider signs people in, a password is of no use.
    private static bool MailsResets(HttpContext http) =>
        http.RequestServices.GetRequiredService<MailQueue>().IsOn
        && http.RequestServices.GetRequiredService<SignpostSettings>().Oidc is not { IsRequired: true };

    /// <param name="email">The e-mail address that was typed; null: nothing was typed.</param>
    private static Task WriteForgotAsync(HttpContext http, string? email, string? wrong)
    {
        var mails = http.RequestServices.GetRequiredService<MailQueue>();
        return Pages(http)
            .WriteAsync<Forgot>(
                http,
                isWrong: wrong is not null,
                new()
                {
                    [nameof(Forgot.Token)] = http.AntiforgeryToken(),
                    [nameof(Forgot.IsOn)] = MailsResets(http),
                    [nameof(Forgot.LacksAddress)] = mails.LacksAddress,
                    [nameof(Forgot.IsSent)] = http.Request.Query["sent"] == "1" && wrong is null,
                    [nameof(Forgot.Email)] = email,
                    [nameof(Forgot.Wrong)] = wrong,
                }
            );
    }

    private static Task WriteResetAsync(HttpContext http, string secret, string email, string? wrong)
    {
        Dictionary<string, object?> parameters = new()
        {
            [nameof(Reset.Token)] = http.AntiforgeryToken(),
            [nameof(Reset.Secret)] = secret,
            [nameof(Reset.Email)] = email,
            [nameof(Reset.Wrong)] = wrong,
        };
        var status = wrong is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        return Pages(http).WriteOneTimeAsync<Reset>(http, status, parameters);
    }

    // Somebody who had the account may have added a way of their own, which a new password does not end. A reload of this page says that the
    // address was used.
    private static Task WriteResetDoneAsync(
        HttpContext http,
        IReadOnlyList<PersonLogin> logins,
        IReadOnlyList<Passkey> passkeys
    )
    {
        if (logins is [] && passkeys is [])
        {
            http.SeeOther("/login?done=password");
            return Task.CompletedTask;
        }

        var texts = http.RequestServices.GetRequiredService<OwnLanguages>().For(http).All;
        Dictionary<string, object?> parameters = new()
        {
            [nameof(ResetDone.Providers)] = logins.Select(login => login.Issuer).ToList(),
            [nameof(ResetDone.Passkeys)] = passkeys
                .Select(passkey => AccountTexts.Device(passkey.Name, texts))
                .ToList(),
        };
        return Pages(http).WriteOneTimeAsync<ResetDone>(http, StatusCodes.Status200OK, parameters);
    }

    /// <summary>Says that an address was used, has expired or never existed.</summary>
    public static Task WriteGoneAsync(HttpContext http) =>
        Pages(http).WriteOneTimeAsync<OneTimeGone>(http, StatusCodes.Status410Gone, []);

    private static PeoplePages Pages(HttpContext http) => http.RequestServices.GetRequiredService<PeoplePages>();

    private static string Translate(HttpContext http, string sentence)
    {
        var languages = http.RequestServices.GetRequiredService<OwnLanguages>();
        return languages.Translate(sentence, languages.For(http));
    }
}
