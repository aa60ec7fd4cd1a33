using System.Net;
using Signpost.Testing;

namespace Signpost.Tests.Statistics;

/// <summary>The page with a link's public statistics, if its owner shows them.</summary>
public sealed class PublicPageTests(VisitedServer shared) : StatisticsTests(shared)
{
    [Fact]
    public async Task It_shows_what_was_counted_and_not_where_the_link_leads()
    {
        var link = await LinkAsync(("statistics_is_public", "1"), ("location_url", "https://secret.example/place"));
        await VisitAsync(
            link.Alias,
            ("CF-IPCountry", "FR"),
            ("X-Forwarded-For", "192.0.2.1"),
            ("Referer", "https://news.example/back/room")
        );
        await VisitFromAsync(link.Alias, "FR", "192.0.2.2", Iphone);
        await CountedAsync(link.Id, 2);
        var url = (await ReadAsync(link.Id))["statistics_url"]!.GetValue<string>();

        var (status, page) = await OpenAsync(new Uri(url).PathAndQuery, "de");

        Assert.Equal($"{Server.Url}/l/stats/{link.Alias}", url);
        Assert.Equal(HttpStatusCode.OK, status);
        foreach (var shown in (string[])["Frankreich", "news.example", "iOS", "Linux", "Firefox", "Safari", "Computer"])
            Assert.Contains($">{shown}<", page, StringComparison.Ordinal);
        foreach (var hidden in (string[])["secret.example", "back/room", "192.0.2"])
            Assert.DoesNotContain(hidden, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_shows_one_of_a_few_periods_and_no_brand()
    {
        var link = await LinkAsync(("statistics_is_public", "1"));
        await VisitAsync(link.Alias);
        await CountedAsync(link.Id, 1);

        foreach (
            var (query, days) in (IEnumerable<(string, int)>)
                [("", 30), ("?days=7", 7), ("?days=90", 90), ("?days=8", 30)]
        )
        {
            var (status, page) = await OpenAsync($"/l/stats/{link.Alias}{query}");
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Equal(days, page.Split("class=\"clicks\" x=").Length - 1);
            // Today, in the chart, its tooltip and the table.
            Assert.Equal(1, page.Split("class=\"unfinished\"").Length - 1);
            Assert.Equal(2, page.Split("not over yet").Length - 1);
            Assert.Contains(
                $"href=\"?days={days}\" rel=\"nofollow\" aria-current=\"page\"",
                page,
                StringComparison.Ordinal
            );
            Assert.DoesNotContain("class=\"brand\"", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Its_owner_chooses_title_lists_and_periods()
    {
        var link = await LinkAsync(
            ("statistics_is_public", "1"),
            ("statistics_public_title", "<b>Ours</b>"),
            ("statistics_public_shows[0]", "devices"),
            ("statistics_public_shows[1]", "browsers"),
            ("statistics_public_periods[0]", "7"),
            ("statistics_public_periods[1]", "90")
        );
        await VisitAsync(link.Alias);
        await CountedAsync(link.Id, 1);
        var settings = (await ReadAsync(link.Id))["settings"]!;
        Assert.Equal("[\"browsers\",\"devices\"]", settings["statistics_public_shows"]!.ToJsonString());
        Assert.Equal("[7,90]", settings["statistics_public_periods"]!.ToJsonString());

        var (_, page) = await OpenAsync($"/l/stats/{link.Alias}?days=30");
        Assert.Contains("<h1 dir=\"auto\">&lt;b&gt;Ours&lt;/b&gt;</h1>", page, StringComparison.Ordinal);
        Assert.Equal(7, page.Split("class=\"clicks\" x=").Length - 1);
        Assert.Contains(">Browsers<", page, StringComparison.Ordinal);
        Assert.DoesNotContain(">Countries<", page, StringComparison.Ordinal);
        Assert.DoesNotContain("?days=30", page, StringComparison.Ordinal);

        await Server.UpdateLinkAsync(link.Id, ("statistics_public_shows", ""), ("statistics_public_periods", "30"));
        (_, page) = await OpenAsync($"/l/stats/{link.Alias}");
        // People who choose no list want none.
        Assert.DoesNotContain("<caption>", page, StringComparison.Ordinal);
        settings = (await ReadAsync(link.Id))["settings"]!;
        Assert.Equal("[]", settings["statistics_public_shows"]!.ToJsonString());
        Assert.DoesNotContain("class=\"periods\"", page, StringComparison.Ordinal);
        await Server.UpdateLinkAsync(link.Id, ("statistics_public_periods", ""));
        (_, page) = await OpenAsync($"/l/stats/{link.Alias}?days=7");
        Assert.Equal(30, page.Split("class=\"clicks\" x=").Length - 1);
        foreach (var (name, wrong) in (IEnumerable<(string, string)>)[("shows", "cities"), ("periods", "8")])
        {
            var refused = await PostAsync($"/api/links/{link.Id}", ($"statistics_public_{name}[]", wrong));
            Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        }
    }

    [Fact]
    public async Task It_is_there_only_while_its_owner_shows_it_and_the_link_is_enabled()
    {
        var link = await LinkAsync();
        Assert.Null((await ReadAsync(link.Id))["statistics_url"]);
        Assert.False((await ReadAsync(link.Id))["settings"]!["statistics_is_public"]!.GetValue<bool>());
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync());

        await Server.UpdateLinkAsync(link.Id, ("statistics_is_public", "yes"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync());
        await Server.UpdateLinkAsync(link.Id, ("is_enabled", "0"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync());
        await Server.UpdateLinkAsync(link.Id, ("is_enabled", "1"), ("start_date", "2999-01-01 00:00"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync());
        await Server.UpdateLinkAsync(link.Id, ("schedule", "0"), ("password", "x"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync());
        await Server.UpdateLinkAsync(link.Id, ("statistics_is_public", "0"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync());

        async Task<HttpStatusCode> StatusAsync() =>
            (await OpenAsync($"/l/stats/{link.Alias.ToUpperInvariant()}")).Status;
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("grüße~1")]
    [InlineData("日本/語")]
    public async Task Any_alias_has_one(string alias)
    {
        var unique = $"{alias}-{Guid.NewGuid():N}";
        var link = await LinkAsync(("url", unique), ("statistics_is_public", "1"));
        var url = (await ReadAsync(link.Id))["statistics_url"]!.GetValue<string>();

        var (status, page) = await OpenAsync(new Uri(url).PathAndQuery);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains(WebUtility.HtmlEncode("Nobody followed this link"), page, StringComparison.Ordinal);
        Assert.Contains(unique, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/l/stats")]
    [InlineData("/l/stats/")]
    [InlineData("/l/stats/nobody-has-this")]
    [InlineData("/l/stats/a//b")]
    [InlineData("/l/stats/..%2f..%2fapi")]
    [InlineData("/l/stats/%3Cscript%3E")]
    [InlineData("/l/stats/x?domain=nowhere.example")]
    [InlineData("/l/stats/x?domain=a&domain=b")]
    public async Task Elsewhere_there_is_nothing(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await OpenAsync(path)).Status);

    [Fact]
    public async Task A_page_loads_nothing_and_is_kept_and_found_by_nobody()
    {
        var link = await LinkAsync(("statistics_is_public", "1"));

        using var response = await Server.FollowAsync($"l/stats/{link.Alias}");
        var page = await response.Content.ReadAsStringAsync(Cancel);

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(" style=", page, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith(
            "default-src 'none'; style-src 'sha256-",
            response.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal
        );
        Assert.Equal(["noindex"], response.Headers.GetValues("X-Robots-Tag"));
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    private async Task<(HttpStatusCode Status, string Page)> OpenAsync(string path, string language = "en")
    {
        using var response = await Server.FollowAsync(path.TrimStart('/'), null, ("Accept-Language", language));
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }
}
