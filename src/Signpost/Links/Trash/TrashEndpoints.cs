using Microsoft.AspNetCore.Mvc;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;
using Signpost.Api.Resources;

namespace Signpost.Links.Trash;

/// <summary>The trash over HTTP, and its services.</summary>
internal static class TrashEndpoints
{
    public static void AddTrash(this IServiceCollection services)
    {
        services.AddSingleton<LinkTrash>();
        services.AddHostedService<TrashKeeper>();
    }

    public static void MapTrash(this IEndpointRouteBuilder api)
    {
        var trash = api.MapGroup("/trash").WithTags("Trash").Scoped(Scopes.LinksRead, Scopes.LinksWrite);
        trash
            .MapGet("/", List)
            .Describe(
                "listTrash",
                "List the deleted links that can be restored",
                "The link that was deleted last comes first. Each has deleted_at and erased_at: then it is erased."
            )
            .WithQuery(Describe.Paging);
        trash
            .MapPost("/{link_id}/restore", Restore)
            .Describe(
                "restoreLink",
                "Restore a deleted link",
                "It is as before, with its clicks, the used part of its limit and its pictures. "
                    + LinkEndpoints.ShortWithoutRead
            );
        trash
            .MapDelete("/{link_id}", Erase)
            .Describe(
                "eraseLink",
                "Erase a deleted link at once",
                "Its statistics are erased, too. For 30 days only you can use its alias again."
            );
    }

    private static async Task<Listed<LinkResponse>> List(
        HttpContext http,
        LinkCatalog catalog,
        CancellationToken cancel
    )
    {
        var read = http.QueryReader();
        var paging = Paging.Read(read);
        read.WarnOfUnknown();
        if (read.Errors is not [])
            return new Refusal.Invalid(read.Errors);
        var (links, total) = await catalog.ListTrashAsync(http.Caller(), paging, cancel);
        return Listed<LinkResponse>.Of(http, paging, links, total, read.Warnings);
    }

    private static async Task<Changed<LinkEdit>> Restore(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        LinkTrash trash,
        LinkCatalog catalog,
        EditEndpoint edits,
        CancellationToken cancel
    )
    {
        var read = await http.BodyAsync(cancel);
        read.WarnOfUnknown();
        return await edits.ChangeAsync<ResourceId, LinkEdit>(
            http,
            new NoFields(read.Errors, read.Warnings, read.Meaning),
            afterwards => trash.RestoreAsync(http.Caller(), id, afterwards, cancel),
            cancel,
            async (db, link, stop) => (await catalog.FindAsync(db, http.Caller(), link.Id, stop))!
        );
    }

    private static async Task<Deleted> Erase(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        LinkTrash trash,
        CancellationToken cancel
    ) => Deleted.Of(await trash.EraseAsync(http.Caller(), id, cancel));

    private sealed record NoFields(IReadOnlyList<FieldError> Errors, List<Warning> Warnings, Meaning Meaning)
        : IChanges;
}
