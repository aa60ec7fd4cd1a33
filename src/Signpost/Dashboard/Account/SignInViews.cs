using System.Buffers.Text;
using Signpost.Accounts;
using Signpost.Accounts.SignIn;
using Signpost.Api.Callers;
using Signpost.Hosting;
using Signpost.Mail;
using Signpost.Web.Languages;

namespace Signpost.Dashboard.Account;

/// <summary>Collects the data about how a person signs in.</summary>
internal sealed class SignInViews(
    AccountCatalog accounts,
    Sessions sessions,
    OwnAccount own,
    OwnLogins logins,
    OwnPasskeys passkeys,
    PasskeyChallenges challenges,
    SignpostSettings settings,
    OwnLanguages languages,
    MailQueue mails
)
{
    /// <summary>How the person proves who they are.</summary>
    /// <param name="back">The address of the page with the form.</param>
    public async Task<AccountPage.Proof> ProofAsync(HttpContext http, string back)
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        return new(
            back,
            await logins.HasPasswordAsync(caller.PersonId, cancel),
            await sessions.IsConfirmedAsync(caller, cancel),
            settings.Oidc?.Name,
            challenges.AreOn(http) && await passkeys.ListAsync(caller.PersonId, cancel) is not []
        );
    }

    public async Task<SignInPage.Content> OfAsync(HttpContext http, AccountPage.Proof proof)
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        var (texts, zone) = (languages.For(http).All, caller.TimeZone);
        var connected = await logins.ListAsync(caller.PersonId, cancel);
        var hasFactor = (await accounts.FindAsync(caller.PersonId, cancel))!.HasSecondFactor;
        return new()
        {
            Proof = proof,
            MailIsOn = mails.IsOn,
            HasSecondFactor = hasFactor,
            RecoveryCodesLeft = hasFactor ? await own.RecoveryCodesLeftAsync(caller, cancel) : 0,
            Logins =
            [
                .. connected.Select(login => new AccountPage.LoginLine(
                    login.Issuer,
                    AccountTexts.Time(login.CreatedAt, zone)
                )),
            ],
            CanConnect = settings.Oidc is { } provider && !connected.Any(login => provider.IsIssuer(login.Issuer)),
            Passkeys =
            [
                .. (await passkeys.ListAsync(caller.PersonId, cancel)).Select(passkey => new AccountPage.PasskeyLine(
                    Base64Url.EncodeToString(passkey.CredentialId),
                    AccountTexts.Device(passkey.Name, texts),
                    AccountTexts.Time(passkey.CreatedAt, zone),
                    passkey.LastUsedAt is { } used ? AccountTexts.Time(used, zone) : null
                )),
            ],
            PasskeysAreOn = challenges.AreOn(http),
            Sessions =
            [
                .. (await sessions.ListAsync(caller.AccountId, cancel)).Select(session => new AccountPage.SessionLine(
                    session.Id,
                    AccountTexts.Device(session.Device, texts),
                    session.Network,
                    AccountTexts.Time(session.CreatedAt, zone),
                    AccountTexts.Time(session.LastSeenAt, zone),
                    caller.Credential == new Credential.Session(session.Id)
                )),
            ],
        };
    }
}
