using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.Storage;

namespace Signpost.SplashPages;

/// <summary>A splash page in a response of the API.</summary>
/// <param name="LinkUnlockSeconds">The time that visitors wait before they can continue, 0 to 60 seconds.</param>
internal sealed record SplashPageResponse(
    long Id,
    string Name,
    string? Title,
    string? Description,
    int LinkUnlockSeconds,
    string? LinkUnlockButton,
    string LastDatetime,
    string Datetime
) : WarnedResponse
{
    public static SplashPageResponse Of(SplashPageRow row, TimeZoneInfo zone) =>
        new(
            row.Id,
            row.Name,
            row.Title,
            row.Description,
            row.LinkUnlockSeconds,
            row.LinkUnlockButton,
            LocalTime.Format(row.UpdatedAt, zone),
            LocalTime.Format(row.CreatedAt, zone)
        );
}

/// <summary>The only reader of splash pages, besides that of redirects.</summary>
internal sealed class SplashPageCatalog(Database database) : IResourceCatalog<SplashPageResponse>
{
    public async Task<SplashPageResponse?> FindAsync(Caller caller, long id, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await FindAsync(db, caller, id, cancel);
    }

    public async Task<SplashPageResponse?> FindAsync(SignpostDb db, Caller caller, long id, CancellationToken cancel) =>
        await db.SplashPages.OwnAsync(caller, id, cancel) is { } row
            ? SplashPageResponse.Of(row, caller.TimeZone)
            : null;

    public async Task<(IReadOnlyList<SplashPageResponse> Items, long Total)> ListAsync(
        Caller caller,
        ResourceQuery query,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var (rows, total) = await query.PageAsync(db.SplashPages.Of(caller), cancel);
        return ([.. rows.Select(row => SplashPageResponse.Of(row, caller.TimeZone))], total);
    }
}
