using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Api.Bodies;
using Signpost.Links;
using Signpost.Links.Bulk;
using Signpost.Storage;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Outbound;
using Signpost.Tests.Teams;

namespace Signpost.Tests.Links;

/// <summary>Changes of many links at once.</summary>
public sealed partial class BulkChangeTests(SharedServer shared) : TeamTests(shared)
{
    private const string Bulk = "/api/links/bulk";

    private BulkWorker Worker => Server.Services.GetRequiredService<BulkWorker>();

    [Fact]
    public async Task No_other_site_is_asked_about_the_frames_of_cloaked_links()
    {
        var person = await NewPersonAsync();
        await using var site = Stranger.Saying("X-Frame-Options: DENY");
        var made = await PostAsAsync(
            person.Http,
            "/api/links",
            ("location_url", site.Url),
            ("cloaking_is_enabled", "1")
        );
        var before = site.Visits;

        var begun = await PostAsAsync(person.Http, Bulk + "?all=1", ("domain_id", "0"), ("utm_source", "news"));
        var end = await EndAsync(begun, person.Http);

        Assert.Equal("done 1 1 0", SumOf(end));
        Assert.Equal(2, Assert.Single(await VersionsAsync([IdOf(made)])));
        Assert.Equal((1, 1), (before, site.Visits));
    }

    [Fact]
    public async Task Filters_or_ids_choose_links_which_change_as_by_single_edits()
    {
        var (person, links, project, pixel) = await SetUpAsync();
        (string Query, (string, string)[] Change, string Field, string Expected, int[] Changed)[] cases =
        [
            ($"?project_id={project}", [("utm_source", "news"), ("utm_medium", "x")], "utm_source", "\"news\"", [0, 2]),
            (
                "?search=SPRING&search_by=location_url",
                [("pixels_ids[]", $"{pixel}")],
                "pixels_ids",
                $"[{pixel}]",
                [0, 1]
            ),
            (
                "?location_url=example.org/autumn/3",
                [("start_date", "2000-01-02 03:04"), ("end_date", "2099-01-02 00:00")],
                "end_date",
                "\"2099-01-02 00:00:00\"",
                [3]
            ),
            (
                "",
                [("ids[1]", $"{links[2]}"), ("ids[0]", $"{links[1]}"), ("utm_campaign", "c")],
                "utm_campaign",
                "\"c\"",
                [1, 2]
            ),
            ("?project_id=999999", [("is_enabled", "0")], "is_enabled", "false", []),
            (
                $"?project_id={project}&type=link",
                [("project_id", "0"), ("schedule", "0")],
                "project_id",
                "null",
                [0, 1, 2, 3]
            ),
            ("?is_enabled=1", [("is_enabled", "0")], "is_enabled", "false", [0, 1, 2, 3]),
        ];
        Assert.Equal(HttpStatusCode.Redirect, await FollowAsync(person, links[0]));
        foreach (var (query, change, field, expected, changed) in cases)
        {
            var before = await VersionsAsync(links);

            var end = await EndAsync(await PostAsAsync(person.Http, Bulk + query, change), person.Http);

            var matched = query.Contains("type=link") ? [0, 2] : changed;
            Assert.Equal($"done {matched.Length} {matched.Length} 0", SumOf(end));
            Assert.Equal(
                links.Select((_, at) => before[at] + (matched.Contains(at) ? 1 : 0)),
                await VersionsAsync(links)
            );
            for (var at = 0; at < links.Count; at++)
            {
                var link = (await SendAsync(HttpMethod.Get, $"/api/links/{links[at]}", http: person.Http)).Json[
                    "data"
                ]!;
                var value = (link[field] ?? link["settings"]![field])?.ToJsonString() ?? "null";
                Assert.True(changed.Contains(at) == (value == expected), $"{query}: link {at} has {value}");
            }
        }

        Assert.Equal(HttpStatusCode.NotFound, await FollowAsync(person, links[0]));
    }

