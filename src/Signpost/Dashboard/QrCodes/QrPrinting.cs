using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.Dashboard.Links;
using Signpost.Dashboard.ManyLinks;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Links;
using Signpost.QrCodes;

namespace Signpost.Dashboard.QrCodes;

/// <summary>Makes sheets of QR codes: of chosen links, of all that a list finds, or of the kept codes.</summary>
internal static class QrPrinting
{
    /// <summary>So many codes are on one page. The others are on the next ones.</summary>
    public const int Most = 240;

    private const string OfLinks = "/dashboard/links/print";
    private const string OfCodes = "/dashboard/qr-codes/print";
    private const string Format = "svg";

    /// <summary>Columns and rows; the first is the usual one.</summary>
    public static readonly string[] Grids = ["3x4", "2x3", "4x5", "5x7"];

    /// <summary>Sizes of paper; the first is the usual one.</summary>
    public static readonly string[] Papers = ["a4", "letter"];

    // They say how a sheet looks, and not which codes are on it.
    private static readonly string[] Looks = ["grid", "paper", "page"];

    public static void MapQrPrinting(this IEndpointRouteBuilder dashboard)
    {
        var pages = dashboard.MapGroup("").Scoped(Scopes.LinksRead).RequireRateLimiting(RateLimits.PerKey);
        pages.MapMethods(OfLinks["/dashboard".Length..], DashboardEndpoints.Reads, PrintLinks);
        pages.MapMethods(OfCodes["/dashboard".Length..], DashboardEndpoints.Reads, PrintCodes);
    }

    /// <summary>The number of codes on a sheet.</summary>
    public static int CellsOf(string grid) => (grid[0] - '0') * (grid[2] - '0');

    private static async Task PrintLinks(
        HttpContext http,
        Selections selections,
        LinkCatalog catalog,
        QrSketches sketches,
        DashboardPages pages,
        Toasts toasts
    )
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        var selection = await selections.FindAsync(http, http.Request.QueryString.Value ?? "");
        var page = PageOf(http);
        long[] ids = [.. selection.Ids.Skip((int)Math.Min(int.MaxValue, (page - 1) * Most)).Take(Most)];
        if (ids is [])
        {
            if (selection.IsTooMany)
                toasts.Leave(http, selection.WhyEmpty);
            http.SeeOther(page > 1 ? $"{OfLinks}?{selection.Query}" : selection.List?.Of() ?? Navigation.Home);
            return;
        }

        List<QrPrintPage.Cell> cells = [];
        foreach (var link in await catalog.ListAsync(caller, ids, cancel))
            if (await DrawAsync(caller, sketches, link, cancel) is { } picture)
                cells.Add(new(picture, link.Title, LinkLines.ShortText(link.ShortUrl)));
        await WriteAsync(http, pages, OfLinks, selection.Query, cells, page, selection.Ids.Count);
    }

    private static async Task PrintCodes(
        HttpContext http,
        IResourceCatalog<QrCodeResponse> catalog,
        DashboardPages pages
    )
    {
        var page = PageOf(http);
        List<long> chosen = [.. ChosenOf(http.Request.Query)];
        if (chosen is not [])
        {
            await PrintChosenAsync(http, catalog, pages, chosen);
            return;
        }

        ResourceQuery query = new(
            new("name"),
            new(new(page, Most), ByLastEdit: false, From: null, To: null, OrderBy: "qr_code_id", Ascending: false)
        );
        var (codes, total) = await catalog.ListAsync(http.Caller(), query, http.RequestAborted);
        if (codes is [])
        {
            http.SeeOther("/dashboard/qr-codes");
            return;
        }

        await WriteAsync(http, pages, OfCodes, "", [.. codes.Select(CellOf)], page, total);
    }

    // The boxes of the list send each id, and this page sends them all in one.
    private static IEnumerable<long> ChosenOf(IQueryCollection query) =>
        query["id"]
            .Select(text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Concat(IdRanges.Read($"{query["ids"]}", Most))
            .Where(id => id > 0)
            .Distinct()
            .Order()
            .Take(Most);

    private static async Task PrintChosenAsync(
        HttpContext http,
        IResourceCatalog<QrCodeResponse> catalog,
        DashboardPages pages,
        List<long> chosen
    )
    {
        List<QrPrintPage.Cell> cells = [];
        foreach (var id in chosen)
            if (await catalog.FindAsync(http.Caller(), id, http.RequestAborted) is { } code)
                cells.Add(CellOf(code));
        if (cells is [])
            http.SeeOther("/dashboard/qr-codes");
        else
            await WriteAsync(http, pages, OfCodes, $"ids={IdRanges.Write(chosen)}", cells, 1, cells.Count);
    }

    private static QrPrintPage.Cell CellOf(QrCodeResponse code) =>
        new(
            QrPageEndpoints.PathOf(code.QrCode),
            code.Name,
            code.EmbeddedData is { } data ? QrPageEndpoints.TargetOf(code, data) : null
        );

    // Null: the address of the link is too long for a code.
    private static async Task<string?> DrawAsync(
        Caller caller,
        QrSketches sketches,
        LinkResponse link,
        CancellationToken cancel
    )
    {
        var usual = new FieldReader(new Fields(), caller.TimeZone);
        var sketch = await sketches.ReadAsync(caller, QrTargets.TextOf(link.ShortUrl), usual);
        return await sketches.DrawAsync(sketch, Format, cancel) is { } picture
            ? $"data:{picture.ContentType};base64,{Convert.ToBase64String(picture.Content)}"
            : null;
    }

    private static Task WriteAsync(
        HttpContext http,
        DashboardPages pages,
        string path,
        string selection,
        IReadOnlyList<QrPrintPage.Cell> cells,
        long page,
        long total
    )
    {
        var query = http.Request.Query;
        var (grid, paper) = (Known(Grids, query["grid"]), Known(Papers, query["paper"]));
        QrPrintPage.Content content = new()
        {
            Path = path,
            Selection =
            [
                .. QueryHelpers
                    .ParseQuery(selection)
                    .Where(one => !Looks.Contains(one.Key))
                    .Select(one => (one.Key, $"{one.Value}")),
            ],
            Cells = cells,
            Grid = grid,
            Paper = paper,
            First = (page - 1) * Most + 1,
            Total = total,
            Previous = page > 1 ? AddressOf(page - 1) : null,
            Next = page * Most < total ? AddressOf(page + 1) : null,
        };
        return pages.WriteAsync<QrPrintPage>(http, new() { [nameof(QrPrintPage.View)] = content });

        string AddressOf(long other) =>
            $"{path}?{(selection is "" ? "" : $"{selection}&")}grid={grid}&paper={paper}&page={other}";
    }

    private static string Known(string[] words, string? word) => words.Contains(word) ? word! : words[0];

    private static long PageOf(HttpContext http) =>
        long.TryParse(http.Request.Query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var page)
        && page is > 0 and < 1_000_000
            ? page
            : 1;
}
