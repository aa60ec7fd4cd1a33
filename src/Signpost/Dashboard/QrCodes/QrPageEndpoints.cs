using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.Dashboard.Links;
using Signpost.Dashboard.OneLink;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.QrCodes;

namespace Signpost.Dashboard.QrCodes;

/// <summary>The kept QR codes, their designer and their pictures.</summary>
internal static class QrPageEndpoints
{
    private const string Codes = "/dashboard/qr-codes";
    private const int PageSize = 24;

    // A form with a logo.
    private const int LargestForm = 1 << 20;

    public static void MapQrPages(this IEndpointRouteBuilder dashboard)
    {
        var codes = dashboard.MapGroup("/qr-codes").Scoped(Scopes.LinksRead, Scopes.LinksWrite);
        codes.MapMethods("", DashboardEndpoints.Reads, ShowList);
        codes
            .MapMethods("/picture", DashboardEndpoints.Reads, QrPicturePage.SendAsync)
            .RequireRateLimiting(RateLimits.PerKey);
        codes.MapMethods("/new", DashboardEndpoints.Reads, ShowNew);
        codes.MapPost("/new", SaveNew).ForForms();
        codes.MapMethods("/{code_id}", DashboardEndpoints.Reads, ShowCode);
        codes.MapPost("/{code_id}", SaveCode).ForForms();
        codes.MapMethods("/{code_id}/delete", DashboardEndpoints.Reads, Ask).Scoped(Scopes.LinksWrite);
        codes.MapPost("/{code_id}/delete", Delete);
        dashboard.MapQrPrinting();
        dashboard
            .MapMethods("/links/{link_id}/qr", DashboardEndpoints.Reads, LeadToDesigner)
            .Scoped(Scopes.LinksRead, Scopes.LinksWrite);
    }

    // Pictures stay in memory: the container may have no place for files.
    private static void ForForms(this RouteHandlerBuilder form) =>
        form.WithMetadata(new RequestSizeLimitAttribute(LargestForm))
            .WithFormOptions(memoryBufferThreshold: LargestForm)
            .KeepsSimpleForm("name");

    private static async Task ShowList(HttpContext http, IResourceCatalog<QrCodeResponse> catalog, DashboardPages pages)
    {
        var caller = http.Caller();
        var page = Math.Max(
            1,
            long.TryParse(http.Request.Query["page"], CultureInfo.InvariantCulture, out var asked) ? asked : 1
        );
        ResourceQuery query = new(
            new("name"),
            new(new(page, PageSize), ByLastEdit: false, From: null, To: null, OrderBy: "qr_code_id", Ascending: false)
        );
        var (found, total) = await catalog.ListAsync(caller, query, http.RequestAborted);
        if (found is [] && page > 1)
        {
            http.SeeOther(Codes);
            return;
        }

        var first = (page - 1) * PageSize + 1;
        QrListPage.Content content = new(
            [
                .. found.Select(code => new QrListPage.Code(
                    code.Id,
                    code.Name,
                    PathOf(code.QrCode),
                    code.EmbeddedData is { } data ? TargetOf(code, data) : null,
                    code.EmbeddedData is null ? null : code.LinkId,
                    OneLinkEndpoints.Instant(code.Datetime, caller.TimeZone)
                )),
            ],
            first,
            total,
            page > 1 ? $"{Codes}?page={page - 1}" : null,
            first + found.Count <= total ? $"{Codes}?page={page + 1}" : null
        );
        await pages.WriteAsync<QrListPage>(http, new() { [nameof(QrListPage.View)] = content });
    }

    private static Task ShowNew(HttpContext http, QrDesigner designer) => designer.ShowAsync(http, id: null);

    private static Task SaveNew(HttpContext http, QrDesigner designer) => designer.SaveAsync(http, id: null);

    private static Task ShowCode(HttpContext http, [FromRoute(Name = "code_id")] PathId id, QrDesigner designer) =>
        designer.ShowAsync(http, id.Value);

    private static Task SaveCode(HttpContext http, [FromRoute(Name = "code_id")] PathId id, QrDesigner designer) =>
        designer.SaveAsync(http, id.Value);

    private static void LeadToDesigner(HttpContext http, [FromRoute(Name = "link_id")] PathId id) =>
        http.SeeOther($"{Codes}/new?link_id={id.Value}");

    private static async Task Ask(
        HttpContext http,
        [FromRoute(Name = "code_id")] PathId id,
        IResourceCatalog<QrCodeResponse> catalog,
        DashboardPages pages
    )
    {
        if (await catalog.FindAsync(http.Caller(), id, http.RequestAborted) is { } code)
            await pages.WriteAsync<DeleteQrPage>(
                http,
                new() { [nameof(DeleteQrPage.Id)] = code.Id, [nameof(DeleteQrPage.Name)] = code.Name }
            );
        else
            await OneLinkEndpoints.NotFoundAsync(http);
    }

    private static async Task Delete(
        HttpContext http,
        [FromRoute(Name = "code_id")] PathId id,
        IResourceCatalog<QrCodeResponse> catalog,
        IResourceEditor<QrCodeChanges> editor,
        Toasts toasts
    )
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        if (await catalog.FindAsync(caller, id, cancel) is { } code)
        {
            await editor.DeleteAsync(caller, id, new Fields(), cancel);
            toasts.Leave(http, "qr.done.deleted", ("name", code.Name));
        }

        http.SeeOther(Codes);
    }

    /// <summary>The picture is on the public address; the page shows it on its own host.</summary>
    public static string PathOf(string picture) =>
        picture[picture.LastIndexOf(QrCodeCatalog.Prefix, StringComparison.Ordinal)..];

    /// <summary>The text of a code as people read it.</summary>
    public static string TargetOf(QrCodeResponse code, string data) =>
        code.LinkId is null ? data : LinkLines.ShortText(data).Split('?')[0];
}
