using System.Net;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.Api;

/// <summary>The parameters of all lists: sizes of pages, filters, orders.</summary>
public sealed class ListParameterTests(SharedServer shared) : ApiTests(shared)
{
    private static readonly string[] Lists =
    [
        "/api/links",
        "/api/projects",
        "/api/pixels",
        "/api/domains",
        "/api/users",
        "/api/api-keys",
        "/api/audit-log",
    ];

    private static readonly string[] Sized = [.. Lists, "/api/statistics/{id}/clicks"];

    [Theory]
    [InlineData("1", 1)]
    [InlineData("3", 3)]
    [InlineData("10", 10)]
    [InlineData("20", 20)]
    [InlineData("025", 25)]
    [InlineData("200", 200)]
    [InlineData("999", 999)]
    [InlineData("1000", 1000)]
    public async Task Every_list_serves_pages_of_1_to_1000(string sent, int size)
    {
        var id = await CreateAsync();
        foreach (var list in Sized)
        {
            var page = await GetAsync(
                $"{list.Replace("{id}", $"{id}", StringComparison.Ordinal)}?results_per_page={sent}"
            );

            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.Equal(size, page.Json["meta"]!["results_per_page"]!.GetValue<int>());
            Assert.Null(page.Json["meta"]!["warnings"]);
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-25")]
    [InlineData("")]
    [InlineData("all")]
    [InlineData("1001")]
    [InlineData("2.5")]
    [InlineData("1e2")]
    [InlineData("%2B5")]
    [InlineData("99999999999999999999")]
    public async Task Any_other_size_is_25_with_a_warning(string sent)
    {
        var id = await CreateAsync();
        foreach (var list in Sized)
        {
            var page = await GetAsync(
                $"{list.Replace("{id}", $"{id}", StringComparison.Ordinal)}?results_per_page={sent}"
            );

            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.Equal(25, page.Json["meta"]!["results_per_page"]!.GetValue<int>());
            Assert.Equal(["results_per_page"], Warned(page));
        }
    }

    [Fact]
    public async Task Pages_of_any_size_meet_everything_once()
    {
        using var http = await StrangerAsync();
        for (var i = 0; i < 7; i++)
            await SendAsync(HttpMethod.Post, "/api/projects", Bodies.Form(("name", $"{i}")), http);

        List<string> met = [];
        for (var at = "/api/projects?results_per_page=3"; at is not null; )
        {
            var page = (await SendAsync(HttpMethod.Get, at, http: http)).Json;
            met.AddRange(page["data"]!.AsArray().Select(one => one!["name"]!.GetValue<string>()));
            at = page["links"]!["next"]?.GetValue<string>();
        }

        Assert.Equal(["6", "5", "4", "3", "2", "1", "0"], met);
    }

    [Theory]
    [InlineData("/api/links", "type", "biolink file vcard event static")]
    [InlineData("/api/links", "is_enabled", "2 maybe")]
    [InlineData("/api/links", "project_id", "x -1 1.5 99999999999999999999")]
    [InlineData("/api/links", "domain_id", "x -1")]
    [InlineData("/api/links", "datetime_start", "today 2026-13-01 2026-02-30")]
    [InlineData("/api/links", "datetime_end", "today 24:00")]
    [InlineData("/api/pixels", "type", "myspace")]
    [InlineData("/api/pixels", "datetime_start", "x")]
    [InlineData("/api/projects", "datetime_end", "x")]
    [InlineData("/api/domains", "is_enabled", "2")]
    [InlineData("/api/domains", "datetime_start", "x")]
    public async Task A_filter_with_an_unknown_value_matches_nothing(string list, string name, string values)
    {
        await CreateAsync();
        await MakeThreeAsync(Server.Http);
        foreach (var value in values.Split(' '))
        {
            var page = await GetAsync($"{list}?{name}={value}");

            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.Empty(page.Json["data"]!.AsArray());
            Assert.Equal(0, page.Json["meta"]!["total"]!.GetValue<int>());
            Assert.Equal([name], Warned(page));
        }
    }

    [Theory]
    [InlineData("order_by=password_hash")]
    [InlineData("order_type=sideways")]
    [InlineData("search_by=secret")]
    [InlineData("datetime_field=end_date")]
    public async Task An_unknown_choice_is_the_usual_one_with_a_warning(string query)
    {
        await CreateAsync();
        await MakeThreeAsync(Server.Http);
        foreach (var list in (string[])["/api/links", "/api/projects", "/api/pixels", "/api/domains"])
        {
            var usual = await GetAsync(list);
            var page = await GetAsync($"{list}?{query}");

            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.NotEmpty(page.Json["data"]!.AsArray());
            Assert.Equal(usual.Json["data"]!.ToJsonString(), page.Json["data"]!.ToJsonString());
            Assert.Equal([query.Split('=')[0]], Warned(page));
        }
    }

    [Theory]
    [InlineData("projects", "", "c.example a.example b.example")]
    [InlineData("projects", "order_by=name&order_type=ASC", "a.example b.example c.example")]
    [InlineData("projects", "order_by=name", "c.example b.example a.example")]
    [InlineData("projects", "order_by=project_id&order_type=asc", "b.example a.example c.example")]
    [InlineData("projects", "order_by=datetime&order_type=ASC", "b.example a.example c.example")]
    [InlineData("projects", "order_by=last_datetime", "c.example a.example b.example")]
    [InlineData("projects", "search=A.&search_by=name", "a.example")]
    [InlineData("projects", "datetime_start=2000-01-01&datetime_end=2990-01-01T10:00", "c.example a.example b.example")]
    [InlineData("projects", "datetime_start=2990-01-01", "")]
    [InlineData("projects", "datetime_end=2000-01-01&datetime_field=last_datetime", "")]
    [InlineData("pixels", "type=facebook", "a.example b.example")]
    [InlineData("pixels", "type=twitter", "c.example")]
    [InlineData("pixels", "type=quora", "")]
    [InlineData("pixels", "order_by=pixel_id&order_type=ASC", "b.example a.example c.example")]
    [InlineData("pixels", "order_by=name&order_type=ASC&type=facebook", "a.example b.example")]
    [InlineData("pixels", "datetime_end=2000-01-01", "")]
    [InlineData("domains", "is_enabled=0", "c.example")]
    [InlineData("domains", "is_enabled=1", "a.example b.example")]
    [InlineData("domains", "order_by=host&order_type=ASC", "a.example b.example c.example")]
    [InlineData("domains", "order_by=domain_id&order_type=ASC", "b.example a.example c.example")]
    [InlineData("domains", "search=B.&search_by=host", "b.example")]
    [InlineData("domains", "datetime_start=2990-01-01&datetime_field=last_datetime", "")]
    public async Task Lists_of_resources_filter_and_sort_as_that_of_links(string kind, string query, string names)
    {
        using var http = await StrangerAsync();
        await MakeThreeAsync(http);

        var page = (await SendAsync(HttpMethod.Get, $"/api/{kind}?{query}", http: http)).Json;

        var field = kind is "domains" ? "host" : "name";
        Assert.Equal(names, string.Join(' ', page["data"]!.AsArray().Select(one => one![field]!.GetValue<string>())));
        Assert.Null(page["meta"]!["warnings"]);
    }

    private async Task MakeThreeAsync(HttpClient http)
    {
        foreach (var name in (string[])["b.example", "a.example", "c.example"])
        {
            var last = name is "c.example";
            await SendAsync(HttpMethod.Post, "/api/projects", Bodies.Form(("name", name)), http);
            var pixel = Bodies.Form(("name", name), ("pixel", "1234567"), ("type", last ? "twitter" : "facebook"));
            await SendAsync(HttpMethod.Post, "/api/pixels", pixel, http);
            var domain = Bodies.Form(("host", name), ("is_enabled", last ? "0" : "1"));
            await SendAsync(HttpMethod.Post, "/api/domains", domain, http);
        }
    }

    private static string[] Warned(Reply page) =>
        [.. page.Json["meta"]!["warnings"]!.AsArray().Select(warning => warning!["field"]!.GetValue<string>())];
}
