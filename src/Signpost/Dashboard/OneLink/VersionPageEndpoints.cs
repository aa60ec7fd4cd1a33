using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Dashboard.Account;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Links;
using Signpost.Links.Versions;
using static Signpost.Dashboard.OneLink.OneLinkLayout;

namespace Signpost.Dashboard.OneLink;

/// <summary>The versions of a link, what each changed, and the form that restores one.</summary>
internal static class VersionPageEndpoints
{
    private const string OneVersion = "/versions/{version}";

    public static void MapVersionPages(this IEndpointRouteBuilder link)
    {
        link.MapMethods("/versions", DashboardEndpoints.Reads, ShowList);
        link.MapMethods(OneVersion, DashboardEndpoints.Reads, ShowVersion);
        link.MapMethods($"{OneVersion}/restore", DashboardEndpoints.Reads, Leave);
        link.MapPost($"{OneVersion}/restore", Restore);
    }

    private static async Task ShowList(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        LinkCatalog catalog,
        VersionCatalog versions,
        LinkHeads heads,
        VersionTexts texts,
        DashboardPages pages
    )
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        var page = Math.Max(
            1,
            long.TryParse(http.Request.Query["page"], CultureInfo.InvariantCulture, out var asked) ? asked : 1
        );
        Paging paging = new(page, Paging.UsualSize);
        if (
            await catalog.FindAsync(caller, id, cancel) is not { } link
            || await versions.ListAsync(caller, id, paging, cancel) is not var (found, total)
        )
        {
            await OneLinkEndpoints.NotFoundAsync(http);
            return;
        }

        var head = heads.Of(http, link);
        var first = (page - 1) * paging.Size + 1;
        VersionsPage.Content content = new(
            head,
            [.. found.Select(version => texts.LineOf(http, version))],
            first,
            total,
            page > 1 ? Address(page - 1) : null,
            first + found.Count <= total && found.Count > 0 ? Address(page + 1) : null
        );
        await pages.WriteAsync<VersionsPage>(http, new() { [nameof(VersionsPage.View)] = content });

        string Address(long number) => $"{head.Path}/versions?page={number}";
    }

    private static async Task ShowVersion(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        [FromRoute(Name = "version")] PathId version
    ) => await ShowAsync(http, id, version, []);

    // The address of a form that was sent, opened again.
    private static void Leave(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        [FromRoute(Name = "version")] PathId version
    ) => http.SeeOther($"{LinkHead.PathOf(id)}/versions/{version.Value}");

    private static async Task Restore(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        [FromRoute(Name = "version")] PathId version,
        VersionCatalog versions,
        VersionRestore restore,
        LinkEditor editor,
        Toasts toasts
    )
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        var host = http.Request.Headers.Host.ToString();
        if (
            await versions.ListAsync(caller, id, new(1, 1), cancel) is not ([var now, ..], _)
            || await restore.ReadAsync(caller, id, version, host, cancel) is not { } changes
        )
        {
            await OneLinkEndpoints.NotFoundAsync(http);
            return;
        }

        switch (await editor.UpdateAsync(caller, id, changes, afterwards: null, cancel))
        {
            case EditResult<ResourceId>.Done:
                toasts.Leave(
                    http,
                    changes.Warnings is [] ? "versions.done" : "versions.done.partly",
                    $"{LinkHead.PathOf(id)}/versions/{now.Version}/restore",
                    [],
                    [("number", $"{version.Value}")]
                );
                http.SeeOther(LinkHead.PathOf(id));
                break;
            case EditResult<ResourceId>.Refused(var why):
                await ShowAsync(http, id, version, why.Errors);
                break;
        }
    }

    private static async Task ShowAsync(HttpContext http, PathId id, PathId number, IReadOnlyList<FieldError> errors)
    {
        var services = http.RequestServices;
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        if (
            await services.GetRequiredService<LinkCatalog>().FindAsync(caller, id, cancel) is not { } link
            || await services.GetRequiredService<VersionCatalog>().FindAsync(caller, id, number, cancel)
                is not { } version
        )
        {
            await OneLinkEndpoints.NotFoundAsync(http);
            return;
        }

        var texts = services.GetRequiredService<VersionTexts>();
        var names = await services.GetRequiredService<ThingCatalogs>().OfAsync(caller, cancel, link, version.Link);
        VersionPage.Content content = new(
            services.GetRequiredService<LinkHeads>().Of(http, link),
            texts.LineOf(http, version),
            texts.ChangesOf(http, version.Difference, names),
            texts.ChangesOf(http, ChangedFieldResponse.Between(link, version.Link), names),
            [.. errors.Select(error => (AccountForms.Translate(http, error.Title), (string?)null))]
        );
        await services
            .GetRequiredService<DashboardPages>()
            .WriteAsync<VersionPage>(
                http,
                new() { [nameof(VersionPage.View)] = content },
                errors is [] ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest
            );
    }
}