    [Fact]
    public async Task A_wrong_value_or_filter_is_refused_and_nothing_changes()
    {
        var (person, links, project, _) = await SetUpAsync();
        var foreign = await CreateAsync();
        var before = await VersionsAsync(links);
        (string, string) off = ("is_enabled", "0");
        (string Query, (string, string)[] Change, string Wrong)[] cases =
        [
            ("", [off], ""),
            ("?all=0", [off], ""),
            ("?type=link&search_by=url", [off], ""),
            ("?all=1&is_enabled=1", [off], "all"),
            ("?all=1", [], ""),
            ("?all=1", [("delete", "0")], ""),
            ("?all=1", [off, ("delete", "1")], "delete"),
            ("?projekt_id=1&is_enabled=1", [off], "projekt_id"),
            ("?project_id=&is_enabled=1", [off], "project_id"),
            ("?is_enabled=maybe", [off], "is_enabled"),
            ("?search=a&search_by=alias", [off], "search_by"),
            ("?is_enabled=1&page=2", [off], "page"),
            ($"?project_id={project}", [("ids[]", $"{links[0]}"), off], "ids[]"),
            ("", [("ids[]", "x"), off], "ids[]"),
            ("", [("ids[0]", $"{links[0]}"), ("ids[1]", $"{foreign}"), off], "ids[1]"),
            ("", [.. Enumerable.Range(1, 1001).Select(id => ($"ids[{id}]", $"{id}")), off], "ids[1]"),
            ("?all=1", [("url", "taken")], "url"),
            ("?all=1", [off, ("password", "secret")], "password"),
            ("?all=1", [("is_enabled", "perhaps")], "is_enabled"),
            ("?all=1", [("project_id", "999999")], "project_id"),
            ("?all=1", [("pixels_ids[]", "999999")], "pixels_ids[]"),
            ("?all=1", [("domain_id", "999999")], "domain_id"),
            ("?all=1", [("start_date", "2030-02-01"), ("end_date", "2030-01-01")], "end_date"),
            ("?all=1", [("utm_source", new string('x', 257))], "utm_source"),
        ];
        foreach (var (query, change, wrong) in cases)
        {
            var reply = await PostAsAsync(person.Http, Bulk + query, change);

            Assert.True(reply.Status == HttpStatusCode.BadRequest, $"{query} {change.FirstOrDefault()}: {reply.Body}");
            Assert.Contains(wrong, reply.WrongFields);
        }

        Assert.Equal(before, await VersionsAsync(links));
        await using var db = Server.Database.Read();
        Assert.Empty(db.BulkChanges.Where(bulk => bulk.AccountId == person.Id));
    }

