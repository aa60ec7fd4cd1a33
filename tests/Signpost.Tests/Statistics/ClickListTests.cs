using System.Text.Json.Nodes;

namespace Signpost.Tests.Statistics;

/// <summary>The clicks themselves, page by page.</summary>
public sealed class ClickListTests(VisitedServer shared) : StatisticsTests(shared)
{
    [Fact]
    public async Task A_click_tells_all_that_is_kept_of_it_and_nothing_of_who_it_was()
    {
        var link = await LinkAsync(("utm_campaign", "spring"));
        await VisitAsync(
            $"{link.Alias}?utm_source=mail",
            ("CF-IPCountry", "FR"),
            ("CF-IPCity", "Paris"),
            ("X-Forwarded-For", "192.0.2.77"),
            ("Accept-Language", "fr-CA"),
            ("Referer", "https://news.example/a?secret=1")
        );
        await CountedAsync(link.Id, 1);

        var page = await GetAsync($"/api/statistics/{link.Id}/clicks");

        var click = page.Json["data"]![0]!.AsObject();
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", click["datetime"]!.GetValue<string>());
        click.Remove("datetime");
        Assert.Equal(
            $$"""{"id":1,"link_id":{{link.Id}},"kind":"person","status":302,"trigger":"link","continent_code":"EU","country_code":"FR","city_name":"Paris","os_name":"Linux","browser_name":"Firefox","device_type":"desktop","browser_language":"fr","referrer_host":"news.example","referrer_path":"/a","utm_source":"mail","utm_medium":null,"utm_campaign":"spring","utm_term":null,"utm_content":null,"destination":"https://example.org/","variant":null,"host":"127.0.0.1","link_version":1}""",
            click.ToJsonString()
        );
        Assert.Equal("""{"results_per_page":25,"next_cursor":null}""", page.Json["meta"]!.ToJsonString());
        Assert.Null(page.Json["links"]!["next"]);
        Assert.DoesNotContain("192.0.2.77", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_go_on_where_the_one_before_ended_while_clicks_arrive()
    {
        var link = await LinkAsync();
        for (var visit = 0; visit < 23; visit++)
            await VisitAsync(link.Alias);
        await CountedAsync(link.Id, 23);

        var first = (await GetAsync($"/api/statistics/{link.Id}/clicks?results_per_page=10&x=y%26z")).Json;
        await VisitAsync(link.Alias);
        await CountedAsync(link.Id, 24);
        var next = first["links"]!["next"]!.GetValue<string>();
        Assert.Equal($"{Server.Url}/api/statistics/{link.Id}/clicks?results_per_page=10&x=y%26z&cursor=14", next);
        var second = (await GetAsync(new Uri(next).PathAndQuery)).Json;
        var third = (
            await GetAsync(
                $"/api/statistics/{link.Id}/clicks/?results_per_page=10&cursor={second["meta"]!["next_cursor"]}"
            )
        ).Json;

        Assert.Equal(Enumerable.Range(1, 23).Reverse(), new[] { first, second, third }.SelectMany(page => Ids(page)));
        Assert.Null(third["meta"]!["next_cursor"]);
    }

    [Fact]
    public async Task A_page_that_ends_with_the_last_click_has_no_next()
    {
        var link = await LinkAsync();
        for (var visit = 0; visit < 10; visit++)
            await VisitAsync(link.Alias);
        await CountedAsync(link.Id, 10);

        var page = (await GetAsync($"/api/statistics/{link.Id}/clicks?results_per_page=10")).Json;

        Assert.Equal(10, page["data"]!.AsArray().Count);
        Assert.Null(page["meta"]!["next_cursor"]);
    }

    [Fact]
    public async Task Filters_and_days_leave_what_they_say_and_every_kind_is_there_without_them()
    {
        var link = await LinkAsync();
        await VisitFromAsync(link.Alias, "FR", "192.0.2.1");
        await VisitFromAsync(link.Alias, "DE", "192.0.2.2");
        await VisitFromAsync(link.Alias, "DE", "192.0.2.3", Robot);
        await CountedAsync(link.Id, 3);

        Assert.Equal("3 2 1", await IdsAsync(""));
        Assert.Equal("3 2", await IdsAsync("country_code=DE"));
        Assert.Equal("2", await IdsAsync("country_code=DE&kind=person"));
        Assert.Equal("", await IdsAsync("end_date=2000-01-01"));
        Assert.Equal("3 2 1", await IdsAsync("start_date=2000-01-01"));
        Assert.Equal("2 1", await IdsAsync("cursor=3"));

        async Task<string> IdsAsync(string query) =>
            string.Join(' ', Ids((await GetAsync($"/api/statistics/{link.Id}/clicks?{query}")).Json));
    }

    private static IEnumerable<int> Ids(JsonNode page) =>
        page["data"]!.AsArray().Select(click => click!["id"]!.GetValue<int>());
}
