using Signpost.Accounts;
using Signpost.Accounts.SignIn;
using Signpost.Addressing;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Web.Notices;

namespace Signpost.Dashboard.Account;

/// <summary>The second factor of the signed-in person: turning it on and off, and its recovery codes.</summary>
internal static class SecondFactorEndpoints
{
    private const string SetUpPath = "/second-factor";
    private const string CodesPath = "/second-factor/codes";
    private const string Home = $"{AccountTabs.SignIn}#second-factor";

    public static void MapSecondFactor(this IEndpointRouteBuilder account)
    {
        account.MapMethods(SetUpPath, DashboardEndpoints.Reads, ShowSecondFactor);
        account.MapPost(SetUpPath, ConfirmSecondFactor);
        account.MapPost("/second-factor/start", BeginSecondFactor);
        account.MapMethods(CodesPath, DashboardEndpoints.Reads, ShowRecoveryCodes);
        account.MapPost(CodesPath, RenewRecoveryCodes);
        account.MapPost("/second-factor/off", TurnSecondFactorOff);
        account.LeadBack(AccountTabs.SignIn, "/second-factor/start", "/second-factor/off");
    }

    private static async Task ShowSecondFactor(HttpContext http, OwnAccount own)
    {
        if (await own.PendingSecondFactorAsync(http.Caller(), http.RequestAborted) is var (secret, email))
            await WriteSecondFactorAsync(http, secret, email);
        else
            http.SeeOther(Home);
    }

    private static Task BeginSecondFactor(HttpContext http, OwnAccount own) =>
        AccountForms.AnswerAsync(
            http,
            "factor",
            () => own.BeginSecondFactorAsync(http.Caller(), AccountEndpoints.Current(http), http.RequestAborted),
            _ => http.SeeOther(AccountTabs.Profile + SetUpPath)
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
                http.SeeOther(Home);
                return;
        }
    }

    private static Task RenewRecoveryCodes(HttpContext http, OwnAccount own, OneTimeNotice notice) =>
        AccountForms.AnswerAsync(
            http,
            "codes",
            () => own.RenewRecoveryCodesAsync(http.Caller(), AccountEndpoints.Current(http), http.RequestAborted),
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
        http.SeeOther(AccountTabs.Profile + CodesPath);
    }

    private static Task ShowRecoveryCodes(HttpContext http, OneTimeNotice notice, DashboardPages pages)
    {
        if (notice.Take(http, CodesPath) is { } codes)
            return pages.WriteAsync<RecoveryCodes>(http, new() { [nameof(RecoveryCodes.Codes)] = codes });
        http.SeeOther($"{AccountTabs.SignIn}?done=codes-shown");
        return Task.CompletedTask;
    }

    private static Task TurnSecondFactorOff(HttpContext http, OwnAccount own) =>
        AccountForms.AnswerAsync(
            http,
            "off",
            () => own.TurnSecondFactorOffAsync(http.Caller(), AccountEndpoints.Current(http), http.RequestAborted),
            _ => http.SeeOther($"{AccountTabs.SignIn}?done=second-factor-off")
        );

    private static Task WriteSecondFactorAsync(HttpContext http, string secret, string email, string? error = null)
    {
        var host = new Uri(http.RequestServices.GetRequiredService<PublicAddress>().Url).Host;
        var issuer = Uri.EscapeDataString($"Signpost {host}");
        var address = $"otpauth://totp/{issuer}:{Uri.EscapeDataString(email)}?secret={secret}&issuer={issuer}";
        var code = QrCode.Of(address);
        return http
            .RequestServices.GetRequiredService<DashboardPages>()
            .WriteAsync<SecondFactorSetup>(
                http,
                new()
                {
                    [nameof(SecondFactorSetup.Secret)] = string.Join(
                        ' ',
                        secret.Chunk(4).Select(four => new string(four))
                    ),
                    [nameof(SecondFactorSetup.Address)] = address,
                    [nameof(SecondFactorSetup.Path)] = code.Path,
                    [nameof(SecondFactorSetup.Size)] = code.Size,
                    [nameof(SecondFactorSetup.Error)] = error,
                },
                error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest
            );
    }
}
