using Microsoft.EntityFrameworkCore;
using Signpost.Addressing;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>Finds a link of the account that is as a request for a new one wants it.</summary>
internal sealed class ExistingLinks(
    Database database,
    LinkDraft draft,
    CaseRules rules,
    LinkDomains domains,
    TimeProvider clock
) : IDisposable
{
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>
    /// Waits until no other such request of the account runs, so that two at once do not both make a link. Dispose the result at the end;
    /// null: the request does not look for a link.
    /// </summary>
    public async Task<IDisposable?> EnterAsync(Caller caller, LinkChanges changes, CancellationToken cancel)
    {
        if (!changes.FindsExisting)
            return null;

        var turn = _turns[caller.AccountId % _turns.Length];
        await turn.WaitAsync(cancel);
        return new Turn(turn);
    }

    /// <summary>The oldest link with this destination and these settings; null: there is none.</summary>
    /// <remarks>
    /// Passwords and pictures are not compared: such a request finds nothing, and such a link is not found. Title, note and tags are
    /// compared if they were sent.
    /// </remarks>
    public async Task<long?> FindAsync(Caller caller, LinkChanges changes, CancellationToken cancel)
    {
        await using var db = database.Read();
        changes = await domains.ChooseAsync(db, caller, changes, cancel);
        var wanted = LinkEditor.NewLink(caller, clock.GetUtcNow().ToUnixTimeMilliseconds());
        if (draft.Apply(wanted, changes) is not [] || HasSecretOrPicture(changes))
            return null;

        var keys = rules.Of(wanted.DomainId).KeysOf(wanted.Alias);
        long[] pixels = [.. (changes.PixelsIds.Value ?? []).Select(pixel => pixel.Id)];
        var found = Alike(db.Links, wanted, keys).OrderBy(link => link.Id).AsAsyncEnumerable();
        await foreach (var link in found.WithCancellation(cancel))
            if (
                IsTargetedAlike(link, wanted)
                && IsNamedAlike(link, changes)
                && await HasPixelsAsync(link.Id, pixels, cancel)
                && await HasTagsAsync(link.Id, changes.Tags.Value, cancel)
            )
                return link.Id;
        return null;
    }

    public void Dispose()
    {
        foreach (var turn in _turns)
            turn.Dispose();
    }

    private static bool HasSecretOrPicture(LinkChanges changes) =>
        changes.Password.Value is not null
        || changes.StatisticsPublicPassword.Value is not null
        || changes.CloakingFavicon.Value is not null
        || changes.CloakingOpengraph.Value is not null;

    private static IQueryable<LinkRow> Alike(IQueryable<LinkRow> links, LinkRow wanted, string[] keys)
    {
        links = links.Where(link =>
            link.AccountId == wanted.AccountId
            && link.LocationHash == wanted.LocationHash
            && link.LocationUrl == wanted.LocationUrl
            && link.DomainId == wanted.DomainId
            && link.ProjectId == wanted.ProjectId
            && link.SplashPageId == wanted.SplashPageId
            && link.IsEnabled == wanted.IsEnabled
            && !link.IsBlocked
            && link.StartAt == wanted.StartAt
            && link.EndAt == wanted.EndAt
            && link.ClicksLimit == wanted.ClicksLimit
            && link.ExpirationUrl == wanted.ExpirationUrl
            && link.HttpStatusCode == wanted.HttpStatusCode
            && link.SensitiveContent == wanted.SensitiveContent
        );
        links = links.Where(link =>
            link.PasswordHash == null
            && link.StatisticsPublicPasswordHash == null
            && link.CloakingFavicon == null
            && link.CloakingOpengraph == null
            && link.CloakingIsEnabled == wanted.CloakingIsEnabled
            && link.CloakingTitle == wanted.CloakingTitle
            && link.CloakingMetaDescription == wanted.CloakingMetaDescription
            && link.CloakingCustomJs == wanted.CloakingCustomJs
            && link.AppLinkingIsEnabled == wanted.AppLinkingIsEnabled
            && link.ForwardQueryParametersIsEnabled == wanted.ForwardQueryParametersIsEnabled
            && link.UtmSource == wanted.UtmSource
            && link.UtmMedium == wanted.UtmMedium
            && link.UtmCampaign == wanted.UtmCampaign
            && link.UtmTerm == wanted.UtmTerm
            && link.UtmContent == wanted.UtmContent
            && link.StatisticsIsPublic == wanted.StatisticsIsPublic
            && link.StatisticsPublicTitle == wanted.StatisticsPublicTitle
            && link.StatisticsPublicShows == wanted.StatisticsPublicShows
            && link.StatisticsPublicPeriods == wanted.StatisticsPublicPeriods
            && link.StatisticsPublicLogo == wanted.StatisticsPublicLogo
            && link.TargetingType == wanted.TargetingType
        );
        return keys is [] ? links : links.Where(link => keys.Contains(link.AliasKey));
    }

    // Only the canonical addresses count.
    private static bool IsTargetedAlike(LinkRow link, LinkRow wanted)
    {
        var (left, right) = (TargetingLists.Parse(link.Targeting), TargetingLists.Parse(wanted.Targeting));
        return left.ByType.Count == right.ByType.Count
            && left.ByType.All(list =>
                list.Value.Select(rule => (rule.Key, rule.Value))
                    .SequenceEqual(right[list.Key].Select(rule => (rule.Key, rule.Value)))
            );
    }

    private static bool IsNamedAlike(LinkRow link, LinkChanges changes) =>
        link.Title == changes.Title.Or(link.Title) && link.Note == changes.Note.Or(link.Note);

    private async Task<bool> HasTagsAsync(long linkId, IReadOnlyList<string>? wanted, CancellationToken cancel)
    {
        if (wanted is null)
            return true;
        await using var db = database.Read();
        var names = (await LinkTags.NamesAsync(db, [linkId], cancel))[linkId];
        return names.Select(TagRow.KeyOf).ToHashSet(StringComparer.Ordinal).SetEquals(wanted.Select(TagRow.KeyOf));
    }

    private async Task<bool> HasPixelsAsync(long linkId, long[] wanted, CancellationToken cancel)
    {
        await using var db = database.Read();
        var pixels = await db
            .LinkPixels.Where(pixel => pixel.LinkId == linkId)
            .Select(pixel => pixel.PixelId)
            .Order()
            .ToListAsync(cancel);
        return pixels.SequenceEqual(wanted);
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
