using System.Net;
using System.Text.RegularExpressions;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.Dashboard;

/// <summary>The page of a link with its tabs, and the trash.</summary>
public sealed partial class LinkPageTests(SharedServer shared) : ApiTests(shared)
{
    private const string Hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";

    [Fact]
    public async Task The_page_of_a_link_says_what_is_set_why_a_visitor_goes_where_and_who_changed_what()
    {
        var id = await CreateAsync(
            ("url", "told"),
            ("title", Hostile),
            ("note", Hostile),
            ("tags[]", "spring"),
            ("password", "secret"),
            ("clicks_limit", "5"),
            ("schedule", "1"),
            ("start_date", "2026-01-01 00:00:00"),
            ("utm_source", "poster"),
            ("targeting_type", "country_code"),
            ("targeting_country_code_key[0]", "FR"),
            ("targeting_country_code_value[0]", "https://example.fr/")
        );
        using var ada = await SignedInAsync();

        var details = await ada.GetAsync($"/dashboard/links/{id}", Cancel);

        var text = TextOf(details.Body);
        Assert.All(
            [
                "Visitors from France go to https://example.fr/",
                "All others go to the destination.",
                "Visitors must enter a password.",
                "0 of 5 clicks are used.",
                "From 1 Jan 2026 00:00",
                "utm_source=poster",
                "Visitors are redirected with the status code 302.",
                "spring",
            ],
            part => Assert.Contains(part, text, StringComparison.Ordinal)
        );
        Assert.DoesNotContain("<script>alert", details.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x", details.Body, StringComparison.Ordinal);
        await AssertExplainedAsync(ada, id);
        await AssertVersionsAsync(ada, id);
    }

    [Fact]
    public async Task An_explanation_is_in_the_language_of_the_person()
    {
        using var ada = await SignedInAsync();
        (string Name, string Value)[][] links =
        [
            [
                ("schedule", "1"),
                ("start_date", "2026-01-01 00:00"),
                ("end_date", "2036-01-01 00:00"),
                ("clicks_limit", "5"),
            ],
            [
                ("targeting_type", "country_code"),
                ("targeting_country_code_key[0]", "FR"),
                ("targeting_country_code_value[0]", "https://example.fr/"),
                ("utm_source", "poster"),
            ],
            [
                ("targeting_type", "rotation"),
                ("targeting_rotation_key[0]", "1"),
                ("targeting_rotation_value[0]", "https://example.fr/"),
                ("forward_query_parameters_is_enabled", "1"),
            ],
            [
                ("targeting_type", "browser_language"),
                ("targeting_browser_language_key[0]", "fr"),
                ("targeting_browser_language_value[0]", "https://example.fr/"),
            ],
            [
                ("targeting_type", "city_name"),
                ("targeting_city_name_key[0]", "St. Gallen"),
                ("targeting_city_name_value[0]", "https://example.ch/"),
            ],
            [("is_enabled", "0")],
            [("password", "secret"), ("sensitive_content", "1"), ("cloaking_is_enabled", "1")],
            [("schedule", "1"), ("end_date", "2026-01-01 00:00"), ("expiration_url", "https://example.net/")],
        ];
        string[] visitors =
        [
            "",
            "?country_code=FR&city_name=St.%20Gallen&accept_language=fr",
            "?is_unlocked=1&has_agreed=1&accept_language=de",
            "?user_agent=Googlebot/2.1",
        ];
        await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/profile",
            Cancel,
            ("timezone", "UTC"),
            ("language", "de")
        );
        List<string> english = [];
        var seen = 0;

        foreach (var link in links)
        {
            var id = await CreateAsync(link);
            foreach (var visitor in visitors)
            {
                var page = await ada.GetAsync($"/dashboard/links/{id}/explain{visitor}", Cancel);
                Assert.Contains("<html lang=\"de\"", page.Body, StringComparison.Ordinal);
                seen += page.Body.Split("<li class=\"").Length;
                if (page.Body.Contains("<p lang=\"en\"", StringComparison.Ordinal))
                    english.Add(page.Body.Split("<p lang=\"en\"")[1].Split("</p>")[0]);
            }
        }

        await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/profile",
            Cancel,
            ("timezone", "UTC"),
            ("language", "en")
        );
        Assert.Empty(english);
        Assert.True(seen > 200, $"Only {seen} steps were seen.");
    }

    [Fact]
    public async Task A_deleted_link_is_restored_or_erased_from_the_trash_after_a_question()
    {
        var id = await CreateAsync(("url", "thrown"), ("title", Hostile));
        using var ada = await SignedInAsync();
        await SendAsync(HttpMethod.Delete, $"/api/links/{id}");

        var trash = await ada.GetAsync("/dashboard/trash", Cancel);
        var restored = await ada.SubmitAsync("/dashboard/trash", $"/dashboard/trash/{id}/restore", Cancel);
        var back = await ada.GetAsync($"/dashboard/links/{id}", Cancel);
        await SendAsync(HttpMethod.Delete, $"/api/links/{id}");
        var gone = await ada.GetAsync($"/dashboard/links/{id}", Cancel);
        var asked = await ada.GetAsync($"/dashboard/trash/{id}/erase", Cancel);
        var erased = await ada.SubmitAsync($"/dashboard/trash/{id}/erase", $"/dashboard/trash/{id}/erase", Cancel);

        Assert.Contains("/thrown → https://example.org/", TextOf(trash.Body), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", trash.Body, StringComparison.Ordinal);
        Assert.Contains("/thrown is restored.", TextOf(restored.Body), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (back.Status, gone.Status));
        Assert.Contains("This cannot be undone.", TextOf(asked.Body), StringComparison.Ordinal);
        Assert.Contains("/thrown is erased.", TextOf(erased.Body), StringComparison.Ordinal);
        Assert.DoesNotContain($"/dashboard/trash/{id}/", erased.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await ada.GetAsync($"/dashboard/trash/{id}/erase", Cancel)).Status);
    }

    private async Task AssertExplainedAsync(Person ada, long id)
    {
        var explain = $"/dashboard/links/{id}/explain";
        var france = await ada.GetAsync(
            $"{explain}?country_code=FR&device_type=&at=2026-11-30T12:00&is_unlocked=1",
            Cancel
        );
        var locked = await ada.GetAsync($"{explain}?country_code=DE", Cancel);
        var early = await ada.GetAsync($"{explain}?at=2025-12-31T23:59", Cancel);
        var wrong = await ada.GetAsync($"{explain}?ip=1.2.3&at=never", Cancel);
        var api = await SendAsync(
            HttpMethod.Post,
            $"/api/links/{id}/explain",
            Api.Bodies.Json("""{"country_code": "fr", "is_unlocked": true, "at": "2026-11-30 12:00"}""")
        );

        Assert.Contains("https://example.fr/?utm_source=poster", TextOf(france.Body), StringComparison.Ordinal);
        Assert.Contains("<option value=\"FR\" selected", france.Body, StringComparison.Ordinal);
        Assert.Equal(
            "https://example.fr/?utm_source=poster",
            api.Json["data"]!["decision"]!["location"]!.GetValue<string>()
        );
        Assert.Contains("This visitor is asked for the password.", TextOf(locked.Body), StringComparison.Ordinal);
        Assert.Contains("This visitor finds nothing", TextOf(early.Body), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Contains("id=\"ip-wrong\"", wrong.Body, StringComparison.Ordinal);
        Assert.Contains("id=\"at-wrong\"", wrong.Body, StringComparison.Ordinal);
    }

    private async Task AssertVersionsAsync(Person ada, long id)
    {
        await PostAsync($"/api/links/{id}", ("title", "New"), ("targeting_type", ""));
        var versions = $"/dashboard/links/{id}/versions";
        var list = await ada.GetAsync(versions, Cancel);
        var second = await ada.GetAsync($"{versions}/2", Cancel);
        var first = await ada.GetAsync($"{versions}/1", Cancel);
        var restored = await ada.SubmitAsync($"{versions}/1", $"{versions}/1/restore", Cancel);
        var title = (await ReadAsync(id))["title"]!.GetValue<string>();
        var undone = await ada.SubmitAsync($"{versions}/2", $"{versions}/2/restore", Cancel);

        Assert.Contains("Title", TextOf(list.Body), StringComparison.Ordinal);
        Assert.Contains("Visitors are chosen by", TextOf(list.Body), StringComparison.Ordinal);
        Assert.Contains("Country", TextOf(second.Body), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", second.Body, StringComparison.Ordinal);
        Assert.DoesNotContain($"action=\"{versions}/2/restore\"", second.Body, StringComparison.Ordinal);
        Assert.Contains($"action=\"{versions}/1/restore\"", first.Body, StringComparison.Ordinal);
        Assert.Contains("Version 1 is restored.", TextOf(restored.Body), StringComparison.Ordinal);
        Assert.Contains($"action=\"{versions}/2/restore\"", restored.Body, StringComparison.Ordinal);
        Assert.Equal(Hostile, title);
        Assert.Contains("Version 2 is restored.", TextOf(undone.Body), StringComparison.Ordinal);
        Assert.Equal("New", (await ReadAsync(id))["title"]!.GetValue<string>());
    }

    private async Task<Person> SignedInAsync()
    {
        Person ada = new(Server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        return ada;
    }

    private static string TextOf(string page) => Space().Replace(WebUtility.HtmlDecode(Tag().Replace(page, "")), " ");

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
