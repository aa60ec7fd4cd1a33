using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Links;
using Signpost.Storage;

namespace Signpost.SplashPages;

/// <summary>The only writer of splash pages. Every change of one updates the cached links that show it.</summary>
internal sealed class SplashPageEditor(Database database, JobRunner jobs, ChangeFeed feed, TimeProvider clock)
    : IResourceEditor<SplashPageChanges>
{
    public async Task<EditResult<ResourceId>> CreateAsync(
        Caller caller,
        SplashPageChanges changes,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    )
    {
        if (changes.Errors is not [])
            return new Refusal.Invalid(changes.Errors);

        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var row = new SplashPageRow
        {
            AccountId = caller.AccountId,
            Name = "",
            CreatedAt = now,
            UpdatedAt = now,
        };
        Apply(row, changes);
        return await database.WriteAsync(
            async db =>
            {
                db.SplashPages.Add(row);
                await db.SaveChangesAsync(cancel);
                return await afterwards.DoneAsync(db, new ResourceId(row.Id));
            },
            cancel
        );
    }

    public async Task<EditResult<ResourceId>> UpdateAsync(
        Caller caller,
        long id,
        SplashPageChanges changes,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    )
    {
        try
        {
            return await database.WriteAsync<EditResult<ResourceId>>(
                async db =>
                {
                    if (await db.SplashPages.OwnAsync(caller, id, cancel) is not { } row)
                        return new Refusal.Missing();
                    if (changes.Errors is not [])
                        return new Refusal.Invalid(changes.Errors);

                    Apply(row, changes);
                    row.UpdatedAt = clock.GetUtcNow().ToUnixTimeMilliseconds();
                    await db.SaveChangesAsync(cancel);
                    return await afterwards.DoneAsync(db, new ResourceId(id));
                },
                cancel
            );
        }
        finally
        {
            // Also if the commit failed: it may have happened, and reading again does no harm. Links are read only now, so that
            // other writers need not wait for very many of them.
            await using var reader = database.Read();
            feed.PublishAll(await LinkRelease.WithSplashPageAsync(reader, id));
        }
    }

    /// <summary>Deletes the splash page. Its links stay, without it.</summary>
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
                if (await db.SplashPages.OwnAsync(caller, id, cancel) is null)
                    return null;

                var begun = new Job
                {
                    Kind = JobKind.DeleteSplashPage,
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

    private static void Apply(SplashPageRow row, SplashPageChanges changes)
    {
        row.Name = changes.Name.Value ?? row.Name;
        row.Title = changes.Title.Or(row.Title);
        row.Description = changes.Description.Or(row.Description);
        row.LinkUnlockSeconds = changes.UnlockSeconds.Or(row.LinkUnlockSeconds);
        row.LinkUnlockButton = changes.UnlockButton.Or(row.LinkUnlockButton);
    }
}
