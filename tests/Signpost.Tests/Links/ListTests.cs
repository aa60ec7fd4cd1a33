using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Signpost.ClickStore;
using Signpost.Links;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Links;

/// <summary>Pages, filters and orders of the list.</summary>
public sealed class ListTests(SharedServer shared) : ApiTests(shared)
{
    [Fact]
    public async Task Pages_link_to_each_other_and_repeat_the_other_parameters()
    {
        using var http = await StrangerAsync();
        await BulkAsync(http, 23);

        var second = await ListAsync(http, "?results_per_page=10&page=2&search_by=url&x=a%20b%26");

        Assert.Equal(10, second["data"]!.AsArray().Count);
        Assert.Equal(
            """{"page":2,"results_per_page":10,"total":23,"total_pages":3,"total_is_exact":true,"next_cursor":"CURSOR","warnings":[{"title":"Unknown field x."}]}""",
            second["meta"]!
                .ToJsonString()
                .Replace($"{second["meta"]!["next_cursor"]}", "CURSOR", StringComparison.Ordinal)
        );
        var links = second["links"]!;
        var list = $"{Server.Url}/api/links?results_per_page=10&search_by=url&x=a%20b%26&page=";
        Assert.Equal(list + "1", links["first"]!.GetValue<string>());
        Assert.Equal(list + "3", links["last"]!.GetValue<string>());
        Assert.Equal(list + "3", links["next"]!.GetValue<string>());
        Assert.Equal(list + "1", links["prev"]!.GetValue<string>());
        Assert.Equal(list + "2", links["self"]!.GetValue<string>());
    }

    [Fact]
    public async Task Following_next_meets_every_link_once_newest_first()
    {
        using var http = await StrangerAsync();
        await BulkAsync(http, 31);

        List<long> met = [];
        for (var at = "/api/links/?results_per_page=10"; at is not null; )
        {
            var page = (await SendAsync(HttpMethod.Get, at, http: http)).Json;
            met.AddRange(Ids(page));
            at = page["links"]!["next"]?.GetValue<string>();
        }

        Assert.Equal(31, met.Count);
        Assert.Equal(met.Distinct().OrderDescending(), met);
    }

    [Fact]
    public async Task Each_link_of_a_bulk_is_in_every_list_and_search_at_once()
    {
        const int InBulk = 30;
        using var http = await StrangerAsync();
        var chance = new Random(20_261_128);
        List<(long Id, string Alias, string Address)> made = [];
        for (var bulk = 0; bulk < 3; bulk++)
        {
            string[] sent =
            [
                .. Enumerable
                    .Range(0, InBulk)
                    .Select(_ => $"https://{Text(chance, "ab")}.example/{Text(chance, "abc019-_&=~")}"),
            ];
            var body = Bodies.Form(("is_bulk", "1"), ("location_urls", string.Join('\n', sent)));
            var links = (await SendAsync(HttpMethod.Post, "/api/links", body, http)).Json["data"]!["links"]!.AsArray();
            made.AddRange(sent.Zip(links, (address, link) => ((long)link!["id"]!, $"{link["url"]}", address)));

            foreach (var order in LinkQuery.Orders)
            foreach (var direction in (string[])["ASC", "DESC"])
                Assert.Equal(
                    made.Select(link => link.Id),
                    Ids(await ListAsync(http, $"?results_per_page=1000&order_by={order}&order_type={direction}"))
                        .Order()
                );
            for (var search = 0; search < 20; search++)
            {
                var (_, alias, address) = made[chance.Next(made.Count)];
                var (byAlias, byAddress) = (Part(chance, alias), Part(chance, address));
                Assert.Equal(
                    made.Where(link => link.Alias.Contains(byAlias, StringComparison.Ordinal)).Select(link => link.Id),
                    await FoundAsync("url", byAlias)
                );
                Assert.Equal(
                    made.Where(link => link.Address.Contains(byAddress, StringComparison.Ordinal))
                        .Select(link => link.Id),
                    await FoundAsync("location_url", byAddress)
                );
            }
        }

        async Task<IEnumerable<long>> FoundAsync(string by, string part) =>
            Ids(await ListAsync(http, $"?results_per_page=1000&search_by={by}&search={Uri.EscapeDataString(part)}"))
                .Order();
    }

    private static string Text(Random chance, string signs) =>
        string.Concat(Enumerable.Range(0, 1 + chance.Next(9)).Select(_ => signs[chance.Next(signs.Length)]));

    private static string Part(Random chance, string text)
    {
        var start = chance.Next(text.Length);
        return text.Substring(start, Math.Min(1 + chance.Next(5), text.Length - start));
    }

