using Microsoft.AspNetCore.Mvc;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;

namespace Signpost.Links;

/// <summary>Links over HTTP. Each handler translates; <see cref="LinkEditor"/> and <see cref="LinkCatalog"/> decide.</summary>
internal static class LinkEndpoints
{
    public static RouteGroupBuilder MapLinks(this IEndpointRouteBuilder api)
    {
        var links = api.MapGroup("/links").WithTags("Links").Scoped(Scopes.LinksRead, Scopes.LinksWrite);
        links.MapGet("/", List).DescribeList();
        links.MapPost("/", Create).DescribeCreate();
        links.MapGet("/{link_id}", Get).DescribeGet();
        links.MapPost("/{link_id}", Update).DescribeUpdate("updateLink", isPost: true);
        links.MapPut("/{link_id}", Update).DescribeUpdate("putLink", isPost: false);
        links.MapPatch("/{link_id}", Update).DescribeUpdate("patchLink", isPost: false);
        links.MapDelete("/{link_id}", Delete).DescribeDelete();
        return links;
    }

    private static async Task<Listed<LinkResponse>> List(
        HttpContext http,
        LinkCatalog catalog,
        CancellationToken cancel
    )
    {
        var query = LinkQuery.Read(http.Query(), http.Caller().TimeZone, out var errors);
        if (errors is not [])
            return new Refusal.Invalid(errors);

        var (links, total) = await catalog.ListAsync(http.Caller(), query, cancel);
        return Listed<LinkResponse>.Of(http, query.Paging, links, total);
    }

    private static async Task<Found<LinkResponse>> Get(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        LinkCatalog catalog,
        CancellationToken cancel
    ) => await catalog.FindAsync(http.Caller(), id, cancel);

    private static async Task<Created<LinkCreation>> Create(
        HttpContext http,
        LinkEditor editor,
        EditEndpoint edits,
        CancellationToken cancel
    )
    {
        var changes = await ReadAsync(http, isNew: true, cancel);
        return await edits.CreateAsync<LinkCreation>(
            http,
            changes,
            afterwards => editor.CreateAsync(http.Caller(), changes, afterwards, cancel),
            cancel
        );
    }

    private static async Task<Changed<UpdatedLink>> Update(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        LinkEditor editor,
        EditEndpoint edits,
        CancellationToken cancel
    )
    {
        var changes = await ReadAsync(http, isNew: false, cancel);
        return await edits.ChangeAsync<UpdatedLink>(
            http,
            changes,
            afterwards => editor.UpdateAsync(http.Caller(), id, changes, afterwards, cancel),
            cancel
        );
    }

    private static async Task<Deleted> Delete(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        LinkEditor editor,
        CancellationToken cancel
    ) => Deleted.Of(await editor.DeleteAsync(http.Caller(), id, cancel));

    private static async Task<LinkChanges> ReadAsync(HttpContext http, bool isNew, CancellationToken cancel)
    {
        var fields = await BodyReader.ReadAsync(http.Request, LinkFields.Files, cancel);
        return LinkFields.Read(fields, http.Caller().TimeZone, isNew) with { AskedHost = http.Request.Host.Value };
    }
}
