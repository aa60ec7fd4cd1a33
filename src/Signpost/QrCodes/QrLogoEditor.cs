using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Files;
using Signpost.Links;
using Signpost.Storage;
using Database = Signpost.Storage.Database;

namespace Signpost.QrCodes;

/// <summary>The only writer of logos.</summary>
internal sealed class QrLogoEditor(
    Database database,
    QrPictures pictures,
    LinkQuota quota,
    PublicAddress address,
    TimeProvider clock
) : IResourceEditor<QrLogoChanges>
{
    private static readonly ImageFile Kept = new("image/png", "png", 0, 0);

    public async Task<EditResult<ResourceId>> CreateAsync(
        Caller caller,
        QrLogoChanges changes,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    )
    {
        var row = new QrLogoRow
        {
            AccountId = caller.AccountId,
            Name = "",
            File = "",
            CreatedAt = Now(),
            UpdatedAt = Now(),
        };
        var (picture, errors) = await DecodeAsync(row, changes);
        if (errors is not [])
            return new Refusal.Invalid(errors);

        return await database.WriteAsync(
            async db =>
            {
                db.QrLogos.Add(row);
                return await SaveAsync(db, row, changes, picture, afterwards, cancel);
            },
            cancel
        );
    }

    public async Task<EditResult<ResourceId>> UpdateAsync(
        Caller caller,
        long id,
        QrLogoChanges changes,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    )
    {
        QrLogoRow? stored;
        await using (var reader = database.Read())
            stored = await reader.QrLogos.OwnAsync(caller, id, cancel);
        if (stored is null)
            return new Refusal.Missing();
        var (picture, errors) = await DecodeAsync(stored, changes);
        if (errors is not [])
            return new Refusal.Invalid(errors);

        return await database.WriteAsync<EditResult<ResourceId>>(
            async db =>
                await db.QrLogos.OwnAsync(caller, id, cancel) is { } row
                    ? await SaveAsync(db, row, changes, picture, afterwards, cancel)
                    : new Refusal.Missing(),
            cancel
        );
    }

    /// <summary>Deletes the logo. QR codes stay, without it.</summary>
    public Task<EditResult<ResourceId>> DeleteAsync(Caller caller, long id, Fields query, CancellationToken cancel) =>
        database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                if (await db.QrLogos.OwnAsync(caller, id, cancel) is not { } row)
                    return new Refusal.Missing();
                var transaction = db.Database.CurrentTransaction!.GetDbTransaction();
                KeptResponses.Forget(transaction.Connection!, transaction, "/api/qr-logos", id, caller.AccountId);
                await db.Files.Where(file => file.Name == row.File).ExecuteDeleteAsync(cancel);
                db.QrLogos.Remove(row);
                await db.SaveChangesAsync(cancel);
                return new ResourceId(id);
            },
            cancel
        );

    private async Task<(byte[]? Picture, IReadOnlyList<FieldError> Errors)> DecodeAsync(
        QrLogoRow row,
        QrLogoChanges changes
    )
    {
        if (changes.Errors is not [] || changes.Picture is not { Value: { } sent, As: var field })
            return (null, changes.Errors);
        if (sent.Address is { } text)
            return text == FileAddress.Of(address.Url, row.File)
                ? (null, [])
                : (null, [new($"{field} must be a file, sent as multipart/form-data.", field)]);
        return await pictures.DecodeLogoAsync(sent.Content) is { } picture
            ? (picture, [])
            : (null, [new($"{field} is damaged.", field)]);
    }

    private async Task<EditResult<ResourceId>> SaveAsync(
        SignpostDb db,
        QrLogoRow row,
        QrLogoChanges changes,
        byte[]? picture,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    )
    {
        row.Name = changes.Name.Value ?? row.Name;
        row.UpdatedAt = Now();
        if (picture is not null)
        {
            var former = db.Files.Where(file => file.Name == row.File);
            var freed = await former.SumAsync(file => (long)file.Content.Length, cancel);
            if (await quota.PictureProblemAsync(db, row.AccountId, freed, picture.Length, cancel) is { } full)
                return new Refusal.Invalid(new FieldError(full, changes.Picture.As));
            await former.ExecuteDeleteAsync(cancel);
            row.File = FileAddress.NewName(Kept);
            db.Files.Add(
                new()
                {
                    Name = row.File,
                    AccountId = row.AccountId,
                    LinkId = StoredFile.OfQrLogo,
                    ContentType = Kept.ContentType,
                    Content = picture,
                    CreatedAt = row.UpdatedAt,
                }
            );
        }

        await db.SaveChangesAsync(cancel);
        return await afterwards.DoneAsync(db, new ResourceId(row.Id));
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
