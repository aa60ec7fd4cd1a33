using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.Storage;

namespace Signpost.Projects;

/// <summary>A project in a response of the API.</summary>
/// <param name="StatisticsUrl">The page with its public statistics; null: they are not public.</param>
/// <param name="StatisticsPublicTitle">The title of that page; null: it does not name the project.</param>
internal sealed record ProjectResponse(
    long Id,
    string Name,
    string Color,
    bool StatisticsIsPublic,
    string? StatisticsUrl,
    string? StatisticsPublicTitle,
    string LastDatetime,
    string Datetime
) : WarnedResponse
{
    public static ProjectResponse Of(ProjectRow row, string publicUrl, TimeZoneInfo zone) =>
        new(
            row.Id,
            row.Name,
            row.Color,
            row.StatisticsKey is not null,
            row.StatisticsKey is { } key ? $"{publicUrl}/l/projects/{key}" : null,
            row.StatisticsPublicTitle,
            LocalTime.Format(row.UpdatedAt, zone),
            LocalTime.Format(row.CreatedAt, zone)
        );
}

/// <summary>The only reader of projects.</summary>
internal sealed class ProjectCatalog(Database database, PublicAddress address) : IResourceCatalog<ProjectResponse>
{
    public async Task<ProjectResponse?> FindAsync(Caller caller, long id, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await FindAsync(db, caller, id, cancel);
    }

    public async Task<ProjectResponse?> FindAsync(SignpostDb db, Caller caller, long id, CancellationToken cancel) =>
        await db.Projects.OwnAsync(caller, id, cancel) is { } row
            ? ProjectResponse.Of(row, address.Url, caller.TimeZone)
            : null;

    public async Task<(IReadOnlyList<ProjectResponse> Items, long Total)> ListAsync(
        Caller caller,
        ResourceQuery query,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var (rows, total) = await query.PageAsync(db.Projects.Of(caller), cancel);
        return ([.. rows.Select(row => ProjectResponse.Of(row, address.Url, caller.TimeZone))], total);
    }
}
