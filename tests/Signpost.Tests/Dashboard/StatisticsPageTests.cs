using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Signpost.Testing;
using Signpost.Tests.Statistics;

namespace Signpost.Tests.Dashboard;

/// <summary>The pages with statistics. Each number is compared with the API, which is asked by the command that the page shows.</summary>
public sealed partial class StatisticsPageTests(VisitedServer shared) : StatisticsTests(shared)
{
    private const string Hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";

    private static readonly SemaphoreSlim Once = new(1);
    private static (MadeLink Link, long Project)? _visited;
    private static Person? _ada;

    [Theory]
    [InlineData("")]
    [InlineData("country_code=DE&country_code=FR&not_device_type=tablet")]
    [InlineData("period=7&granularity=week&places=city_name&campaigns=utm_campaign&sources=referrer_path")]
    [InlineData("kind=robot&kind=head")]
    [InlineData("not_kind=person")]
    [InlineData("period=today&against=year&devices=os_name&targets=variant&referrer_host=null")]
    [InlineData("show=country_code&country_code=DE")]
    public async Task The_page_shows_the_numbers_of_the_API(string words)
    {
        var (link, project) = await VisitedAsync();
        var ada = await SignedInAsync();

        foreach (
            var address in (string[])
                [
                    $"/dashboard/links/{link.Id}/statistics?{words}",
                    $"/dashboard/statistics?project_id={project}&{words}",
                    $"/dashboard/statistics?tag=counted&{words}",
                ]
        )
        {
            var page = await ada.GetAsync(address, Cancel);

            Assert.True(page.Status == HttpStatusCode.OK, $"{address} {page.Status} {page.Location}");
            Assert.DoesNotContain("<script>alert", page.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("<img src=x", page.Body, StringComparison.Ordinal);
            await AssertSameAsync(page.Body, words.Contains("show=", StringComparison.Ordinal) ? 1 : 8);
            await AssertFilesAsync(ada, page.Body);
        }
    }

    [Fact]
    public async Task The_kinds_add_up_to_all_requests_that_were_answered()
    {
        var (link, _) = await VisitedAsync();
        var ada = await SignedInAsync();

        var page = await ada.GetAsync($"/dashboard/links/{link.Id}/statistics?kind=robot", Cancel);

        var others = await ada.GetAsync($"/dashboard/links/{link.Id}/statistics?not_kind=person&not_kind=head", Cancel);

        // Robots are no clicks.
        Assert.Contains("Requests per day", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("A click is a person", page.Body, StringComparison.Ordinal);
        Assert.Equal(
            3,
            others
                .Body.Split("statistics?kind=")[1..]
                .Count(part => part.Contains("aria-current", StringComparison.Ordinal))
        );
        // The strip shows all kinds, although a filter chooses one.
        Assert.Matches(
            "All requests 13 .* People 8 Robots 2 Link checks \\(HEAD\\) 1 Loaded ahead 1 Link previews 1 ",
            TextOf(page.Body)
        );
    }

    [Fact]
    public async Task People_filter_by_a_click_change_the_filter_and_take_it_away()
    {
        var (link, _) = await VisitedAsync();
        var ada = await SignedInAsync();
        var address = $"/dashboard/links/{link.Id}/statistics";

        var all = await ada.GetAsync(address, Cancel);
        var france = await ada.GetAsync(LinkOf(all.Body, "<bdi>France</bdi>"), Cancel);
        var others = await ada.GetAsync(LinkOf(france.Body, "is</a>"), Cancel);
        var again = LinkOf(france.Body, "Remove Country: France");
        var typed = await ada.GetAsync($"{address}?period=7&filter=os_name&is=not&value=macos", Cancel);
        var wrong = await ada.GetAsync(
            $"{address}?period=7&country_code=Nowhere&country_code=DE&not_device_type=phone&device_type=mobile",
            Cancel
        );
        var named = await ada.GetAsync($"{address}?filter=country_code&is=&value=germany", Cancel);
        var turned = await ada.GetAsync($"{address}?start_date=2026-02-03&end_date=2026-02-01&os_name=iOS", Cancel);
        var scope = await ada.GetAsync("/dashboard/statistics?period=7&project_id=9&scope=tag%3Acounted", Cancel);
        var mac = await ada.GetAsync(typed.Location!, Cancel);

        // The map is shaded, and says the same as the table.
        Assert.Matches("data-level=\"5\"[^>]*><title>France: [0-9]+</title>", all.Body);
        Assert.Contains("Country is France", TextOf(france.Body), StringComparison.Ordinal);
        Assert.Contains("Country is not France", TextOf(others.Body), StringComparison.Ordinal);
        Assert.Equal(address, again);
        Assert.Equal($"{address}?period=7&not_os_name=macos", typed.Location);
        // The stored name is older.
        Assert.Contains("System is not macOS", TextOf(mac.Body), StringComparison.Ordinal);
        // Only the wrong values go, and the page says which.
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        var text = TextOf(wrong.Body);
        Assert.Contains("Country: Nowhere. This value is not possible.", text, StringComparison.Ordinal);
        Assert.Contains("Device: phone. This value is not possible.", text, StringComparison.Ordinal);
        Assert.Contains("Country is Germany", text, StringComparison.Ordinal);
        Assert.Contains("Device is", text, StringComparison.Ordinal);
        Assert.Equal($"{address}?country_code=DE", named.Location);
        text = TextOf(turned.Body);
        Assert.Contains(
            "From: 2026-02-03, To: 2026-02-01. The end must be after the start.",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("System is iOS", text, StringComparison.Ordinal);
        Assert.Equal("/dashboard/statistics?period=7&tag=counted", scope.Location);
    }

    [Fact]
    public async Task A_page_without_visits_says_the_next_step_and_nobody_sees_links_of_others()
    {
        var ada = await SignedInAsync();
        var id = await CreateAsync(("title", Hostile));

        var empty = await ada.GetAsync($"/dashboard/links/{id}/statistics", Cancel);
        var filtered = await ada.GetAsync($"/dashboard/links/{id}/statistics?country_code=FR", Cancel);
        string[] gone =
        [
            $"/dashboard/links/{id + 1_000}/statistics",
            $"/dashboard/links/{id + 1_000}/statistics/export?type=kind",
            $"/dashboard/links/{id}/statistics/export?type=nothing",
            "/dashboard/statistics?project_id=999999",
            "/dashboard/statistics/export?type=kind&project_id=999999",
        ];

        Assert.Contains("No visits yet", empty.Body, StringComparison.Ordinal);
        Assert.Contains("No visits match these filters", filtered.Body, StringComparison.Ordinal);
        foreach (var address in gone)
            Assert.Equal(HttpStatusCode.NotFound, (await ada.GetAsync(address, Cancel)).Status);
    }

    [Fact]
    public async Task Links_of_a_page_are_compared_with_the_numbers_of_the_API()
    {
        var project = (long)(await PostAsync("/api/projects", ("name", "Compared"))).Json["data"]!["id"]!;
        List<MadeLink> links = [];
        for (var at = 0; at < 6; at++)
            links.Add(await LinkAsync(("project_id", $"{project}"), ("title", Hostile)));
        for (var at = 0; at < 3; at++)
        {
            for (var visit = 0; visit <= at; visit++)
                await VisitFromAsync(links[at].Alias, visit == 0 ? "FR" : "DE", $"198.51.100.{visit}");
            await CountedAsync(links[at].Id, at + 1);
        }

        var ada = await SignedInAsync();
        var address = $"/dashboard/statistics?project_id={project}";
        var table = await ada.GetAsync(address, Cancel);
        var compared = await ada.GetAsync(
            $"{address}&country_code=DE&compare_link={links[2].Id}&compare_link={links[1].Id}",
            Cancel
        );
        var (host, wanted) = (new Uri(Server.Url).Authority, links[4].Alias);
        List<Sight> found = [];
        foreach (
            var text in (string[])
                [wanted, $"{host}/{wanted}", $"{Server.Url}/{wanted}", $"https://{host}/{wanted}/?a=1"]
        )
            found.Add(await ada.GetAsync($"{address}&find_link={Uri.EscapeDataString(text)}", Cancel));
        var many = await ada.GetAsync(
            $"{address}{string.Concat(links.Select(link => $"&compare_link={link.Id}"))}",
            Cancel
        );
        var gone = await ada.GetAsync($"{address}&compare_link=999999999&compare_link=x", Cancel);

        Assert.DoesNotContain("class=\"compared\"", table.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x", table.Body, StringComparison.Ordinal);
        foreach (var (at, link) in links.Index().Take(3))
            Assert.Matches(
                $"{link.Alias} .*? {at + 1} {at + 1} ",
                TextOf(table.Body[table.Body.IndexOf("stats-links", StringComparison.Ordinal)..])
            );
        // Only clicks from Germany, and each link has a line of its own.
        var card = compared.Body[compared.Body.IndexOf("stats-links", StringComparison.Ordinal)..];
        const string running = "not over yet";
        Assert.Equal(2, compared.Body.Split("<path class=\"line-").Length - 1 - 4);
        Assert.Equal(2, compared.Body.Split(" unfinished\" d=\"M").Length - 1);
        foreach (var (link, clicks) in (IEnumerable<(MadeLink, int)>)[(links[2], 2), (links[1], 1)])
        {
            Assert.Matches($"name=\"compare_link\" value=\"{link.Id}\" checked", card);
            Assert.Equal(
                clicks,
                (await RowsAsync($"/{link.Id}?country_code=DE")).Sum(row => row!["pageviews"]!.GetValue<int>())
            );
        }

        Assert.Matches(
            $"<th scope=\"row\">[^<]*<span[^>]*>{running}</span></th>\\s*<td class=\"number\">2</td>\\s*<td class=\"number\">1</td>",
            card
        );
        foreach (var page in found)
        {
            Assert.Contains($"value=\"{links[4].Id}\"", page.Body, StringComparison.Ordinal);
            Assert.DoesNotContain($"value=\"{links[3].Id}\"", page.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(OfAllTime, page.Body, StringComparison.Ordinal);
        }

        Assert.Contains(OfAllTime, table.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, many.Status);
        Assert.Contains("At most 5 are possible here.", many.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, gone.Status);
        Assert.Contains("999999999. This does not exist any more.", TextOf(gone.Body), StringComparison.Ordinal);

        // Links of the account that are not on the page.
        var outside = await LinkAsync(("tags", "elsewhere"));
        await VisitFromAsync(outside.Alias, "FR", "198.51.100.9");
        await CountedAsync(outside.Id, 1);
        foreach (var page in (string[])[address, "/dashboard/statistics?not_tag=elsewhere"])
        {
            var refused = await ada.GetAsync($"{page}&compare_link={outside.Id}", Cancel);
            Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
            Assert.Contains("This link is not among those of this page.", refused.Body, StringComparison.Ordinal);
            Assert.DoesNotContain($"value=\"{outside.Id}\" checked", refused.Body, StringComparison.Ordinal);
        }

        foreach (var page in (string[])["domain_id=0", "tag=elsewhere", "tag=null&tag=Elsewhere"])
            Assert.Contains(
                $"value=\"{outside.Id}\" checked",
                (await ada.GetAsync($"/dashboard/statistics?{page}&compare_link={outside.Id}", Cancel)).Body,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public async Task A_filter_is_added_from_the_names_of_its_values_several_at_once()
    {
        var (link, _) = await VisitedAsync();
        var ada = await SignedInAsync();
        await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/profile",
            Cancel,
            ("timezone", "UTC"),
            ("language", "de")
        );
        var address = $"/dashboard/links/{link.Id}/statistics";
        var pick = await ada.GetAsync($"{address}?period=7", Cancel);
        var countries = await ada.GetAsync(LinkOf(pick.Body, ">Land</a>"), Cancel);
        var kinds = await ada.GetAsync($"{address}?pick=kind", Cancel);
        var typed = await ada.GetAsync($"{address}?pick=utm_campaign", Cancel);
        var added = await ada.GetAsync(
            $"{address}?period=7&filter=country_code&is=not&value=DE&value=FR&value=",
            Cancel
        );
        await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/profile",
            Cancel,
            ("timezone", "UTC"),
            ("language", "en")
        );

        Assert.Matches("<select name=\"value\"[^>]* multiple", countries.Body);
        Assert.Contains("<option value=\"FR\">Frankreich</option>", countries.Body, StringComparison.Ordinal);
        Assert.Matches("<option value=\"robot\">Roboter</option>", kinds.Body);
        Assert.DoesNotContain("<option value=\"null\"", kinds.Body, StringComparison.Ordinal);
        Assert.Matches("<input name=\"value\"", typed.Body);
        Assert.Equal($"{address}?period=7&not_country_code=DE&not_country_code=FR", added.Location);
    }

    [Fact]
    public async Task The_counted_clicks_and_the_clicks_of_each_tag_are_one_step_away()
    {
        var (link, project) = await VisitedAsync();
        var ada = await SignedInAsync();

        foreach (
            var address in (string[])
                [
                    $"/dashboard/links/{link.Id}/statistics?country_code=FR",
                    $"/dashboard/statistics?project_id={project}&country_code=FR",
                ]
        )
        {
            var page = await ada.GetAsync(address, Cancel);
            var csv = await ada.GetAsync(ClicksAddress(page.Body, "csv"), Cancel);
            var json = await ada.GetAsync(ClicksAddress(page.Body, "json"), Cancel);

            Assert.Contains("One row each. Clicks: 4", TextOf(page.Body), StringComparison.Ordinal);
            Assert.Equal(4 + 1, csv.Body.TrimEnd().Split("\r\n").Length);
            Assert.Equal(4, JsonNode.Parse(json.Body)!["data"]!.AsArray().Count);
            Assert.All(
                JsonNode.Parse(json.Body)!["data"]!.AsArray(),
                row => Assert.Equal("person", (string)row!["kind"]!)
            );
        }

        var tags = await ada.GetAsync($"/dashboard/statistics?project_id={project}&show=tag", Cancel);
        await AssertSameAsync(tags.Body, 1);
        Assert.Equal(
            $"/dashboard/statistics?project_id={project}&tag=counted",
            LinkOf(tags.Body[tags.Body.IndexOf("data-whole", StringComparison.Ordinal)..], "<bdi>counted</bdi>")
        );
    }

    [Fact]
    public async Task One_button_publishes_the_statistics_of_a_link_or_a_project_and_shows_their_address()
    {
        var link = await LinkAsync();
        var project = (long)(await PostAsync("/api/projects", ("name", "Shared"))).Json["data"]!["id"]!;
        var ada = await SignedInAsync();
        foreach (
            var (page, action) in (IEnumerable<(string, string)>)
                [
                    (
                        $"/dashboard/links/{link.Id}/statistics?period=7",
                        $"/dashboard/links/{link.Id}/statistics/share?period=7"
                    ),
                    (
                        $"/dashboard/statistics?project_id={project}",
                        $"/dashboard/statistics/share?project_id={project}"
                    ),
                ]
        )
        {
            var before = await ada.GetAsync(page, Cancel);
            Assert.Contains($"action=\"{WebUtility.HtmlEncode(action)}\"", before.Body, StringComparison.Ordinal);
            var shared = await ada.SendAsync(page, action, Cancel);
            Assert.Equal($"{page}&share=1", shared.Location);
            var after = await ada.GetAsync(shared.Location!, Cancel);
            var url = PublicUrl().Match(after.Body).Value;
            using var open = await Server.FollowAsync(new Uri(url).AbsolutePath.TrimStart('/'));
            Assert.Equal(HttpStatusCode.OK, open.StatusCode);
            Assert.Equal(page, (await ada.GetAsync(action, Cancel)).Location);
        }

        var others = await ada.SendAsync(
            "/dashboard/statistics",
            "/dashboard/statistics/share?project_id=999999",
            Cancel
        );
        Assert.Equal(HttpStatusCode.NotFound, others.Status);
    }

    private static string ClicksAddress(string page, string format) =>
        WebUtility.HtmlDecode(
            Regex.Match(page, $"href=\"(?<url>[^\"]*/clicks(/export)?[?][^\"]*format={format})\"").Groups["url"].Value
        );

    [GeneratedRegex("https?://[^\"<]*/l/(stats|projects)/[^\"<]+")]
    private static partial Regex PublicUrl();

    // Each table of the page with the answer to the command beside it.
    private async Task AssertSameAsync(string page, int tables)
    {
        var compared = 0;
        foreach (var section in page.Split("<section ").Skip(1))
        {
            if (Command().Match(section) is not { Success: true } command)
                continue;
            var url = WebUtility.HtmlDecode(command.Groups["url"].Value);
            var answer = await GetAsync(url[url.IndexOf("/api/", StringComparison.Ordinal)..]);
            Assert.True(answer.Status == HttpStatusCode.OK, $"{url} {answer.Body}");
            Assert.Null(answer.Json["meta"]!["warnings"]);
            var counts = answer.Json["data"]!.AsArray().Select(row => row!["pageviews"]!.GetValue<long>()).ToList();
            if (section.Contains("class=\"heat\"", StringComparison.Ordinal))
                Assert.Equal(counts.Sum(), Sum(section, HeatCell()));
            else if (section.Contains("class=\"timeline\"", StringComparison.Ordinal))
                AssertTotals(answer.Json, section);
            else if (section.Contains("class=\"strip\"", StringComparison.Ordinal))
                Assert.Equal(counts.Order(), Numbers(section, StripCount()).Skip(1).Order());
            else
                Assert.Equal(
                    counts,
                    Numbers(section, section.Contains("share-list", StringComparison.Ordinal) ? ShareCount() : Cell())
                );
            compared++;
        }

        Assert.Equal(tables, compared);
    }

    private static void AssertTotals(JsonNode answer, string section)
    {
        var rows = answer["data"]!.AsArray();
        long[] totals =
        [
            rows.Sum(row => row!["pageviews"]!.GetValue<long>()),
            rows.Sum(row => row!["visitors"]!.GetValue<long>()),
        ];
        Assert.Equal(totals, Numbers(section, Total()).Take(2));
        // The table behind the chart has the latest first.
        Assert.Equal(
            rows.Reverse().Select(row => row!["pageviews"]!.GetValue<long>()),
            Numbers(section[section.IndexOf("<tbody", StringComparison.Ordinal)..], Cell())
        );
    }

    private async Task AssertFilesAsync(Person ada, string page)
    {
        var address = WebUtility.HtmlDecode(File().Match(page).Groups["url"].Value);
        var url = WebUtility.HtmlDecode(Command().Match(page).Groups["url"].Value);
        var answer = await GetAsync(url[url.IndexOf("/api/", StringComparison.Ordinal)..]);

        var json = await ada.GetAsync(address.Replace("format=csv", "format=json", StringComparison.Ordinal), Cancel);
        var csv = await ada.GetAsync(address, Cancel);

        var rows = answer.Json["data"]!.AsArray();
        Assert.Equal(rows.ToJsonString(), JsonNode.Parse(json.Body)!.ToJsonString());
        Assert.Equal(rows.Count + 1, csv.Body.TrimEnd().Split("\r\n").Length);
    }

    private async Task<(MadeLink Link, long Project)> VisitedAsync()
    {
        await Once.WaitAsync(Cancel);
        try
        {
            return _visited ??= await VisitAsync();
        }
        finally
        {
            Once.Release();
        }
    }

    private async Task<(MadeLink Link, long Project)> VisitAsync()
    {
        var made = await PostAsync("/api/projects", ("name", Hostile));
        var project = made.Json["data"]!["id"]!.GetValue<long>();
        var link = await LinkAsync(
            ("project_id", $"{project}"),
            ("tags[]", "counted"),
            ("targeting_type", "device_type"),
            ("targeting_device_type_key[0]", "mobile"),
            ("targeting_device_type_value[0]", "https://example.org/phones")
        );
        foreach (var (country, agent) in ((string, string)[])[("FR", Firefox), ("FR", Iphone), ("DE", Firefox)])
            for (var visitor = 0; visitor < 2; visitor++)
                await VisitFromAsync(link.Alias, country, $"198.51.100.{visitor + country[0]}", agent);
        await VisitAsync(
            $"{link.Alias}?utm_source=mail&utm_medium=email&utm_campaign=spring",
            ("Referer", "https://news.example/a")
        );
        await VisitAsync(
            $"{link.Alias}?utm_campaign={Uri.EscapeDataString(Hostile)}",
            ("Referer", "https://news.example/b")
        );
        await VisitAsync(link.Alias, ("User-Agent", Robot));
        await VisitAsync(link.Alias, ("User-Agent", Robot));
        await VisitAsync(link.Alias, ("User-Agent", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"));
        await VisitAsync(link.Alias, ("Purpose", "prefetch"));
        using var head = await Server.FollowAsync(link.Alias, HttpMethod.Head, ("User-Agent", Firefox));
        await CountedAsync(link.Id, 13);
        return (link, project);
    }

    // One session for all tests, because an address may sign in ten times a minute only.
    private async Task<Person> SignedInAsync()
    {
        await Once.WaitAsync(Cancel);
        try
        {
            if (_ada is null)
            {
                Person ada = new(Server);
                await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
                _ada = ada;
            }

            return _ada;
        }
        finally
        {
            Once.Release();
        }
    }

    private static List<long> Numbers(string html, Regex of) =>
        [
            .. of.Matches(html)
                .Select(found => long.Parse(found.Groups["number"].ValueSpan, CultureInfo.InvariantCulture)),
        ];

    private static long Sum(string html, Regex of) => Numbers(html, of).Sum();

    // The address of the last link before a text.
    private static string LinkOf(string html, string content)
    {
        var end = html.IndexOf(content, StringComparison.Ordinal);
        Assert.True(end > 0, content);
        const string attribute = "href=\"";
        var start = html.LastIndexOf(attribute, end, StringComparison.Ordinal) + attribute.Length;
        return WebUtility.HtmlDecode(html[start..html.IndexOf('"', start)]);
    }

    private const string OfAllTime = "These are the links with the most clicks of all time.";

    private static string TextOf(string page) => Space().Replace(WebUtility.HtmlDecode(Tag().Replace(page, " ")), " ");

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex("<code>curl [^<]*&#x27;(?<url>[^<]*?)&#x27;</code>|<code>curl [^<]*'(?<url>[^<]*?)'</code>")]
    private static partial Regex Command();

    [GeneratedRegex("href=\"(?<url>[^\"]*/statistics/export[^\"]*format=csv[^\"]*)\"")]
    private static partial Regex File();

    [GeneratedRegex("share-count\">(?<number>[0-9]+)<")]
    private static partial Regex ShareCount();

    [GeneratedRegex("<strong>(?<number>[0-9]+)</strong>")]
    private static partial Regex StripCount();

    [GeneratedRegex("<dd>\\s*<strong>(?<number>[0-9]+)</strong>")]
    private static partial Regex Total();

    [GeneratedRegex(
        "<t[hd][^>]*(?:row|named)\">(?:(?!</t[hd]>).)*</t[hd]>\\s*<td class=\"number\">(?<number>[0-9]+)<",
        RegexOptions.Singleline
    )]
    private static partial Regex Cell();

    [GeneratedRegex("title=\"[^\"]*:00: (?<number>[0-9]+)\"")]
    private static partial Regex HeatCell();
}
