using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Links;
using Signpost.Storage;

namespace Signpost.Pixels;

/// <summary>The only writer of pixels. Every change of a pixel updates the cached links that use it.</summary>
internal sealed class PixelEditor(Database database, JobRunner jobs, ChangeFeed feed, TimeProvider clock)
    : IResourceEditor<PixelChanges>
{
    public async Task<EditResult<ResourceId>> CreateAsync(
        Caller caller,
        PixelChanges changes,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    )
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var row = new PixelRow
        {
            AccountId = caller.AccountId,
            Type = "",
            Name = "",
            Pixel = "",
            CreatedAt = now,
            UpdatedAt = now,
        };
        if (Apply(row, changes) is { Count: > 0 } errors)
            return new Refusal.Invalid(errors);

        return await database.WriteAsync(
            async db =>
            {
                db.Pixels.Add(row);
                await db.SaveChangesAsync(cancel);
                return await afterwards.DoneAsync(db, new ResourceId(row.Id));
            },
            cancel
        );
    }

    public async Task<EditResult<ResourceId>> UpdateAsync(
        Caller caller,
        long id,
        PixelChanges changes,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    )
    {
        try
        {
            return await database.WriteAsync<EditResult<ResourceId>>(
                async db =>
                {
                    if (await db.Pixels.OwnAsync(caller, id, cancel) is not { } row)
                        return new Refusal.Missing();
                    if (Apply(row, changes) is { Count: > 0 } errors)
                        return new Refusal.Invalid(errors);

                    row.UpdatedAt = clock.GetUtcNow().ToUnixTimeMilliseconds();
                    await db.SaveChangesAsync(cancel);
                    return await afterwards.DoneAsync(db, new ResourceId(id));
                },
                cancel
            );
        }
        finally
        {
            // Also if the commit failed, because it may have happened all the same and reading again does no harm. Read only
            // now, so that other writers need not wait for very many links.
            await using var reader = database.Read();
            feed.PublishAll(await LinkRelease.WithPixelAsync(reader, id));
        }
    }

    /// <summary>Deletes the pixel. Its links stay, without it.</summary>
    public async Task<EditResult<ResourceId>> DeleteAsync(
        Caller caller,
        long id,
        Fields query,
        CancellationToken cancel
    )
    {
        var job = await database.WriteAsync(
            async db =>
            {
                if (await db.Pixels.OwnAsync(caller, id, cancel) is null)
                    return null;

                var begun = new Job
                {
                    Kind = JobKind.DeletePixel,
                    Subject = id,
                    AccountId = caller.AccountId,
                };
                db.Jobs.Add(begun);
                await db.SaveChangesAsync(cancel);
                return begun;
            },
            cancel
        );
        if (job is null)
            return new Refusal.Missing();
        await jobs.FinishAsync(job.Id, cancel);
        return new ResourceId(id);
    }

    // If there is an error, the row must not be used.
    private static List<FieldError> Apply(PixelRow row, PixelChanges changes)
    {
        List<FieldError> errors = [.. changes.Errors];
        row.Name = changes.Name.Value ?? row.Name;
        row.Type = changes.Type.Value ?? row.Type;
        row.Pixel = changes.Pixel.Value ?? row.Pixel;
        if (row.Type is "" || row.Pixel is "" || !(changes.Type.IsPresent || changes.Pixel.IsPresent))
            return errors;

        var type = PixelType.Named(row.Type);
        if (type.Canonical(row.Pixel) is { } canonical)
            row.Pixel = canonical;
        else if (errors is [])
            changes.Warnings.Add(
                new($"A pixel of {type.Name} usually is {type.Expected}.", changes.Pixel.As ?? changes.Type.As)
            );
        return errors;
    }
}