    [Fact]
    public async Task Links_are_found_by_their_settings()
    {
        using var http = await StrangerAsync();
        (string, string)[][] settings =
        [
            [("password", "secret"), ("clicks_limit", "9")],
            [("schedule", "1"), ("end_date", "2020-01-01 00:00:00")],
            [("schedule", "1"), ("end_date", "2199-01-01 00:00:00")],
            [("sensitive_content", "1")],
            [("cloaking_is_enabled", "1")],
            [
                ("targeting_type", "country_code"),
                ("targeting_country_code_key[]", "FR"),
                ("targeting_country_code_value[]", "https://fr.example/"),
            ],
            [],
        ];
        List<long> links = [];
        foreach (var setting in settings)
            links.Add(await SendAsync("", [("location_url", "https://example.com/"), .. setting]));
        foreach (
            var (query, expected) in ((string, int[])[])
                [
                    ("flag=password", [0]),
                    ("flag=limit&flag=Password", [0]),
                    ("flag[]=schedule", [2, 1]),
                    ("flag=expired", [1]),
                    ("flag=expired&flag=limit", []),
                    ("flag=warning&is_enabled=1", [3]),
                    ("flag=cloaking", [4]),
                    ("flag=targeting", [5]),
                    ("flag=nothing", []),
                    ("flag=", [6, 5, 4, 3, 2, 1, 0]),
                ]
        )
            Assert.Equal(expected.Select(at => links[at]), Ids(await ListAsync(http, $"?{query}")));

        await SendAsync($"/{links[5]}", ("targeting_type", ""));
        Assert.Empty(Ids(await ListAsync(http, "?flag=targeting")));
        var unknown = await ListAsync(http, "?flag=nothing");
        Assert.Contains("flag", unknown["meta"]!["warnings"]!.ToJsonString(), StringComparison.Ordinal);

        async Task<long> SendAsync(string path, params (string, string)[] fields)
        {
            var reply = await this.SendAsync(HttpMethod.Post, $"/api/links{path}", Bodies.Form(fields), http);
            Assert.True(reply.Status is HttpStatusCode.Created or HttpStatusCode.OK, reply.Body);
            return reply.Json["data"]!["id"]!.GetValue<long>();
        }
    }

    [Fact]
    public async Task A_cursor_leads_through_one_list_only()
    {
        using var http = await StrangerAsync();
        await BulkAsync(http, 12);
        var first = await ListAsync(http, "?results_per_page=5&order_by=url");
        var cursor = $"{first["meta"]!["next_cursor"]}";

        var second = await ListAsync(http, $"?results_per_page=5&order_by=url&cursor={cursor}");
        var third = (await SendAsync(HttpMethod.Get, $"{second["links"]!["next"]}", http: http)).Json;

        Assert.Equal(12, Ids(first).Concat(Ids(second)).Concat(Ids(third)).Distinct().Count());
        Assert.Equal("[1,2,3]", $"[{first["meta"]!["page"]},{second["meta"]!["page"]},{third["meta"]!["page"]}]");
        Assert.Null(third["meta"]!["next_cursor"]);
        Assert.Null(third["links"]!["next"]);
        foreach (
            var wrong in (string[])
                [
                    $"order_by=datetime&cursor={cursor}",
                    $"order_by=url&is_enabled=1&cursor={cursor}",
                    $"order_by=url&cursor={cursor}x",
                    $"order_by=url&page=2&cursor={cursor}",
                    "cursor=x",
                ]
        )
        {
            var reply = await SendAsync(HttpMethod.Get, "/api/links?" + wrong, http: http);
            Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
            Assert.Equal(["cursor"], reply.WrongFields);
        }
    }

