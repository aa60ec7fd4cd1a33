using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Dashboard.Links;
using Signpost.Dashboard.OneLink;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Links;
using Signpost.Statistics.Listing;
using Signpost.Web.Languages;

namespace Signpost.Dashboard.BulkCreate;

/// <summary>The pages to create many links. The address of the result names the links, so a reload creates nothing.</summary>
internal static class BulkPageEndpoints
{
    private const string Bulk = "/dashboard/links/bulk";
    private const int LongestAddress = 4_000;

    public static void MapBulkPages(this IEndpointRouteBuilder dashboard)
    {
        var bulk = dashboard.MapGroup("/links/bulk").Scoped(Scopes.LinksWrite);
        bulk.MapMethods("", DashboardEndpoints.Reads, Show);
        bulk.MapPost("", Send)
            .WithMetadata(new RequestSizeLimitAttribute(BodyLimit.Links.TextBytes))
            .WithFormOptions(memoryBufferThreshold: BodyLimit.Links.TextBytes)
            .KeepsSimpleForm("text");
        bulk.MapMethods("/result", DashboardEndpoints.Reads, ShowResult);
        bulk.MapMethods("/result.csv", DashboardEndpoints.Reads, Download);
    }

    private static Task Show(HttpContext http, DashboardPages pages) =>
        WriteAsync(http, pages, new("", null, null), StatusCodes.Status200OK);

    private static async Task Send(
        HttpContext http,
        BulkCreator creator,
        DashboardPages pages,
        OwnLanguages languages,
        Toasts toasts
    )
    {
        var text = await TextAsync(http);
        var sheet = BulkSheet.Read(text);
        if (ProblemOf(sheet) is { } problem)
        {
            var error = languages.For(http).All[problem];
            await WriteAsync(http, pages, new(text, null, error), StatusCodes.Status400BadRequest);
            return;
        }

        var lines = await creator.CheckAsync(http, sheet);
        if (http.Request.Form["do"] != "create")
        {
            await WriteAsync(http, pages, new(text, lines, null), StatusCodes.Status200OK);
            return;
        }

        var made = await creator.CreateOnceAsync(http, sheet, lines);
        lines = [.. lines.Select(line => line with { Error = made.Problems.GetValueOrDefault(line.Number) })];
        if (made.Problems.Count == 0)
            LeadToResult(http, made.Ids, toasts);
        else
            await WriteAsync(http, pages, Rest(sheet, lines, made.Ids), StatusCodes.Status200OK);
    }

    private static string? ProblemOf(BulkSheet sheet) =>
        sheet.IsTooWide ? "bulk.sheet.wide"
        : sheet.Rows.Count is 0 ? "bulk.sheet.none"
        : sheet.Rows.Count > BulkCreator.MostRows ? "bulk.sheet.many"
        : null;

    private static void LeadToResult(HttpContext http, IReadOnlyList<long> ids, Toasts toasts)
    {
        var result = ResultOf(ids);
        if (result is null)
            toasts.Leave(http, "bulk.done", ("count", $"{ids.Count}"));
        http.SeeOther(result ?? Navigation.Home);
    }

    // Only the rows that are no links yet, to be mended: nobody creates a link twice.
    private static BulkPage.Content Rest(BulkSheet sheet, IReadOnlyList<BulkPage.Line> lines, IReadOnlyList<long> ids)
    {
        BulkPage.Line[] bad = [.. lines.Where(line => line.Error is not null)];
        var text = sheet.TextOf(
            sheet.Rows.Zip(lines).Where(one => one.Second.Error is not null).Select(one => one.First)
        );
        var numbers = BulkSheet.Read(text).Rows.Select(row => row.Number);
        return new(text, [.. bad.Zip(numbers, (line, number) => line with { Number = number })], null)
        {
            Made = ids.Count,
            MadePath = ids is [] ? null : ResultOf(ids) ?? Navigation.Home,
        };
    }

    // Null: the address would be too long.
    private static string? ResultOf(IReadOnlyList<long> ids) =>
        $"{Bulk}/result?ids={IdRanges.Write(ids)}" is { Length: <= LongestAddress } address ? address : null;

    private static async Task<string> TextAsync(HttpContext http)
    {
        var form = http.Request.Form;
        if (form.Files["file"] is not { Length: > 0 } file)
            return form["text"].ToString();
        using StreamReader reader = new(file.OpenReadStream(), Encoding.UTF8);
        return await reader.ReadToEndAsync(http.RequestAborted);
    }

    private static async Task ShowResult(HttpContext http, LinkCatalog catalog, DashboardPages pages)
    {
        var links = await MadeAsync(http, catalog);
        if (links is [])
        {
            await OneLinkEndpoints.NotFoundAsync(http);
            return;
        }

        BulkResultPage.Content content = new(
            [
                .. links.Select(link => new BulkResultPage.Line(
                    link.Id,
                    link.ShortUrl,
                    LinkLines.ShortText(link.ShortUrl),
                    link.LocationUrl
                )),
            ],
            $"{Bulk}/result.csv?ids={IdRanges.Write([.. links.Select(link => link.Id)])}"
        );
        await pages.WriteAsync<BulkResultPage>(http, new() { [nameof(BulkResultPage.View)] = content });
    }

    private static async Task<IResult> Download(HttpContext http, LinkCatalog catalog)
    {
        StringBuilder csv = new("id,short_url,location_url,title");
        csv.Append(CsvText.LineEnd);
        foreach (var link in await MadeAsync(http, catalog))
        {
            csv.Append(CultureInfo.InvariantCulture, $"{link.Id},");
            CsvText.Append(csv, link.ShortUrl);
            csv.Append(',');
            CsvText.Append(csv, link.LocationUrl);
            csv.Append(',');
            CsvText.Append(csv, link.Title);
            csv.Append(CsvText.LineEnd);
        }

        http.Response.Headers.CacheControl = "private, no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentDisposition = "attachment; filename=\"links.csv\"";
        return TypedResults.Text(csv.ToString(), "text/csv", Encoding.UTF8);
    }

    private static Task WriteAsync(HttpContext http, DashboardPages pages, BulkPage.Content content, int status) =>
        pages.WriteAsync<BulkPage>(http, new() { [nameof(BulkPage.View)] = content }, status);

    /// <summary>The links that the address names, as far as the caller has them.</summary>
    private static Task<IReadOnlyList<LinkResponse>> MadeAsync(HttpContext http, LinkCatalog catalog) =>
        catalog.ListAsync(
            http.Caller(),
            IdRanges.Read($"{http.Request.Query["ids"]}", BulkCreator.MostRows),
            http.RequestAborted
        );
}
