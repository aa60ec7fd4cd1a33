using Microsoft.AspNetCore.Mvc;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Hosting;
using Signpost.Links.Versions;

namespace Signpost.Links;

/// <summary>Links over HTTP. <see cref="LinkEditor"/> and <see cref="LinkCatalog"/> make the decisions.</summary>
internal static class LinkEndpoints
{
    public const string ShortWithoutRead =
        "Without the scope links:read, the response holds only id, url, short_url and warnings.";
    private const string OneLink = "/{link_id}";

    public static RouteGroupBuilder MapLinks(this IEndpointRouteBuilder api)
    {
        var links = api.MapGroup("/links").WithTags("Links").Scoped(Scopes.LinksRead, Scopes.LinksWrite);
        links
            .MapGet("/", List)
            .Describe("listLinks", "List links", "Your links, newest first by default. A page past the end is empty.")
            .WithQuery(LinkParameters.Filters);
        links
            .MapPost("/", Create)
            .Describe(
                "createLink",
                "Create a link, or many at once",
                $"With is_bulk the response holds ids and links, in the order of the lines. With find_existing the response may be 200 with a link that you have already. {ShortWithoutRead}"
            )
            .WithMetadata(new ProducesResponseTypeMetadata(200, typeof(Envelope<LinkResponse>), ["application/json"]))
            .WithNewBody(LinkParameters.Fields);
        links.MapGet(OneLink, Get).Describe("getLink", "Read a link");
        DescribeUpdate(links.MapPost(OneLink, Update), "updateLink", "Change a link");
        DescribeUpdate(links.MapPut(OneLink, Update), "putLink", "Change a link, as POST does");
        DescribeUpdate(links.MapPatch(OneLink, Update), "patchLink", "Change a link, as POST does");
        links
            .MapDelete(OneLink, Delete)
            .Describe(
                "deleteLink",
                "Delete a link",
                "It goes into the trash, from which you can restore it. After SIGNPOST_TRASH_DAYS (7 unless the server says otherwise) it is erased with its statistics. Then for 30 days only you can use its alias again."
            )
            .WithQuery(LinkParameters.Deletion)
            .Fails(400);
        links
            .MapPost($"{OneLink}/move", Move)
            .Describe(
                "moveLink",
                "Move a link to another account of yours",
                "To your own account or to a team in which you may create links. Clicks and pictures go along; the project, the pixels and the splash page do not. The response holds id, url, short_url and warnings."
            )
            .WithNewBody(LinkMoveChanges.Parameters);
        links.MapVersions();
        return links;
    }

    private static void DescribeUpdate(RouteHandlerBuilder update, string name, string summary) =>
        update
            .Describe(name, summary, $"Fields that are not sent do not change. {ShortWithoutRead}")
            .WithBody(LinkParameters.Fields);

    private static async Task<Listed<LinkResponse>> List(
        HttpContext http,
        LinkCatalog catalog,
        ShortAddresses addresses,
        CaseRules rules,
        CancellationToken cancel
    )
    {
        var read = http.QueryReader();
        var query = LinkQuery.Read(
            read,
            http.RequestServices.GetRequiredService<SignpostSettings>().AppSchemes,
            text => addresses.Find(text, http.Request.Headers.Host.ToString()),
            http.Caller().AccountId
        ) with
        {
            CaseSensitive = rules.Keeping,
        };
        read.WarnOfUnknown();
        if (read.Errors is not [])
            return new Refusal.Invalid(read.Errors);

        var (links, page) = await catalog.ListAsync(http.Caller(), query, cancel);
        var list = query.NameOf(http.Caller().AccountId);
        return Listed<LinkResponse>.Of(
            http,
            query.Window.Paging,
            links,
            page.Total,
            read.Warnings,
            page.IsExact,
            new(query.Cursor?.Write(list), page.Next?.Write(list))
        );
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
        LinkCatalog catalog,
        ExistingLinks existing,
        EditEndpoint edits,
        CancellationToken cancel
    )
    {
        var changes = await ReadAsync(http, isNew: true, cancel);
        using var turn = await existing.EnterAsync(http.Caller(), changes, cancel);
        if (changes is { FindsExisting: true, Errors: [] })
        {
            if (!http.Caller().May(Scopes.LinksRead))
                return new(ApiResult.Refused(new Refusal.Forbidden()));
            if (await existing.FindAsync(http.Caller(), changes, cancel) is { } id)
                if (await catalog.FindAsync(http.Caller(), id, cancel) is { } link)
                    return new(ApiResult.Ok(new Envelope<LinkResponse>(link)));
        }

        return await edits.CreateAsync<LinkCreation, LinkCreation>(
            http,
            changes,
            afterwards => editor.CreateAsync(http.Caller(), changes, afterwards, cancel),
            cancel,
            async (db, made, stop) =>
                made is CreatedLink link ? (await catalog.FindAsync(db, http.Caller(), link.Id, stop))! : made
        );
    }

    private static async Task<Changed<LinkEdit>> Update(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        LinkEditor editor,
        LinkCatalog catalog,
        EditEndpoint edits,
        CancellationToken cancel
    )
    {
        var changes = await ReadAsync(http, isNew: false, cancel);
        return await edits.ChangeAsync<ResourceId, LinkEdit>(
            http,
            changes,
            afterwards => editor.UpdateAsync(http.Caller(), id, changes, afterwards, cancel),
            cancel,
            async (db, link, stop) => (await catalog.FindAsync(db, http.Caller(), link.Id, stop))!
        );
    }

    private static async Task<Deleted> Delete(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        LinkEditor editor,
        CancellationToken cancel
    )
    {
        var read = http.QueryReader();
        var isPermanent = read.Boolean("permanent").Value;
        return Deleted.Of(
            read.Errors is []
                ? await editor.DeleteAsync(http.Caller(), id, isPermanent, cancel)
                : new Refusal.Invalid(read.Errors)
        );
    }

    private static async Task<Changed<CreatedLink>> Move(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        LinkMove move,
        PublicAddress address,
        EditEndpoint edits,
        CancellationToken cancel
    )
    {
        var wanted = LinkMoveChanges.Read(await http.BodyAsync(cancel));
        return await edits.ChangeAsync<CreatedLink, CreatedLink>(
            http,
            wanted,
            afterwards => move.MoveAsync(http.Caller(), id, wanted, address.Url, afterwards, cancel),
            cancel
        );
    }

    private static async Task<LinkChanges> ReadAsync(HttpContext http, bool isNew, CancellationToken cancel)
    {
        var fields = await BodyReader.ReadAsync(http.Request, LinkFields.Files, cancel, BodyLimit.Links);
        var schemes = http.RequestServices.GetRequiredService<SignpostSettings>().AppSchemes;
        return LinkFields.Read(fields, http.Caller().TimeZone, isNew, schemes) with
        {
            AskedHost = http.Request.Headers.Host.ToString(),
        };
    }
}
