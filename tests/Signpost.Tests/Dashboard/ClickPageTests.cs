using System.Net;
using System.Text.RegularExpressions;
using Signpost.Testing;
using Signpost.Tests.Statistics;

namespace Signpost.Tests.Dashboard;

/// <summary>The list of the clicks of a link, and the page of each click.</summary>
public sealed partial class ClickPageTests(VisitedServer shared) : StatisticsTests(shared)
{
    [Fact]
    public async Task The_list_has_the_pages_and_the_filters_of_the_API()
    {
        using var person = await SignInAsync();
        var link = await LinkAsync();
        var page = $"/dashboard/links/{link.Id}/clicks";
        Assert.DoesNotContain("<tbody>", (await person.GetAsync(page, Cancel)).Body, StringComparison.Ordinal);
        for (var visit = 0; visit < 26; visit++)
            await VisitFromAsync(
                link.Alias,
                visit % 2 == 0 ? "FR" : "DE",
                "192.0.2.1",
                visit % 4 == 0 ? Robot : Firefox
            );
        await VisitAsync($"{link.Alias}?utm_source=%3Cb%3Ex", ("Referer", "https://news.example/<b>"));
        await CountedAsync(link.Id, 27);

        foreach (
            var filter in (string[])
                ["", "kind=robot", "country_code=FR&kind=person", "not_country_code=DE", "utm_source=%3Cb%3Ex"]
        )
        {
            List<string> told = [];
            List<string> shown = [];
            string? next = $"{page}?{filter}";
            for (long? cursor = long.MaxValue; cursor is not null; )
            {
                var api = (await GetAsync($"/api/statistics/{link.Id}/clicks?{filter}&cursor={cursor}")).Json;
                told.AddRange(api["data"]!.AsArray().Select(click => $"{click!["id"]}"));
                cursor = (long?)api["meta"]!["next_cursor"];
                var seen = await person.GetAsync(next!, Cancel);
                Assert.Equal(HttpStatusCode.OK, seen.Status);
                Assert.DoesNotContain("<b>", seen.Body, StringComparison.Ordinal);
                shown.AddRange(Click().Matches(seen.Body).Select(match => match.Groups["id"].Value));
                next = WebUtility.HtmlDecode(Next().Match(seen.Body).Groups["address"].Value);
                Assert.Equal(cursor is null, next is "");
            }

            Assert.NotEmpty(told);
            Assert.Equal(told, shown);
        }

        var chip = await person.GetAsync($"{page}?not_country_code=DE&kind=robot", Cancel);
        Assert.Contains($"href=\"{page}?kind=robot\"", chip.Body, StringComparison.Ordinal);
        Assert.Contains("name=\"not_country_code\" value=\"DE\"", chip.Body, StringComparison.Ordinal);
        var file = await person.GetAsync($"{page}/export?kind=robot", Cancel);
        Assert.Equal(9, file.Body.Split("\r\n").Length);
        var wrong = await person.GetAsync($"{page}?start_date=yesterday", Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Contains("href=\"#start_date\"", wrong.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_click_shows_what_is_kept_and_explains_itself_in_every_language()
    {
        using var person = await SignInAsync();
        var link = await LinkAsync(
            ("clicks_limit", "50"),
            ("targeting_type", "country_code"),
            ("targeting_country_code_key[0]", "FR"),
            ("targeting_country_code_value[0]", "https://example.org/fr")
        );
        await VisitAsync($"{link.Alias}?utm_source=mail", ("CF-IPCountry", "FR"), ("CF-IPCity", "Paris"));
        await EditAsync(link, ("targeting_type", "rotation"), ("targeting_rotation_key[0]", "100"));
        await VisitAsync(link.Alias, ("CF-IPCountry", "FR"));
        await EditAsync(link, ("targeting_type", "browser_language"), ("targeting_browser_language_key[0]", "fr"));
        await VisitAsync(link.Alias, ("Accept-Language", "fr-CA"));
        await EditAsync(link, ("is_enabled", "0"));
        await VisitAsync(link.Alias);
        await CountedAsync(link.Id, 4);

        foreach (var language in (string[])["de", "ar", "ja", "en"])
        {
            await person.SendAsync("/dashboard/links", "/dashboard/language", Cancel, ("language", language));
            for (var id = 1; id <= 4; id++)
            {
                var seen = await person.GetAsync($"/dashboard/links/{link.Id}/clicks/{id}", Cancel);
                Assert.Equal(HttpStatusCode.OK, seen.Status);
                // A sentence that has no translation is marked as English.
                Assert.DoesNotMatch("<(p|li) lang=\"en\"", seen.Body);
            }
        }

        var first = await person.GetAsync($"/dashboard/links/{link.Id}/clicks/1", Cancel);
        foreach (
            var text in (string[])
                ["Paris", "France", "https://example.org/fr", "mail", "/versions/1\"", "rule 1 matches"]
        )
            Assert.Contains(text, first.Body, StringComparison.Ordinal);
        Assert.Contains($"clicks?country_code=FR\"", first.Body, StringComparison.Ordinal);
        Assert.Contains("lead to the same response", first.Body, StringComparison.Ordinal);
        var drawn = await person.GetAsync($"/dashboard/links/{link.Id}/clicks/2", Cancel);
        Assert.Contains("The draw of the rotation is not kept.", drawn.Body, StringComparison.Ordinal);
        foreach (var gone in (string[])[$"{link.Id}/clicks/5", $"{link.Id}/clicks/0", "99999/clicks", "99999/clicks/1"])
            Assert.Equal(HttpStatusCode.NotFound, (await person.GetAsync($"/dashboard/links/{gone}", Cancel)).Status);
    }

    private async Task EditAsync(MadeLink link, params (string Name, string Value)[] fields)
    {
        if (fields is [.., (var key, _)] && key.EndsWith("_key[0]", StringComparison.Ordinal))
            fields =
            [
                .. fields,
                (key.Replace("_key", "_value", StringComparison.Ordinal), "https://example.org/other"),
            ];
        var edited = await PostAsync($"/api/links/{link.Id}", fields);
        Assert.True(edited.Status == HttpStatusCode.OK, edited.Body);
    }

    private async Task<Person> SignInAsync()
    {
        var person = new Person(Server);
        await person.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        return person;
    }

    [GeneratedRegex("/clicks/(?<id>[0-9]+)\"><time")]
    private static partial Regex Click();

    [GeneratedRegex("href=\"(?<address>[^\"]+)\"[^>]*rel=\"next\"")]
    private static partial Regex Next();
}
