using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Links.Bulk;
using Signpost.Testing;
using Signpost.Tests.Teams;

namespace Signpost.Tests.Dashboard;

/// <summary>Many links at once on the dashboard.</summary>
public sealed class ManyLinksTests(SharedServer shared) : TeamTests(shared)
{
    private const string Page = "/dashboard/links";
    private const string Many = "/dashboard/links/many";
    private const string Change = "/dashboard/links/change";

    [Fact]
    public async Task All_links_that_match_change_and_only_those_that_were_shown()
    {
        var (somebody, links) = await SetUpAsync(27);
        using var person = await SignedInAsync(somebody);
        await PostAsAsync(somebody.Http, $"/api/links/{links[26]}", ("is_enabled", "0"));

        var list = await person.GetAsync($"{Page}?is_enabled=1", Cancel);
        Assert.Contains("Select all 26 that match", list.Body, StringComparison.Ordinal);
        var chosen = await person.SendAsync(
            Page,
            Many,
            Cancel,
            ("action", "change"),
            ("all", "1"),
            ("id", $"{links[0]}"),
            ("list", "is_enabled=1"),
            ("back", $"{Page}?is_enabled=1")
        );
        Assert.Equal(
            (HttpStatusCode.SeeOther, true),
            (chosen.Status, chosen.Location!.StartsWith($"{Change}?all=1&is_enabled=1&", StringComparison.Ordinal))
        );
        var asked = await person.GetAsync(chosen.Location, Cancel);
        Assert.Contains("Change links (26)", asked.Body, StringComparison.Ordinal);
        Assert.Contains("All links that match:", asked.Body, StringComparison.Ordinal);
        Assert.Contains("Enabled", asked.Body, StringComparison.Ordinal);

        // A link that comes later stays as it is. When others go, the page asks again and keeps what was typed.
        var late = await NewLinkAsync(somebody.Http);
        (string, string)[] form =
        [
            ("selection", ValueOf(asked.Body, "selection")),
            ("seal", ValueOf(asked.Body, "seal")),
            ("back", $"{Page}?is_enabled=1"),
            ("tags_do", "add"),
            ("tag_names", "Spring, Sale"),
            ("project_id", $"{await ProjectAsync(somebody)}"),
        ];
        await PostAsAsync(somebody.Http, $"/api/links/{links[25]}", ("is_enabled", "0"));
        var again = await person.SendAsync(Page, Change, Cancel, form);
        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.Contains("Other links match now.", again.Body, StringComparison.Ordinal);
        Assert.Contains("value=\"Spring, Sale\"", again.Body, StringComparison.Ordinal);
        await PostAsAsync(somebody.Http, $"/api/links/{links[25]}", ("is_enabled", "1"));
        var begun = await person.SubmitAsync(Page, Change, Cancel, form);
        Assert.Contains("The change has begun. Links: 26", begun.Body, StringComparison.Ordinal);
        Assert.Contains(WebUtility.HtmlEncode($"{Page}?is_enabled=1"), begun.Body, StringComparison.Ordinal);

        var end = await EndAsync(somebody);
        Assert.Equal((26, 26, 0), ((int)end["total"]!, (int)end["done"]!, (int)end["failed"]!));
        Assert.Equal(["Sale", "Spring"], await TagsAsync(somebody, links[0]));
        Assert.Empty(await TagsAsync(somebody, links[26]));
        Assert.Empty(await TagsAsync(somebody, late));
        Assert.NotNull((await ReadAsync(somebody, links[25]))["project_id"]);
    }

