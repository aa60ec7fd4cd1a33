using Microsoft.EntityFrameworkCore;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.Storage;

namespace Signpost.Projects;

/// <summary>A project as the API answers it.</summary>
internal sealed record ProjectAnswer(long Id, string Name, string Color, string LastDatetime, string Datetime)
{
    public static ProjectAnswer Of(ProjectRow row, TimeZoneInfo zone) =>
        new(row.Id, row.Name, row.Color, LocalTime.Format(row.UpdatedAt, zone), LocalTime.Format(row.CreatedAt, zone));
}

/// <summary>The only reader of projects.</summary>
internal sealed class ProjectCatalog(Database database) : IResourceCatalog<ProjectAnswer>
{
    public async Task<ProjectAnswer?> FindAsync(Caller caller, long id, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db.Projects.OwnAsync(caller, id, cancel) is { } row
            ? ProjectAnswer.Of(row, caller.TimeZone)
            : null;
    }

    public async Task<(IReadOnlyList<ProjectAnswer> Items, long Total)> ListAsync(
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
        return ([.. rows.Select(row => ProjectAnswer.Of(row, caller.TimeZone))], total);
    }
}
