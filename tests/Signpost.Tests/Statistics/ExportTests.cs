using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Signpost.ClickStore;
using Signpost.Core.Statistics;
using Signpost.Statistics.Listing;
using Signpost.Testing;

namespace Signpost.Tests.Statistics;

/// <summary>All clicks of a link as a file.</summary>
public sealed class ExportTests(VisitedServer shared) : StatisticsTests(shared)
{
    private const string Header =
        "id,link_id,datetime,kind,status,trigger,continent_code,country_code,city_name,os_name,browser_name,device_type,"
        + "browser_language,referrer_host,referrer_path,utm_source,utm_medium,utm_campaign,destination,variant";

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
        var lines = (await response.Content.ReadAsStringAsync(Cancel)).Split("\r\n");

        Assert.Equal("text/csv; charset=utf-8; header=present", response.Content.Headers.ContentType!.ToString());
        Assert.Matches(
            $"""^attachment; filename="clicks-{link.Id}-\d\d\d\d-\d\d-\d\d\.csv"$""",
            response.Content.Headers.ContentDisposition!.ToString()
        );
        Assert.Equal(4, lines.Length);
        Assert.Equal(Header, lines[0]);
        Assert.Contains(
            ",person,302,link,EU,FR,,Linux,Firefox,desktop,,,,\"'=HYPERLINK(\"\"https://evil.example\"\")\",\"a,b\",'+1,https://example.org/,",
            lines[1],
            StringComparison.Ordinal
        );
        Assert.StartsWith($"2,{link.Id},", lines[2], StringComparison.Ordinal);
        Assert.Equal("", lines[3]);
    }

    [Fact]
    public async Task Json_and_its_lines_hold_what_the_list_holds_oldest_first()
    {
        var link = await LinkAsync();
        for (var visit = 0; visit < 3; visit++)
            await VisitAsync(link.Alias);
        await CountedAsync(link.Id, 3);

        var list = (await GetAsync($"/api/statistics/{link.Id}/clicks")).Json["data"]!.AsArray().Reverse();
        using var json = await Server.Http.GetAsync($"/api/statistics/{link.Id}/export?format=json", Cancel);
        using var lines = await Server.Http.GetAsync($"/api/statistics/{link.Id}/export?format=ndjson", Cancel);
        var ndjson = await lines.Content.ReadAsStringAsync(Cancel);

        var expected = list.Select(click => click!.ToJsonString()).ToArray();
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

        var reply = await GetAsync($"/api/statistics/{link.Id}/export?format={format}");

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal(expected, reply.Body);
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

    [Theory]
    [InlineData("Csv")]
    [InlineData("Json")]
    [InlineData("Ndjson")]
    public async Task What_cannot_be_read_at_all_leaves_the_answer_to_the_error(string format)
    {
        var http = new DefaultHttpContext();
        var export = new ClickExport(
            new Unreadable(),
            new(new(ScopeKind.Link, 1), 0, 900, []),
            Enum.Parse<ExportFormat>(format),
            TimeZoneInfo.Utc,
            "clicks.csv"
        );

        await Assert.ThrowsAsync<IOException>(() => export.ExecuteAsync(http));

        Assert.Null(http.Response.ContentType);
        Assert.Empty(http.Response.Headers);
        Assert.Equal(0, http.Response.BodyWriter.UnflushedBytes);
    }

    /// <summary>Statistics whose database cannot be read.</summary>
    private sealed class Unreadable : IStatistics
    {
        public Task<IReadOnlyList<ValueCount>> CountByValueAsync(
            StatisticsQuestion question,
            Dimension dimension,
            CancellationToken cancel
        ) => throw new IOException();

        public Task<IReadOnlyList<QuarterCount>> CountByTimeAsync(
            StatisticsQuestion question,
            CancellationToken cancel
        ) => throw new IOException();

        public Task<IReadOnlyList<ListedClick>> ListAsync(
            StatisticsQuestion question,
            long before,
            int most,
            CancellationToken cancel
        ) => throw new IOException();

        public async IAsyncEnumerable<ListedClick> ReadAllAsync(
            StatisticsQuestion question,
            [EnumeratorCancellation] CancellationToken cancel
        )
        {
            await Task.Yield();
            throw new IOException();
#pragma warning disable CS0162 // The compiler needs it to make this a sequence.
            yield break;
#pragma warning restore CS0162
        }

        public Task<IReadOnlyList<ValueCount>> CountOrphansAsync(
            long domainId,
            long from,
            long to,
            CancellationToken cancel
        ) => throw new IOException();
    }
}
