using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Statistics.Listing;
using Signpost.Storage;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Statistics;

/// <summary>All clicks of a link as a file.</summary>
public sealed class ExportTests(VisitedServer shared) : StatisticsTests(shared)
{
    private const string Header =
        "\uFEFFid,link_id,short_url,datetime,kind,status,trigger,continent_code,country_code,city_name,os_name,browser_name,device_type,"
        + "browser_language,referrer_host,referrer_path,utm_source,utm_medium,utm_campaign,destination,variant,host,utm_term,utm_content,link_version";

    [Fact]
    public async Task Csv_has_a_header_a_line_a_click_and_no_formulas()
    {
        var link = await LinkAsync();
        await VisitAsync(
            $"{link.Alias}?utm_source={Uri.EscapeDataString("=HYPERLINK(\"https://evil.example\")")}&utm_medium=a%2Cb&utm_campaign=%2B1",
            ("CF-IPCountry", "FR")
        );
        await VisitAsync(link.Alias, ("User-Agent", Robot));
        await CountedAsync(link.Id, 2);

        using var response = await Server.Http.GetAsync($"/api/statistics/{link.Id}/export", Cancel);
        var lines = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(Cancel)).Split("\r\n");

        Assert.Equal("text/csv; charset=utf-8; header=present", response.Content.Headers.ContentType!.ToString());
        Assert.Matches(
            $"""^attachment; filename="clicks-{link.Id}-\d\d\d\d-\d\d-\d\d\.csv"$""",
            response.Content.Headers.ContentDisposition!.ToString()
        );
        Assert.Equal(4, lines.Length);
        Assert.Equal(Header, lines[0]);
        Assert.Contains(
            ",person,302,link,EU,FR,,Linux,Firefox,desktop,,,,\"'=HYPERLINK(\"\"https://evil.example\"\")\",\"a,b\",'+1,https://example.org/,,127.0.0.1",
            lines[1],
            StringComparison.Ordinal
        );
        Assert.Matches(
            $"""^2,{link.Id},{Regex.Escape(Server.Url)}/{link.Alias},\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00,robot,""",
            lines[2]
        );
        Assert.Equal("", lines[3]);
    }

    [Fact]
    public async Task Json_and_its_lines_hold_what_the_list_holds_and_the_short_address_oldest_first()
    {
        var link = await LinkAsync();
        for (var visit = 0; visit < 3; visit++)
            await VisitAsync(link.Alias);
        await CountedAsync(link.Id, 3);

        var list = (await GetAsync($"/api/statistics/{link.Id}/clicks")).Json["data"]!.AsArray().Reverse();
        using var json = await Server.Http.GetAsync($"/api/statistics/{link.Id}/export?format=json", Cancel);
        using var lines = await Server.Http.GetAsync($"/api/statistics/{link.Id}/export?format=ndjson", Cancel);
        var ndjson = await lines.Content.ReadAsStringAsync(Cancel);

        var expected = list.Select(click =>
            {
                click!["short_url"] = $"{Server.Url}/{link.Alias}";
                return click.ToJsonString();
            })
            .ToArray();
        var document = JsonNode.Parse(await json.Content.ReadAsStringAsync(Cancel))!;
        Assert.Equal(expected, document["data"]!.AsArray().Select(click => click!.ToJsonString()));
        Assert.Equal("application/json; charset=utf-8", json.Content.Headers.ContentType!.ToString());
        Assert.EndsWith("\n", ndjson, StringComparison.Ordinal);
        Assert.Equal(expected, ndjson.TrimEnd('\n').Split('\n'));
        Assert.Equal("application/x-ndjson; charset=utf-8", lines.Content.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("csv", Header + "\r\n")]
    [InlineData("json", "{\"data\":[\n]}\n")]
    [InlineData("ndjson", "")]
    public async Task Of_no_clicks_there_is_a_file_too(string format, string expected)
    {
        var link = await LinkAsync();

        var body = await Server.Http.GetByteArrayAsync($"/api/statistics/{link.Id}/export?format={format}", Cancel);

        Assert.Equal(expected, Encoding.UTF8.GetString(body));
    }

    [Fact]
    public async Task Filters_leave_what_they_say_and_the_log_remembers_who_took_it()
    {
        var link = await LinkAsync();
        await VisitFromAsync(link.Alias, "FR", "192.0.2.1");
        await VisitFromAsync(link.Alias, "DE", "192.0.2.2");
        await CountedAsync(link.Id, 2);

        var reply = await GetAsync($"/api/statistics/{link.Id}/export?format=ndjson&country_code=DE");

        Assert.Equal(2, JsonNode.Parse(reply.Body)!["id"]!.GetValue<int>());
        await Patience.UntilAsync(
            async () =>
                (await GetAsync("/api/audit-log?results_per_page=1000")).Json["data"]!
                    .AsArray()
                    .Any(line =>
                        (string)line!["event"]! == "clicks_exported"
                        && (string?)line["detail"] == $"link {link.Id}, ndjson"
                    ),
            "The export in the audit log"
        );
    }

    [Fact]
    public async Task Times_have_the_offset_of_the_account_at_that_time()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

        Assert.Equal("2026-01-31T18:00:00+01:00", Of(2026, 1, 31, 17, 0, berlin));
        Assert.Equal("2026-07-31T19:00:00+02:00", Of(2026, 7, 31, 17, 0, berlin));
        // The hour that comes twice.
        Assert.Equal("2026-10-25T02:30:00+02:00", Of(2026, 10, 25, 0, 30, berlin));
        Assert.Equal("2026-10-25T02:30:00+01:00", Of(2026, 10, 25, 1, 30, berlin));
        Assert.Equal("2026-01-31T17:00:00+00:00", Of(2026, 1, 31, 17, 0, TimeZoneInfo.Utc));
        using var stranger = await StrangerAsync("Asia/Kolkata");
        var id = await MakeAsync(stranger);
        await VisitAsync((await AliasOfAsync(stranger, id)));
        var csv = await CsvAsync($"/{id}/export", 1, stranger);
        Assert.Matches("T[0-9:]{8}\\+05:30,person,", csv[1]);

        static string Of(int year, int month, int day, int hour, int minute, TimeZoneInfo zone) =>
            LocalTime.FormatWithOffset(
                new DateTimeOffset(year, month, day, hour, minute, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(),
                zone
            );
    }

    [Fact]
    public async Task An_export_holds_the_clicks_of_all_links_of_a_project_or_of_a_domain_and_of_nobody_else()
    {
        using var owner = await StrangerAsync();
        using var other = await StrangerAsync();
        var project = await MakeAsync(owner, "/api/projects", ("name", "Exported"));
        var inProject = await MakeAsync(
            owner,
            "/api/links",
            ("project_id", $"{project}"),
            ("url", NewAlias() + "/caf\u00e9")
        );
        var quiet = await MakeAsync(owner);
        var plain = await MakeAsync(owner);
        var foreign = await MakeAsync(other);
        foreach (var (http, id) in new[] { (owner, plain), (owner, inProject), (owner, plain), (other, foreign) })
            await VisitAsync(await AliasOfAsync(http, id));

        var all = await CsvAsync("/export", 3, owner);
        Assert.Equal([inProject, plain, plain], all.Skip(1).Select(LinkOf));
        Assert.Equal(["1", "1", "2"], all.Skip(1).Select(line => line.Split(',')[0]));
        foreach (var line in all.Skip(1))
            Assert.Equal(
                (string?)
                    (await SendAsync(HttpMethod.Get, $"/api/links/{LinkOf(line)}", http: owner)).Json["data"]![
                        "short_url"
                    ],
                line.Split(',')[2]
            );
        Assert.DoesNotContain(quiet, all.Skip(1).Select(LinkOf));
        Assert.Equal([inProject], (await CsvAsync($"/export?project_id={project}", 1, owner)).Skip(1).Select(LinkOf));
        Assert.Equal(3, (await CsvAsync("/export?domain_id=0", 3, owner)).Length - 1);
        Assert.Equal([foreign], (await CsvAsync("/export", 1, other)).Skip(1).Select(LinkOf));
        foreach (var query in (string[])[$"project_id={project}", "project_id=987654", "domain_id=987654"])
            Assert.Equal(
                HttpStatusCode.NotFound,
                (await SendAsync(HttpMethod.Get, $"/api/statistics/export?{query}", http: other)).Status
            );
        var json = await SendAsync(HttpMethod.Get, "/api/statistics/export?format=json&kind=person", http: owner);
        Assert.Equal(3, json.Json["data"]!.AsArray().Count);

        static long LinkOf(string line) =>
            long.Parse(line.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_domains_export_holds_its_short_addresses()
    {
        const string Host = "exported.example";
        using var owner = await StrangerAsync();
        var domain = await MakeAsync(owner, "/api/domains", ("host", Host));
        await Server.Database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(transaction, "UPDATE domains SET verified_at = 1 WHERE id = @id", ("@id", domain)),
            Cancel
        );
        Server.Services.GetRequiredService<DomainDirectory>().Reload();
        var (onDomain, onMain) = (
            await MakeAsync(owner, "/api/links", ("domain_id", $"{domain}"), ("url", "sold")),
            await MakeAsync(owner)
        );
        await VisitAsync("sold", ("Host", Host));
        await VisitAsync(await AliasOfAsync(owner, onMain));

        var lines = await CsvAsync($"/export?domain_id={domain}", 1, owner);

        Assert.StartsWith($"1,{onDomain},https://{Host}/sold,", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Csv")]
    [InlineData("Json")]
    [InlineData("Ndjson")]
    public async Task What_cannot_be_read_at_all_leaves_the_answer_to_the_error(string format)
    {
        var http = new DefaultHttpContext();
        var export = new ClickExport(
            UnreadableAsync(),
            Enum.Parse<ExportFormat>(format),
            TimeZoneInfo.Utc,
            "clicks.csv"
        );

        await Assert.ThrowsAsync<IOException>(() => export.ExecuteAsync(http));

        Assert.Null(http.Response.ContentType);
        Assert.Empty(http.Response.Headers);
        Assert.Equal(0, http.Response.BodyWriter.UnflushedBytes);
    }

    private async Task<long> MakeAsync(
        HttpClient http,
        string path = "/api/links",
        params (string Name, string Value)[] fields
    )
    {
        if (path is "/api/links")
            fields = [("location_url", "https://example.org/"), .. fields];
        var made = await SendAsync(HttpMethod.Post, path, Bodies.Form(fields), http);
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return made.Json["data"]!["id"]!.GetValue<long>();
    }

    private async Task<string> AliasOfAsync(HttpClient http, long id) =>
        (string)(await SendAsync(HttpMethod.Get, $"/api/links/{id}", http: http)).Json["data"]!["url"]!;

    /// <summary>The lines of an export, as soon as it holds this number of clicks.</summary>
    private static async Task<string[]> CsvAsync(string path, int clicks, HttpClient http)
    {
        string[] lines = [];
        await Patience.UntilAsync(
            async () =>
                (
                    lines = (await http.GetStringAsync($"/api/statistics{path}", Cancel)).Split(
                        "\r\n",
                        StringSplitOptions.RemoveEmptyEntries
                    )
                ).Length > clicks,
            $"An export of {clicks} clicks"
        );
        return lines;
    }

    private static string NewAlias() => $"x{Guid.NewGuid():N}";

    private static async IAsyncEnumerable<ExportedClick> UnreadableAsync()
    {
        await Task.Yield();
        throw new IOException();
#pragma warning disable CS0162 // The compiler needs it to make this a sequence.
        yield break;
#pragma warning restore CS0162
    }
}
