using System.Runtime.CompilerServices;
using Signpost.Accounts;
using Signpost.Accounts.Api;
using Signpost.Accounts.Audit;
using Signpost.Accounts.Keys;
using Signpost.Accounts.SignIn;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.Domains;
using Signpost.Hosting;
using Signpost.Links;
using Signpost.Pixels;
using Signpost.Presets;
using Signpost.Projects;
using Signpost.QrCodes;
using Signpost.SplashPages;
using Signpost.Storage;
using Signpost.Tags;
using Signpost.Teams;

namespace Signpost.PersonalData;

/// <summary>
/// Reads everything that is kept of a person, through the catalogs. Lists are read page by page while they are written, so memory stays
/// small for any account.
/// </summary>
internal sealed class PersonReader(
    AccountCatalog accounts,
    OwnAccount own,
    OwnLogins logins,
    OwnPasskeys passkeys,
    Sessions sessions,
    KeyCatalog keys,
    MemberCatalog members,
    AuditLog audit,
    MailCatalog mails,
    LinkCatalog links,
    IResourceCatalog<ProjectResponse> projects,
    IResourceCatalog<TagResponse> tags,
    IResourceCatalog<PixelResponse> pixels,
    IResourceCatalog<SplashPageResponse> splashPages,
    IResourceCatalog<DomainResponse> domains,
    IResourceCatalog<QrCodeResponse> qrCodes,
    IResourceCatalog<QrLogoResponse> qrLogos,
    IResourceCatalog<ViewResponse> views,
    IResourceCatalog<UtmTemplateResponse> utmTemplates,
    IResourceCatalog<QrPresetResponse> qrPresets,
    SignpostSettings settings,
    PublicAddress address,
    Database database
)
{
    /// <summary>The rows of a page. Tests count pages with it.</summary>
    public const int AtOnce = 250;

    /// <summary>Null: the account is being deleted.</summary>
    /// <param name="caller">A person in their own account.</param>
    public async Task<PersonDataResponse?> ReadAsync(Caller caller, CancellationToken cancel)
    {
        if (await accounts.FindAsync(caller.PersonId, cancel) is not { } profile)
            return null;
        var zone = caller.TimeZone;
        var readsLinks = caller.May(Scopes.LinksRead);
        return new(
            UserResponse.Of(profile, settings, zone),
            await SignInAsync(caller, profile, cancel),
            await SessionsAsync(caller, cancel),
            PagesAsync(
                after => keys.ListHeldAsync(caller, after, AtOnce, cancel),
                listed => listed.Key.Id,
                listed => KeyResponse.Of(listed, zone)
            ),
            MembershipsAsync(caller, cancel),
            PagesAsync(
                after => audit.ReadOfPersonAsync(caller.PersonId, after, AtOnce, cancel),
                entry => entry.Id,
                entry => LogResponse.Of(entry.SeenBy(caller.PersonId), zone)
            ),
            PagesAsync(
                after => mails.ListOfPersonAsync(caller.PersonId, after, AtOnce, cancel),
                mail => mail.Id,
                mail => OwnMailResponse.Of(MailResponse.Of(mail, zone))
            ),
            readsLinks ? AllAsync<ProjectRow, ProjectResponse>(projects, caller, cancel) : null,
            readsLinks ? AllAsync<TagRow, TagResponse>(tags, caller, cancel) : null,
            readsLinks ? AllAsync<PixelRow, PixelResponse>(pixels, caller, cancel) : null,
            readsLinks ? AllAsync<SplashPageRow, SplashPageResponse>(splashPages, caller, cancel) : null,
            readsLinks ? AllAsync<DomainRow, DomainResponse>(domains, caller, cancel) : null,
            readsLinks ? AllAsync<QrCodeRow, QrCodeResponse>(qrCodes, caller, cancel) : null,
            readsLinks ? AllAsync<QrLogoRow, QrLogoResponse>(qrLogos, caller, cancel) : null,
            readsLinks ? AllAsync<PresetRow, ViewResponse>(views, caller, cancel) : null,
            readsLinks ? AllAsync<PresetRow, UtmTemplateResponse>(utmTemplates, caller, cancel) : null,
            readsLinks ? AllAsync<PresetRow, QrPresetResponse>(qrPresets, caller, cancel) : null,
            readsLinks
                ? PagesAsync(
                    after => links.ListAfterAsync(caller, after, AtOnce, cancel),
                    link => link.Id,
                    link => link
                )
                : null,
            $"{address.Url}/api/statistics/export"
        );
    }

    private async Task<SignInMethodsResponse> SignInAsync(Caller caller, Profile profile, CancellationToken cancel)
    {
        var zone = caller.TimeZone;
        return new(
            await logins.HasPasswordAsync(caller.PersonId, cancel),
            profile.HasSecondFactor,
            profile.HasSecondFactor ? await own.RecoveryCodesLeftAsync(caller, cancel) : 0,
            [
                .. (await passkeys.ListAsync(caller.PersonId, cancel)).Select(passkey => new PasskeyResponse(
                    passkey.Name,
                    LocalTime.Format(passkey.LastUsedAt, zone),
                    LocalTime.Format(passkey.CreatedAt, zone)
                )),
            ],
            [
                .. (await logins.ListAsync(caller.PersonId, cancel)).Select(login => new LoginResponse(
                    login.Issuer,
                    login.Subject,
                    LocalTime.Format(login.CreatedAt, zone)
                )),
            ]
        );
    }

    private async Task<IReadOnlyList<SessionResponse>> SessionsAsync(Caller caller, CancellationToken cancel) =>
        [
            .. (await sessions.ListAsync(caller.PersonId, cancel)).Select(session => new SessionResponse(
                session.Device,
                session.Network,
                LocalTime.Format(session.LastSeenAt, caller.TimeZone),
                LocalTime.Format(session.CreatedAt, caller.TimeZone)
            )),
        ];

    private async IAsyncEnumerable<MembershipResponse> MembershipsAsync(
        Caller caller,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        for (
            var read = 0L;
            await members.ListOwnAsync(caller, read, AtOnce, cancel) is { Count: > 0 } page;
            read += page.Count
        )
            foreach (var member in page)
                yield return MembershipResponse.Of(member, caller.TimeZone);
    }

    // One by one, because only so a catalog gives the whole thing.
    private async IAsyncEnumerable<TResponse> AllAsync<TRow, TResponse>(
        IResourceCatalog<TResponse> catalog,
        Caller caller,
        [EnumeratorCancellation] CancellationToken cancel
    )
        where TRow : class, IOwnedRow
        where TResponse : WarnedResponse
    {
        for (var last = 0L; await IdsAsync<TRow>(caller, last, cancel) is [.., var end] page; last = end)
        {
            await using var db = database.Read();
            foreach (var id in page)
                if (await catalog.FindAsync(db, caller, id, cancel) is { } found)
                    yield return found;
        }
    }

    private async Task<List<long>> IdsAsync<TRow>(Caller caller, long after, CancellationToken cancel)
        where TRow : class, IOwnedRow
    {
        await using var db = database.Read();
        return await db.Set<TRow>().IdsAfterAsync(caller, after, AtOnce, cancel);
    }

    private static async IAsyncEnumerable<TResponse> PagesAsync<T, TResponse>(
        Func<long, Task<IReadOnlyList<T>>> readAfter,
        Func<T, long> idOf,
        Func<T, TResponse> responseOf
    )
    {
        for (var last = 0L; await readAfter(last) is [.., var end] page; last = idOf(end))
            foreach (var item in page)
                yield return responseOf(item);
    }
}
