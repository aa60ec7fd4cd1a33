using Microsoft.EntityFrameworkCore;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>Checks the ids in a link: each must belong to the account. An id of another account is treated like a missing one.</summary>
internal static class LinkReferences
{
    public const string NoPixel = "pixels_ids must be among your pixels.";
    private const string NoProject = "project_id must be one of your projects.";
    private const string NoDomain =
        "domain_id must be 0 or one of your verified domains, and not one whose links are being moved.";

    /// <param name="current">The link's current domain. The link may stay there even if the domain is not verified.</param>
    public static async Task CheckAsync(
        SignpostDb db,
        Caller caller,
        LinkChanges changes,
        long current,
        List<FieldError> errors,
        CancellationToken cancel
    )
    {
        if (changes.ProjectId is { Value: { } project, As: { } projectAs })
            if (!await db.Projects.AnyAsync(one => one.Id == project && one.AccountId == caller.AccountId, cancel))
                errors.Add(new(NoProject, projectAs));

        if (changes.DomainId is { Value: not 0 and var domain, As: { } domainAs } && domain != current)
            if (!await IsServedAsync(db, caller, domain, cancel))
                errors.Add(new(await AliasProblemAsync(db, caller, domain, cancel) ?? NoDomain, domainAs));

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

    /// <summary>Replaces the link's pixels.</summary>
    public static async Task SetPixelsAsync(SignpostDb db, LinkRow link, LinkChanges changes)
    {
        if (!changes.PixelsIds.IsPresent)
            return;
        await db.LinkPixels.Where(linkPixel => linkPixel.LinkId == link.Id).ExecuteDeleteAsync();
        AddPixels(db, link, changes);
    }

    /// <summary>Adds the pixels of a new link, which already has its id.</summary>
    public static void AddPixels(SignpostDb db, LinkRow link, LinkChanges changes)
    {
        foreach (var pixel in changes.PixelsIds.Value ?? [])
            db.LinkPixels.Add(new() { LinkId = link.Id, PixelId = pixel.Id });
    }

    private static async Task<string?> AliasProblemAsync(
        SignpostDb db,
        Caller caller,
        long id,
        CancellationToken cancel
    ) =>
        await db
            .Domains.Where(one => one.Id == id && one.AccountId == caller.AccountId && one.AliasOf != null)
            .Select(one => new { one.Host, one.AliasOf })
            .FirstOrDefaultAsync(cancel)
            is { } alias
            ? $"{alias.Host} is an alias. Make the link on the domain that it serves: domain_id {alias.AliasOf}."
            : null;

    /// <summary>Tells whether the caller may make links on a custom domain.</summary>
    public static Task<bool> IsServedAsync(SignpostDb db, Caller caller, long id, CancellationToken cancel) =>
        db.Domains.AnyAsync(
            one =>
                one.Id == id
                && one.AccountId == caller.AccountId
                && one.IsEnabled
                && one.VerifiedAt != null
                && one.AliasOf == null
                && !db.Jobs.Any(job => job.Kind == JobKind.MoveDomain && job.Subject == id),
            cancel
        );
}
