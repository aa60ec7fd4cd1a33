using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Storage;
using Database = Signpost.Storage.Database;

namespace Signpost.Presets;

/// <summary>The only writer of presets of one kind.</summary>
internal sealed class PresetEditor<TResponse>(
    Database database,
    Resource<TResponse, PresetChanges<TResponse>> resource,
    TimeProvider clock
) : IResourceEditor<PresetChanges<TResponse>>
    where TResponse : PresetResponse, IPresetResponse<TResponse>
{
    /// <summary>The most presets of one kind that an account has.</summary>
    public const int Most = 200;

    public async Task<EditResult<ResourceId>> CreateAsync(
        Caller caller,
        PresetChanges<TResponse> changes,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    )
    {
        if (changes.Errors is not [])
            return new Refusal.Invalid(changes.Errors);

        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var row = new PresetRow
        {
            AccountId = caller.AccountId,
            Kind = TResponse.Kind,
            Name = changes.Name.Value!,
            Value = changes.Value.Value!,
            CreatedAt = now,
            UpdatedAt = now,
        };
        return await database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                if (await PresetCatalog<TResponse>.OfKind(db).Of(caller).CountAsync(cancel) >= Most)
                    return new Refusal.Invalid(
                        new FieldError($"An account has at most {Most} {resource.Plural}: delete one first.", "name")
                    );
                db.Presets.Add(row);
                await db.SaveChangesAsync(cancel);
                return await afterwards.DoneAsync(db, new ResourceId(row.Id));
            },
            cancel
        );
    }

    public Task<EditResult<ResourceId>> UpdateAsync(
        Caller caller,
        long id,
        PresetChanges<TResponse> changes,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    ) =>
        database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                if (await PresetCatalog<TResponse>.OfKind(db).OwnAsync(caller, id, cancel) is not { } row)
                    return new Refusal.Missing();
                if (changes.Errors is not [])
                    return new Refusal.Invalid(changes.Errors);

                row.Name = changes.Name.Value ?? row.Name;
                row.Value = changes.Value.Value ?? row.Value;
                row.UpdatedAt = clock.GetUtcNow().ToUnixTimeMilliseconds();
                await db.SaveChangesAsync(cancel);
                return await afterwards.DoneAsync(db, new ResourceId(id));
            },
            cancel
        );

    public Task<EditResult<ResourceId>> DeleteAsync(Caller caller, long id, Fields query, CancellationToken cancel) =>
        database.WriteAsync<EditResult<ResourceId>>(
            async db =>
            {
                if (await PresetCatalog<TResponse>.OfKind(db).OwnAsync(caller, id, cancel) is not { } row)
                    return new Refusal.Missing();
                var transaction = db.Database.CurrentTransaction!.GetDbTransaction();
                KeptResponses.Forget(
                    transaction.Connection!,
                    transaction,
                    $"/api/{resource.Path}",
                    id,
                    caller.AccountId
                );
                db.Presets.Remove(row);
                await db.SaveChangesAsync(cancel);
                return new ResourceId(id);
            },
            cancel
        );
}
