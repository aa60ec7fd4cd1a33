using System.Net;
using Microsoft.EntityFrameworkCore;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Teams;

/// <summary>Keys that act for a team.</summary>
public sealed class TeamKeyTests(SharedServer shared) : TeamTests(shared)
{
    [Fact]
    public async Task A_person_s_own_key_works_on_the_own_account_as_before()
    {
        var team = await NewTeamAsync();
        var own = await NewLinkAsync(team.Person.Http);
        var shared = await NewLinkAsync(team.Key);

        var ofPerson = await SendAsync(HttpMethod.Get, "/api/links", http: team.Person.Http);
        var ofTeam = await SendAsync(HttpMethod.Get, "/api/links", http: team.Key);
        var crossed = await StatusAsync(HttpMethod.Get, $"/api/links/{shared}", team.Person.Http);

        Assert.Equal(own, IdOf(Assert.Single(ofPerson.Json["data"]!.AsArray())!));
        Assert.Equal(shared, IdOf(Assert.Single(ofTeam.Json["data"]!.AsArray())!));
        Assert.Equal(HttpStatusCode.NotFound, crossed);
    }

    [Fact]
    public async Task A_team_s_key_names_the_person_and_the_team_and_cannot_change_the_person()
    {
        var team = await NewTeamAsync();
        await NewLinkAsync(team.Key);

        var mine = (await SendAsync(HttpMethod.Get, "/api/user", http: team.Person.Http)).Json["data"]!;
        var shown = (await SendAsync(HttpMethod.Get, "/api/user", http: team.Key)).Json["data"]!;
        var changed = await PostAsAsync(team.Key, "/api/user", ("name", "Somebody else"));
        var memberships = await StatusAsync(HttpMethod.Get, "/api/teams-member", team.Key);

        Assert.Null(mine["team_id"]);
        Assert.Equal((team.Person.Id, team.Team), (IdOf(shown), shown["team_id"]!.GetValue<long>()));
        Assert.Equal(1, shown["plan_settings"]!["links_used"]!.GetValue<long>());
        Assert.Equal(0, mine["plan_settings"]!["links_used"]!.GetValue<long>());
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (changed.Status, memberships));
    }

    [Fact]
    public async Task A_change_of_the_role_narrows_a_key_at_once_and_widens_it_again()
    {
        var team = await NewTeamAsync();
        var member = await JoinAsync(team, "admin");
        var link = await NewLinkAsync(member.Key);

        await RoleAsync("viewer");
        var reads = await StatusAsync(HttpMethod.Get, $"/api/links/{link}", member.Key);
        var writes = await PostAsAsync(member.Key, $"/api/links/{link}", ("is_enabled", "0"));
        await RoleAsync("editor");
        var asEditor = await PostAsAsync(member.Key, $"/api/links/{link}", ("is_enabled", "0"));
        var domain = await PostAsAsync(member.Key, "/api/domains", ("host", "go.team.example"));
        await RoleAsync("admin");
        var asAdmin = await PostAsAsync(member.Key, "/api/domains", ("host", "go.team.example"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (reads, writes.Status));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (asEditor.Status, domain.Status));
        Assert.Equal(HttpStatusCode.Created, asAdmin.Status);

        async Task RoleAsync(string role) =>
            Assert.Equal(
                HttpStatusCode.OK,
                (await PostAsAsync(team.Key, $"/api/team-members/{member.Id}", ("access[]", role))).Status
            );
    }

    [Fact]
    public async Task A_key_has_at_most_the_scopes_of_the_role()
    {
        var team = await NewTeamAsync();
        var viewer = await JoinAsync(team, "viewer");
        var member = ("team_id", $"{team.Team}");

        var usual = await PostAsAsync(viewer.Person.Http, "/api/api-keys", member);
        var more = await PostAsAsync(viewer.Person.Http, "/api/api-keys", member, ("scopes", "links:write"));
        var server = await PostAsAsync(team.Person.Http, "/api/api-keys", member, ("scopes", "admin"));
        var other = await PostAsAsync(team.Key, "/api/api-keys", ("team_id", "0"));

        Assert.Equal("""["links:read","stats:read","account:read"]""", usual.Json["data"]!["scopes"]!.ToJsonString());
        Assert.Equal(team.Team, usual.Json["data"]!["team_id"]!.GetValue<long>());
        Assert.Equal(viewer.Person.Id, usual.Json["data"]!["user_id"]!.GetValue<long>());
        Assert.Equal(["scopes"], more.WrongFields);
        Assert.Equal(["scopes"], server.WrongFields);
        Assert.Equal(["team_id"], other.WrongFields);
    }

    [Fact]
    public async Task A_server_admin_s_key_for_a_team_does_not_run_the_server()
    {
        var team = IdOf(await PostAsync("/api/teams", ("name", "Admins")));
        using var key = Server.NewClient(
            (string)(await PostAsync("/api/api-keys", ("team_id", $"{team}"))).Json["data"]!["key"]!
        );

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, "/api/links", key));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(HttpMethod.Get, "/api/users", key));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(HttpMethod.Get, "/api/audit-log", key));
    }

    [Fact]
    public async Task Members_see_and_revoke_their_own_keys_and_admins_all()
    {
        var team = await NewTeamAsync();
        var admin = await JoinAsync(team, "admin");
        var editor = await JoinAsync(team, "editor");
        var path = $"/api/api-keys?team_id={team.Team}";

        var all = await KeysAsync(path, admin.Person.Http);
        var own = await KeysAsync(path, editor.Person.Http);
        var withKey = await KeysAsync("/api/api-keys", editor.Key);
        var ofStranger = await KeysAsync(path, Server.Http);
        var (mine, his) = (Assert.Single(own), all.Except(own).First());
        var foreign = await StatusAsync(HttpMethod.Delete, $"/api/api-keys/{his}", editor.Person.Http);
        var revoked = await StatusAsync(HttpMethod.Delete, $"/api/api-keys/{mine}", admin.Person.Http);

        Assert.Equal(3, all.Length);
        Assert.Equal(own, withKey);
        Assert.Empty(ofStranger);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NoContent), (foreign, revoked));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(HttpMethod.Get, "/api/links", editor.Key));
    }

    [Fact]
    public async Task A_key_ends_with_the_membership_and_does_not_come_back_with_a_new_one()
    {
        var team = await NewTeamAsync();
        var removed = await JoinAsync(team, "editor");
        var left = await JoinAsync(team, "editor");

        await SendAsync(HttpMethod.Delete, $"/api/team-members/{removed.Id}", http: team.Key);
        await SendAsync(HttpMethod.Delete, $"/api/teams-member/{left.Id}", http: left.Person.Http);
        var ended = await StatusAsync(HttpMethod.Get, "/api/links", removed.Key);
        var again = await InviteAsync(team, removed.Person.Email, "owner");
        await PostAsAsync(removed.Person.Http, $"/api/teams-member/{IdOf(again)}", ("status", "1"));

        Assert.Equal(HttpStatusCode.Unauthorized, ended);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(HttpMethod.Get, "/api/links", left.Key));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(HttpMethod.Get, "/api/links", removed.Key));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, "/api/links", removed.Person.Http));
    }

    [Fact]
    public async Task A_right_that_ends_before_the_edit_begins_no_longer_counts()
    {
        var owner = await NewTeamAsync();
        var member = await JoinAsync(owner, "editor");
        var database = Server.Database;
        await PostAsAsync(member.Key, "/api/projects", ("name", "Before"));
        await Patience.UntilAsync(() => Task.FromResult(database.Waiting == 0), "the notes of the key's first use");
        var (held, removal) = (new TaskCompletionSource(), new TaskCompletionSource());

        // Somebody else's edit goes first, and takes the member's right.
        var first = database.WriteAsync(
            async db =>
            {
                held.SetResult();
                await removal.Task;
                return await db.Members.Where(one => one.Id == member.Id).ExecuteDeleteAsync(Cancel);
            },
            Cancel
        );
        await held.Task;
        var edit = PostAsAsync(member.Key, "/api/projects", ("name", "After"));
        await Patience.UntilAsync(() => Task.FromResult(database.Waiting > 0), "the edit that waits");
        removal.SetResult();
        await first;

        Assert.Equal(HttpStatusCode.Forbidden, (await edit).Status);
        var projects = await SendAsync(HttpMethod.Get, "/api/projects", http: owner.Key);
        Assert.Equal("Before", (string?)Assert.Single(projects.Json["data"]!.AsArray())!["name"]);
    }

    [Fact]
    public async Task A_key_for_a_team_ends_with_the_person_s_key_that_made_it()
    {
        var team = await NewTeamAsync();
        var (id, key) = await MakeAsync(team.Person.Http, ("expires", "2099-01-01 00:00:00"));
        using var maker = Server.NewClient(key);
        var (child, childKey) = await MakeAsync(maker, ("team_id", $"{team.Team}"));
        using var client = Server.NewClient(childKey);

        var read = await SendAsync(HttpMethod.Get, $"/api/api-keys/{child}", http: team.Person.Http);
        var before = await StatusAsync(HttpMethod.Get, "/api/links", client);
        await SendAsync(HttpMethod.Delete, $"/api/api-keys/{id}", http: team.Person.Http);

        Assert.Equal("2099-01-01 00:00:00", (string)read.Json["data"]!["expires"]!);
        Assert.Equal(HttpStatusCode.OK, before);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(HttpMethod.Get, "/api/links", client));

        async Task<(long, string)> MakeAsync(HttpClient http, params (string, string)[] fields)
        {
            var made = await PostAsAsync(http, "/api/api-keys", fields);
            return (IdOf(made), (string)made.Json["data"]!["key"]!);
        }
    }

    [Fact]
    public async Task No_member_uses_up_the_keys_of_a_team()
    {
        var team = await NewTeamAsync();
        var viewer = await JoinAsync(team, "viewer");
        for (var i = 1; i < 20; i++)
            await TeamKeyAsync(viewer.Person, team.Team);

        var more = await PostAsAsync(viewer.Person.Http, "/api/api-keys", ("team_id", $"{team.Team}"));

        Assert.Equal(["name"], more.WrongFields);
        await TeamKeyAsync(team.Person, team.Team);
    }

    [Fact]
    public async Task A_team_s_keys_share_its_rate_limit()
    {
        await using var server = await TestServer.StartAsync(("SIGNPOST_API_REQUESTS_PER_MINUTE", "8"));
        var made = await SendAsync(HttpMethod.Post, "/api/teams", Bodies.Form(("name", "Busy")), server.Http);
        List<HttpStatusCode> statuses = [];
        List<string> keys = [];
        for (var number = 0; number < 6; number++)
        {
            var key = await SendAsync(
                HttpMethod.Post,
                "/api/api-keys",
                Bodies.Form(("team_id", $"{IdOf(made)}")),
                server.Http
            );
            keys.Add((string)key.Json["data"]!["key"]!);
        }

        foreach (var key in keys)
        {
            using var client = server.NewClient(key);
            for (var number = 0; number < 8; number++)
                statuses.Add(await StatusAsync(HttpMethod.Get, "/api/links", client));
        }

        // All keys of an account together have five times the requests of one.
        Assert.Equal(40, statuses.Count(status => status is HttpStatusCode.OK));
        Assert.Equal(8, statuses.Count(status => status is HttpStatusCode.TooManyRequests));
    }

    private async Task<long[]> KeysAsync(string path, HttpClient http) =>
        [.. (await SendAsync(HttpMethod.Get, path, http: http)).Json["data"]!.AsArray().Select(key => IdOf(key!))];
}
