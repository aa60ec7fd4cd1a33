using Microsoft.EntityFrameworkCore;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.QrCodes;

/// <summary>Checks whether a QR code can be drawn, before a change of it waits for the writer.</summary>
internal sealed class QrCodeChecks(Database database, QrTargets targets, QrPictures pictures, PublicAddress address)
{
    // As long as the short address of a link that is not created yet.
    private const string NewAlias = "/2345678";

    /// <param name="row">With the changes.</param>
    /// <returns>All errors, also those of <paramref name="target"/>.</returns>
    public async Task<IReadOnlyList<FieldError>> FindAsync(
        Caller caller,
        QrCodeState before,
        QrCodeRow row,
        QrCodeChanges changes,
        QrTarget target,
        CancellationToken cancel
    )
    {
        List<FieldError> errors = [.. target.Errors];
        string? text;
        string? logo;
        await using (var db = database.Read())
        {
            if (row.LinkId is { } link && link != before.LinkId)
                if (!await db.Links.AnyAsync(one => one.Id == link && one.AccountId == caller.AccountId, cancel))
                    errors.Add(new("link_id must be one of your links.", changes.LinkId.As));
            logo = await LogoAsync(
                db,
                caller,
                row.LogoId,
                row.LogoId == before.LogoId ? null : changes.Look,
                errors,
                cancel
            );
            text = target.NewLink is null
                ? (await targets.TextsAsync(db, [row], cancel))[0]
                : QrTargets.TextOf(address.Url + NewAlias);
        }

        if (errors is [] && text is not null)
            errors.AddRange(
                await DrawableAsync(new(text, QrLook.Of(row), logo), changes.Look, changes.Url.As ?? changes.LinkId.As)
            );
        return errors;
    }

    /// <summary>The name of the logo's file, with an error if a sent id is none of the account's logos.</summary>
    /// <param name="sent">Null: the id was not sent.</param>
    public static async Task<string?> LogoAsync(
        SignpostDb db,
        Caller caller,
        long? logoId,
        QrLookChanges? sent,
        List<FieldError> errors,
        CancellationToken cancel
    )
    {
        var file = await QrTargets.LogoFileAsync(db, caller.AccountId, logoId, cancel);
        if (file is null && sent?.Logo is { Value: not null, As: var field })
            errors.Add(new("logo must be one of your logos (/api/qr-logos).", field));
        return file;
    }

    /// <summary>The errors that keep a code from being drawn.</summary>
    /// <param name="textAs">The field of the text; null: none was sent.</param>
    public async Task<IReadOnlyList<FieldError>> DrawableAsync(CodedText code, QrLookChanges sent, string? textAs)
    {
        if (await pictures.LeastSizeAsync(code) is not { } least)
            return
            [
                new(
                    "The address is too long for a QR code with this error correction.",
                    textAs ?? sent.ErrorCorrection.As ?? sent.Logo.As ?? "error_correction"
                ),
            ];
        return code.Look.Size >= least
            ? []
            : [new($"size must be at least {least} for this code.", sent.Size.As ?? sent.Margin.As ?? "size")];
    }
}
