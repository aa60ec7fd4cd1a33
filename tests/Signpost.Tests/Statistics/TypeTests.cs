using Signpost.Testing;

namespace Signpost.Tests.Statistics;

/// <summary>The counts of real visits, by every type.</summary>
public sealed class TypeTests(VisitedServer shared) : StatisticsTests(shared)
{
    private static readonly SemaphoreSlim Once = new(1);
    private static MadeLink? _link;

    [Theory]
    [InlineData("continent_code", "EU 3/2", "NA 1/1", "null 1/1")]
    [InlineData("country_code", "FR 2/1", "DE 1/1", "US 1/1", "null 1/1")]
    [InlineData("city_name", "Paris 2/1", "null 1/1", "null 1/1", "null 1/1")]
    [InlineData("os_name", "Linux 3/2", "iOS 2/2")]
    [InlineData("browser_name", "Firefox 3/2", "Safari 2/2")]
    [InlineData("device_type", "desktop 3/2", "mobile 2/2")]
    [InlineData("browser_language", "fr 2/1", "null 2/2", "de 1/1")]
    [InlineData("referrer_host", "null 3/3", "news.example 2/1")]
    [InlineData("referrer_path", "null 3/3", "/a/b 2/1")]
    [InlineData("utm_source", "poster 3/3", "mail 2/1")]
    [InlineData("utm_medium", "null 3/3", "email 2/1")]
    [InlineData("utm_campaign", "null 3/3", "spring 2/1")]
    [InlineData("utm_term", "null 5/4")]
    [InlineData("utm_content", "null 5/4")]
    [InlineData("destination", "https://example.org/else 3/2", "https://example.org/mobile 2/2")]
    [InlineData("variant", "null 3/2", "targeting_device_type[0] 2/2")]
    [InlineData("trigger", "link 5/4")]
    [InlineData("host", "127.0.0.1 5/4")]
    [InlineData("kind", "person 5/4", "head 1/1", "robot 1/1")]
    public async Task Clicks_are_told_apart_by_every_dimension_most_first(string type, params string[] expected)
    {
        var link = await VisitedAsync();

        Assert.Equal(expected, await CountsAsync(link.Id, type));
    }

    [Fact]
    public async Task An_overview_holds_each_day_of_the_last_thirty_with_its_clicks_and_visitors()
    {
        var link = await VisitedAsync();

        var reply = await GetAsync($"/api/statistics/{link.Id}/");

        Assert.Equal(["data", "meta"], reply.Json.AsObject().Select(field => field.Key));
        var rows = reply.Json["data"]!.AsArray();
        Assert.Equal(30, rows.Count);
        Assert.All(
            rows,
            row => Assert.Equal(["pageviews", "visitors", "formatted_date"], row!.AsObject().Select(field => field.Key))
        );
        Assert.Equal(5, rows.Sum(row => row!["pageviews"]!.GetValue<int>()));
        Assert.Equal(
            [.. rows.Select(row => row!["formatted_date"]!.GetValue<string>()).Order(StringComparer.Ordinal)],
            rows.Select(row => row!["formatted_date"]!.GetValue<string>())
        );
    }

    [Theory]
    [InlineData("hour", "hour pageviews visitors")]
    [InlineData("weekday_hour", "weekday_hour weekday hour pageviews visitors")]
    [InlineData("country_code", "country_code pageviews visitors")]
    [InlineData("city_name", "country_code city_name pageviews visitors")]
    [InlineData("referrer_path", "referrer_host referrer_path pageviews visitors")]
    [InlineData("utm_medium", "utm_source utm_medium pageviews visitors")]
    [InlineData("utm_campaign", "utm_source utm_medium utm_campaign pageviews visitors")]
    public async Task A_row_has_its_value_and_its_two_counts(string type, string fields)
    {
        var link = await VisitedAsync();

        var row = (await RowsAsync($"/{link.Id}?type={type}"))[0]!;

        Assert.Equal(fields, string.Join(' ', row.AsObject().Select(field => field.Key)));
    }

    [Theory]
    [InlineData("hour")]
    [InlineData("weekday_hour")]
    public async Task All_clicks_have_an_hour(string type)
    {
        var link = await VisitedAsync();

        var rows = await RowsAsync($"/{link.Id}?type={type}");

        Assert.Equal(5, rows.Sum(row => row!["pageviews"]!.GetValue<int>()));
        Assert.Equal(4, rows.Sum(row => row!["visitors"]!.GetValue<int>()));
        Assert.All(rows, row => Assert.InRange(row!["hour"]!.GetValue<int>(), 0, 23));
    }

