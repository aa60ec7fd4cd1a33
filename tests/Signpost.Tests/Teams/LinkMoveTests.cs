using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Domains;
using Signpost.Tests.Files;
using Signpost.Tests.Links;
using Signpost.Tests.QrCodes;

namespace Signpost.Tests.Teams;

/// <summary>Links that move between the accounts of a person.</summary>
public sealed class LinkMoveTests(DomainServer shared) : TeamTests(shared), IClassFixture<DomainServer>
{
    [Fact]
    public async Task A_link_moves_without_its_project_pixels_and_splash_page_and_visitors_notice_nothing()
    {
        var team = await NewTeamAsync();
        var (mine, theirs) = (team.Person.Http, team.Key);
        var project = IdOf(await PostAsAsync(mine, "/api/projects", ("name", "Spring")));
        var pixel = IdOf(
            await PostAsAsync(mine, "/api/pixels", ("name", "P"), ("type", "facebook"), ("pixel", "1234567"))
        );
        var page = IdOf(await PostAsAsync(mine, "/api/splash-pages", ("name", "S")));
        var logo = await Logos.AddAsync(this, Logos.Chequered(8, 8), mine);
        var link = await NewLinkAsync(
            mine,
            ("project_id", $"{project}"),
            ("pixels_ids[]", $"{pixel}"),
            ("splash_page_id", $"{page}"),
            ("statistics_public_logo", $"{logo}")
        );
        var alias = (string)(await ReadAsync(link, mine))!["url"]!;

        var moved = await MoveAsync(mine, link, team.Team);
        var here = await ReadAsync(link, mine);
        var there = await ReadAsync(link, theirs);
        using var visit = await Server.FollowAsync(alias);
        var back = await MoveAsync(theirs, link, 0);

        Assert.Equal(HttpStatusCode.OK, moved.Status);
        Assert.Equal(["id", "url", "short_url", "warnings"], moved.Json["data"]!.AsObject().Select(field => field.Key));
        Assert.Equal(
            ["project_id", "pixels_ids", "splash_page_id", "statistics_public_logo"],
            moved.Json["data"]!["warnings"]!.AsArray().Select(warning => (string)warning!["field"]!)
        );
        Assert.Null(here);
        Assert.Equal((null, "[]"), (there!["project_id"], there["pixels_ids"]!.ToJsonString()));
        Assert.Null(there["settings"]!["splash_page_id"]);
        Assert.Null(there["settings"]!["statistics_public_logo"]);
        Assert.Equal(HttpStatusCode.Found, visit.StatusCode);
        Assert.Equal(HttpStatusCode.OK, back.Status);
        Assert.NotNull(await ReadAsync(link, mine));
    }

    [Fact]
    public async Task Its_title_note_and_tags_go_along_and_tags_are_made_or_found_by_name()
    {
        var team = await NewTeamAsync();
        var (mine, theirs) = (team.Person.Http, team.Key);
        await PostAsAsync(mine, "/api/tags", ("name", "Sale"), ("color", "#b45309"));
        var there = IdOf(await PostAsAsync(theirs, "/api/tags", ("name", "SPRING")));
        var link = await NewLinkAsync(
            mine,
            ("title", "T"),
            ("note", "N"),
            ("tags[]", "Spring"),
            ("tags[]", "Sale"),
            ("tags[]", "Gone")
        );
        var tags = await SendAsync(HttpMethod.Get, "/api/tags?search=Gone", http: mine);
        await SendAsync(HttpMethod.Delete, $"/api/tags/{IdOf(tags.Json["data"]![0]!)}", http: mine);

        var moved = await MoveAsync(mine, link, team.Team);

        Assert.Equal(HttpStatusCode.OK, moved.Status);
        var read = await ReadAsync(link, theirs);
        Assert.Equal(("T", "N"), ((string)read!["title"]!, (string)read["note"]!));
        Assert.Equal("""["Sale","SPRING"]""", read["tags"]!.ToJsonString());
        var all = await SendAsync(HttpMethod.Get, "/api/tags?order_by=name&order_type=ASC", http: theirs);
        Assert.Equal(
            ["SPRING #0f766e 1", "Sale #b45309 1"],
            all.Json["data"]!.AsArray().Select(tag => $"{tag!["name"]} {tag["color"]} {tag["links"]}")
        );
        Assert.Equal(there, IdOf(all.Json["data"]![0]!));
        var left = await SendAsync(HttpMethod.Get, "/api/tags", http: mine);
        Assert.All(left.Json["data"]!.AsArray(), tag => Assert.Equal(0, (int)tag!["links"]!));
    }

    [Fact]
    public async Task A_link_moves_only_where_its_mover_may_create_links()
    {
        var team = await NewTeamAsync();
        var viewer = await JoinAsync(team, "viewer");
        var stranger = await NewPersonAsync();
        var (own, shared) = (await NewLinkAsync(viewer.Person.Http), await NewLinkAsync(team.Key));

        var asViewer = await MoveAsync(viewer.Person.Http, own, team.Team);
        var away = await MoveAsync(viewer.Key, shared, 0);
        var strange = await MoveAsync(stranger.Http, await NewLinkAsync(stranger.Http), team.Team);
        var missing = await MoveAsync(stranger.Http, await NewLinkAsync(stranger.Http), 987654321);
        var same = await MoveAsync(team.Key, shared, team.Team);
        var absent = await PostAsAsync(team.Key, $"/api/links/{shared}/move");

        var second = IdOf(await PostAsAsync(team.Person.Http, "/api/teams", ("name", "Second")));
        var beyond = await MoveAsync(team.Key, shared, second);

        Assert.All(
            [asViewer, strange, missing, same, absent, beyond],
            reply => Assert.Equal(["team_id"], reply.WrongFields)
        );
        Assert.Equal((asViewer.Body, missing.Body), (strange.Body, strange.Body));
        Assert.Equal(HttpStatusCode.Forbidden, away.Status);
    }

