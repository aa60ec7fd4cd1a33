using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.Storage;

namespace Signpost.Presets;

/// <summary>The only reader of presets of one kind.</summary>
internal sealed class PresetCatalog<TResponse>(Database database) : IResourceCatalog<TResponse>
    where TResponse : PresetResponse, IPresetResponse<TResponse>
{
    public async Task<TResponse?> FindAsync(Caller caller, long id, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await FindAsync(db, caller, id, cancel);
    }

    public async Task<TResponse?> FindAsync(SignpostDb db, Caller caller, long id, CancellationToken cancel) =>
        await OfKind(db).OwnAsync(caller, id, cancel) is { } row ? TResponse.Of(row, caller.TimeZone) : null;

    public async Task<(IReadOnlyList<TResponse> Items, long Total)> ListAsync(
        Caller caller,
        ResourceQuery query,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var (rows, total) = await query.PageAsync(OfKind(db).Of(caller), cancel);
        return ([.. rows.Select(row => TResponse.Of(row, caller.TimeZone))], total);
    }

    /// <summary>All presets of this kind, of all accounts.</summary>
    public static IQueryable<PresetRow> OfKind(SignpostDb db)
    {
        var kind = TResponse.Kind;
        return db.Presets.Where(preset => preset.Kind == kind);
    }
}
