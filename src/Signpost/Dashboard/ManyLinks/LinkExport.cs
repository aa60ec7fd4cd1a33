using System.Globalization;
using System.Text;
using Signpost.Api.Callers;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Links;
using Signpost.Statistics.Listing;

namespace Signpost.Dashboard.ManyLinks;

/// <summary>
/// Links as CSV. The columns have the names of the API's fields, so that the page for many new links reads them, too.
/// </summary>
internal static class LinkExport
{
    private const int AtOnce = 1_000;

    private static readonly (string Name, Func<LinkResponse, string?> Of)[] Columns =
    [
        ("id", link => Text(link.Id)),
        ("short_url", link => link.ShortUrl),
        ("url", link => link.Url),
        ("location_url", link => link.LocationUrl),
        ("title", link => link.Title),
        ("note", link => link.Note),
        ("tags", link => string.Join(", ", link.Tags)),
        ("project_id", link => link.ProjectId is { } project ? Text(project) : null),
        ("domain_id", link => Text(link.DomainId)),
        ("is_enabled", link => link.IsEnabled ? "1" : "0"),
        ("schedule", link => link.Settings.Schedule ? "1" : "0"),
        ("start_date", link => link.StartDate),
        ("end_date", link => link.EndDate),
        ("utm_source", link => link.Settings.UtmSource),
        ("utm_medium", link => link.Settings.UtmMedium),
        ("utm_campaign", link => link.Settings.UtmCampaign),
        ("utm_term", link => link.Settings.UtmTerm),
        ("utm_content", link => link.Settings.UtmContent),
        ("clicks", link => Text(link.Clicks)),
        ("datetime", link => link.Datetime),
    ];

    /// <summary>Sends the links that the address names, 1,000 after the other. If there are too many, the list says so.</summary>
    public static async Task SendAsync(HttpContext http, Selections selections, LinkCatalog catalog, Toasts toasts)
    {
        var selection = await selections.FindAsync(http, http.Request.QueryString.Value ?? "");
        if (selection.IsTooMany)
        {
            toasts.Leave(http, selection.WhyEmpty);
            http.SeeOther(selection.List?.Of() ?? Navigation.Home);
            return;
        }

        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.CacheControl = "private, no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentDisposition = "attachment; filename=\"links.csv\"";
        StringBuilder csv = new();
        csv.AppendJoin(',', Columns.Select(column => column.Name)).Append(CsvText.LineEnd);
        foreach (var ids in selection.Ids.Chunk(AtOnce).DefaultIfEmpty([]))
        {
            foreach (var link in await catalog.ListAsync(http.Caller(), ids, http.RequestAborted))
                Append(csv, link);
            await http.Response.WriteAsync(csv.ToString(), http.RequestAborted);
            csv.Clear();
        }
    }

    private static void Append(StringBuilder csv, LinkResponse link)
    {
        for (var i = 0; i < Columns.Length; i++)
        {
            if (i > 0)
                csv.Append(',');
            CsvText.Append(csv, Columns[i].Of(link));
        }

        csv.Append(CsvText.LineEnd);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
