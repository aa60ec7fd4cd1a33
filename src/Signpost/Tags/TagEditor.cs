using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Changes.Jobs;
using Signpost.Links;
using Signpost.Storage;
using Database = Signpost.Storage.Database;

namespace Signpost.Tags;

/// <summary>The writer of tags. New tags also come with the links that name them (<see cref="LinkTags"/>).</summary>
internal sealed class TagEditor(Database database, JobRunner jobs, TimeProvider clock) : IResourceEditor<TagChanges>
{
    public async Task<EditResult<ResourceId>> CreateAsync(
        Caller caller,
        TagChanges changes,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    )
    {
        if (changes.Errors is not [])
            return new Refusal.Invalid(changes.Errors);

        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var row = new TagRow
        {
            AccountId = caller.AccountId,
            Name = changes.Name.Value!,
            NameKey = TagRow.KeyOf(changes.Name.Value!),
            Color = Color(changes),
            CreatedAt = now,
            UpdatedAt = now,
        };
        return await database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                if (await IsTakenAsync(db, row, cancel))
                    return Taken(changes);
                if (await LinkTags.ProblemAsync(db, caller.AccountId, [row.Name], cancel) is { } problem)
                    return new Refusal.Invalid(new FieldError(problem, changes.Name.As!));
                db.Tags.Add(row);
                await db.SaveChangesAsync(cancel);
                return await afterwards.DoneAsync(db, new ResourceId(row.Id));
            },
            cancel
        );
    }

    public Task<EditResult<ResourceId>> UpdateAsync(
        Caller caller,
        long id,
        TagChanges changes,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    ) =>
        database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                if (await db.Tags.OwnAsync(caller, id, cancel) is not { } row)
                    return new Refusal.Missing();
                if (changes.Errors is not [])
                    return new Refusal.Invalid(changes.Errors);

                var former = row.Name;
                row.Name = changes.Name.Value ?? row.Name;
                row.NameKey = TagRow.KeyOf(row.Name);
                if (await IsTakenAsync(db, row, cancel))
                    return Taken(changes);
                row.Color = changes.Color.IsPresent ? Color(changes) : row.Color;
                row.UpdatedAt = clock.GetUtcNow().ToUnixTimeMilliseconds();
                if (row.Name != former)
                    ForgetResponses(db, row.AccountId, former);
                await db.SaveChangesAsync(cancel);
                return await afterwards.DoneAsync(db, new ResourceId(id));
            },
            cancel
        );

    /// <summary>Deletes the tag. Its links stay, without it.</summary>
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
                if (await db.Tags.OwnAsync(caller, id, cancel) is not { } row)
                    return null;

                var begun = new Job
                {
                    Kind = JobKind.DeleteTag,
                    Subject = id,
                    AccountId = caller.AccountId,
                };
                db.Jobs.Add(begun);
                db.Tags.Remove(row);
                ForgetResponses(db, row.AccountId, row.Name);
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

    // The kept responses about links name their tags.
    private static void ForgetResponses(SignpostDb db, long accountId, string name)
    {
        var transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        var bytes = JsonSerializer.SerializeToUtf8Bytes(name, ApiJson.Options);
        foreach (var path in (string[])["/api/links", "/api/trash"])
            KeptResponses.ForgetWith(transaction.Connection!, transaction, path, accountId, bytes);
    }

    private static Task<bool> IsTakenAsync(SignpostDb db, TagRow row, CancellationToken cancel) =>
        db.Tags.AnyAsync(
            tag => tag.AccountId == row.AccountId && tag.NameKey == row.NameKey && tag.Id != row.Id,
            cancel
        );

    private static Refusal.Conflict Taken(TagChanges changes) =>
        new(new FieldError("You have a tag of this name already.", changes.Name.As ?? "name"));

    private static string Color(TagChanges changes) => changes.Color.Value?.ToLowerInvariant() ?? LinkTags.UsualColor;
}
