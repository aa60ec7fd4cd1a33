using System.Buffers.Text;
using System.Globalization;
using Signpost.Accounts;
using Signpost.Accounts.Audit;
using Signpost.Accounts.Keys;
using Signpost.Accounts.SignIn;
using Signpost.Api.Callers;
using Signpost.Hosting;
using Signpost.Mail;
using Signpost.Storage;
using Signpost.Teams;
using Signpost.Web.Languages;

namespace Signpost.Dashboard.Account;

/// <summary>Collects the data of the account page, with dates in the account's time zone.</summary>
internal sealed class AccountViews(
    AccountCatalog accounts,
    Sessions sessions,
    KeyCatalog keys,
    MemberCatalog members,
    AuditLog audit,
    OwnAccount own,
    OwnLogins logins,
    OwnPasskeys passkeys,
    SignpostSettings settings,
    OwnLanguages languages,
    MailQueue mails,
    TimeProvider clock
)
{
    private const int MostKeys = 100;
    private const int MostTeams = 100;
    private const int LinesOfLog = 20;

    public async Task<AccountPage.Content> OfAsync(
        Caller caller,
        PageTexts texts,
        string token,
        CancellationToken cancel
    )
    {
        var profile =
            await accounts.FindAsync(caller.AccountId, cancel)
            ?? throw new InvalidOperationException("The session is valid, but its account does not exist.");
        var connected = await logins.ListAsync(caller.PersonId, cancel);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(profile.TimeZone);
        return new()
        {
            Token = token,
            Email = profile.Email,
            Name = profile.Name,
            TimeZone = profile.TimeZone,
            Language = profile.Language,
            Role = profile.IsAdmin ? Person.AdminRole : Person.UserRole,
            TimeZones = AccountRules.TimeZones,
            Languages = [.. AccountRules.Languages.Select(tag => (tag, languages.NameOf(tag)))],
            Scopes = [.. ScopeNames.All.Where(word => profile.IsAdmin || word != "admin")],
            HasSecondFactor = profile.HasSecondFactor,
            HasPassword = await logins.HasPasswordAsync(caller.PersonId, cancel),
            Provider = settings.Oidc?.Name,
            Logins =
            [
                .. connected.Select(login => new AccountPage.LoginLine(login.Issuer, Shown(login.CreatedAt, zone))),
            ],
            CanConnect = settings.Oidc is { } provider && !connected.Any(login => provider.IsIssuer(login.Issuer)),
            Passkeys =
            [
                .. (await passkeys.ListAsync(caller.PersonId, cancel)).Select(passkey => new AccountPage.PasskeyLine(
                    Base64Url.EncodeToString(passkey.CredentialId),
                    AccountTexts.Device(passkey.Name, texts.All),
                    Shown(passkey.CreatedAt, zone),
                    passkey.LastUsedAt is { } used ? Shown(used, zone) : null
                )),
            ],
            MailIsOn = mails.IsOn,
            IsConfirmed = await sessions.IsConfirmedAsync(caller, cancel),
            RecoveryCodesLeft = profile.HasSecondFactor ? await own.RecoveryCodesLeftAsync(caller, cancel) : 0,
            Sessions =
            [
                .. (await sessions.ListAsync(caller.AccountId, cancel)).Select(session => new AccountPage.SessionLine(
                    session.Id,
                    AccountTexts.Device(session.Device, texts.All),
                    session.Network,
                    Shown(session.CreatedAt, zone),
                    Shown(session.LastSeenAt, zone),
                    caller.Credential == new Credential.Session(session.Id)
                )),
            ],
            Keys = Lines(await keys.ListAsync(caller, caller.AccountId, 0, MostKeys, cancel), zone),
            Teams =
            [
                .. (await members.ListOwnAsync(caller, 0, MostTeams, cancel)).Select(one => new AccountPage.TeamLine(
                    one.Row.Id,
                    one.TeamName,
                    one.Row.Role.Name(),
                    one.Row.JoinedAt is null
                )),
            ],
            Links = profile.Usage.Links,
            Log =
            [
                .. (await audit.ReadAsync(new(caller.AccountId), 0, LinesOfLog, cancel)).Select(
                    entry => new AccountPage.LogLine(
                        Shown(entry.At, zone),
                        AccountTexts.Of(entry, texts.All),
                        entry.SeenBy(caller.PersonId).Network
                    )
                ),
            ],
        };
    }

    // Each key that another one made stands under that one, and not a second time by itself.
    private List<AccountPage.KeyLine> Lines(IReadOnlyList<ListedKey> listed, TimeZoneInfo zone)
    {
        var own = listed.ToDictionary(one => one.Key.Id);
        var under = listed.SelectMany(one => one.Made).Select(made => made.Id).ToHashSet();
        List<AccountPage.KeyLine> lines = [];
        foreach (var (top, made) in listed.Where(one => !under.Contains(one.Key.Id)))
        {
            var names = made.Append(top).ToDictionary(key => key.Id, key => key.Name);
            lines.Add(LineOf(top, madeBy: null));
            lines.AddRange(made.Select(key => LineOf(key, names[key.MakerId!.Value])));
        }

        return lines;

        AccountPage.KeyLine LineOf(ApiKey key, string? madeBy) =>
            own.TryGetValue(key.Id, out var mine)
                ? Of(key, zone) with
                {
                    MadeBy = madeBy,
                    MadeForOthers = mine.Made.Count(made => made.Holder() != key.Holder()),
                }
                : Of(key, zone) with
                {
                    MadeBy = madeBy,
                    Owner = key.AccountId,
                };
    }

    private AccountPage.KeyLine Of(ApiKey key, TimeZoneInfo zone) =>
        new(
            key.Id,
            key.Name,
            key.Prefix,
            key.Scopes == ScopeNames.Everything ? null : key.Scopes,
            Shown(key.CreatedAt, zone),
            key.LastUsedAt is { } used ? Shown(used, zone) : null,
            key.ExpiresAt is { } expires ? Shown(expires, zone) : null,
            key.ExpiresAt <= clock.GetUtcNow().ToUnixTimeMilliseconds(),
            MadeBy: null,
            Owner: null,
            MadeForOthers: 0
        );

    private static string Shown(long at, TimeZoneInfo zone) =>
        TimeZoneInfo
            .ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(at), zone)
            .ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
