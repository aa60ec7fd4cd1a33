using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Signpost.Testing;
using Signpost.Tests.Teams;

namespace Signpost.Tests.Dashboard;

/// <summary>Saved views of the list of links on the dashboard.</summary>
public sealed partial class LinkViewTests(SharedServer shared) : TeamTests(shared)
{
    private const string Page = "/dashboard/links";
    private const string Views = "/dashboard/links/views";

    [Fact]
    public async Task A_view_is_saved_opened_renamed_changed_deleted_and_brought_back()
    {
        var somebody = await NewPersonAsync();
        using var person = await SignedInAsync(somebody);
        await PostAsAsync(somebody.Http, "/api/links", ("location_url", "https://on.example/"));
        await PostAsAsync(
            somebody.Http,
            "/api/links",
            ("location_url", "https://off.example/"),
            ("is_enabled", "0"),
            ("password", "secret")
        );
        (string, string) list = ("list", "is_enabled=0&flag=password&page=3&other=x&view=9");

        var saved = await person.SubmitAsync(Page, Views, Cancel, list, ("name", " Off & locked "));
        var (id, name, value) = Assert.Single(await ViewsAsync(somebody));
        Assert.Equal(("Off & locked", """{"is_enabled":"0","flag":"password"}"""), (name, value));
        Assert.Contains("View saved: Off &amp; locked", saved.Body, StringComparison.Ordinal);
        Assert.Equal([("All links", false), ("Off & locked", true)], Chips(saved.Body));
        Assert.Contains("https://off.example/", saved.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("https://on.example/", saved.Body, StringComparison.Ordinal);
        // The same filters are the same view, whatever the address says. An open view stays open when its filters change.
        var same = await person.GetAsync($"{Page}?flag=password&is_enabled=0", Cancel);
        Assert.Equal([("All links", false), ("Off & locked", true)], Chips(same.Body));
        Assert.DoesNotContain("id=\"view-name\"", same.Body, StringComparison.Ordinal);
        var changed = await person.GetAsync($"{Page}?is_enabled=1&view={id}", Cancel);
        Assert.Equal([("All links", false), ("Off & locked · changed", true)], Chips(changed.Body));
        Assert.Contains($"name=\"view\" value=\"{id}\"", changed.Body, StringComparison.Ordinal);
        Assert.Equal(
            [("All links", true), ("Off & locked", false)],
            Chips((await person.GetAsync($"{Page}?view=999999999", Cancel)).Body)
        );

        var renamed = await person.SubmitAsync(Page, $"{Views}/{id}", Cancel, ("name", "On"), list);
        var replaced = await person.SubmitAsync(Page, $"{Views}/{id}", Cancel, ("list", "is_enabled=1"));
        Assert.Equal((id, "On", """{"is_enabled":"1"}"""), Assert.Single(await ViewsAsync(somebody)));
        Assert.Equal([("All links", false), ("On", true)], Chips(renamed.Body));
        Assert.Contains("View updated: On", replaced.Body, StringComparison.Ordinal);

        var deleted = await person.SubmitAsync(Page, $"{Views}/{id}/delete", Cancel, ("list", "is_enabled=1"));
        Assert.Empty(await ViewsAsync(somebody));
        Assert.Contains("value=\"{&quot;is_enabled&quot;:&quot;1&quot;}\"", deleted.Body, StringComparison.Ordinal);
        var back = await person.SubmitAsync(Page, Views, Cancel, ("name", "On"), ("value", """{"is_enabled":"1"}"""));
        Assert.Equal("""{"is_enabled":"1"}""", Assert.Single(await ViewsAsync(somebody)).Value);
        Assert.Equal([("All links", false), ("On", true)], Chips(back.Body));
    }

    [Fact]
    public async Task A_refused_name_is_shown_again_and_views_of_programs_open()
    {
        var somebody = await NewPersonAsync();
        using var person = await SignedInAsync(somebody);
        await PostAsAsync(somebody.Http, "/api/links", ("location_url", "https://one.example/"));
        var made = IdOf(
            await PostAsAsync(
                somebody.Http,
                "/api/views",
                ("name", "<b>Programs</b>"),
                (
                    "value",
                    """{"is_enabled":true,"project_id":0,"tag":["a"],"datetime_start":"2026-01-01","search":{"x":1}}"""
                )
            )
        );

        var empty = await person.SendAsync(Page, Views, Cancel, ("name", " "), ("list", "is_enabled=1"));
        var tooLong = await person.SendAsync(
            Page,
            $"{Views}/{made}",
            Cancel,
            ("name", new string('x', 65)),
            ("list", $"is_enabled=0&view={made}")
        );
        var gone = await person.SendAsync(Page, $"{Views}/999999999", Cancel, ("name", "x"), ("list", "flag=limit"));
        var page = await person.GetAsync(Page, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, empty.Status);
        Assert.Contains("Fill in this field.", empty.Body, StringComparison.Ordinal);
        Assert.Contains("open data-menu", empty.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, tooLong.Status);
        Assert.Contains("id=\"view-rename-wrong\"", tooLong.Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.SeeOther, $"{Page}?flag=limit"), (gone.Status, gone.Location));
        Assert.Contains(
            WebUtility.HtmlEncode($"{Page}?is_enabled=1&project_id=0&tag=a&view={made}"),
            page.Body,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("<b>Programs", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_view_that_the_page_cannot_show_whole_says_so_and_comes_back_as_it_was()
    {
        const string Hint = "This view has filters that this page cannot show.";
        var somebody = await NewPersonAsync();
        using var person = await SignedInAsync(somebody);
        await PostAsAsync(somebody.Http, "/api/links", ("location_url", "https://one.example/"));
        (string Value, bool IsWhole)[] values =
        [
            ("""{"is_enabled":true,"tag":["a"],"search":"","flag":null,"project_id":[]}""", true),
            ("""{"tag":["a","b"]}""", false),
            ("""{"is_enabled":1,"not_tag":"a"}""", false),
            ("""{"order_by":"url","order_type":"DESC"}""", false),
            ("""{"is_enabled":{"x":1}}""", false),
            ("""{"view":7}""", false),
            ("""["é"]""", false),
        ];

        foreach (var (value, isWhole) in values)
        {
            var made = IdOf(await PostAsAsync(somebody.Http, "/api/views", ("name", "Programs"), ("value", value)));
            var list = $"domain_id=0&view={made}";
            var page = await person.GetAsync($"{Page}?{list}", Cancel);
            Assert.True(isWhole != page.Body.Contains(Hint, StringComparison.Ordinal), value);
            Assert.True(isWhole == page.Body.Contains("Update with these filters", StringComparison.Ordinal), value);

            var deleted = await person.SubmitAsync(Page, $"{Views}/{made}/delete", Cancel, ("list", list));
            var undo = WebUtility.HtmlDecode(Undo().Match(deleted.Body).Groups["value"].Value);
            await person.SubmitAsync(Page, Views, Cancel, ("name", "Programs"), ("value", undo));
            var (id, _, stored) = Assert.Single(await ViewsAsync(somebody));
            Assert.Equal(JsonNode.Parse(value)!.ToJsonString(), stored);
            await person.SubmitAsync(Page, $"{Views}/{id}/delete", Cancel);
        }
    }

    [Fact]
    public async Task A_view_that_is_too_long_to_be_brought_back_is_deleted_after_a_question()
    {
        var somebody = await NewPersonAsync();
        using var person = await SignedInAsync(somebody);
        await PostAsAsync(somebody.Http, "/api/links", ("location_url", "https://one.example/"));
        var (fits, tooLong) = (Search(2_100), Search(4_000));
        foreach (var value in (string[])[fits, tooLong])
            await PostAsAsync(
                somebody.Http,
                "/api/views",
                ("name", $"{new string('ß', 60)}{value.Length}"),
                ("value", value)
            );
        var views = await ViewsAsync(somebody);
        var shorter = views.Single(view => view.Value.Length < 3_000);
        var longer = views.Single(view => view.Value.Length > 3_000);

        var asked = await person.SendAsync(Page, $"{Views}/{longer.Id}/delete", Cancel, ("list", "is_enabled=1"));
        Assert.Equal((HttpStatusCode.OK, 2), (asked.Status, (await ViewsAsync(somebody)).Count));
        Assert.Contains("name=\"confirmed\"", asked.Body, StringComparison.Ordinal);
        var sure = await person.SubmitAsync(Page, $"{Views}/{longer.Id}/delete", Cancel, ("confirmed", "1"));
        Assert.Contains("View deleted", sure.Body, StringComparison.Ordinal);
        Assert.DoesNotMatch(Undo(), sure.Body);
        var deleted = await person.SendAsync(Page, $"{Views}/{shorter.Id}/delete", Cancel);
        Assert.Equal(HttpStatusCode.SeeOther, deleted.Status);
        Assert.Empty(await ViewsAsync(somebody));
        // The largest cookie of browsers has 4,096 bytes, with its name.
        var notice = deleted.Cookies.Single(cookie => cookie.Contains("notice=", StringComparison.Ordinal)).Split(';')[
            0
        ];
        Assert.InRange("__Host-".Length + notice.Length, 3_000, 4_096);

        static string Search(int length) => $$"""{"search":"{{new string('x', length)}}"}""";
    }

    [Fact]
    public async Task A_viewer_opens_the_views_of_a_team_and_changes_none()
    {
        var owner = await NewTeamAsync();
        var viewer = await JoinAsync(owner, "viewer");
        await NewLinkAsync(owner.Key);
        var view = IdOf(
            await PostAsAsync(owner.Key, "/api/views", ("name", "Ours"), ("value", """{"order_by":"clicks"}"""))
        );
        using var person = await SignedInAsync(viewer.Person);
        (string, string) team = ("account", $"{owner.Team}");

        var page = await person.GetAsync($"{Page}?account={owner.Team}&order_by=clicks", Cancel);
        Assert.Equal([("All links", false), ("Ours", true)], Chips(page.Body));
        Assert.DoesNotContain(Views, page.Body, StringComparison.Ordinal);
        foreach (var form in (string[])[Views, $"{Views}/{view}", $"{Views}/{view}/delete"])
            Assert.Equal(
                HttpStatusCode.Forbidden,
                (await person.SendAsync(Page, form, Cancel, team, ("name", "x"), ("list", ""))).Status
            );
        Assert.Equal(
            "Ours",
            (string?)(await SendAsync(HttpMethod.Get, $"/api/views/{view}", http: owner.Key)).Json["data"]!["name"]
        );
    }

    private async Task<List<(long Id, string Name, string Value)>> ViewsAsync(Somebody somebody) =>
        [
            .. (await SendAsync(HttpMethod.Get, "/api/views", http: somebody.Http)).Json["data"]!
                .AsArray()
                .Select(view => (IdOf(view!), (string)view!["name"]!, view["value"]!.ToJsonString())),
        ];

    private async Task<Person> SignedInAsync(Somebody somebody)
    {
        Person person = new(Server);
        await person.SignInAsync(somebody.Email, TestServer.AdminPassword, Cancel);
        return person;
    }

    private static List<(string Name, bool IsOpen)> Chips(string page) =>
        [
            .. Chip()
                .Matches(Bar().Match(page).Value)
                .Select(match =>
                    (
                        WebUtility.HtmlDecode(Tag().Replace(match.Groups["text"].Value, "")),
                        match.Value.Contains("aria-current", StringComparison.Ordinal)
                    )
                ),
        ];

    [GeneratedRegex("<nav aria-label=\"Saved views\">.*?</nav>", RegexOptions.Singleline)]
    private static partial Regex Bar();

    [GeneratedRegex("<a [^>]*>(?<text>.*?)</a>", RegexOptions.Singleline)]
    private static partial Regex Chip();

    [GeneratedRegex("name=\"value\" value=\"(?<value>[^\"]*)\"")]
    private static partial Regex Undo();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();
}
