using Microsoft.EntityFrameworkCore;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.Storage;

namespace Signpost.Projects;

/// <summary>A project in a response of the API.</summary>
internal sealed record ProjectResponse(long Id, string Name, string Color, string LastDatetime, string Datetime)
{
    public static ProjectResponse Of(ProjectRow row, TimeZoneInfo zone) =>
        new(row.Id, row.Name, row.Color, LocalTime.Format(row.UpdatedAt, zone), LocalTime.Format(row.CreatedAt, zone));
}

/// <summary>The only reader of projects.</summary>
internal sealed class ProjectCatalog(Database database) : IResourceCatalog<ProjectResponse>
{
    public async Task<ProjectResponse?> FindAsync(Caller caller, long id, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db.Projects.OwnAsync(caller, id, cancel) is { } row
            ? ProjectResponse.Of(row, caller.TimeZone)
            : null;
    }

    public async Task<(IReadOnlyList<ProjectResponse> Items, long Total)> ListAsync(
        Caller caller,
        ResourceQuery query,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var found = db.Projects.Of(caller);
        if (query.Search is { } part)
            found = found.Where(project => EF.Functions.Like(project.Name, OwnedRows.LikePart(part), "!"));
        var (rows, total) = await found.PageAsync(query.Paging, cancel);
        return ([.. rows.Select(row => ProjectResponse.Of(row, caller.TimeZone))], total);
    }
}
