using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.Storage;

namespace Signpost.Tags;

/// <summary>A tag in a response of the API.</summary>
/// <param name="Links">The number of links that have it.</param>
internal sealed record TagResponse(long Id, string Name, string Color, long Links, string LastDatetime, string Datetime)
    : WarnedResponse
{
    public static TagResponse Of(TagRow row, TimeZoneInfo zone) =>
        new(
            row.Id,
            row.Name,
            row.Color,
            row.Links,
            LocalTime.Format(row.UpdatedAt, zone),
            LocalTime.Format(row.CreatedAt, zone)
        );
}

/// <summary>The only reader of tags.</summary>
internal sealed class TagCatalog(Database database) : IResourceCatalog<TagResponse>
{
    public async Task<TagResponse?> FindAsync(Caller caller, long id, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await FindAsync(db, caller, id, cancel);
    }

    public async Task<TagResponse?> FindAsync(SignpostDb db, Caller caller, long id, CancellationToken cancel) =>
        await db.Tags.OwnAsync(caller, id, cancel) is { } row ? TagResponse.Of(row, caller.TimeZone) : null;

    public async Task<(IReadOnlyList<TagResponse> Items, long Total)> ListAsync(
        Caller caller,
        ResourceQuery query,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var (rows, total) = await query.PageAsync(db.Tags.Of(caller), cancel);
        return ([.. rows.Select(row => TagResponse.Of(row, caller.TimeZone))], total);
    }
}
