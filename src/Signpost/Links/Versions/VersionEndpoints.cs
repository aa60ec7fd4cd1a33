using Microsoft.AspNetCore.Mvc;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;
using Signpost.Api.Resources;

namespace Signpost.Links.Versions;

/// <summary>The versions of links over HTTP.</summary>
internal static class VersionEndpoints
{
    private const string Versions = "/{link_id}/versions";
    private const string OneVersion = $"{Versions}/{{version}}";

    public static void MapVersions(this RouteGroupBuilder links)
    {
        links
            .MapGet(Versions, List)
            .Describe(
                "listLinkVersions",
                "List the versions of a link",
                "The present one first. Each edit that changes something adds one. Version 1 is the link as it was created."
            )
            .WithQuery(Describe.Paging)
            .Fails(404);
        links
            .MapGet(OneVersion, Get)
            .Describe(
                "getLinkVersion",
                "Read a version of a link",
                "The whole link as it was (clicks are those of now), and the difference to the version before."
            );
        links
            .MapPost($"{OneVersion}/restore", Restore)
            .Describe(
                "restoreLinkVersion",
                "Restore a version of a link",
                "An edit like any other, with the same checks, which adds a version. The password stays as it is."
            );
    }

    private static async Task<Listed<LinkVersionResponse>> List(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        VersionCatalog versions,
        CancellationToken cancel
    )
    {
        var read = http.QueryReader();
        var paging = Paging.Read(read);
        read.WarnOfUnknown();
        if (await versions.ListAsync(http.Caller(), id, paging, cancel) is not var (found, total))
            return new Refusal.Missing();
        return read.Errors is []
            ? Listed<LinkVersionResponse>.Of(http, paging, found, total, read.Warnings)
            : new Refusal.Invalid(read.Errors);
    }

    private static async Task<Found<LinkVersionDetailsResponse>> Get(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        [FromRoute(Name = "version")] PathId version,
        VersionCatalog versions,
        CancellationToken cancel
    ) => await versions.FindAsync(http.Caller(), id, version, cancel);

    private static async Task<Changed<LinkEdit>> Restore(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        [FromRoute(Name = "version")] PathId version,
        VersionRestore restore,
        LinkEditor editor,
        LinkCatalog catalog,
        EditEndpoint edits,
        CancellationToken cancel
    )
    {
        var host = http.Request.Headers.Host.ToString();
        return await restore.ReadAsync(http.Caller(), id, version, host, cancel) is not { } changes
            ? new(ApiResult.NotFound)
            : await edits.ChangeAsync<ResourceId, LinkEdit>(
                http,
                changes,
                afterwards => editor.UpdateAsync(http.Caller(), id, changes, afterwards, cancel),
                cancel,
                async (db, link, stop) => (await catalog.FindAsync(db, http.Caller(), link.Id, stop))!
            );
    }
}
