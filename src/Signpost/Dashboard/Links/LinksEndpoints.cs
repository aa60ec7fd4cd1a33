using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Dashboard.Account;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Hosting;
using Signpost.Links;
using Signpost.Web.Languages;

namespace Signpost.Dashboard.Links;

/// <summary>The list of links, and the form that creates a link of one field.</summary>
internal static class LinksEndpoints
{
    /// <summary>The notice with the first API key of a new server.</summary>
    public const string FirstKeyNotice = "first-key";

    /// <summary>The notice with the id of a link that was just created.</summary>
    public const string MadeNotice = "made-link";

    public static void MapLinkPages(this IEndpointRouteBuilder dashboard)
    {
        var links = dashboard.MapGroup("/links").Scoped(Scopes.LinksRead, Scopes.LinksWrite);
        links.MapMethods("", DashboardEndpoints.Reads, Show);
        links.MapPost("", Create).KeepsSimpleForm("location_url");
        links.MapGet("/search", Suggest).RequireRateLimiting(RateLimits.PerKey);
        links.MapLinkActions();
        links.MapLinkViews();
    }

    private static async Task Show(HttpContext http, LinkLists lists, DashboardPages pages, OneTimeNotice notice)
    {
        var list = LinkLists.AddressOf(http.Request.Query);
        if (await lists.ReadAsync(http, list, PageOf(http)) is not { } content)
        {
            http.SeeOther(PageOf(http) is null ? Navigation.Home : list.Of());
            return;
        }

        if (content.Lines is [] && content.Total > 0 && PageOf(http) is not null)
        {
            http.SeeOther(list.Of());
            return;
        }

        if (long.TryParse(notice.Take(http, MadeNotice), out var made))
            content = content with { Made = await lists.FindAsync(http, made) };
        await WriteAsync(http, pages, content with { FirstKey = notice.Take(http, FirstKeyNotice) });
    }

    // The links of the palette.
    private static async Task Suggest(HttpContext http, LinkLists lists)
    {
        var links = await lists.SuggestAsync(http, $"{http.Request.Query["search"]}".Trim());
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        await http.Response.WriteAsJsonAsync(
            links.Select(link => new Suggestion(
                link.Id,
                LinkLines.ShortText(link.ShortUrl),
                link.Title ?? link.LocationUrl
            )),
            ApiJson.Options,
            http.RequestAborted
        );
    }

    private static async Task Create(
        HttpContext http,
        LinkEditor editor,
        FormKeys keys,
        LinkLists lists,
        DashboardPages pages,
        OneTimeNotice notice,
        OwnLanguages languages,
        SignpostSettings settings
    )
    {
        var (caller, typed) = (http.Caller(), $"{http.Request.Form["location_url"]}".Trim());
        Fields fields = new();
        fields.Add("location_url", new FieldValue.Text(typed));
        var changes = LinkFields.Read(fields, caller.TimeZone, isNew: true, settings.AppSchemes) with
        {
            AskedHost = http.Request.Headers.Host.ToString(),
        };
        var texts = languages.For(http);
        var error = typed is "" ? texts["error.destination"] : null;
        if (error is null)
        {
            var result = await keys.CreateAsync<LinkCreation>(
                http,
                keep => editor.CreateAsync(caller, changes, keep, http.RequestAborted),
                made => ((CreatedLink)made).Id
            );
            switch (result)
            {
                case EditResult<ResourceId>.Done(var made):
                    notice.Leave(http, MadeNotice, $"{made.Id}");
                    http.SeeOther(Navigation.Home);
                    return;
                case EditResult<ResourceId>.Refused(var why):
                    error = why.Errors is [var first, ..] ? AccountForms.Translate(http, first.Title) : null;
                    break;
            }
        }

        var content = await lists.ReadAsync(http, new(new Dictionary<string, string>()), page: null);
        await WriteAsync(
            http,
            pages,
            content! with
            {
                Error = error ?? texts["error.destination"],
                Typed = typed,
            },
            StatusCodes.Status400BadRequest
        );
    }

    /// <summary>Shows the list.</summary>
    public static Task WriteAsync(
        HttpContext http,
        DashboardPages pages,
        LinksPage.Content content,
        int status = StatusCodes.Status200OK
    ) => pages.WriteAsync<LinksPage>(http, new() { [nameof(LinksPage.View)] = content }, status);

    private static (string Name, string Value)? PageOf(HttpContext http)
    {
        foreach (var name in (string[])["cursor", "page"])
            if (http.Request.Query[name].ToString() is not "" and var value)
                return (name, value);
        return null;
    }

    private sealed record Suggestion(long Id, string ShortText, string More);
}