    [Fact]
    public async Task An_idempotency_key_begins_one_change_and_its_progress_belongs_to_the_account()
    {
        var (person, links, _, _) = await SetUpAsync();
        var key = ("Idempotency-Key", "once");
        using var stranger = await StrangerAsync();
        using var writer = await ClientOfAsync(person.Id, ("scopes", "links:write"));

        var first = await SendAsync(
            HttpMethod.Post,
            Bulk + "?all=1",
            Bodies.Form(("is_enabled", "0")),
            person.Http,
            key
        );
        var again = await SendAsync(
            HttpMethod.Post,
            Bulk + "?all=1",
            Bodies.Json("""{"is_enabled":false}"""),
            person.Http,
            key
        );
        var other = await SendAsync(
            HttpMethod.Post,
            Bulk + "?is_enabled=1",
            Bodies.Form(("is_enabled", "0")),
            person.Http,
            key
        );
        var end = await EndAsync(first, person.Http);
        var foreign = await SendAsync(HttpMethod.Get, PathOf(first), http: stranger);
        var uncancelled = await SendAsync(HttpMethod.Delete, PathOf(first), http: stranger);
        var late = await SendAsync(HttpMethod.Delete, PathOf(first), http: person.Http);
        var unread = await PostAsAsync(writer, Bulk + "?all=1", ("is_enabled", "1"));
        var named = await EndAsync(
            await PostAsAsync(writer, Bulk, ("ids[]", $"{links[0]}"), ("is_enabled", "1")),
            writer
        );

        Assert.Equal((HttpStatusCode.Accepted, first.Body), (again.Status, again.Body));
        Assert.Equal(first.Headers["Location"], again.Headers["Location"]);
        Assert.Equal(HttpStatusCode.Conflict, other.Status);
        Assert.Equal("done 4 4 0", SumOf(end));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (foreign.Status, uncancelled.Status));
        Assert.Equal(HttpStatusCode.NoContent, late.Status);
        Assert.Equal((HttpStatusCode.Forbidden, "done 1 1 0"), (unread.Status, SumOf(named)));
        Assert.Equal("3 2 2 2", string.Join(' ', await VersionsAsync(links)));
        var log = await SendAsync(HttpMethod.Get, "/api/logs", http: person.Http);
        Assert.Contains("\"type\":\"links_changed\"", log.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_links_are_found_as_the_list_finds_them()
    {
        var (person, links, project, _) = await SetUpAsync();
        foreach (
            var (query, expected) in ((string, int[])[])
                [
                    ("search=spring&search_by=location_url", [0, 1]),
                    ($"search=example&search_by=location_url&project_id={project}", [0, 2]),
                    ("search=nowhere", []),
                    ("is_enabled=1", [0, 1, 2, 3]),
                ]
        )
        foreach (var few in (int[])[0, 5_000])
        {
            var finder = new LinkFinder(Server.Database, TimeProvider.System) { Few = few };
            var read = LinkQuery.Read(new FieldReader(FormBody.ParseQuery($"?{query}"), TimeZoneInfo.Utc));

            var all = finder.All(person.Id, read, 4, Cancel);
            var tooMany = finder.All(person.Id, read, 1, Cancel);

            Assert.Equal(expected.Select(at => links[at]), all!);
            Assert.True(tooMany is null == expected.Length > 1, query);
        }
    }

    private async Task<(Somebody Person, List<long> Links, long Project, long Pixel)> SetUpAsync()
    {
        var person = await NewPersonAsync();
        var project = IdOf(await PostAsAsync(person.Http, "/api/projects", ("name", "Shop")));
        var pixel = IdOf(
            await PostAsAsync(
                person.Http,
                "/api/pixels",
                ("name", "P"),
                ("type", "facebook"),
                ("pixel", "1234567890123")
            )
        );
        List<long> links = [];
        for (var i = 0; i < 4; i++)
            links.Add(
                IdOf(
                    await PostAsAsync(
                        person.Http,
                        "/api/links",
                        ("location_url", $"https://example.org/{(i < 2 ? "spring" : "autumn")}/{i}"),
                        ("project_id", i % 2 == 0 ? $"{project}" : "")
                    )
                )
            );
        return (person, links, project, pixel);
    }

    private async Task<HttpStatusCode> FollowAsync(Somebody person, long link)
    {
        var read = await SendAsync(HttpMethod.Get, $"/api/links/{link}", http: person.Http);
        using var answer = await Server.FollowAsync((string)read.Json["data"]!["url"]!);
        return answer.StatusCode;
    }

    private async Task<JsonNode> EndAsync(Reply begun, HttpClient http)
    {
        Assert.True(begun.Status == HttpStatusCode.Accepted, begun.Body);
        await Patience.UntilAsync(() => Task.FromResult(!HasJob(begun)), "The end of the job");
        return (await SendAsync(HttpMethod.Get, PathOf(begun), http: http)).Json["data"]!;
    }

    private bool HasJob(Reply begun)
    {
        var id = IdOf(begun);
        using var db = Server.Database.Read();
        return db.Jobs.Any(job => job.Kind == JobKind.ChangeLinks && job.Subject == id);
    }

    private async Task<int[]> VersionsAsync(List<long> links)
    {
        await using var db = Server.Database.Read();
        var versions = db
            .Links.Where(link => links.Contains(link.Id))
            .ToDictionary(link => link.Id, link => link.Version);
        return [.. links.Select(link => (int)versions[link])];
    }

    private static string PathOf(Reply begun) => new Uri(begun.Headers["Location"]).AbsolutePath;

    private static string SumOf(JsonNode bulk) => $"{bulk["status"]} {bulk["total"]} {bulk["done"]} {bulk["failed"]}";
}
