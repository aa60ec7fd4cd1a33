using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Signpost.Testing;
using Signpost.Tests.Teams;

namespace Signpost.Tests.Dashboard;

/// <summary>The list of links on the dashboard.</summary>
public sealed partial class LinksPageTests(SharedServer shared) : TeamTests(shared)
{
    private const string Page = "/dashboard/links";
    private const string Many = "/dashboard/links/many";
    private const string State = "/dashboard/links/state";
    private const string Restore = "/dashboard/links/restore";

    [Fact]
    public async Task An_empty_list_creates_the_first_link_of_one_field()
    {
        var somebody = await NewPersonAsync();
        using var person = await SignedInAsync(somebody);

        var empty = await person.GetAsync(Page, Cancel);
        var nothing = await person.SendAsync(Page, Page, Cancel, ("location_url", " "));
        var script = await person.SendAsync(Page, Page, Cancel, ("location_url", "javascript:alert(\"1\")"));
        var made = await person.SubmitAsync(Page, Page, Cancel, ("location_url", "example.com/spring"));
        var again = await person.GetAsync(Page, Cancel);

        Assert.Contains("Create your first link", empty.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, nothing.Status);
        Assert.Contains("Enter an address such as", nothing.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, script.Status);
        Assert.Contains("value=\"javascript:alert(&quot;1&quot;)\"", script.Body, StringComparison.Ordinal);
        Assert.Contains("id=\"location_url-wrong\"", script.Body, StringComparison.Ordinal);
        Assert.Contains("Your link is ready", made.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Your link is ready", again.Body, StringComparison.Ordinal);
        Assert.Equal("https://example.com/spring", Assert.Single(Rows(again.Body)).Destination);
    }

    [Fact]
    public async Task It_finds_filters_sorts_and_pages()
    {
        var somebody = await NewPersonAsync();
        using var person = await SignedInAsync(somebody);
        var project = IdOf(await PostAsAsync(somebody.Http, "/api/projects", ("name", "Posters")));
        var mark = $"{Guid.NewGuid():N}";
        for (var i = 0; i < 27; i++)
            await PostAsAsync(
                somebody.Http,
                "/api/links",
                ("url", $"{(char)('z' - i % 26)}{i:00}-{mark}"),
                ("location_url", $"https://destination{i:00}.example/"),
                ("is_enabled", i == 5 ? "0" : "1"),
                ("project_id", i == 6 ? $"{project}" : "0")
            );

        var first = await person.GetAsync(Page, Cancel);
        var second = await person.GetAsync(LinkTo(first.Body, "next"), Cancel);

        Assert.Equal((25, 2), (Rows(first.Body).Count, Rows(second.Body).Count));
        Assert.InRange(first.Body.Length, 10_000, 140_000);
        Assert.Contains("26–27 of 27", WebUtility.HtmlDecode(second.Body), StringComparison.Ordinal);
        Assert.Contains(Rows((await person.GetAsync(LinkTo(second.Body, "prev"), Cancel)).Body)[0].Alias, first.Body);
        Assert.Equal([$"a25-{mark}"], await AliasesAsync("?search=A25-"));
        // Nobody needs to know that this is a part of the destination.
        Assert.Equal([$"r08-{mark}"], await AliasesAsync("?search=destination08"));
        Assert.Equal([$"u05-{mark}"], await AliasesAsync("?is_enabled=0"));
        Assert.Equal([$"t06-{mark}"], await AliasesAsync($"?project_id={project}&order_by=clicks&created=7"));
        Assert.Equal($"a25-{mark}", (await AliasesAsync("?order_by=url"))[0]);
        Assert.Equal((HttpStatusCode.SeeOther, $"{Page}?is_enabled=0"), await LocationAsync("?is_enabled=0&page=9"));
        Assert.Equal((HttpStatusCode.SeeOther, Page), await LocationAsync("?cursor=x"));

        async Task<List<string>> AliasesAsync(string query) =>
            [.. Rows((await person.GetAsync(Page + query, Cancel)).Body).Select(row => row.Alias)];
        async Task<(HttpStatusCode, string?)> LocationAsync(string query) =>
            await person.GetAsync(Page + query, Cancel) is var answer ? (answer.Status, answer.Location) : default;
    }

    [Fact]
    public async Task Two_settings_in_the_filter_find_the_links_that_have_both()
    {
        var somebody = await NewPersonAsync();
        using var person = await SignedInAsync(somebody);
        await NewLinkAsync(somebody.Http, ("url", "locked-only"), ("password", "secret"));
        await NewLinkAsync(somebody.Http, ("url", "limited-only"), ("clicks_limit", "5"));
        await NewLinkAsync(somebody.Http, ("url", "locked-limited"), ("password", "secret"), ("clicks_limit", "5"));

        var page = await person.GetAsync($"{Page}?flag=password&flag=limit", Cancel);

        Assert.Equal(["locked-limited"], Rows(page.Body).Select(row => row.Alias));
        // Both boxes stay checked, so that the next choice adds to them.
        Assert.Equal(["password", "limit"], CheckedFlag().Matches(page.Body).Select(match => match.Groups[1].Value));
    }

    [Fact]
    public async Task The_palette_finds_a_few_links_of_the_chosen_account_by_any_text_of_them()
    {
        var owner = await NewTeamAsync("Palette");
        using var person = await SignedInAsync(owner.Person);
        var mark = $"{Guid.NewGuid():N}";
        for (var i = 0; i < 9; i++)
            await PostAsAsync(owner.Key, "/api/links", ("url", $"{i}-{mark}"), ("location_url", "https://a.example/"));
        await PostAsAsync(
            owner.Key,
            "/api/links",
            ("url", $"last-{mark}"),
            ("location_url", "https://b.example/"),
            ("title", $"<b>& {mark}x")
        );

        Assert.Equal(8, (await FindAsync(mark, owner.Team)).Count);
        var one = Assert.Single(await FindAsync($" {mark}X", owner.Team))!;
        Assert.Equal($"<b>& {mark}x", (string)one["more"]!);
        Assert.EndsWith($"/last-{mark}", (string)one["short_text"]!, StringComparison.Ordinal);
        Assert.Empty(await FindAsync(mark, owner.Person.Id));
        Assert.Empty(await FindAsync("", owner.Team));
        Assert.Empty(await FindAsync(new string('x', 5_000), owner.Team));

        async Task<JsonArray> FindAsync(string text, long account)
        {
            var query = $"account={account}&search={Uri.EscapeDataString(text)}";
            return JsonNode.Parse((await person.GetAsync($"{Page}/search?{query}", Cancel)).Body)!.AsArray();
        }
    }

    [Fact]
    public async Task Links_are_switched_and_deleted_one_or_many_and_that_is_undone()
    {
        var somebody = await NewPersonAsync();
        using var person = await SignedInAsync(somebody);
        var (first, second) = (await NewLinkAsync(somebody.Http), await NewLinkAsync(somebody.Http));
        var foreign = (await Server.CreateLinkAsync()).Id;
        (string, string)[] both = [("id", $"{first}"), ("id", $"{second}"), ("id", $"{foreign}"), ("id", "x")];

        var off = await person.SubmitAsync(
            Page,
            State,
            Cancel,
            ("disable", $"{first}"),
            ("back", $"{Page}?order_by=url")
        );
        Assert.Contains(" is disabled.", off.Body, StringComparison.Ordinal);
        Assert.Contains($"name=\"enable\" value=\"{first}\"", off.Body, StringComparison.Ordinal);
        Assert.Contains("?order_by=url", off.Body, StringComparison.Ordinal);
        Assert.Equal((false, true), (await IsEnabledAsync(first), await IsEnabledAsync(second)));
        await person.SubmitAsync(Page, State, Cancel, ("enable", $"{first}"));
        Assert.True(await IsEnabledAsync(first));
        var away = await person.SendAsync(Page, State, Cancel, ("back", "https://elsewhere.example/"));
        Assert.Equal(Page, away.Location);

        var disabled = await person.SubmitAsync(Page, Many, Cancel, [.. both, ("action", "disable")]);
        Assert.Contains(
            "Changed links: 2. Not changed: 1. This link was deleted meanwhile.",
            disabled.Body,
            StringComparison.Ordinal
        );
        Assert.Equal((false, false), (await IsEnabledAsync(first), await IsEnabledAsync(second)));
        Assert.True((await ReadAsync(Server.Http, foreign))["is_enabled"]!.GetValue<bool>());
        await PostAsAsync(somebody.Http, $"/api/links/{second}", ("tags[]", "kept"), ("title", "The second"));
        Assert.Single(Rows((await person.GetAsync($"{Page}?tag=kept", Cancel)).Body));
        Assert.Contains("The second", (await person.GetAsync($"{Page}?search=THE+second", Cancel)).Body);

        var deleted = await person.SubmitAsync(Page, Many, Cancel, [.. both, ("action", "delete")]);
        Assert.Contains("Changed links: 2. Not changed: 1.", deleted.Body, StringComparison.Ordinal);
        Assert.Empty(Rows(deleted.Body));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Get, $"/api/links/{first}", somebody.Http));
        Assert.Contains($"name=\"ids\" value=\"{first},{second}\"", deleted.Body, StringComparison.Ordinal);
        var restored = await person.SubmitAsync(Page, Restore, Cancel, ("ids", $"{first},{second},{foreign},x"));
        Assert.Contains("Restored links: 2", restored.Body, StringComparison.Ordinal);
        Assert.Equal(2, Rows(restored.Body).Count);
        var one = await person.SubmitAsync(Page, State, Cancel, ("trash", $"{first}"));
        Assert.Contains(" is in the trash.", one.Body, StringComparison.Ordinal);
        Assert.Single(Rows(one.Body));
        Assert.Equal(HttpStatusCode.NotFound, (await person.GetAsync($"{Page}/{foreign}/delete", Cancel)).Status);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, $"/api/links/{foreign}", Server.Http));

        async Task<bool> IsEnabledAsync(long id) =>
            (await ReadAsync(somebody.Http, id))["is_enabled"]!.GetValue<bool>();
    }

    [Fact]
    public async Task Without_a_trash_a_page_asks_before_links_are_erased()
    {
        await using var server = await TestServer.StartAsync(("SIGNPOST_TRASH_DAYS", "0"));
        using Person person = new(server);
        await person.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        var (first, second) = ((await server.CreateLinkAsync()).Id, (await server.CreateLinkAsync()).Id);
        (string, string)[] both = [("id", $"{first}"), ("id", $"{second}")];

        var kept = await person.SubmitAsync(Page, State, Cancel, ("trash", $"{first}"));
        var one = await person.GetAsync($"{Page}/{first}/delete", Cancel);
        var asked = await person.SendAsync(Page, Many, Cancel, [.. both, ("action", "delete")]);
        var still = await person.GetAsync(Page, Cancel);
        var deleted = await person.SubmitAsync(Page, Many, Cancel, [.. both, ("action", "delete"), ("confirmed", "1")]);

        Assert.Equal(2, Rows(kept.Body).Count);
        Assert.Contains($"name=\"id\" value=\"{first}\"", one.Body, StringComparison.Ordinal);
        Assert.Contains("Delete these links (number: 2)?", asked.Body, StringComparison.Ordinal);
        Assert.Equal(2, Rows(still.Body).Count);
        Assert.Contains("Deleted links: 2", deleted.Body, StringComparison.Ordinal);
        Assert.Empty(Rows(deleted.Body));
    }

    [Fact]
    public async Task A_form_acts_in_its_own_account_and_only_as_the_role_there_allows()
    {
        var owner = await NewTeamAsync("Posters & Co");
        var viewer = await JoinAsync(owner, "viewer");
        var link = await NewLinkAsync(owner.Key);
        using var person = await SignedInAsync(viewer.Person);
        var own = viewer.Person.Id;

        var inTeam = await person.GetAsync($"{Page}?account={owner.Team}", Cancel);
        var later = await person.GetAsync(Page, Cancel);
        (string, string) team = ("account", $"{owner.Team}");
        var refused = await person.SendAsync(Page, State, Cancel, team, ("disable", $"{link}"));
        var created = await person.SendAsync(Page, Page, Cancel, team, ("location_url", "https://example.com/"));
        var asked = await person.GetAsync($"{Page}/{link}/delete", Cancel);
        // The page showed the team; the form is of the person's own account.
        await person.SendAsync(Page, Page, Cancel, ("account", $"{own}"), ("location_url", "https://example.com/own"));
        var strangers = await person.SendAsync(Page, Page, Cancel, ("account", "1"), ("location_url", "x.example"));
        var stranger = await person.GetAsync($"{Page}?account=1", Cancel);

        Assert.Single(Rows(inTeam.Body));
        Assert.Contains("Posters &amp; Co", inTeam.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"location_url\"", inTeam.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(State, inTeam.Body, StringComparison.Ordinal);
        Assert.Single(Rows(later.Body));
        Assert.All([refused, created, asked], answer => Assert.Equal(HttpStatusCode.Forbidden, answer.Status));
        Assert.Contains("Your role in this team does not allow it.", refused.Body, StringComparison.Ordinal);
        Assert.True((await ReadAsync(owner.Key, link))["is_enabled"]!.GetValue<bool>());
        Assert.Equal(
            "https://example.com/own",
            Assert.Single(Rows((await person.GetAsync($"{Page}?account={own}", Cancel)).Body)).Destination
        );
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (strangers.Status, stranger.Status));
    }

    [Fact]
    public async Task The_page_after_a_form_is_of_the_form_s_account_and_a_script_chooses_none()
    {
        var owner = await NewTeamAsync("Two tabs");
        using var person = await SignedInAsync(owner.Person);
        var own = owner.Person.Id;
        await person.GetAsync($"{Page}?account={own}", Cancel);

        // The other tab shows the team.
        var made = await person.SubmitAsync(
            $"{Page}?account={owner.Team}",
            Page,
            Cancel,
            ("account", $"{owner.Team}"),
            ("location_url", "https://example.com/team")
        );
        await person.GetAsync($"{Page}?account={own}", Cancel);
        using HttpClient http = new(new SocketsHttpHandler { CookieContainer = person.Cookies });
        using HttpRequestMessage asked = new(HttpMethod.Get, $"{Server.Url}{Page}?account={owner.Team}");
        asked.Headers.Add("Sec-Fetch-Mode", "cors");
        using (await http.SendAsync(asked, Cancel)) { }
        var after = await person.GetAsync(Page, Cancel);

        Assert.Contains("Your link is ready", made.Body, StringComparison.Ordinal);
        Assert.Contains("Two tabs", made.Body, StringComparison.Ordinal);
        Assert.Single(Rows(made.Body));
        Assert.Empty(Rows(after.Body));
    }

    [Fact]
    public async Task Hostile_texts_are_only_texts_and_the_policy_allows_files_of_our_own_only()
    {
        const string Hostile = "\"'><script>alert(1)</script>";
        var somebody = await NewPersonAsync();
        using var person = await SignedInAsync(somebody);
        var project = IdOf(await PostAsAsync(somebody.Http, "/api/projects", ("name", Hostile), ("color", "#ff0000")));
        await PostAsAsync(
            somebody.Http,
            "/api/links",
            ("location_url", $"https://example.com/?q={Uri.EscapeDataString(Hostile)}&{Hostile}"),
            ("project_id", $"{project}")
        );

        var page = await person.GetAsync($"{Page}?search_by=location_url&search=example.com", Cancel);
        var none = await person.GetAsync(
            $"{Page}?search={Uri.EscapeDataString(Hostile)}&domain_id={Uri.EscapeDataString(Hostile)}",
            Cancel
        );
        using var policy = await PolicyAsync(person);

        Assert.Single(Rows(page.Body));
        Assert.All(
            [page, none],
            answer =>
            {
                Assert.Equal(HttpStatusCode.OK, answer.Status);
                Assert.Contains(WebUtility.HtmlEncode(Hostile)[..8], answer.Body, StringComparison.Ordinal);
                Assert.DoesNotContain("<script>", answer.Body, StringComparison.Ordinal);
                Assert.DoesNotContain(" style=", answer.Body, StringComparison.Ordinal);
            }
        );
        Assert.Equal(
            "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            policy.Headers.GetValues("Content-Security-Policy").Single()
        );
    }

    [Fact]
    public async Task The_theme_and_the_language_stay_and_lead_back_to_the_page()
    {
        var somebody = await NewPersonAsync();
        using var person = await SignedInAsync(somebody);
        (string, string) back = ("back", $"{Page}?order_by=url");

        var dark = await person.SendAsync(Page, "/dashboard/theme", Cancel, ("theme", "dark"), back);
        var inDark = await person.GetAsync(Page, Cancel);
        await person.SendAsync(Page, "/dashboard/theme", Cancel, ("theme", "system"), back);
        await person.SendAsync(Page, "/dashboard/language", Cancel, ("language", "ar"), back);
        var arabic = await person.GetAsync(Page, Cancel);

        Assert.Equal((HttpStatusCode.SeeOther, $"{Page}?order_by=url"), (dark.Status, dark.Location));
        Assert.Contains("data-theme=\"dark\"", inDark.Body, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"ar\" dir=\"rtl\">", arabic.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_files_are_kept_for_ever_and_an_old_page_gets_the_new_ones()
    {
        var somebody = await NewPersonAsync();
        using var person = await SignedInAsync(somebody);
        var page = await person.GetAsync(Page, Cancel);
        var addresses = Asset().Matches(page.Body).Select(match => match.Value).ToList();

        Assert.InRange(addresses.Count, 4, 20);
        foreach (var address in addresses)
        {
            using var file = await Server.Anonymous.GetAsync(address, Cancel);
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
            Assert.Equal("public, max-age=31536000, immutable", $"{file.Headers.CacheControl}");
        }

        using var old = await Server.Anonymous.GetAsync("/assets/0123456789ab/dashboard.js", Cancel);
        Assert.Equal((HttpStatusCode.OK, "no-cache"), (old.StatusCode, $"{old.Headers.CacheControl}"));
        // All scripts and the style together.
        Assert.InRange(await SizeAsync(addresses), 1_000, 40_000);
    }

    private async Task<long> SizeAsync(IEnumerable<string> addresses)
    {
        var size = 0L;
        foreach (var address in addresses)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.AcceptEncoding.ParseAdd("gzip");
            using var file = await Server.Anonymous.SendAsync(request, Cancel);
            Assert.Equal(["gzip"], file.Content.Headers.ContentEncoding);
            size += (await file.Content.ReadAsByteArrayAsync(Cancel)).Length;
        }

        return size;
    }

    private async Task<HttpResponseMessage> PolicyAsync(Person person)
    {
        using HttpClient http = new(new SocketsHttpHandler { CookieContainer = person.Cookies });
        return await http.GetAsync(Server.Url + Page, Cancel);
    }

    private async Task<System.Text.Json.Nodes.JsonNode> ReadAsync(HttpClient http, long id) =>
        (await SendAsync(HttpMethod.Get, $"/api/links/{id}", http: http)).Json["data"]!;

    private async Task<Person> SignedInAsync(Somebody somebody)
    {
        Person person = new(Server);
        await person.SignInAsync(somebody.Email, TestServer.AdminPassword, Cancel);
        return person;
    }

    private static List<(string Alias, string Destination)> Rows(string page) =>
        [
            .. Row()
                .Matches(page)
                .Select(match =>
                    (
                        WebUtility.HtmlDecode(match.Groups["alias"].Value),
                        WebUtility.HtmlDecode(match.Groups["destination"].Value)
                    )
                ),
        ];

    private static string LinkTo(string page, string rel) =>
        WebUtility.HtmlDecode(Regex.Match(page, $"href=\"([^\"]+)\" rel=\"{rel}\"").Groups[1].Value);

    [GeneratedRegex(
        "<tr data-row.*?<span class=\"host\">[^<]*</span>/(?<alias>[^<]*)</a>.*?<bdi dir=\"ltr\">(?<destination>[^<]*)</bdi>",
        RegexOptions.Singleline
    )]
    private static partial Regex Row();

    [GeneratedRegex("<input(?=[^>]* name=\"flag\")(?=[^>]* checked)[^>]* value=\"([a-z]+)\"")]
    private static partial Regex CheckedFlag();

    [GeneratedRegex("/assets/[0-9a-f]{12}/[a-z.-]+")]
    private static partial Regex Asset();
}
