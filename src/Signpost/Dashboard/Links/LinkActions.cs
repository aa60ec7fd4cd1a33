using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Links;
using Signpost.Web.Notices;

namespace Signpost.Dashboard.Links;

/// <summary>The actions of the list of links, on one link or on many. The editors of the API do them.</summary>
internal static class LinkActions
{
    private const int MostAtOnce = 1_000;

    public static void MapLinkActions(this IEndpointRouteBuilder links)
    {
        links.MapPost("/many", Many);
        links.MapMethods("/many", DashboardEndpoints.Reads, ShowList);
        var one = links.MapGroup("/{link_id}");
        one.MapPost("/state", SetState);
        one.MapMethods("/state", DashboardEndpoints.Reads, ShowList);
        one.MapMethods("/delete", DashboardEndpoints.Reads, AskToDelete).Scoped(Scopes.LinksWrite);
    }

    // The address of a form that was sent, opened again.
    private static void ShowList(HttpContext http) => http.SeeOther(Navigation.Home);

    private static async Task SetState(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        LinkEditor editor,
        LinkLists lists,
        Toasts toasts
    )
    {
        var enables = http.Request.Form["is_enabled"] == "1";
        if (await lists.FindAsync(http, id) is { } link && await SwitchAsync(http, editor, id, enables))
            toasts.Leave(
                http,
                enables ? "links.done.enabled" : "links.done.disabled",
                $"/dashboard/links/{link.Id}/state",
                [("is_enabled", enables ? "0" : "1"), ("back", Back(http))],
                [("link", link.ShortText)]
            );
        http.SeeOther(Back(http));
    }

    private static async Task AskToDelete(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        LinkLists lists,
        DashboardPages pages,
        VisitorPages notices
    )
    {
        if (await lists.FindAsync(http, id) is { } link)
            await AskAsync(http, pages, [link], LocalPath.Of(http, http.Request.Query["back"]));
        else
            await notices.WriteAsync(http, VisitorPage.NotFound);
    }

    private static async Task Many(
        HttpContext http,
        LinkEditor editor,
        LinkLists lists,
        DashboardPages pages,
        Toasts toasts
    )
    {
        var form = http.Request.Form;
        long[] ids =
        [
            .. form["id"].Select(text => long.TryParse(text, out var id) ? id : 0).Where(id => id > 0).Take(MostAtOnce),
        ];
        var action = form["action"].ToString();
        if (ids is [])
        {
            http.SeeOther(Back(http));
            return;
        }

        if (action is "delete" && form["confirmed"] != "1")
        {
            await AskAsync(http, pages, await FindAsync(http, lists, ids), Back(http));
            return;
        }

        var done = 0;
        foreach (var id in ids)
            if (await RunAsync(http, editor, action, id))
                done++;
        if (done > 0)
            toasts.Leave(http, $"links.done.many.{action}", ("count", $"{done}"));
        http.SeeOther(Back(http));
    }

    private static async Task<List<LinksPage.LinkLine>> FindAsync(HttpContext http, LinkLists lists, long[] ids)
    {
        List<LinksPage.LinkLine> found = [];
        foreach (var id in ids)
            if (await lists.FindAsync(http, id) is { } link)
                found.Add(link);
        return found;
    }

    private static Task AskAsync(
        HttpContext http,
        DashboardPages pages,
        IReadOnlyList<LinksPage.LinkLine> links,
        string back
    ) =>
        pages.WriteAsync<DeleteLinksPage>(
            http,
            new()
            {
                [nameof(DeleteLinksPage.Action)] = "/dashboard/links/many",
                [nameof(DeleteLinksPage.Ids)] = links.Select(link => link.Id).ToList(),
                [nameof(DeleteLinksPage.Links)] = links.Select(link => link.ShortText).ToList(),
                [nameof(DeleteLinksPage.Clicks)] = links.Sum(link => link.Clicks),
                [nameof(DeleteLinksPage.Back)] = back,
            }
        );

    private static async Task<bool> RunAsync(HttpContext http, LinkEditor editor, string action, long id) =>
        action switch
        {
            "enable" => await SwitchAsync(http, editor, id, enables: true),
            "disable" => await SwitchAsync(http, editor, id, enables: false),
            "project" => await ChangeAsync(http, editor, id, NoChanges() with { ProjectId = Project(http) }),
            "delete" => await editor.DeleteAsync(http.Caller(), id, isPermanent: false, http.RequestAborted)
                is EditResult<ResourceId>.Done,
            _ => false,
        };

    private static Task<bool> SwitchAsync(HttpContext http, LinkEditor editor, long id, bool enables) =>
        ChangeAsync(http, editor, id, NoChanges() with { IsEnabled = new("is_enabled", enables) });

    private static async Task<bool> ChangeAsync(HttpContext http, LinkEditor editor, long id, LinkChanges changes) =>
        await editor.UpdateAsync(
            http.Caller(),
            id,
            changes with
            {
                TimeZone = http.Caller().TimeZone,
                AskedHost = http.Request.Headers.Host.ToString(),
            },
            afterwards: null,
            http.RequestAborted
        ) is EditResult<ResourceId>.Done;

    private static LinkChanges NoChanges() =>
        new()
        {
            Errors = [],
            Warnings = [],
            Meaning = new(),
        };

    // 0: no project.
    private static Optional<long?> Project(HttpContext http) =>
        new(
            "project_id",
            long.TryParse(http.Request.Form["project_id"], CultureInfo.InvariantCulture, out var id) && id > 0
                ? id
                : null
        );

    private static string Back(HttpContext http) => LocalPath.Of(http, http.Request.Form["back"]);
}
