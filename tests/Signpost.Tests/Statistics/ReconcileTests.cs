using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;

namespace Signpost.Tests.Statistics;

/// <summary>Numbers that add up, to the last request.</summary>
public sealed class ReconcileTests(VisitedServer shared) : StatisticsTests(shared)
{
    private const int Visits = 400;
    private const string Preview = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)";

    [Fact]
    public async Task For_every_link_the_kinds_add_up_to_the_requests_that_were_made()
    {
        MadeLink[] links =
        [
            await LinkAsync(),
            await LinkAsync(("is_enabled", "0")),
            await LinkAsync(("start_date", "2999-01-01 00:00")),
            await LinkAsync(("end_date", "2000-01-01 00:00")),
            await LinkAsync(("clicks_limit", "3")),
            await LinkAsync(("password", "sesame")),
            await LinkAsync(("sensitive_content", "1")),
            await LinkAsync(("splash_page_id", await Server.CreateSplashPageAsync())),
            await LinkAsync(("cloaking_is_enabled", "1"), ("cloaking_title", "A title")),
            await LinkAsync(("http_status_code", "307")),
        ];
        var made = new int[links.Length];
        var chance = new Random(20261122);

        await Parallel.ForEachAsync(
            Enumerable.Range(0, Visits).Select(_ => (Link: chance.Next(links.Length), How: chance.Next(6))).ToList(),
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancel },
            async (visit, _) =>
            {
                using var response = await Server.FollowAsync(
                    links[visit.Link].Alias,
                    visit.How switch
                    {
                        0 => HttpMethod.Head,
                        1 => HttpMethod.Post,
                        _ => HttpMethod.Get,
                    },
                    (
                        "User-Agent",
                        visit.How switch
                        {
                            2 => Robot,
                            3 => Preview,
                            _ => Firefox,
                        }
                    ),
                    ("Sec-Purpose", visit.How == 4 ? "prefetch" : "")
                );
                Interlocked.Increment(ref made[visit.Link]);
            }
        );

        HashSet<string> kinds = [];
        foreach (var (link, requests) in links.Zip(made))
        {
            await CountedAsync(link.Id, requests);
            var rows = await RowsAsync($"/{link.Id}?type=kind");
            kinds.UnionWith(rows.Select(row => row!["kind"]!.GetValue<string>()));
            var persons = rows.Where(row => row!["kind"]!.GetValue<string>() is "person")
                .Sum(row => row!["pageviews"]!.GetValue<int>());
            Assert.Equal(await Server.ReadClicksAsync(link.Id), persons);
            Assert.Equal(persons, Sum(await RowsAsync($"/{link.Id}")));
            foreach (var type in (string[])["hour", "country_code", "browser_name", "destination"])
                Assert.Equal(persons, Sum(await RowsAsync($"/{link.Id}?type={type}")));
            var lines = (await GetAsync($"/api/statistics/{link.Id}/export?format=ndjson")).Body;
            Assert.Equal(requests, lines.Count(letter => letter == '\n'));
        }

        Assert.Equal(
            "disabled expired head limited locked person prefetch preview refused robot splash warned",
            string.Join(' ', kinds.Order(StringComparer.Ordinal))
        );
    }

    [Fact]
    public async Task An_account_a_project_and_a_domain_hold_their_links_and_no_other()
    {
        using var http = await StrangerAsync();
        var project = await IdAsync(http, "/api/projects", ("name", "Sum"));
        var inside = await MadeAsync(http, ("project_id", $"{project}"));
        var outside = await MadeAsync(http);
        foreach (var alias in (string[])[inside, inside, outside])
            await VisitAsync(alias);

        await Patience.UntilAsync(async () => Sum(await RowsAsync("", http)) >= 3);

        Assert.Equal(3, Sum(await RowsAsync("?domain_id=0", http)));
        Assert.Equal(2, Sum(await RowsAsync($"?project_id={project}", http)));
        Assert.Equal(2, Sum(await RowsAsync($"?project_id={project}&type=os_name&os_name=Linux", http)));
        Assert.Equal(3, Sum(await RowsAsync("/?type=kind&browser_name=Firefox", http)));
    }

    [Fact]
    public async Task Requests_for_what_is_no_link_s_are_told_to_who_runs_the_server()
    {
        var alias = $"nobody-{Guid.NewGuid():N}";
        using var stranger = await StrangerAsync();
        for (var visit = 0; visit < 3; visit++)
            Assert.Equal(HttpStatusCode.NotFound, await VisitAsync(alias.ToUpperInvariant()));

        await Patience.UntilAsync(async () =>
            (await RowsAsync("/orphans")).Any(row =>
                row!["url"]?.GetValue<string>() == alias && row["pageviews"]!.GetValue<int>() == 3
            )
        );

        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await SendAsync(HttpMethod.Get, "/api/statistics/orphans", http: stranger)).Status
        );
        var domain = await IdAsync(stranger, "/api/domains", ("host", $"o{Guid.NewGuid():N}.example.org"));
        Assert.Empty(await RowsAsync($"/orphans?domain_id={domain}", stranger));
    }

    private static int Sum(JsonArray rows) => rows.Sum(row => row!["pageviews"]!.GetValue<int>());

    private async Task<string> MadeAsync(HttpClient http, params (string, string)[] fields) =>
        (await MakeAsync(http, "/api/links", [("location_url", "https://example.org/"), .. fields]))[
            "url"
        ]!.GetValue<string>();

    private async Task<long> IdAsync(HttpClient http, string path, params (string, string)[] fields) =>
        (await MakeAsync(http, path, fields))["id"]!.GetValue<long>();

    private async Task<JsonNode> MakeAsync(HttpClient http, string path, (string, string)[] fields)
    {
        var made = await SendAsync(HttpMethod.Post, path, Api.Bodies.Form(fields), http);
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return made.Json["data"]!;
    }
}
