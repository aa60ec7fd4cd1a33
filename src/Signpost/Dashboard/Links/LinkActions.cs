using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Hosting;
using Signpost.Links;
using Signpost.Links.Trash;
using Signpost.Web.Notices;

namespace Signpost.Dashboard.Links;

/// <summary>The actions of the list of links, on one link or on many. The editors of the API do them.</summary>
internal static class LinkActions
{
    private const int MostAtOnce = 1_000;

    // The ids of the links travel in a cookie.
    private const int MostUndone = 100;
    private const string Undo = "/dashboard/links/restore";

    public static void MapLinkActions(this IEndpointRouteBuilder links)
    {
        links.MapPost("/state", SetState);
        links.MapMethods("/state", DashboardEndpoints.Reads, ShowList);
        links.MapPost("/restore", Restore);
        links.MapMethods("/restore", DashboardEndpoints.Reads, ShowList);
        links.MapPost("/many", Many);
        links.MapMethods("/many", DashboardEndpoints.Reads, ShowList);
        links.MapMethods("/{link_id}/delete", DashboardEndpoints.Reads, AskToDelete).Scoped(Scopes.LinksWrite);
    }

    // The address of a form that was sent, opened again.
    private static void ShowList(HttpContext http) => http.SeeOther(Navigation.Home);

    // The button that was pressed says which link, and what becomes of it.
    private static async Task SetState(
        HttpContext http,
        LinkEditor editor,
        LinkLists lists,
        Toasts toasts,
        SignpostSettings settings
    )
    {
        if (http.Request.Form.ContainsKey("trash"))
        {
            await TrashAsync(http, editor, lists, toasts, settings);
            return;
        }

        var enables = http.Request.Form.ContainsKey("enable");
        var (field, opposite) = enables ? ("enable", "disable") : ("disable", "enable");
        if (
            long.TryParse(http.Request.Form[field], CultureInfo.InvariantCulture, out var id)
            && await lists.FindAsync(http, id) is { } link
            && await SwitchAsync(http, editor, id, enables)
        )
            toasts.Leave(
                http,
                enables ? "links.done.enabled" : "links.done.disabled",
                "/dashboard/links/state",
                [(opposite, $"{id}"), ("back", Back(http))],
                [("link", link.ShortText)]
            );
        http.SeeOther(Back(http));
    }

    // Where there is no trash, the page that asks comes first.
    private static async Task TrashAsync(
        HttpContext http,
        LinkEditor editor,
        LinkLists lists,
        Toasts toasts,
        SignpostSettings settings
    )
    {
        if (
            settings.TrashDays > 0
            && long.TryParse(http.Request.Form["trash"], CultureInfo.InvariantCulture, out var id)
            && await lists.FindAsync(http, id) is { } link
            && await RunAsync(http, editor, lists, settings, "delete", id)
        )
            toasts.Leave(http, "links.done.trashed", Undo, UndoOf(http, [id]), [("link", link.ShortText)]);
        http.SeeOther(Back(http));
    }

    private static async Task Restore(HttpContext http, LinkTrash trash, Toasts toasts)
    {
        var restored = 0;
        foreach (var text in http.Request.Form["ids"].ToString().Split(',').Take(MostAtOnce))
            if (
                long.TryParse(text, CultureInfo.InvariantCulture, out var id)
                && await trash.RestoreAsync(http.Caller(), id, afterwards: null, http.RequestAborted)
                    is EditResult<ResourceId>.Done
            )
                restored++;
        if (restored > 0)
            toasts.Leave(http, "links.done.restored", ("count", $"{restored}"));
        http.SeeOther(Back(http));
    }

    private static (string, string)[] UndoOf(HttpContext http, IEnumerable<long> ids) =>
        [("ids", string.Join(',', ids)), ("back", Back(http))];

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
        Toasts toasts,
        SignpostSettings settings
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

        if (action is "delete" && settings.TrashDays == 0 && form["confirmed"] != "1")
        {
            await AskAsync(http, pages, await FindAsync(http, lists, ids), Back(http));
            return;
        }

        List<long> done = [];
        foreach (var id in ids)
            if (await RunAsync(http, editor, lists, settings, action, id))
                done.Add(id);
        if (action is "delete" && settings.TrashDays > 0 && done is not [])
            toasts.Leave(
                http,
                "links.done.many.trash",
                done.Count <= MostUndone ? Undo : null,
                UndoOf(http, done.Take(MostUndone)),
                [("count", $"{done.Count}")]
            );
        else if (done is [])
            toasts.Leave(http, "links.done.nothing");
        else
            toasts.Leave(http, $"links.done.many.{action}", ("count", $"{done.Count}"));
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

    private static async Task<bool> RunAsync(
        HttpContext http,
        LinkEditor editor,
        LinkLists lists,
        SignpostSettings settings,
        string action,
        long id
    ) =>
        action switch
        {
            "enable" => await SwitchAsync(http, editor, id, enables: true),
            "disable" => await SwitchAsync(http, editor, id, enables: false),
            "tag" => await AddTagAsync(http, editor, lists, settings, id),
            "project" => await ChangeAsync(http, editor, id, NoChanges() with { ProjectId = Project(http) }),
            "delete" => await editor.DeleteAsync(http.Caller(), id, isPermanent: false, http.RequestAborted)
                is EditResult<ResourceId>.Done,
            _ => false,
        };

    // The other tags of the link stay.
    private static async Task<bool> AddTagAsync(
        HttpContext http,
        LinkEditor editor,
        LinkLists lists,
        SignpostSettings settings,
        long id
    )
    {
        var name = http.Request.Form["tag"].ToString().Trim();
        if (name is "" || await lists.FindAsync(http, id) is not { } link)
            return false;
        Fields fields = new();
        fields.Add("tags", new FieldValue.List([.. link.Tags.Append(name).Select(tag => new FieldValue.Text(tag))]));
        var changes = LinkFields.Read(fields, http.Caller().TimeZone, isNew: false, settings.AppSchemes);
        return changes.Errors is [] && await ChangeAsync(http, editor, id, changes);
    }

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
