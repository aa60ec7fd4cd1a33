using Microsoft.EntityFrameworkCore;
using Signpost.Core.Redirecting;
using Signpost.Core.Redirecting.Pixels;
using Signpost.Links.Versions;
using Signpost.Redirects;
using Signpost.Storage;

namespace Signpost.Explain;

/// <summary>The plans of links that visitors do not get: former versions, and links that are not stored yet.</summary>
internal static class StatePlans
{
    public static async Task<LinkPlan> CompileAsync(SignpostDb db, LinkState link, CancellationToken cancel) =>
        await CompileAsync(db, link, await SplashAsync(db, link.Row, cancel), cancel);

    public static async Task<LinkPlan> CompileAsync(
        SignpostDb db,
        LinkState link,
        LinkSplash? splash,
        CancellationToken cancel
    )
    {
        var pixels = await db.Pixels.Where(one => link.Pixels.Contains(one.Id)).ToListAsync(cancel);
        return PlanLoader.Compile(
            link.Row,
            pixels.Select(one => Pixel.TryCreate(one.Type, one.Pixel, out var pixel) ? pixel : null).OfType<Pixel>(),
            splash
        );
    }

    /// <summary>The splash page that the link names; null: it names none, or that page is gone.</summary>
    public static Task<LinkSplash?> SplashAsync(SignpostDb db, LinkRow link, CancellationToken cancel) =>
        db
            .SplashPages.Where(one => one.Id == link.SplashPageId)
            .Select(one => new LinkSplash(one.Title, one.Description, one.LinkUnlockSeconds, one.LinkUnlockButton))
            .FirstOrDefaultAsync(cancel);
}
