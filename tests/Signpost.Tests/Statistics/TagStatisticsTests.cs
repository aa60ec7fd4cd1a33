using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Statistics;

/// <summary>Counts by the tags that links have now, and by the term and content of campaigns.</summary>
public sealed class TagStatisticsTests(VisitedServer shared) : StatisticsTests(shared)
{
    [Fact]
    public async Task A_click_counts_for_each_tag_of_its_link_and_tags_filter_all_counts()
    {
        using var http = await StrangerAsync();
        var project = (await MakeAsync(http, "/api/projects", ("name", "P")))["id"]!;
        var red = await MakeAsync(
            http,
            "/api/links",
            ("location_url", "https://example.org/red"),
            ("project_id", $"{project}"),
            ("utm_term", "shoes"),
            ("tags[]", "Red"),
            ("tags[]", "Warm")
        );
        var warm = await MakeAsync(
            http,
            "/api/links",
            ("location_url", "https://example.org/warm"),
            ("tags[]", "Warm")
        );
        var plain = await MakeAsync(http, "/api/links", ("location_url", "https://example.org/plain"));
        // One visitor of all links, and another one of the first.
        foreach (var link in (string[])[$"{red["url"]}?utm_content=top", $"{warm["url"]}", $"{plain["url"]}"])
            await VisitFromAsync(link, "FR", "192.0.2.1");
        await VisitFromAsync($"{red["url"]}", "DE", "192.0.2.2");
        string[] all = ["Warm 3/2", "Red 2/2", "null 1/1"];
        await Patience.UntilAsync(
            async () => Enumerable.SequenceEqual(all, await TagsAsync("?")),
            "All clicks are counted"
        );

        Assert.Equal(["Red 2/2", "Warm 2/2"], await TagsAsync($"?project_id={project}&"));
        Assert.Equal(["Red 2/2", "Warm 2/2"], await TagsAsync($"/{red["id"]}?"));
        Assert.Equal(["Warm 2/1", "null 1/1", "Red 1/1"], await TagsAsync("?country_code=FR&"));
        Assert.Equal(["Warm 3/2", "other 3/3"], await TagsAsync("?limit=1&"));
        (string Filter, string[] Expected)[] filters =
        [
            ("tag=RED", ["DE 1/1", "FR 1/1"]),
            ("tag=warm", ["FR 2/1", "DE 1/1"]),
            ("tag=warm&not_tag=red", ["FR 1/1"]),
            ("tag=null", ["FR 1/1"]),
            ("tag=null&tag=red", ["FR 2/1", "DE 1/1"]),
            ("not_tag=null", ["FR 2/1", "DE 1/1"]),
            ("tag=nobody%27s", []),
            ("not_tag=nobody%27s", ["FR 3/1", "DE 1/1"]),
        ];
        foreach (var (filter, expected) in filters)
        {
            Assert.Equal(expected, await BriefAsync($"?{filter}", "country_code", http));
            var export = await SendAsync(HttpMethod.Get, $"/api/statistics/export?format=ndjson&{filter}", http: http);
            Assert.Equal(
                expected.Sum(row => int.Parse(row.Split(' ', '/')[1], CultureInfo.InvariantCulture)),
                export.Body.Count(letter => letter == '\n')
            );
        }

        Assert.Empty(await BriefAsync($"/{plain["id"]}?tag=red", "country_code", http));
        var clicks = await SendAsync(HttpMethod.Get, $"/api/statistics/{plain["id"]}/clicks?tag=red", http: http);
        Assert.Empty(clicks.Json["data"]!.AsArray());
        Assert.Equal(["null 2/1", "shoes 2/2"], await BriefAsync("?", "utm_term", http));
        Assert.Equal(["null 3/2", "top 1/1"], await BriefAsync("?", "utm_content", http));
        Assert.Equal(["FR 1/1"], await BriefAsync("?utm_term=shoes&utm_content=top", "country_code", http));

        // Tags are those of now, also for clicks of before.
        await SendAsync(HttpMethod.Post, $"/api/links/{plain["id"]}", Bodies.Form(("tags[]", "Red")), http);
        Assert.Equal(["Red 3/2", "Warm 3/2"], await TagsAsync("?"));

        Task<string[]> TagsAsync(string scope) => BriefAsync(scope, "tag", http);
    }

    private async Task<string[]> BriefAsync(string query, string type, HttpClient http) =>
        [
            .. (await RowsAsync($"{query}&type={type}".Replace("?&", "?", StringComparison.Ordinal), http)).Select(
                row => Brief(row!, type)
            ),
        ];

    private async Task<JsonNode> MakeAsync(HttpClient http, string path, params (string, string)[] fields)
    {
        var made = await SendAsync(HttpMethod.Post, path, Bodies.Form(fields), http);
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return made.Json["data"]!;
    }
}
