using Microsoft.EntityFrameworkCore;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.Storage;

namespace Signpost.QrCodes;

/// <summary>A QR code in a response of the API.</summary>
/// <param name="QrCode">The address of its picture, which everybody may see who knows it.</param>
/// <param name="EmbeddedData">The coded text; null: the link was deleted, or is in the trash.</param>
/// <param name="Url">The coded address; null: a link is coded.</param>
internal sealed record QrCodeResponse(
    long Id,
    string Type,
    string Name,
    string QrCode,
    string? EmbeddedData,
    string? Url,
    bool UrlDynamic,
    long? LinkId,
    int Size,
    int Margin,
    string ErrorCorrection,
    string Foreground,
    string Background,
    string Style,
    long? Logo,
    string LastDatetime,
    string Datetime
) : WarnedResponse;

/// <summary>The only reader of QR codes.</summary>
internal sealed class QrCodeCatalog(Database database, QrTargets targets, PublicAddress address)
    : IResourceCatalog<QrCodeResponse>
{
    /// <summary>Where pictures of QR codes are served, on every domain.</summary>
    public const string Prefix = "/_signpost/qr/";

    public async Task<QrCodeResponse?> FindAsync(Caller caller, long id, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await FindAsync(db, caller, id, cancel);
    }

    public async Task<QrCodeResponse?> FindAsync(SignpostDb db, Caller caller, long id, CancellationToken cancel) =>
        await db.QrCodes.OwnAsync(caller, id, cancel) is { } row
            ? (await ResponsesAsync(db, caller, [row], cancel))[0]
            : null;

    public async Task<(IReadOnlyList<QrCodeResponse> Items, long Total)> ListAsync(
        Caller caller,
        ResourceQuery query,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var (rows, total) = await query.PageAsync(db.QrCodes.Of(caller), cancel);
        return (await ResponsesAsync(db, caller, rows, cancel), total);
    }

    /// <summary>The code of a public address; null: there is none.</summary>
    public async Task<CodedText?> FindPublicAsync(string secret, CancellationToken cancel)
    {
        await using var db = database.Read();
        if (await db.QrCodes.FirstOrDefaultAsync(code => code.Secret == secret, cancel) is not { } row)
            return null;
        var text = (await targets.TextsAsync(db, [row], cancel))[0];
        var logo = await QrTargets.LogoFileAsync(db, row.AccountId, row.LogoId, cancel);
        return new(text, QrLook.Of(row), logo);
    }

    private async Task<QrCodeResponse[]> ResponsesAsync(
        SignpostDb db,
        Caller caller,
        IReadOnlyList<QrCodeRow> rows,
        CancellationToken cancel
    )
    {
        var texts = await targets.TextsAsync(db, rows, cancel);
        long[] wanted = [.. rows.Select(row => row.LogoId).OfType<long>().Distinct()];
        var logos = await db
            .QrLogos.Of(caller)
            .Where(logo => wanted.Contains(logo.Id))
            .Select(logo => logo.Id)
            .ToListAsync(cancel);
        return [.. rows.Zip(texts, (row, text) => ResponseOf(row, text, logos, caller.TimeZone))];
    }

    // A deleted logo is shown no more.
    private QrCodeResponse ResponseOf(QrCodeRow row, string? text, List<long> logos, TimeZoneInfo zone) =>
        new(
            row.Id,
            QrCodeFields.OnlyType,
            row.Name,
            $"{address.Url}{Prefix}{row.Secret}.{QrDrawing.Formats[0]}",
            text,
            row.Url,
            row.LinkId is not null,
            row.LinkId,
            row.Size,
            row.Margin,
            row.ErrorCorrection,
            row.Foreground,
            row.Background,
            row.Style,
            row.LogoId is { } logo && logos.Contains(logo) ? logo : null,
            LocalTime.Format(row.UpdatedAt, zone),
            LocalTime.Format(row.CreatedAt, zone)
        );
}