    [Fact]
    public async Task A_link_leaves_a_domain_of_its_account_before_it_moves()
    {
        var team = await NewTeamAsync();
        var domain = IdOf(await PostAsAsync(team.Person.Http, "/api/domains", ("host", "move.team.example")));
        var read = await SendAsync(HttpMethod.Get, $"/api/domains/{domain}", http: team.Person.Http);
        var proof = read.Json["data"]!["verification"]!;
        await shared.Dns.AddAsync(((string)proof["name"]!, (string)proof["value"]!));
        await PostAsAsync(team.Person.Http, $"/api/domains/{domain}/verify");
        var link = await NewLinkAsync(team.Person.Http, ("domain_id", $"{domain}"));

        var refused = await MoveAsync(team.Person.Http, link, team.Team);
        await PostAsAsync(team.Person.Http, $"/api/links/{link}", ("domain_id", "0"));
        var moved = await MoveAsync(team.Person.Http, link, team.Team);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (refused.Status, moved.Status));
        Assert.Equal(["team_id"], refused.WrongFields);
    }

    [Fact]
    public async Task The_pictures_of_a_link_go_along_and_shared_ones_stay_with_the_other_links_too()
    {
        var team = await NewTeamAsync();
        using var body = Bodies
            .Multipart(("is_bulk", "1"), ("location_urls", "https://example.org/1\nhttps://example.org/2"))
            .WithFile("cloaking_favicon", Pictures.PngOfLength(1_000));
        var made = await SendAsync(HttpMethod.Post, "/api/links", body, team.Person.Http);
        var ids = made.Json["data"]!["ids"]!.AsArray().Select(id => (long)id!).ToArray();

        foreach (var id in ids)
        {
            Assert.Equal(HttpStatusCode.OK, (await MoveAsync(team.Person.Http, id, team.Team)).Status);
            // The pictures that are left in the former account, and those that have arrived.
            Assert.Equal(id == ids[0] ? 1_000 : 0, await BytesAsync(team.Person.Http));
            Assert.Equal(id == ids[0] ? 1_000 : 2_000, await BytesAsync(team.Key));
        }

        var pictures = new List<string>();
        foreach (var id in ids)
            pictures.Add((string)(await ReadAsync(id, team.Key))!["settings"]!["cloaking_favicon"]!);
        await SendAsync(HttpMethod.Delete, $"/api/links/{ids[0]}?permanent=1", http: team.Key);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Get, pictures[0], Server.Anonymous));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, pictures[1], Server.Anonymous));
    }

    [Fact]
    public async Task A_link_does_not_move_into_an_account_that_is_full()
    {
        await using var server = await TestServer.StartAsync(
            ("SIGNPOST_LINKS_PER_ACCOUNT", "1"),
            ("SIGNPOST_PICTURES_MB_PER_ACCOUNT", "1")
        );
        var team = IdOf(await PostAsAsync(server.Http, "/api/teams", ("name", "Full")));
        var key = await PostAsAsync(server.Http, "/api/api-keys", ("team_id", $"{team}"));
        using var ofTeam = server.NewClient((string)key.Json["data"]!["key"]!);
        var link = await NewLinkAsync(server.Http);
        var blocking = await NewLinkAsync(ofTeam);

        var refused = await MoveAsync(server.Http, link, team);
        await SendAsync(HttpMethod.Delete, $"/api/links/{blocking}?permanent=1", http: ofTeam);
        var moved = await MoveAsync(server.Http, link, team);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (refused.Status, moved.Status));
        Assert.Contains("SIGNPOST_LINKS_PER_ACCOUNT", refused.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_versions_of_a_moved_link_name_only_members_of_its_new_account()
    {
        var team = await NewTeamAsync();
        var editor = await JoinAsync(team, "editor");
        var link = await NewLinkAsync(team.Key);
        await PostAsAsync(editor.Key, $"/api/links/{link}", ("utm_source", "mail"));
        var before = await WritersAsync(team.Key, link);

        await MoveAsync(team.Key, link, 0);
        var mine = await WritersAsync(team.Person.Http, link);
        var foreign = await SendAsync(HttpMethod.Get, $"/api/links/{link}/versions", http: editor.Key);
        await MoveAsync(team.Person.Http, link, team.Team);
        var back = await WritersAsync(team.Key, link);

        Assert.Equal([$"{editor.Person.Email}/True", $"{team.Person.Email}/True"], before);
        Assert.Equal([$"{team.Person.Email}/False", "/False", $"{team.Person.Email}/False"], mine);
        Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
        Assert.Equal([$"{team.Person.Email}/False", .. mine], back);
    }

    // Of each version, the latest first: the person, and whether the key is named.
    private async Task<string[]> WritersAsync(HttpClient http, long link)
    {
        var list = await SendAsync(HttpMethod.Get, $"/api/links/{link}/versions", http: http);
        return
        [
            .. list.Json["data"]!.AsArray().Select(version => $"{version!["person"]}/{version["key"] is not null}"),
        ];
    }

    private Task<Reply> MoveAsync(HttpClient http, long link, long to) =>
        PostAsAsync(http, $"/api/links/{link}/move", ("team_id", $"{to}"));

    private async Task<JsonNode?> ReadAsync(long link, HttpClient http) =>
        (await SendAsync(HttpMethod.Get, $"/api/links/{link}", http: http)).Json["data"];

    private async Task<long> BytesAsync(HttpClient http) =>
        (long)
            (await SendAsync(HttpMethod.Get, "/api/user", http: http)).Json["data"]!["plan_settings"]![
                "pictures_bytes_used"
            ]!;
}
