using System.Globalization;
using System.Text;
using Signpost.Api.Callers;
using Signpost.Dashboard.Shell;
using Signpost.Statistics.Listing;
using Signpost.Web.Notices;

namespace Signpost.Dashboard.Unknown;

/// <summary>The page of unknown aliases, and its export. The address has the parameters of <c>/api/statistics/orphans</c>.</summary>
internal static class UnknownEndpoints
{
    public const string Path = "/dashboard/unknown";

    public static void MapUnknownPages(this IEndpointRouteBuilder dashboard)
    {
        var unknown = dashboard.MapGroup("/unknown").Scoped(Scopes.StatsRead);
        unknown.MapMethods("", DashboardEndpoints.Reads, Show);
        unknown.MapMethods("/export", DashboardEndpoints.Reads, Export);
    }

    private static async Task Show(HttpContext http, UnknownAliases aliases, DashboardPages pages)
    {
        if (await aliases.ReadAsync(http) is { } content)
            await pages.WriteAsync<UnknownPage>(
                http,
                new() { [nameof(UnknownPage.View)] = content },
                content.IsWrong ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK
            );
        else
            await http.RequestServices.GetRequiredService<VisitorPages>().WriteAsync(http, VisitorPage.NotFound);
    }

    private static async Task<IResult> Export(HttpContext http, UnknownAliases aliases)
    {
        if (await aliases.ListAsync(http) is not var (host, rows))
        {
            await http.RequestServices.GetRequiredService<VisitorPages>().WriteAsync(http, VisitorPage.NotFound);
            return Results.Empty;
        }

        // Without the mark, Excel takes UTF-8 for another encoding.
        StringBuilder csv = new("\uFEFFhost,url,pageviews,last_date");
        csv.Append(CsvText.LineEnd);
        foreach (var row in rows)
        {
            CsvText.Append(csv, host);
            csv.Append(',');
            CsvText.Append(csv, row.Url);
            csv.Append(CultureInfo.InvariantCulture, $",{row.Pageviews},{row.LastDate}");
            csv.Append(CsvText.LineEnd);
        }

        http.Response.Headers.CacheControl = "private, no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentDisposition = "attachment; filename=\"unknown-aliases.csv\"";
        return TypedResults.Text(csv.ToString(), "text/csv", Encoding.UTF8);
    }
}
