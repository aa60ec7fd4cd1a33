using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Signpost.Api;
using Signpost.Files;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>
/// Refuses links and pictures beyond the limits of an account. Edits ask within their transaction, so that edits at the same time
/// cannot exceed a limit together. It reads the account's row only, however many links there are.
/// </summary>
internal sealed class LinkQuota(SignpostSettings settings)
{
    private const string LinksSetting = "SIGNPOST_LINKS_PER_ACCOUNT";
    private const string PicturesSetting = "SIGNPOST_PICTURES_MB_PER_ACCOUNT";

    /// <summary>Adds errors if new links or their pictures exceed a limit. The links of a bulk share their pictures.</summary>
    public async Task CheckNewAsync(
        SignpostDb db,
        long accountId,
        LinkChanges changes,
        List<FieldError> errors,
        CancellationToken cancel
    )
    {
        var used = await UsedAsync(db, accountId, cancel);
        var (limit, count) = (settings.LinksPerAccount, changes.Bulk?.Count ?? 1);
        if (limit > 0 && used.Links + count > limit)
            errors.Add(
                new(
                    Sentence(limit, "links", LinksSetting, used.Links, count),
                    changes.Bulk is null ? changes.Location.As ?? "location_url" : changes.BulkAs
                )
            );
        CheckPictures(used.PictureBytes, freed: 0, changes, errors);
    }

    /// <summary>The number of links that an account may still create; null: there is no limit.</summary>
    public async Task<long?> RoomAsync(SignpostDb db, long accountId, CancellationToken cancel) =>
        settings.LinksPerAccount is > 0 and var limit
            ? Math.Max(0, limit - (await UsedAsync(db, accountId, cancel)).Links)
            : null;

    /// <summary>Adds errors if new pictures of a stored link exceed the limit. A replaced picture makes room for its successor.</summary>
    public async Task CheckChangeAsync(
        SignpostDb db,
        LinkRow row,
        LinkChanges changes,
        List<FieldError> errors,
        CancellationToken cancel
    )
    {
        if (settings.PictureBytesPerAccount == 0 || Files(changes) is [])
            return;
        var freed =
            await FreedAsync(db, row, changes.CloakingFavicon, row.CloakingFavicon, cancel)
            + await FreedAsync(db, row, changes.CloakingOpengraph, row.CloakingOpengraph, cancel);
        CheckPictures((await UsedAsync(db, row.AccountId, cancel)).PictureBytes, freed, changes, errors);
    }

    /// <summary>The reason why an account has no room for a link of another account; null: it has.</summary>
    public async Task<string?> MoveProblemAsync(SignpostDb db, LinkRow row, long toId, CancellationToken cancel)
    {
        var used = await UsedAsync(db, toId, cancel);
        if (settings.LinksPerAccount is > 0 and var limit && used.Links + 1 > limit)
            return Sentence(limit, "links", LinksSetting, used.Links, 1);
        var pictures = await db
            .Files.Where(file => file.Name == row.CloakingFavicon || file.Name == row.CloakingOpengraph)
            .SumAsync(file => (long)file.Content.Length, cancel);
        return
            settings.PictureBytesPerAccount is > 0 and var most && pictures > 0 && used.PictureBytes + pictures > most
            ? Sentence(most, "bytes of pictures", PicturesSetting, used.PictureBytes, pictures)
            : null;
    }

    /// <summary>The reason why an account has no room for another picture; null: it has.</summary>
    /// <param name="freed">The bytes of the picture that it replaces.</param>
    public async Task<string?> PictureProblemAsync(
        SignpostDb db,
        long accountId,
        long freed,
        long added,
        CancellationToken cancel
    )
    {
        var used = (await UsedAsync(db, accountId, cancel)).PictureBytes - freed;
        return settings.PictureBytesPerAccount is > 0 and var most && added > freed && used + added > most
            ? Sentence(most, "bytes of pictures", PicturesSetting, used, added)
            : null;
    }

    /// <summary>The reason why an account has no room for all links of another account; null: it has.</summary>
    public async Task<string?> TransferProblemAsync(SignpostDb db, long fromId, long toId, CancellationToken cancel)
    {
        var (moved, used) = (await UsedAsync(db, fromId, cancel), await UsedAsync(db, toId, cancel));
        if (settings.LinksPerAccount is > 0 and var limit && moved.Links > 0 && used.Links + moved.Links > limit)
            return Sentence(limit, "links", LinksSetting, used.Links, moved.Links);
        return
            settings.PictureBytesPerAccount is > 0 and var most
            && moved.PictureBytes > 0
            && used.PictureBytes + moved.PictureBytes > most
            ? Sentence(most, "bytes of pictures", PicturesSetting, used.PictureBytes, moved.PictureBytes)
            : null;
    }

    /// <summary>Deletes the oldest pictures that only former versions name, if they take more than the limit for pictures.</summary>
    public Task TrimFormerAsync(SignpostDb db, long accountId) =>
        settings.PictureBytesPerAccount is > 0 and var most
            ? FormerPictures.TrimAsync(db, accountId, most)
            : Task.CompletedTask;

    private void CheckPictures(long used, long freed, LinkChanges changes, List<FieldError> errors)
    {
        var limit = settings.PictureBytesPerAccount;
        var files = Files(changes);
        var added = files.Sum(file => file.Value!.Bytes);
        // An account that is beyond a lowered limit may still make its pictures smaller.
        if (limit == 0 || added <= freed || used - freed + added <= limit)
            return;
        foreach (var file in files)
            errors.Add(new(Sentence(limit, "bytes of pictures", PicturesSetting, used - freed, added), file.As));
    }

    private static IReadOnlyList<Optional<LinkPicture?>> Files(LinkChanges changes) =>
        [.. new[] { changes.CloakingFavicon, changes.CloakingOpengraph }.Where(sent => sent.Value?.IsNew is true)];

    private static async Task<long> FreedAsync(
        SignpostDb db,
        LinkRow row,
        Optional<LinkPicture?> sent,
        string? current,
        CancellationToken cancel
    ) =>
        current is null || !sent.IsPresent || sent.Value?.Address is not null
            ? 0
            : await LinkPictures.UsedOnlyBy(db, row, current).SumAsync(file => (long)file.Content.Length, cancel);

    private static async Task<(long Links, long PictureBytes)> UsedAsync(
        SignpostDb db,
        long accountId,
        CancellationToken cancel
    )
    {
        var used = await db
            .Accounts.Where(account => account.Id == accountId)
            .Select(account => new { account.LinkCount, account.PictureBytes })
            .FirstOrDefaultAsync(cancel);
        return used is null ? default : (used.LinkCount, used.PictureBytes);
    }

    private static string Sentence(long limit, string things, string setting, long used, long added) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"An account has at most {limit:N0} {things} ({setting}). This account has {used:N0}, and {added:N0} more were sent."
        );
}
