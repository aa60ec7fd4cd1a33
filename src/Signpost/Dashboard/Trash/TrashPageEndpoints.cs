using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Dashboard.Links;
using Signpost.Dashboard.OneLink;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Links;
using Signpost.Links.Trash;

namespace Signpost.Dashboard.Trash;

/// <summary>The trash: restoring and erasing links.</summary>
internal static class TrashPageEndpoints
{
    private const string Trash = "/dashboard/trash";

    public static void MapTrashPages(this IEndpointRouteBuilder dashboard)
    {
        var trash = dashboard.MapGroup("/trash").Scoped(Scopes.LinksRead, Scopes.LinksWrite);
        trash.MapMethods("", DashboardEndpoints.Reads, Show);
        var link = trash.MapGroup("/{link_id}");
        link.MapMethods("/restore", DashboardEndpoints.Reads, Leave);
        link.MapPost("/restore", Restore);
        link.MapMethods("/erase", DashboardEndpoints.Reads, Ask).Scoped(Scopes.LinksWrite);
        link.MapPost("/erase", Erase);
    }

    private static async Task Show(HttpContext http, LinkCatalog catalog, DashboardPages pages)
    {
        var caller = http.Caller();
        var page = Math.Max(
            1,
            long.TryParse(http.Request.Query["page"], CultureInfo.InvariantCulture, out var asked) ? asked : 1
        );
        Paging paging = new(page, Paging.UsualSize);
        var (links, total) = await catalog.ListTrashAsync(caller, paging, http.RequestAborted);
        if (links is [] && page > 1)
        {
            Leave(http);
            return;
        }

        var first = (page - 1) * paging.Size + 1;
        TrashPage.Content content = new(
            [.. links.Select(link => LineOf(link, caller.TimeZone))],
            first,
            total,
            page > 1 ? $"{Trash}?page={page - 1}" : null,
            first + links.Count <= total ? $"{Trash}?page={page + 1}" : null
        );
        await pages.WriteAsync<TrashPage>(http, new() { [nameof(TrashPage.View)] = content });
    }

    // The address of a form that was sent, opened again.
    private static void Leave(HttpContext http) => http.SeeOther(Trash);

    private static async Task Restore(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        LinkTrash trash,
        LinkCatalog catalog,
        Toasts toasts
    )
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        if (
            await trash.RestoreAsync(caller, id, afterwards: null, cancel) is EditResult<ResourceId>.Done
            && await catalog.FindAsync(caller, id, cancel) is { } link
        )
            toasts.Leave(http, "trash.done.restored", ("link", LinkLines.ShortText(link.ShortUrl)));
        Leave(http);
    }

    private static async Task Ask(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        LinkCatalog catalog,
        DashboardPages pages
    )
    {
        if (await catalog.FindInTrashAsync(http.Caller(), id, http.RequestAborted) is { } link)
            await pages.WriteAsync<ErasePage>(
                http,
                new() { [nameof(ErasePage.Line)] = LineOf(link, http.Caller().TimeZone) }
            );
        else
            await OneLinkEndpoints.NotFoundAsync(http);
    }

    private static async Task Erase(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        LinkTrash trash,
        LinkCatalog catalog,
        Toasts toasts
    )
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        if (
            await catalog.FindInTrashAsync(caller, id, cancel) is { } link
            && await trash.EraseAsync(caller, id, cancel) is EditResult<ResourceId>.Done
        )
            toasts.Leave(http, "trash.done.erased", ("link", LinkLines.ShortText(link.ShortUrl)));
        Leave(http);
    }

    private static TrashPage.Line LineOf(LinkResponse link, TimeZoneInfo zone) =>
        new(
            link.Id,
            LinkLines.ShortText(link.ShortUrl),
            link.Title,
            link.LocationUrl,
            link.Clicks,
            OneLinkEndpoints.Instant(link.DeletedAt!, zone),
            OneLinkEndpoints.Instant(link.ErasedAt!, zone)
        );
}
