using Microsoft.AspNetCore.Mvc;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;

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

    private static async Task<ApiResult> List(
        HttpContext http,
        LinkCatalog catalog,
        PublicAddress address,
        CancellationToken cancel
    )
    {
        var caller = http.Caller();
        var sent = http.Request.QueryString.Value ?? "";
        var query = LinkQuery.Read(FormBody.ParseQuery(sent), caller.TimeZone, out var errors);
        if (errors is not [])
            return ApiResult.Errors(400, errors);

        var (links, total) = await catalog.ListAsync(caller, query, cancel);
        var paging = query.Paging;
        return ApiResult.Ok(
            new Page<LinkResponse>(links, paging.Meta(total), paging.Links(total, $"{address.Url}/api/links", sent))
        );
    }

    private static async Task<ApiResult> Get(
        HttpContext http,
        [FromRoute(Name = "link_id")] string linkId,
        LinkCatalog catalog,
        CancellationToken cancel
    ) =>
        TryId(linkId, out var id) && await catalog.FindAsync(http.Caller(), id, cancel) is { } link
            ? ApiResult.Ok(new Envelope<LinkResponse>(link))
            : ApiResult.NotFound;

    private static async Task<ApiResult> Create(
        HttpContext http,
        LinkEditor editor,
        Idempotency idempotency,
        PublicAddress address,
        CancellationToken cancel
    )
    {
        var caller = http.Caller();
        var changes = await ReadAsync(http, caller, isNew: true, cancel);
        if (changes.Errors is not [])
            return Render(await editor.CreateAsync(caller, changes, null, cancel), address);

        return await idempotency.RunAsync(
            http.Request,
            caller,
            changes.Meaning,
            async keep => Render(await editor.CreateAsync(caller, changes, Keeping(keep, address), cancel), address),
            cancel
        );
    }

    private static async Task<ApiResult> Update(
        HttpContext http,
        [FromRoute(Name = "link_id")] string linkId,
        LinkEditor editor,
        Idempotency idempotency,
        PublicAddress address,
        CancellationToken cancel
    )
    {
        var caller = http.Caller();
        var changes = await ReadAsync(http, caller, isNew: false, cancel);
        if (!TryId(linkId, out var id))
            return ApiResult.NotFound;
        if (changes.Errors is not [] || !HttpMethods.IsPost(http.Request.Method))
            return Render(await editor.UpdateAsync(caller, id, changes, null, cancel), address);

        return await idempotency.RunAsync(
            http.Request,
            caller,
            changes.Meaning,
            async keep =>
                Render(await editor.UpdateAsync(caller, id, changes, Keeping(keep, address), cancel), address),
            cancel
        );
    }

    private static async Task<ApiResult> Delete(
        HttpContext http,
        [FromRoute(Name = "link_id")] string linkId,
        LinkEditor editor,
        PublicAddress address,
        CancellationToken cancel
    ) =>
        TryId(linkId, out var id)
            ? Render(await editor.DeleteAsync(http.Caller(), id, cancel), address)
            : ApiResult.NotFound;

    private static async Task<LinkChanges> ReadAsync(
        HttpContext http,
        Caller caller,
        bool isNew,
        CancellationToken cancel
    )
    {
        var fields = await BodyReader.ReadAsync(http.Request, LinkFields.Files, cancel, BodyLimit.Links);
        return LinkFields.Read(fields, caller.TimeZone, isNew) with
        {
            AskedHost = http.Request.Headers.Host.ToString(),
        };
    }

    private static AfterEdit? Keeping(KeepResponse? keep, PublicAddress address) =>
        keep is null ? null : (db, edit) => keep(db, Render(edit, address));

    private static ApiResult Render(LinkEdit edit, PublicAddress address) =>
        edit switch
        {
            LinkEdit.Created { IsBulk: false } created => new(
                201,
                ApiJson.Write(
                    new Envelope<CreatedLink>(
                        CreatedLink.Of(created.Links[0], created.DomainAddress ?? address.Url) with
                        {
                            Warnings = LinkWarning.ListOrNull(created.Warnings),
                        }
                    )
                )
            ),
            LinkEdit.Created created => new(
                201,
                ApiJson.Write(
                    new Envelope<CreatedLinks>(CreatedLinks.Of(created, created.DomainAddress ?? address.Url))
                )
            ),
            LinkEdit.Updated(var link, var warnings) => ApiResult.Ok(
                new Envelope<UpdatedLink>(new(link.Id) { Warnings = LinkWarning.ListOrNull(warnings) })
            ),
            LinkEdit.Deleted => ApiResult.NoContent,
            LinkEdit.Missing => ApiResult.NotFound,
            LinkEdit.Invalid(var errors) => ApiResult.Errors(400, errors),
            LinkEdit.Taken(var field) => ApiResult.Error(409, "The alias is taken.", field),
            var unknown => throw new System.Diagnostics.UnreachableException($"{unknown}"),
        };

    private static bool TryId(string text, out long id) => FieldText.TryNumber(text, out id) && id >= 1;
}
