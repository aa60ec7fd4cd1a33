using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Web.Languages;

namespace Signpost.Dashboard.Links;

/// <summary>
/// The forms of saved views. The field <c>list</c> names the list that they save, as the query of its address. A form that brings a view
/// back has its stored value instead.
/// </summary>
internal static class LinkViewEndpoints
{
    private const string Views = "/dashboard/links/views";

    public static void MapLinkViews(this IEndpointRouteBuilder links)
    {
        links.MapPost("/views", Create);
        links.MapPost("/views/{view_id}", Update);
        links.MapPost("/views/{view_id}/delete", Delete);
        links.LeadBack(Navigation.Home, "/views", "/views/{view_id}", "/views/{view_id}/delete");
    }

    private static async Task Create(HttpContext http, LinkViews views, Toasts toasts)
    {
        var (caller, list, cancel) = (http.Caller(), ListOf(http), http.RequestAborted);
        var name = http.Request.Form["name"].ToString().Trim();
        var value = http.Request.Form["value"].ToString() is { Length: > 0 } stored ? stored : LinkViews.ValueOf(list);
        switch (await views.CreateAsync(caller, name, value, cancel))
        {
            case EditResult<ResourceId>.Done(var made):
                toasts.Leave(http, "views.done.saved", ("name", name));
                http.SeeOther((await views.FindAsync(caller, made.Id, cancel))?.Address ?? Navigation.Home);
                break;
            case EditResult<ResourceId>.Refused(var why):
                await RefuseAsync(http, list, null, name, why);
                break;
        }
    }

    // Without a name, the view gets the list that is shown.
    private static async Task Update(
        HttpContext http,
        [FromRoute(Name = "view_id")] PathId id,
        LinkViews views,
        Toasts toasts
    )
    {
        var (caller, list, cancel) = (http.Caller(), ListOf(http), http.RequestAborted);
        var name = http.Request.Form.ContainsKey("name") ? http.Request.Form["name"].ToString().Trim() : null;
        switch (await views.UpdateAsync(caller, id, name, name is null ? LinkViews.ValueOf(list) : null, cancel))
        {
            case EditResult<ResourceId>.Done:
                var view = await views.FindAsync(caller, id, cancel);
                var done = name is null ? "views.done.replaced" : "views.done.renamed";
                toasts.Leave(http, done, ("name", view?.Name ?? ""));
                http.SeeOther(list.Of(LinksPage.LinkListAddress.View, $"{id.Value}"));
                break;
            case EditResult<ResourceId>.Refused(var why):
                await RefuseAsync(http, list, id.Value, name ?? "", why);
                break;
        }
    }

    private static async Task Delete(
        HttpContext http,
        [FromRoute(Name = "view_id")] PathId id,
        LinkViews views,
        DashboardPages pages,
        Toasts toasts
    )
    {
        var (caller, list, cancel) = (http.Caller(), ListOf(http), http.RequestAborted);
        if (await views.FindAsync(caller, id, cancel) is not { } view)
        {
            http.SeeOther(list.Of());
            return;
        }

        (string, string)[] undo = [("name", view.Name), ("value", view.Value)];
        var canUndo = Toasts.Holds(undo);
        if (!canUndo && http.Request.Form["confirmed"] != "1")
        {
            await pages.WriteAsync<DeleteViewPage>(
                http,
                new() { [nameof(DeleteViewPage.View)] = view, [nameof(DeleteViewPage.List)] = list }
            );
            return;
        }

        if (await views.DeleteAsync(caller, id, cancel) is EditResult<ResourceId>.Done)
            toasts.Leave(
                http,
                "views.done.deleted",
                canUndo ? Views : null,
                canUndo ? undo : [],
                [("name", view.Name)]
            );
        http.SeeOther(list.Of());
    }

    // A view that somebody else has deleted is gone from the page.
    private static async Task RefuseAsync(
        HttpContext http,
        LinksPage.LinkListAddress list,
        long? id,
        string typed,
        Refusal why
    )
    {
        if (why.Errors is not [var error, ..])
        {
            http.SeeOther(list.Of());
            return;
        }

        // The form of a view is shown only while the view is open.
        if (id is not null)
            list = list.With(LinksPage.LinkListAddress.View, $"{id}");
        var services = http.RequestServices;
        var lists = services.GetRequiredService<LinkLists>();
        var text = FieldProblems.Translate(error.Title, services.GetRequiredService<OwnLanguages>().For(http).All);
        var shown =
            await lists.ReadAsync(http, list, page: null)
            ?? (await lists.ReadAsync(http, list.Only(LinksPage.LinkListAddress.View), page: null))!;
        await LinksEndpoints.WriteAsync(
            http,
            services.GetRequiredService<DashboardPages>(),
            shown with
            {
                ViewError = new(id, typed, text),
            },
            StatusCodes.Status400BadRequest
        );
    }

    /// <summary>The list that a form names in its field <c>list</c>.</summary>
    public static LinksPage.LinkListAddress ListOf(HttpContext http)
    {
        QueryCollection query = new(QueryHelpers.ParseQuery(http.Request.Form["list"].ToString()));
        return LinkLists.AddressOf(query).Bare;
    }
}
