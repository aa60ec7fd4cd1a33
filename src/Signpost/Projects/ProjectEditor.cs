using System.Security.Cryptography;
using Signpost.Accounts.Audit;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Storage;

namespace Signpost.Projects;

/// <summary>The only writer of projects.</summary>
internal sealed class ProjectEditor(
    Database database,
    JobRunner jobs,
    ChangeFeed feed,
    AuditLog audit,
    TimeProvider clock
) : IResourceEditor<ProjectChanges>
{
    // Nobody guesses so many.
    private const int KeyBytes = 20;

    public async Task<EditResult<ResourceId>> CreateAsync(
        Caller caller,
        ProjectChanges changes,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    )
    {
        if (changes.Errors is not [])
            return new Refusal.Invalid(changes.Errors);

        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var row = new ProjectRow
        {
            AccountId = caller.AccountId,
            Name = changes.Name.Value!,
            Color = Color(changes),
            StatisticsKey = changes.StatisticsIsPublic.Value ? NewKey() : null,
            StatisticsPublicTitle = changes.StatisticsPublicTitle.Value,
            CreatedAt = now,
            UpdatedAt = now,
        };
        return await database.WriteAsync(
            async db =>
            {
                db.Projects.Add(row);
                await db.SaveChangesAsync(cancel);
                if (row.StatisticsKey is not null)
                    await NotePublishedAsync(db, caller, row, cancel);
                return await afterwards.DoneAsync(db, new ResourceId(row.Id));
            },
            cancel
        );
    }

    public Task<EditResult<ResourceId>> UpdateAsync(
        Caller caller,
        long id,
        ProjectChanges changes,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    ) =>
        database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                if (await db.Projects.OwnAsync(caller, id, cancel) is not { } row)
                    return new Refusal.Missing();
                if (changes.Errors is not [])
                    return new Refusal.Invalid(changes.Errors);

                var wasPublic = row.StatisticsKey is not null;
                row.Name = changes.Name.Value ?? row.Name;
                row.Color = changes.Color.IsPresent ? Color(changes) : row.Color;
                if (changes.StatisticsIsPublic.IsPresent)
                    row.StatisticsKey = changes.StatisticsIsPublic.Value ? row.StatisticsKey ?? NewKey() : null;
                row.StatisticsPublicTitle = changes.StatisticsPublicTitle.Or(row.StatisticsPublicTitle);
                row.UpdatedAt = clock.GetUtcNow().ToUnixTimeMilliseconds();
                await db.SaveChangesAsync(cancel);
                if (row.StatisticsKey is not null && !wasPublic)
                    await NotePublishedAsync(db, caller, row, cancel);
                return await afterwards.DoneAsync(db, new ResourceId(id));
            },
            cancel
        );

    /// <summary>Deletes the project. Its links stay, without a project.</summary>
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
                if (await db.Projects.OwnAsync(caller, id, cancel) is not { } row)
                    return null;

                var begun = new Job
                {
                    Kind = JobKind.DeleteProject,
                    Subject = id,
                    AccountId = caller.AccountId,
                };
                db.Jobs.Add(begun);
                db.Projects.Remove(row);
                await db.SaveChangesAsync(cancel);
                database.AfterCommit(() => feed.PublishProject(new(id)));
                return begun;
            },
            cancel
        );
        if (job is null)
            return new Refusal.Missing();
        await jobs.FinishAsync(job.Id, cancel);
        return new ResourceId(id);
    }

    private async Task NotePublishedAsync(SignpostDb db, Caller caller, ProjectRow row, CancellationToken cancel)
    {
        audit.Add(db, AuditLine.By(caller, AuditEvent.ProjectPublished, caller.AccountId, $"{row.Id}"));
        await db.SaveChangesAsync(cancel);
    }

    private static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes));

    private static string Color(ProjectChanges changes) =>
        changes.Color.Value?.ToLowerInvariant() ?? ProjectFields.UsualColor;
}