    [Fact]
    public async Task Chosen_links_change_in_every_way_and_the_page_says_which_did_not()
    {
        var (somebody, links) = await SetUpAsync(3);
        using var person = await SignedInAsync(somebody);
        var foreign = (await Server.CreateLinkAsync()).Id;
        await PostAsAsync(
            somebody.Http,
            $"/api/links/{links[0]}",
            [.. Enumerable.Range(0, 20).Select(n => ("tags[]", $"tag {n}"))]
        );
        await PostAsAsync(somebody.Http, $"/api/links/{links[1]}", ("tags[]", "old"), ("utm_term", "kept"));
        (string, string)[] dates = [("schedule", "1"), ("start_date", "2001-02-03 04:05:06")];
        await PostAsAsync(somebody.Http, $"/api/links/{links[1]}", dates);
        var ids = $"ids={links[0]}-{links[1]}.{foreign}";

        var asked = await person.GetAsync($"{Change}?{ids}", Cancel);
        Assert.Contains("Change links (2)", asked.Body, StringComparison.Ordinal);
        Assert.Equal($"ids={links[0]}-{links[1]}", ValueOf(asked.Body, "selection"));
        var failed = await ChangeAsync(ids, ("tags_do", "add"), ("tag_names", "new"));
        Assert.Contains("Changed links: 1 of 2", failed, StringComparison.Ordinal);
        Assert.Contains("Not changed: 1", failed, StringComparison.Ordinal);
        Assert.Contains("A link can have at most 20 tags.", failed, StringComparison.Ordinal);
        Assert.Contains($"href=\"/dashboard/links/{links[0]}\"", failed, StringComparison.Ordinal);
        Assert.Equal(["new", "old"], await TagsAsync(somebody, links[1]));

        await ChangeAsync(ids, ("tags_do", "remove"), ("tag_names", "OLD, tag 1"));
        Assert.Equal(["new"], await TagsAsync(somebody, links[1]));
        Assert.Equal(19, (await TagsAsync(somebody, links[0])).Count);
        await ChangeAsync(
            ids,
            ("tags_do", "replace"),
            ("tag_names", ""),
            ("dates_do", "set"),
            ("end_date", "2199-01-02T03:04"),
            ("utm_do", "set"),
            ("utm_source", "poster"),
            ("is_enabled", "0")
        );
        var changed = await ReadAsync(somebody, links[1]);
        Assert.Empty(await TagsAsync(somebody, links[0]));
        Assert.Equal(
            ("2001-02-03 04:05:06", "2199-01-02 03:04:00", "poster", "kept", false),
            (
                (string?)changed["start_date"],
                (string?)changed["end_date"],
                (string?)changed["settings"]!["utm_source"],
                (string?)changed["settings"]!["utm_term"],
                (bool)changed["is_enabled"]!
            )
        );
        await ChangeAsync(ids, ("dates_do", "clear"), ("utm_do", "clear"), ("is_enabled", "1"));
        changed = await ReadAsync(somebody, links[1]);
        Assert.False((bool)changed["settings"]!["schedule"]!);
        Assert.Equal(
            (null, null),
            ((string?)changed["settings"]!["utm_source"], (string?)changed["settings"]!["utm_term"])
        );

        var delete = await person.GetAsync($"{Change}?{ids}&do=delete", Cancel);
        Assert.Contains("Move links to the trash (2)?", delete.Body, StringComparison.Ordinal);
        await ChangeAsync(ids, ("do", "delete"));
        Assert.Equal(
            HttpStatusCode.NotFound,
            await StatusAsync(HttpMethod.Get, $"/api/links/{links[1]}", somebody.Http)
        );
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, $"/api/links/{links[2]}", somebody.Http));

        async Task<string> ChangeAsync(string selection, params (string, string)[] fields)
        {
            var sent = await person.SendAsync(Page, Change, Cancel, [("selection", selection), .. fields]);
            Assert.True(sent.Status == HttpStatusCode.SeeOther, sent.Body);
            await EndAsync(somebody);
            return (await person.GetAsync(sent.Location!, Cancel)).Body;
        }
    }

    [Fact]
    public async Task A_wrong_form_is_shown_again_with_its_errors_and_changes_nothing()
    {
        var (somebody, links) = await SetUpAsync(1);
        using var person = await SignedInAsync(somebody);
        foreach (
            var (fields, error) in (((string, string)[], string)[])
                [
                    ([], "Choose a change."),
                    ([("tags_do", "add"), ("tag_names", " , ")], "Fill in this field."),
                    ([("dates_do", "set")], "Fill in this field."),
                    ([("utm_do", "set")], "Fill in this field."),
                    (
                        [("dates_do", "set"), ("start_date", "2199-01-02T00:00"), ("end_date", "2199-01-01T00:00")],
                        "end_date-wrong"
                    ),
                    ([("project_id", "999999999")], "project_id-wrong"),
                ]
        )
        {
            var sent = await person.SendAsync(Page, Change, Cancel, [("selection", $"ids={links[0]}"), .. fields]);
            Assert.Equal(HttpStatusCode.BadRequest, sent.Status);
            Assert.Contains(error, sent.Body, StringComparison.Ordinal);
        }

        var none = await person.SendAsync(Page, Change, Cancel, ("selection", "ids=999999999"), ("is_enabled", "0"));
        Assert.Equal((HttpStatusCode.SeeOther, Page), (none.Status, none.Location));
        await using var db = Server.Database.Read();
        Assert.DoesNotContain(db.BulkChanges, bulk => bulk.AccountId == somebody.Id);
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_begins_one_change()
    {
        var (somebody, links) = await SetUpAsync(2);
        using var person = await SignedInAsync(somebody);
        var asked = await person.GetAsync($"{Change}?all=1&is_enabled=1", Cancel);
        (string, string)[] form =
        [
            ("form_key", ValueOf(asked.Body, "form_key")),
            ("selection", ValueOf(asked.Body, "selection")),
            ("seal", ValueOf(asked.Body, "seal")),
            ("is_enabled", "0"),
        ];

        var first = await person.SendAsync(Page, Change, Cancel, form);
        await EndAsync(somebody);
        var second = await person.SendAsync(Page, Change, Cancel, form);

        Assert.NotEqual("", form[0].Item2);
        Assert.Equal((HttpStatusCode.SeeOther, first.Location), (second.Status, second.Location));
        await using var db = Server.Database.Read();
        Assert.Equal(links.Count, (int)db.BulkChanges.Single(bulk => bulk.AccountId == somebody.Id).Total);
    }

    [Fact]
    public async Task A_filter_without_a_possible_value_selects_nothing_and_others_are_said_rightly()
    {
        var (somebody, links) = await SetUpAsync(1);
        using var person = await SignedInAsync(somebody);

        foreach (var wrong in (string[])["created=abc", "order_by=bogus", "is_enabled=perhaps"])
        {
            var none = await person.GetAsync($"{Change}?all=1&{wrong}&do=delete", Cancel);
            Assert.Equal((HttpStatusCode.SeeOther, Page), (none.Status, none.Location));
        }

        var alias = (string)(await ReadAsync(somebody, links[0]))["url"]!;
        foreach (var field in (string[])["bogus", "URL"])
        {
            var found = await person.GetAsync($"{Change}?all=1&search={alias}&search_by={field}", Cancel);
            Assert.Contains("Change links (1)", found.Body, StringComparison.Ordinal);
        }

        var enabled = await person.GetAsync($"{Change}?all=1&is_enabled=true", Cancel);
        Assert.Contains("<span class=\"tag\" dir=\"auto\">Enabled</span>", enabled.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_are_exported_as_csv()
    {
        var (somebody, links) = await SetUpAsync(2);
        using var person = await SignedInAsync(somebody);
        await PostAsAsync(
            somebody.Http,
            $"/api/links/{links[1]}",
            ("title", "=1+1"),
            ("tags[0]", "a"),
            ("tags[1]", "b")
        );

        var to = await person.SendAsync(Page, Many, Cancel, ("action", "export"), ("id", $"{links[1]}"));
        Assert.Equal($"/dashboard/links/export.csv?ids={links[1]}", to.Location);
        var one = await person.GetAsync(to.Location!, Cancel);
        var all = await person.GetAsync("/dashboard/links/export.csv?all=1", Cancel);
        var none = await person.GetAsync("/dashboard/links/export.csv?ids=x", Cancel);

        Assert.StartsWith("id,short_url,url,location_url,title,note,tags,", one.Body, StringComparison.Ordinal);
        Assert.Contains(",'=1+1,,\"a, b\",,", one.Body, StringComparison.Ordinal);
        Assert.Equal((3, 4, 2), (LinesOf(one.Body), LinesOf(all.Body), LinesOf(none.Body)));

        static int LinesOf(string csv) => csv.Split("\r\n").Length;
    }

    [Fact]
    public async Task A_member_changes_links_of_the_team_as_the_role_allows()
    {
        var owner = await NewTeamAsync();
        var (editor, viewer) = (await JoinAsync(owner, "editor"), await JoinAsync(owner, "viewer"));
        var link = await NewLinkAsync(owner.Key);
        (string, string)[] form = [("account", $"{owner.Team}"), ("selection", $"ids={link}"), ("is_enabled", "0")];
        using var one = await SignedInAsync(editor.Person);
        using var other = await SignedInAsync(viewer.Person);

        var list = await other.GetAsync($"{Page}?account={owner.Team}", Cancel);
        Assert.DoesNotContain(Many, list.Body, StringComparison.Ordinal);
        Assert.Contains("export.csv?all=1", list.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await other.GetAsync($"{Change}?ids={link}", Cancel)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await other.SendAsync(Page, Change, Cancel, form)).Status);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/dashboard/links/export.csv?all=1", Cancel)).Status);

        var begun = await one.SendAsync(Page, Change, Cancel, form);
        Assert.Equal(HttpStatusCode.SeeOther, begun.Status);
        Assert.Equal("done", (string?)(await EndAsync(owner.Team, owner.Key))["status"]);
        Assert.False(
            (bool)(await SendAsync(HttpMethod.Get, $"/api/links/{link}", http: owner.Key)).Json["data"]!["is_enabled"]!
        );
        // Another account has no such change.
        var own = $"{begun.Location}?account={editor.Person.Id}";
        Assert.Equal(HttpStatusCode.NotFound, (await one.GetAsync(own, Cancel)).Status);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await other.GetAsync($"{begun.Location}?account={owner.Team}", Cancel)).Status
        );
    }

    [Fact]
    public async Task The_list_shows_a_change_that_runs_and_it_ends_when_it_is_cancelled_or_the_member_is_removed()
    {
        foreach (var how in (string[])["cancelled", "stopped"])
        {
            var owner = await NewTeamAsync();
            var editor = await JoinAsync(owner, "editor");
            for (var i = 0; i < 3; i++)
                await NewLinkAsync(owner.Key);
            using var person = await SignedInAsync(editor.Person);
            using SemaphoreSlim reached = new(0),
                go = new(0);
            Worker.AfterLink = _ =>
            {
                reached.Release();
                go.Wait(Patience.Longest, Cancel);
            };
            try
            {
                (string, string) team = ("account", $"{owner.Team}");
                var asked = await person.GetAsync($"{Change}?all=1&account={owner.Team}", Cancel);
                var begun = await person.SendAsync(
                    Page,
                    Change,
                    Cancel,
                    team,
                    ("selection", "all=1"),
                    ("seal", ValueOf(asked.Body, "seal")),
                    ("is_enabled", "0")
                );
                await reached.WaitAsync(Cancel).OrFail();
                var list = await person.GetAsync(Page, Cancel);
                var running = await person.GetAsync(begun.Location!, Cancel);
                Assert.Contains("A change of many links runs: 1 of 3", list.Body, StringComparison.Ordinal);
                Assert.Contains("data-waits=\"1\"", running.Body, StringComparison.Ordinal);
                if (how is "cancelled")
                    await person.SendAsync(Page, $"{begun.Location}/cancel", Cancel, team);
                else
                    await SendAsync(HttpMethod.Delete, $"/api/team-members/{editor.Id}", http: owner.Key);
                go.Release(3);
                await Patience.UntilAsync(() => Task.FromResult(!HasJob(owner.Team)), "The end of the job");

                var end = await EndAsync(owner.Team, owner.Key);
                Assert.Equal((how, 1), ((string?)end["status"], (int)end["done"]!));
            }
            finally
            {
                go.Release(3);
                Worker.AfterLink = _ => { };
            }
        }
    }

    private bool HasJob(long account)
    {
        using var db = Server.Database.Read();
        return db.Jobs.Any(job => job.AccountId == account);
    }

    private BulkWorker Worker => Server.Services.GetRequiredService<BulkWorker>();

    private async Task<(Somebody, List<long>)> SetUpAsync(int count)
    {
        var somebody = await NewPersonAsync();
        List<long> links = [];
        for (var i = 0; i < count; i++)
            links.Add(await NewLinkAsync(somebody.Http));
        return (somebody, links);
    }

    private async Task<long> ProjectAsync(Somebody somebody) =>
        IdOf(await PostAsAsync(somebody.Http, "/api/projects", ("name", "Posters")));

    private Task<JsonNode> EndAsync(Somebody somebody) => EndAsync(somebody.Id, somebody.Http);

    // The end of the last change of an account.
    private async Task<JsonNode> EndAsync(long account, HttpClient http)
    {
        long id;
        await using (var db = Server.Database.Read())
            id = db.BulkChanges.Where(bulk => bulk.AccountId == account).Max(bulk => bulk.Id);
        JsonNode? end = null;
        await Patience.UntilAsync(
            async () =>
            {
                end = (await SendAsync(HttpMethod.Get, $"/api/jobs/{id}", http: http)).Json["data"];
                return (string?)end!["status"] != "running";
            },
            "The end of the change"
        );
        return end!;
    }

    private async Task<JsonNode> ReadAsync(Somebody somebody, long id) =>
        (await SendAsync(HttpMethod.Get, $"/api/links/{id}", http: somebody.Http)).Json["data"]!;

    private async Task<List<string>> TagsAsync(Somebody somebody, long id) =>
        [.. (await ReadAsync(somebody, id))["tags"]!.AsArray().Select(tag => (string)tag!)];

    private async Task<Person> SignedInAsync(Somebody somebody)
    {
        Person person = new(Server);
        await person.SignInAsync(somebody.Email, TestServer.AdminPassword, Cancel);
        return person;
    }

    private static string ValueOf(string page, string field) =>
        WebUtility.HtmlDecode(Regex.Match(page, $"name=\"{field}\" value=\"([^\"]*)\"").Groups[1].Value);
}