    [Theory]
    [InlineData("country_code", "&country_code=fr", "FR 2/1")]
    [InlineData("country_code", "&device_type=Mobile", "US 1/1", "null 1/1")]
    [InlineData("country_code", "&country_code=null", "null 1/1")]
    [InlineData("city_name", "&country_code=FR", "Paris 2/1")]
    [InlineData("city_name", "&city_name=null&continent_code=eu", "null 1/1")]
    [InlineData("referrer_path", "&referrer_host=News.Example", "/a/b 2/1")]
    [InlineData("utm_campaign", "&utm_source=mail&utm_medium=email", "spring 2/1")]
    [InlineData("os_name", "&os_name=iPadOS", "iOS 2/2")]
    [InlineData("os_name", "&browser_name=mobile safari", "iOS 2/2")]
    [InlineData("device_type", "&destination=HTTPS://example.org:443/mobile", "mobile 2/2")]
    [InlineData("device_type", "&variant=targeting_device_type[0]", "mobile 2/2")]
    [InlineData("kind", "&country_code=FR", "person 2/1")]
    [InlineData("country_code", "&browser_language=de-DE", "DE 1/1")]
    [InlineData("kind", "&kind=robot", "robot 1/1")]
    [InlineData("browser_name", "&kind=head", "Firefox 1/1")]
    [InlineData("country_code", "&country_code=JP")]
    [InlineData("country_code", "&utm_source=", "FR 2/1", "DE 1/1", "US 1/1", "null 1/1")]
    [InlineData("country_code", "&country_code=fr&country_code=de", "FR 2/1", "DE 1/1")]
    [InlineData("country_code", "&country_code[]=FR&country_code[]=null&country_code[]=", "FR 2/1", "null 1/1")]
    [InlineData("country_code", "&not_country_code=FR", "DE 1/1", "US 1/1", "null 1/1")]
    [InlineData("country_code", "&not_country_code=FR&not_country_code=null", "DE 1/1", "US 1/1")]
    [InlineData("country_code", "&continent_code=EU&not_country_code=FR", "DE 1/1")]
    [InlineData("country_code", "&country_code=FR&not_country_code=FR")]
    [InlineData("kind", "&host=127.0.0.1", "person 5/4", "head 1/1", "robot 1/1")]
    [InlineData("kind", "&not_host=127.0.0.1")]
    [InlineData("kind", "&not_kind=person", "head 1/1", "robot 1/1")]
    [InlineData("browser_name", "&not_kind=robot&not_device_type=mobile", "Firefox 4/3")]
    public async Task Any_dimension_filters_any_type(string type, string filters, params string[] expected)
    {
        var link = await VisitedAsync();

        Assert.Equal(expected, await CountsAsync(link.Id, type, filters));
    }

    [Fact]
    public async Task A_filter_narrows_the_overview_and_the_hours_too()
    {
        var link = await VisitedAsync();

        foreach (var type in (string[])["overview", "hour", "weekday_hour"])
        {
            var rows = await RowsAsync($"/{link.Id}?type={type}&country_code=FR");
            Assert.Equal(2, rows.Sum(row => row!["pageviews"]!.GetValue<int>()));
        }
    }

    [Fact]
    public async Task A_limit_leaves_the_most_frequent_and_one_row_for_the_rest()
    {
        var link = await VisitedAsync();

        Assert.Equal(["other 3/3", "FR 2/1"], await CountsAsync(link.Id, "country_code", "&limit=1"));
    }

    [Fact]
    public async Task A_comparison_tells_beside_each_row_what_was_before()
    {
        var link = await VisitedAsync();

        var values = (await GetAsync($"/api/statistics/{link.Id}?type=country_code&compare=previous")).Json;
        var days = (await GetAsync($"/api/statistics/{link.Id}?compare=previous")).Json;

        Assert.Equal(
            """{"country_code":"FR","pageviews":2,"visitors":1,"previous":{"pageviews":0,"visitors":0}}""",
            values["data"]![0]!.ToJsonString()
        );
        Assert.Equal(["data", "meta"], values.AsObject().Select(field => field.Key));
        Assert.Equal(5, values["meta"]!["pageviews"]!.GetValue<int>());
        Assert.Equal(0, values["meta"]!["previous"]!["pageviews"]!.GetValue<int>());
        Assert.Equal(["data", "meta", "previous"], days.AsObject().Select(field => field.Key));
        Assert.Equal(30, days["previous"]!.AsArray().Count);
        Assert.Equal(
            days["meta"]!["previous"]!["end_date"]!.GetValue<string>(),
            days["previous"]![29]!["formatted_date"]!.GetValue<string>()
        );
    }

    [Fact]
    public async Task A_value_that_is_called_null_or_other_is_a_value_like_any()
    {
        var link = await LinkAsync();
        await VisitAsync($"{link.Alias}?utm_source=other");
        await CountedAsync(link.Id, 1);

        Assert.Equal(
            """[{"utm_source":"other","pageviews":1,"visitors":1}]""",
            (await RowsAsync($"/{link.Id}?type=utm_source")).ToJsonString()
        );
    }

    // Five clicks by four people, a robot and a HEAD.
    private async Task<MadeLink> VisitedAsync()
    {
        await Once.WaitAsync(Cancel);
        try
        {
            if (
                _link is not null
                && await GetAsync($"/api/links/{_link.Id}") is { Status: System.Net.HttpStatusCode.OK }
            )
                return _link;

            var link = await LinkAsync(
                ("location_url", "https://example.org/else"),
                ("utm_source", "poster"),
                ("targeting_type", "device_type"),
                ("targeting_device_type_key[0]", "mobile"),
                ("targeting_device_type_value[0]", "https://example.org/mobile")
            );
            for (var time = 0; time < 2; time++)
                await VisitAsync(
                    $"{link.Alias}?utm_source=mail&utm_medium=email&utm_campaign=spring",
                    ("CF-IPCountry", "FR"),
                    ("CF-IPCity", "Paris"),
                    ("X-Forwarded-For", "192.0.2.1"),
                    ("Accept-Language", "fr-CA,en;q=0.5"),
                    ("Referer", "https://news.example:8443/a/b?c=d#e")
                );
            await VisitAsync(
                link.Alias,
                ("CF-IPCountry", "DE"),
                ("X-Forwarded-For", "192.0.2.2"),
                ("Accept-Language", "de")
            );
            await VisitFromAsync(link.Alias, "US", "192.0.2.3", Iphone);
            await VisitFromAsync(link.Alias, "XX", "192.0.2.4", Iphone);
            await VisitFromAsync(link.Alias, "US", "192.0.2.5", Robot);
            using var head = await Server.FollowAsync(link.Alias, HttpMethod.Head, ("User-Agent", Firefox));
            await CountedAsync(link.Id, 7);
            return _link = link;
        }
        finally
        {
            Once.Release();
        }
    }
}
