using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Hosting;
using Signpost.Links;
using Signpost.Links.Trash;
using Signpost.Web.Languages;
using Signpost.Web.Notices;

namespace Signpost.Dashboard.Links;

/// <summary>The actions of the list of links, on one link or on many. The editors of the API do them.</summary>
internal static class LinkActions
{
    private const int MostAtOnce = 1_000;

    // The ids of the links travel in a cookie.
    private const int MostUndone = 100;
    private const string Undo = "/dashboard/links/restore";

    /// <summary>The pages that the buttons for many links lead to.</summary>
    private static readonly Dictionary<string, string> Pages = new(StringComparer.Ordinal)
    {
        ["change"] = "/dashboard/links/change",
        ["export"] = "/dashboard/links/export.csv",
        ["print"] = "/dashboard/links/print",
    };

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
            && await SwitchAsync(http, editor, id, enables) is EditResult<ResourceId>.Done
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
            && await RunAsync(http, editor, "delete", id) is EditResult<ResourceId>.Done
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
        if (form["all"] == "1" || Pages.ContainsKey(action))
        {
            http.SeeOther(PageOf(http, action, ids));
            return;
        }

        if (action is "delete" && settings.TrashDays == 0 && form["confirmed"] != "1")
        {
            await AskAsync(http, pages, await FindAsync(http, lists, ids), Back(http));
            return;
        }

        List<long> done = [];
        Refusal? refusal = null;
        foreach (var id in ids)
            switch (await RunAsync(http, editor, action, id))
            {
                case EditResult<ResourceId>.Done:
                    done.Add(id);
                    break;
                case EditResult<ResourceId>.Refused(var why):
                    refusal ??= why;
                    break;
            }

        Tell(http, toasts, action is "delete" && settings.TrashDays > 0 ? "trash" : action, done, ids.Length, refusal);
        http.SeeOther(Back(http));
    }

    // The page for what a button alone cannot say, or for links that nobody has seen yet.
    private static string PageOf(HttpContext http, string action, IEnumerable<long> ids)
    {
        var selection =
            http.Request.Form["all"] == "1"
                ? LinkViewEndpoints.ListOf(http).All
                : $"ids={IdRanges.Write([.. ids.Distinct().Order()])}";
        var page = Pages.GetValueOrDefault(action, Pages["change"]);
        return Pages.ContainsKey(action) && action is not "change"
            ? $"{page}?{selection}"
            : $"{page}?{selection}&do={Uri.EscapeDataString(action)}&back={Uri.EscapeDataString(Back(http))}";
    }

    private static void Tell(HttpContext http, Toasts toasts, string action, List<long> done, int all, Refusal? refusal)
    {
        (string, string)[] counts =
        [
            ("count", $"{done.Count}"),
            ("failed", $"{all - done.Count}"),
            ("reason", ReasonOf(http, refusal)),
        ];
        var text =
            refusal is null && done is [] ? "links.done.nothing"
            : refusal is not null ? "links.done.some"
            : $"links.done.many.{action}";
        if (action is "trash" && done.Count is > 0 and <= MostUndone)
            toasts.Leave(http, text, Undo, UndoOf(http, done), counts);
        else
            toasts.Leave(http, text, counts);
    }

    private static string ReasonOf(HttpContext http, Refusal? why)
    {
        var texts = http.RequestServices.GetRequiredService<OwnLanguages>().For(http);
        return why is { Errors: [var error, ..] }
            ? FieldProblems.Translate(error.Title, texts.All)
            : texts["link.gone"];
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

    private static async Task<EditResult<ResourceId>?> RunAsync(
        HttpContext http,
        LinkEditor editor,
        string action,
        long id
    ) =>
        action switch
        {
            "enable" => await SwitchAsync(http, editor, id, enables: true),
            "disable" => await SwitchAsync(http, editor, id, enables: false),
            "delete" => await editor.DeleteAsync(http.Caller(), id, isPermanent: false, http.RequestAborted),
            _ => null,
        };

    private static Task<EditResult<ResourceId>> SwitchAsync(
        HttpContext http,
        LinkEditor editor,
        long id,
        bool enables
    ) =>
        editor.UpdateAsync(
            http.Caller(),
            id,
            new()
            {
                Errors = [],
                Warnings = [],
                Meaning = new(),
                TimeZone = http.Caller().TimeZone,
                AskedHost = http.Request.Headers.Host.ToString(),
                IsEnabled = new("is_enabled", enables),
            },
            afterwards: null,
            http.RequestAborted
        );

    private static string Back(HttpContext http) => LocalPath.Of(http, http.Request.Form["back"]);
}
