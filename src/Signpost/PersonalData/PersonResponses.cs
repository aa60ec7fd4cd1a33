using Signpost.Accounts.Api;
using Signpost.Domains;
using Signpost.Links;
using Signpost.Pixels;
using Signpost.Presets;
using Signpost.Projects;
using Signpost.QrCodes;
using Signpost.SplashPages;
using Signpost.Tags;
using Signpost.Teams;

namespace Signpost.PersonalData;

/// <summary>Everything that is kept of a person and of their own account, without secrets and single clicks.</summary>
/// <param name="ApiKeys">The keys that the person uses, also those of teams.</param>
/// <param name="Memberships">Teams, and invitations to teams (status 0).</param>
/// <param name="Logs">The activity: in the own account, and of the person in teams. The oldest first.</param>
/// <param name="Mails">Mails to the present address of the person that wait or failed.</param>
/// <param name="Links">Null, as projects and all lists between: the key lacks the scope links:read.</param>
/// <param name="Clicks">The address that exports the clicks of the links.</param>
internal sealed record PersonDataResponse(
    UserResponse User,
    SignInMethodsResponse SignIn,
    IReadOnlyList<SessionResponse> Sessions,
    IAsyncEnumerable<KeyResponse> ApiKeys,
    IAsyncEnumerable<MembershipResponse> Memberships,
    IAsyncEnumerable<LogResponse> Logs,
    IAsyncEnumerable<OwnMailResponse> Mails,
    IAsyncEnumerable<ProjectResponse>? Projects,
    IAsyncEnumerable<TagResponse>? Tags,
    IAsyncEnumerable<PixelResponse>? Pixels,
    IAsyncEnumerable<SplashPageResponse>? SplashPages,
    IAsyncEnumerable<DomainResponse>? Domains,
    IAsyncEnumerable<QrCodeResponse>? QrCodes,
    IAsyncEnumerable<QrLogoResponse>? QrLogos,
    IAsyncEnumerable<ViewResponse>? Views,
    IAsyncEnumerable<UtmTemplateResponse>? UtmTemplates,
    IAsyncEnumerable<QrPresetResponse>? QrPresets,
    IAsyncEnumerable<LinkResponse>? Links,
    string Clicks
);

/// <summary>The ways in which a person signs in.</summary>
/// <param name="RecoveryCodesLeft">0 without a second factor.</param>
internal sealed record SignInMethodsResponse(
    bool HasPassword,
    bool TwoFactorIsEnabled,
    int RecoveryCodesLeft,
    IReadOnlyList<PasskeyResponse> Passkeys,
    IReadOnlyList<LoginResponse> Providers
);

/// <summary>A passkey.</summary>
/// <param name="Name">The browser and the system that added it.</param>
internal sealed record PasskeyResponse(string Name, string? LastUsedDatetime, string Datetime);

/// <summary>An account at an OpenID Connect provider.</summary>
/// <param name="Subject">The account as the provider names it.</param>
internal sealed record LoginResponse(string Issuer, string Subject, string Datetime);

/// <summary>A mail that waits or failed. Only admins of the server see why it failed.</summary>
/// <param name="Status">waiting, or failed: there are no more tries.</param>
/// <param name="NextTry">The date of the next try; null: there is none.</param>
internal sealed record OwnMailResponse(
    long Id,
    string To,
    string Subject,
    string Status,
    string? NextTry,
    string Datetime
)
{
    public static OwnMailResponse Of(MailResponse mail) =>
        new(mail.Id, mail.To, mail.Subject, mail.Status, mail.NextTry, mail.Datetime);
}

/// <summary>A session of a browser.</summary>
/// <param name="Ip">The network of its last sign-in, without the part that identifies a machine.</param>
internal sealed record SessionResponse(string Device, string Ip, string LastDatetime, string Datetime);
