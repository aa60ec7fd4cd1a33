using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Web.Notices;

namespace Signpost.Dashboard.Links.Form;

/// <summary>
/// The pages to create and to edit a link. The form has the names of the API's fields and is read by the same reader; an edit sends only the
/// fields that differ from the stored ones.
/// </summary>
internal static class LinkFormEndpoints
{
    private const string Explain = "/explain";
    private const string FieldOfEveryForm = "location_url";

    // The fields of a new link that an address may fill in.
    private static readonly string[] Filled = ["url", "domain_id"];

    public static void MapLinkForm(this IEndpointRouteBuilder dashboard)
    {
        var links = dashboard.MapGroup("/links").Scoped(Scopes.LinksWrite);
        links.MapMethods("/new", DashboardEndpoints.Reads, ShowNew);
        links.MapPost("/new", SaveNew).ForForms();
        links.MapMethods("/{id}/edit", DashboardEndpoints.Reads, ShowLink);
        links.MapPost("/{id}/edit", SaveLink).ForForms();
        links.MapMethods($"/new{Explain}", DashboardEndpoints.Reads, LeadBack);
        links.MapPost($"/new{Explain}", ExplainNew).ForForms().RequireRateLimiting(RateLimits.PerKey);
        links.MapMethods($"/{{id}}/edit{Explain}", DashboardEndpoints.Reads, LeadBack);
        links.MapPost($"/{{id}}/edit{Explain}", ExplainLink).ForForms().RequireRateLimiting(RateLimits.PerKey);
        links.MapLinkPreview();
    }

    // A form that was shown again stands at the address of its button.
    private static void LeadBack(HttpContext http) => http.SeeOther(http.Request.Path.Value![..^Explain.Length]);

    // Pictures stay in memory: the container may have no place for files. There are 100 rules of each type, each with two fields.
    private static RouteHandlerBuilder ForForms(this RouteHandlerBuilder form) =>
        form.WithMetadata(new RequestSizeLimitAttribute(BodyLimit.WithFiles))
            .KeepsForm(FieldOfEveryForm)
            .WithFormOptions(memoryBufferThreshold: BodyLimit.WithFiles, valueCountLimit: Fields.MostValues);

    private static Task ShowNew(HttpContext http, LinkForms forms, DashboardPages pages) =>
        ShowAsync(http, null, forms, pages);

    private static Task ShowLink(HttpContext http, PathId id, LinkForms forms, DashboardPages pages) =>
        ShowAsync(http, id, forms, pages);

    private static Task SaveNew(HttpContext http, LinkFormSaving saving) => SaveAsync(http, null, saving);

    private static Task SaveLink(HttpContext http, PathId id, LinkFormSaving saving) => SaveAsync(http, id, saving);

    private static async Task ShowAsync(HttpContext http, long? id, LinkForms forms, DashboardPages pages)
    {
        var caller = http.Caller();
        var found =
            id is null && long.TryParse(http.Request.Query["from"], CultureInfo.InvariantCulture, out var from)
                ? await forms.CopyAsync(caller, from, http.RequestAborted)
                : await forms.FindAsync(caller, id, http.RequestAborted);
        if (found is not { } view)
        {
            await NotFoundAsync(http);
            return;
        }

        if (id is null)
            foreach (var name in Filled)
                if (http.Request.Query[name].ToString() is not "" and var value)
                    view.Values.Set(name, value);
        view = await forms.WithChoicesAsync(caller, view, http.RequestAborted);
        await pages.WriteAsync<LinkFormPage>(http, new() { [nameof(LinkFormPage.View)] = view });
    }

    private static Task ExplainNew(HttpContext http, LinkOutcomes outcomes) => ExplainAsync(http, null, outcomes);

    private static Task ExplainLink(HttpContext http, PathId id, LinkOutcomes outcomes) =>
        ExplainAsync(http, id, outcomes);

    private static async Task ExplainAsync(HttpContext http, long? id, LinkOutcomes outcomes)
    {
        if (!await outcomes.RunAsync(http, id))
            await NotFoundAsync(http);
    }

    private static async Task SaveAsync(HttpContext http, long? id, LinkFormSaving saving)
    {
        if (!await saving.RunAsync(http, id))
            await NotFoundAsync(http);
    }

    private static async Task NotFoundAsync(HttpContext http) =>
        await http.RequestServices.GetRequiredService<VisitorPages>().WriteAsync(http, VisitorPage.NotFound);
}
