using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.Files;
using Signpost.Storage;

namespace Signpost.QrCodes;

/// <summary>A logo in a response of the API.</summary>
/// <param name="Picture">The address of the kept picture.</param>
internal sealed record QrLogoResponse(long Id, string Name, string Picture, string LastDatetime, string Datetime)
    : WarnedResponse
{
    public static QrLogoResponse Of(QrLogoRow row, string publicUrl, TimeZoneInfo zone) =>
        new(
            row.Id,
            row.Name,
            FileAddress.Of(publicUrl, row.File)!,
            LocalTime.Format(row.UpdatedAt, zone),
            LocalTime.Format(row.CreatedAt, zone)
        );
}

/// <summary>The only reader of logos.</summary>
internal sealed class QrLogoCatalog(Database database, PublicAddress address) : IResourceCatalog<QrLogoResponse>
{
    public async Task<QrLogoResponse?> FindAsync(Caller caller, long id, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await FindAsync(db, caller, id, cancel);
    }

    public async Task<QrLogoResponse?> FindAsync(SignpostDb db, Caller caller, long id, CancellationToken cancel) =>
        await db.QrLogos.OwnAsync(caller, id, cancel) is { } row
            ? QrLogoResponse.Of(row, address.Url, caller.TimeZone)
            : null;

    public async Task<(IReadOnlyList<QrLogoResponse> Items, long Total)> ListAsync(
        Caller caller,
        ResourceQuery query,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var (rows, total) = await query.PageAsync(db.QrLogos.Of(caller), cancel);
        return ([.. rows.Select(row => QrLogoResponse.Of(row, address.Url, caller.TimeZone))], total);
    }
}