    [Theory]
    [InlineData("?page=7&results_per_page=10", 7)]
    [InlineData("?page=2147483647&results_per_page=1000", 2147483647)]
    [InlineData("?page=9223372036854775807&results_per_page=1000", 9223372036854775807)]
    public async Task A_page_past_the_end_is_an_empty_list(string query, long page)
    {
        using var http = await StrangerAsync();
        await BulkAsync(http, 3);

        var list = await ListAsync(http, query);

        Assert.Empty(list["data"]!.AsArray());
        Assert.Equal(page, list["meta"]!["page"]!.GetValue<long>());
        Assert.Equal(3, list["meta"]!["total"]!.GetValue<int>());
        Assert.Null(list["links"]!["next"]);
    }

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("page=-1", "page")]
    [InlineData("page=%2B2", "page")]
    [InlineData("page=abc", "page")]
    [InlineData("page=", "page")]
    [InlineData("page=1.0", "page")]
    [InlineData("page=1%00", "page")]
    [InlineData("page=9223372036854775808", "page")]
    [InlineData("page=1&page=2", "page")]
    [InlineData("page[0]=1", "page[0]")]
    [InlineData("results_per_page[]=10", "results_per_page[]")]
    [InlineData("search=%FF", "search")]
    [InlineData("search=%EF%BF%BE", "search")]
    public async Task A_wrong_parameter_is_named(string query, string field)
    {
        var reply = await GetAsync($"/api/links?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal([field], reply.WrongFields);
    }

    [Theory]
    [InlineData("search=spring", "Spring/Sale")]
    [InlineData("search=SPRING%2F", "Spring/Sale")]
    [InlineData("search=%25", "")]
    [InlineData("search=_", "under_score")]
    [InlineData("search=Übung", "übung")]
    [InlineData("search=EXAMPLE.ORG%2FA&search_by=location_url", "autumn")]
    [InlineData("search=%25&search_by=location_url", "übung")]
    [InlineData("search=", "Spring/Sale autumn under_score übung")]
    [InlineData("is_enabled=0", "under_score")]
    [InlineData("is_enabled=true", "Spring/Sale autumn übung")]
    [InlineData("type=link&domain_id=0", "Spring/Sale autumn under_score übung")]
    [InlineData("domain_id=1", "")]
    [InlineData("project_id=5", "")]
    [InlineData("datetime_start=2000-01-01 00:00:00", "Spring/Sale autumn under_score übung")]
    [InlineData("datetime_end=2000-01-01 00:00:00&datetime_field=last_datetime", "")]
    [InlineData("datetime_start=2990-01-01T00:00:00Z", "")]
    [InlineData("datetime_start=2990-01-01", "")]
    [InlineData("datetime_start=2000-01-01T00:00", "Spring/Sale autumn under_score übung")]
    [InlineData("datetime_end=2000-01-01T00:00:00", "")]
    [InlineData("datetime_end=2990-01-01", "Spring/Sale autumn under_score übung")]
    [InlineData("order_type=asc&order_by=URL", "Spring/Sale autumn under_score übung")]
    public async Task Filters_find(string query, string aliases)
    {
        using var http = await SampleAsync();

        var found = Aliases(await ListAsync(http, "?" + query));

        Assert.Equal(aliases, string.Join(' ', found.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("", "under_score übung autumn Spring/Sale")]
    [InlineData("order_by=link_id&order_type=ASC", "Spring/Sale autumn übung under_score")]
    [InlineData("order_by=url&order_type=ASC", "autumn Spring/Sale under_score übung")]
    [InlineData("order_by=url", "übung under_score Spring/Sale autumn")]
    [InlineData("order_by=datetime&order_type=ASC", "Spring/Sale autumn übung under_score")]
    [InlineData("order_by=last_datetime", "under_score übung autumn Spring/Sale")]
    [InlineData("order_by=clicks", "autumn under_score übung Spring/Sale")]
    [InlineData("order_by=clicks&order_type=ASC", "Spring/Sale übung under_score autumn")]
    public async Task Orders_sort(string query, string aliases)
    {
        using var http = await SampleAsync();
        await Server.Database.WriteAsync(
            async db =>
            {
                var autumn = db.Links.Single(link => link.AliasKey == "autumn").Id;
                db.LinkCounts.RemoveRange(db.LinkCounts.Where(count => count.LinkId == autumn));
                await db.SaveChangesAsync(Cancel);
                db.LinkCounts.Add(
                    new()
                    {
                        LinkId = autumn,
                        Kind = 13,
                        Count = 5,
                    }
                );
                db.UnrankedLinks.Add(new() { Links = $"[{autumn}]" });
                return await db.SaveChangesAsync(Cancel);
            },
            Cancel
        );
        await Server.Services.GetRequiredService<ClickRanks>().RankAsync(Cancel);

        Assert.Equal(aliases, string.Join(' ', Aliases(await ListAsync(http, "?" + query))));
    }

    // One account with four links, created once.
    private async Task<HttpClient> SampleAsync()
    {
        if (s_sample is not null)
            return Server.NewClient(s_sample);

        var http = await StrangerAsync();
        (string, string, string)[] links =
        [
            ("Spring/Sale", "https://example.org/s", "1"),
            ("autumn", "https://example.org/a", "1"),
            ("übung", "https://example.org/%25", "1"),
            ("under_score", "https://example.org/u", "0"),
        ];
        foreach (var (alias, target, enabled) in links)
        {
            var body = Bodies.Form(("url", alias), ("location_url", target), ("is_enabled", enabled));
            Assert.Equal(HttpStatusCode.Created, (await SendAsync(HttpMethod.Post, "/api/links", body, http)).Status);
        }

        s_sample = http.DefaultRequestHeaders.Authorization!.Parameter;
        return http;
    }

    private static string? s_sample;

    private async Task BulkAsync(HttpClient http, int count)
    {
        var lines = string.Join('\n', Enumerable.Range(1, count).Select(n => $"https://example.org/{n}"));
        var body = Bodies.Form(("is_bulk", "1"), ("location_urls", lines));
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(HttpMethod.Post, "/api/links", body, http)).Status);
    }

    private async Task<JsonNode> ListAsync(HttpClient http, string query)
    {
        var reply = await SendAsync(HttpMethod.Get, "/api/links/" + query, http: http);
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Body);
        return reply.Json;
    }

    private static IEnumerable<long> Ids(JsonNode list) =>
        list["data"]!.AsArray().Select(link => link!["id"]!.GetValue<long>());

    private static IEnumerable<string> Aliases(JsonNode list) =>
        list["data"]!.AsArray().Select(link => link!["url"]!.GetValue<string>());
}
