using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.Storage;

namespace Signpost.Pixels;

/// <summary>A pixel in a response of the API.</summary>
internal sealed record PixelResponse(
    long Id,
    string Type,
    string Name,
    string Pixel,
    string LastDatetime,
    string Datetime
) : WarnedResponse
{
    public static PixelResponse Of(PixelRow row, TimeZoneInfo zone) =>
        new(
            row.Id,
            row.Type,
            row.Name,
            row.Pixel,
            LocalTime.Format(row.UpdatedAt, zone),
            LocalTime.Format(row.CreatedAt, zone)
        );
}

/// <summary>The only reader of pixels.</summary>
internal sealed class PixelCatalog(Database database) : IResourceCatalog<PixelResponse>
{
    public async Task<PixelResponse?> FindAsync(Caller caller, long id, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await FindAsync(db, caller, id, cancel);
    }

    public async Task<PixelResponse?> FindAsync(SignpostDb db, Caller caller, long id, CancellationToken cancel) =>
        await db.Pixels.OwnAsync(caller, id, cancel) is { } row ? PixelResponse.Of(row, caller.TimeZone) : null;

    public async Task<(IReadOnlyList<PixelResponse> Items, long Total)> ListAsync(
        Caller caller,
        ResourceQuery query,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var (rows, total) = await query.PageAsync(db.Pixels.Of(caller), cancel);
        return ([.. rows.Select(row => PixelResponse.Of(row, caller.TimeZone))], total);
    }
}
