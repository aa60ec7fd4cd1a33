using Microsoft.EntityFrameworkCore;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>Checks the ids of projects, splash pages, logos and pixels in a link, and its tags: each must belong to the account. An id of another account is treated like a missing one.</summary>
internal static class LinkReferences
{
    public const string NoPixel = "pixels_ids must be among your pixels.";
    private const string NoProject = "project_id must be one of your projects.";
    private const string NoSplashPage = "splash_page_id must be one of your splash pages.";
    private const string NoLogo = "statistics_public_logo must be one of your logos.";

    public static async Task CheckAsync(
        SignpostDb db,
        Caller caller,
        LinkChanges changes,
        List<FieldError> errors,
        CancellationToken cancel
    )
    {
        if (changes.ProjectId is { Value: { } project, As: { } projectAs })
            if (!await db.Projects.AnyAsync(one => one.Id == project && one.AccountId == caller.AccountId, cancel))
                errors.Add(new(NoProject, projectAs));

        if (changes.SplashPageId is { Value: { } page, As: { } pageAs })
            if (!await db.SplashPages.AnyAsync(one => one.Id == page && one.AccountId == caller.AccountId, cancel))
                errors.Add(new(NoSplashPage, pageAs));

        if (changes.StatisticsPublicLogo is { Value: { } logo, As: { } logoAs })
            if (!await db.QrLogos.AnyAsync(one => one.Id == logo && one.AccountId == caller.AccountId, cancel))
                errors.Add(new(NoLogo, logoAs));

        if (changes.Tags is { Value: [_, ..] tags, As: { } tagsAs })
            if (await LinkTags.ProblemAsync(db, caller.AccountId, tags, cancel) is { } problem)
                errors.Add(new(problem, tagsAs));

        if (changes.PixelsIds is { Value: [_, ..] pixels })
        {
            long[] sent = [.. pixels.Select(pixel => pixel.Id)];
            var own = await db
                .Pixels.Where(one => sent.Contains(one.Id) && one.AccountId == caller.AccountId)
                .Select(one => one.Id)
                .ToListAsync(cancel);
            errors.AddRange(
                pixels.Where(pixel => !own.Contains(pixel.Id)).Select(pixel => new FieldError(NoPixel, pixel.As))
            );
        }
    }

    /// <summary>The domain's address without a trailing slash; null: the main domain.</summary>
    public static async Task<string?> AddressAsync(SignpostDb db, long domainId, CancellationToken cancel) =>
        domainId == 0
            ? null
            : await db
                .Domains.Where(domain => domain.Id == domainId)
                .Select(domain => domain.Scheme + domain.Host)
                .FirstOrDefaultAsync(cancel);

    /// <summary>The ids of the link's pixels, in ascending order.</summary>
    public static async Task<IReadOnlyList<long>> PixelsAsync(SignpostDb db, long linkId, CancellationToken cancel) =>
        await db
            .LinkPixels.Where(linkPixel => linkPixel.LinkId == linkId)
            .Select(linkPixel => linkPixel.PixelId)
            .OrderBy(pixel => pixel)
            .ToListAsync(cancel);

    /// <summary>Replaces the link's pixels.</summary>
    public static async Task SetPixelsAsync(SignpostDb db, LinkRow link, LinkChanges changes)
    {
        if (!changes.PixelsIds.IsPresent)
            return;
        await db.LinkPixels.Where(linkPixel => linkPixel.LinkId == link.Id).ExecuteDeleteAsync();
        AddPixels(db, [link], changes);
    }

    /// <summary>Adds the pixels of links that have none and that already have their ids.</summary>
    public static void AddPixels(SignpostDb db, IReadOnlyList<LinkRow> links, LinkChanges changes) =>
        db.Insert<LinkPixel>([
            .. links.SelectMany(link =>
                (changes.PixelsIds.Value ?? []).Select(pixel => new LinkPixel { LinkId = link.Id, PixelId = pixel.Id })
            ),
        ]);
}
