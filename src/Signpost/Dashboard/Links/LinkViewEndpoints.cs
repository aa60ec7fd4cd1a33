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

/// <summary>The forms of saved views. They name the list that they save in the field <c>list</c>, as the query of its address.</summary>
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
        var (list, name) = (ListOf(http), http.Request.Form["name"].ToString().Trim());
        switch (await views.CreateAsync(http.Caller(), name, list, http.RequestAborted))
        {
            case EditResult<ResourceId>.Done(var made):
                toasts.Leave(http, "views.done.saved", ("name", name));
                http.SeeOther(list.Of(LinksPage.LinkListAddress.View, $"{made.Id}"));
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
        switch (await views.UpdateAsync(caller, id, name, name is null ? list : null, cancel))
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
        Toasts toasts
    )
    {
        var (caller, list, cancel) = (http.Caller(), ListOf(http), http.RequestAborted);
        if (
            await views.FindAsync(caller, id, cancel) is { } view
            && await views.DeleteAsync(caller, id, cancel) is EditResult<ResourceId>.Done
        )
            toasts.Leave(
                http,
                "views.done.deleted",
                Views,
                [("name", view.Name), ("list", view.List.Query)],
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

        var services = http.RequestServices;
        var lists = services.GetRequiredService<LinkLists>();
        var text = FieldProblems.Translate(error.Title, services.GetRequiredService<OwnLanguages>().For(http).All);
        var shown =
            await lists.ReadAsync(http, list, page: null)
            ?? (await lists.ReadAsync(http, new(new Dictionary<string, string>()), page: null))!;
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
