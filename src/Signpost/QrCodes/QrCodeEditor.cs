using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Core.Links;
using Signpost.Links;
using Signpost.Storage;
using Database = Signpost.Storage.Database;

namespace Signpost.QrCodes;

/// <summary>The only writer of QR codes. A link that a code needs is created in the same transaction.</summary>
internal sealed class QrCodeEditor(Database database, LinkEditor links, QrCodeChecks checks, TimeProvider clock)
    : IResourceEditor<QrCodeChanges>
{
    /// <summary>The most codes of one link, because they move with it at once.</summary>
    public const int MostOfLink = 100;

    private const int SecretBytes = 20;

    public async Task<EditResult<ResourceId>> CreateAsync(
        Caller caller,
        QrCodeChanges changes,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    )
    {
        var row = NewRow(caller);
        var before = new QrCodeState(row);
        var target = QrTarget.Apply(row, changes);
        if (await checks.FindAsync(caller, before, row, changes, target, cancel) is { Count: > 0 } errors)
            return new Refusal.Invalid(errors);

        return await RunAsync(caller, changes, target.NewLink, SaveAsync, cancel);

        async Task<EditResult<ResourceId>> SaveAsync(SignpostDb db, long? newLink)
        {
            row.LinkId = newLink ?? row.LinkId;
            if (await IsFullAsync(db, row, cancel) is { } full)
                return full;
            db.QrCodes.Add(row);
            await db.SaveChangesAsync(cancel);
            return await afterwards.DoneAsync(db, new ResourceId(row.Id));
        }
    }

    public async Task<EditResult<ResourceId>> UpdateAsync(
        Caller caller,
        long id,
        QrCodeChanges changes,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    )
    {
        QrTarget target;
        await using (var reader = database.Read())
        {
            if (await reader.QrCodes.OwnAsync(caller, id, cancel) is not { } stored)
                return new Refusal.Missing();
            var before = new QrCodeState(stored);
            target = QrTarget.Apply(stored, changes);
            if (await checks.FindAsync(caller, before, stored, changes, target, cancel) is { Count: > 0 } errors)
                return new Refusal.Invalid(errors);
        }

        return await RunAsync(caller, changes, target.NewLink, SaveAsync, cancel);

        async Task<EditResult<ResourceId>> SaveAsync(SignpostDb db, long? newLink)
        {
            if (await db.QrCodes.OwnAsync(caller, id, cancel) is not { } row)
                return new Refusal.Missing();
            // Applied again, because another edit may have come meanwhile.
            var again = QrTarget.Apply(row, changes);
            if (again.Errors is not [])
                return new Refusal.Invalid(again.Errors);
            if (newLink is not null)
                (row.LinkId, row.Url) = (newLink, null);
            else if (again.NewLink is not null)
                return new Refusal.Conflict(new FieldError("The QR code was changed at the same time.", "url_dynamic"));
            if (await IsFullAsync(db, row, cancel) is { } full)
                return full;
            row.UpdatedAt = Now();
            await db.SaveChangesAsync(cancel);
            return await afterwards.DoneAsync(db, new ResourceId(id));
        }
    }

    /// <summary>Deletes the code. Its link stays.</summary>
    public Task<EditResult<ResourceId>> DeleteAsync(Caller caller, long id, Fields query, CancellationToken cancel) =>
        database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                if (await db.QrCodes.OwnAsync(caller, id, cancel) is not { } row)
                    return new Refusal.Missing();
                var transaction = db.Database.CurrentTransaction!.GetDbTransaction();
                KeptResponses.Forget(transaction.Connection!, transaction, "/api/qr-codes", id, caller.AccountId);
                db.QrCodes.Remove(row);
                await db.SaveChangesAsync(cancel);
                return new ResourceId(id);
            },
            cancel
        );

    // Saves within a transaction, which also creates the new link if there is one.
    private async Task<EditResult<ResourceId>> RunAsync(
        Caller caller,
        QrCodeChanges changes,
        TargetUrl? newLink,
        Func<SignpostDb, long?, Task<EditResult<ResourceId>>> save,
        CancellationToken cancel
    )
    {
        if (newLink is null)
            return await database.WriteAsync(db => save(db, null), cancel);

        var link = new LinkChanges
        {
            Errors = [],
            Meaning = new(),
            Warnings = changes.Warnings,
            Location = new(changes.Url.As ?? "url", newLink),
        };
        EditResult<ResourceId>? saved = null;
        try
        {
            var made = await links.CreateAsync(
                caller,
                link,
                async (db, creation) =>
                {
                    saved = await save(db, ((CreatedLink)creation).Id);
                    if (saved is EditResult<ResourceId>.Refused)
                        throw new RefusedException();
                },
                cancel
            );
            return made is EditResult<LinkCreation>.Refused(var why) ? why : saved!;
        }
        catch (RefusedException)
        {
            return saved!;
        }
    }

    private static async Task<Refusal?> IsFullAsync(SignpostDb db, QrCodeRow row, CancellationToken cancel) =>
        row.LinkId is { } link
        && await db.QrCodes.CountAsync(other => other.LinkId == link && other.Id != row.Id, cancel) >= MostOfLink
            ? new Refusal.Invalid(new FieldError($"A link has at most {MostOfLink} QR codes.", "link_id"))
            : null;

    private QrCodeRow NewRow(Caller caller)
    {
        var (look, now) = (QrLook.Usual, Now());
        return new()
        {
            AccountId = caller.AccountId,
            Name = "",
            Secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes)),
            Size = look.Size,
            Margin = look.Margin,
            ErrorCorrection = look.ErrorCorrection,
            Foreground = look.Foreground,
            Background = look.Background,
            Style = look.Style,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    // It undoes the transaction that creates the link.
    private sealed class RefusedException : Exception;
}
