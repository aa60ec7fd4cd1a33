using System.Net;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.Teams;

/// <summary>The end of teams and of the people who own them.</summary>
public sealed class TeamEndingTests(SharedServer shared) : TeamTests(shared)
{
    [Fact]
    public async Task A_team_is_deleted_only_when_its_owner_says_what_becomes_of_the_links()
    {
        var team = await NewTeamAsync();
        var admin = await JoinAsync(team, "admin");
        var link = await NewLinkAsync(team.Key);
        var alias = await AliasAsync(link, team.Key);
        var path = $"/api/teams/{team.Team}";

        var silent = await SendAsync(HttpMethod.Delete, path, http: team.Person.Http);
        var nowhere = await SendAsync(HttpMethod.Delete, $"{path}?links=transfer", http: team.Person.Http);
        var ofAdmin = await StatusAsync(HttpMethod.Delete, $"{path}?links=delete", admin.Person.Http);
        var deleted = await StatusAsync(HttpMethod.Delete, $"{path}?links=delete", team.Person.Http);
        using var visit = await Server.FollowAsync(alias);

        Assert.Equal(["links"], silent.WrongFields);
        Assert.Equal(["to"], nowhere.WrongFields);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.NoContent), (ofAdmin, deleted));
        Assert.Equal(HttpStatusCode.NotFound, visit.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Get, path, team.Person.Http));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(HttpMethod.Get, "/api/links", team.Key));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(HttpMethod.Get, "/api/links", admin.Key));
    }

    [Fact]
    public async Task The_things_of_a_team_do_not_go_where_there_is_no_room_or_where_its_key_does_not_reach()
    {
        await using var server = await TestServer.StartAsync(("SIGNPOST_LINKS_PER_ACCOUNT", "1"));
        var team = IdOf(await PostAsAsync(server.Http, "/api/teams", ("name", "Full")));
        var second = IdOf(await PostAsAsync(server.Http, "/api/teams", ("name", "Second")));
        var made = await PostAsAsync(server.Http, "/api/api-keys", ("team_id", $"{team}"));
        using var ofTeam = server.NewClient((string)made.Json["data"]!["key"]!);
        await NewLinkAsync(server.Http);
        await NewLinkAsync(ofTeam);

        var full = await SendAsync(HttpMethod.Delete, $"/api/teams/{team}?links=transfer&to=0", http: server.Http);
        var beyond = await SendAsync(HttpMethod.Delete, $"/api/teams/{team}?links=transfer&to={second}", http: ofTeam);
        var moved = await StatusAsync(HttpMethod.Delete, $"/api/teams/{team}?links=transfer&to={second}", server.Http);

        Assert.All([full, beyond], reply => Assert.Equal(["to"], reply.WrongFields));
        Assert.Contains("SIGNPOST_LINKS_PER_ACCOUNT", full.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, moved);
    }

    [Fact]
    public async Task The_things_of_a_deleted_team_go_to_the_own_account_or_to_another_team_of_the_owner()
    {
        var team = await NewTeamAsync();
        var link = await NewLinkAsync(team.Key);
        var project = IdOf(await PostAsAsync(team.Key, "/api/projects", ("name", "Spring")));
        await PostAsAsync(team.Key, $"/api/links/{link}", ("tags[]", "Sale"), ("tags[]", "Own"));
        var other = await NewTeamAsync();
        var second = IdOf(await PostAsAsync(team.Person.Http, "/api/teams", ("name", "Second")));
        var key = await TeamKeyAsync(team.Person, second);
        await NewLinkAsync(key, ("tags[]", "SALE"));

        var foreign = await DeleteAsync(team.Team, other.Team);
        var itself = await DeleteAsync(team.Team, team.Team);
        var toTeam = await DeleteAsync(team.Team, second);
        var inTeam = await StatusAsync(HttpMethod.Get, $"/api/links/{link}", key);
        var tags = await SendAsync(HttpMethod.Get, "/api/tags?order_by=name&order_type=ASC", http: key);
        var sales = await SendAsync(HttpMethod.Get, "/api/links?tag=sale", http: key);
        var itsProject = await StatusAsync(HttpMethod.Get, $"/api/projects/{project}", key);
        var toOwn = await DeleteAsync(second, 0);

        Assert.All([foreign, itself], reply => Assert.Equal(["to"], reply.WrongFields));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (toTeam.Status, toOwn.Status));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (inTeam, itsProject));
        // Tags of the same name have become one.
        Assert.Equal(["Own 1", "SALE 2"], tags.Json["data"]!.AsArray().Select(tag => $"{tag!["name"]} {tag["links"]}"));
        Assert.Equal(2, (int)sales.Json["meta"]!["total"]!);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, $"/api/links/{link}", team.Person.Http));

        Task<Reply> DeleteAsync(long id, long to) =>
            SendAsync(HttpMethod.Delete, $"/api/teams/{id}?links=transfer&to={to}", http: team.Person.Http);
    }

    [Fact]
    public async Task The_only_owner_of_a_team_is_neither_disabled_nor_deleted()
    {
        var team = await NewTeamAsync("The lonely team");
        var path = $"/api/users/{team.Person.Id}";

        var disabled = await PostAsync(path, ("is_disabled", "1"));
        var deleted = await SendAsync(HttpMethod.Delete, path);
        var second = await JoinAsync(team, "owner");
        var deletedWithTwo = await SendAsync(HttpMethod.Delete, path);

        Assert.Equal(["is_disabled"], disabled.WrongFields);
        Assert.Equal(["user_id"], deleted.WrongFields);
        Assert.All(
            [disabled, deleted],
            reply => Assert.Contains($"The lonely team ({team.Team})", reply.Body, StringComparison.Ordinal)
        );
        Assert.Equal(HttpStatusCode.NoContent, deletedWithTwo.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(HttpMethod.Get, "/api/links", team.Key));
        var left = await SendAsync(HttpMethod.Get, $"/api/team-members/{team.Team}", http: second.Key);
        Assert.Equal(second.Id, IdOf(Assert.Single(left.Json["data"]!.AsArray())!));
    }

    [Fact]
    public async Task A_team_does_not_notice_that_an_invited_person_is_deleted()
    {
        var team = await NewTeamAsync();
        var (person, id) = await InviteAsync(team, "editor");

        var before = await SendAsync(HttpMethod.Get, $"/api/team-members/{team.Team}", http: team.Key);
        var deleted = await SendAsync(HttpMethod.Delete, $"/api/users/{person.Id}");
        var after = await SendAsync(HttpMethod.Get, $"/api/team-members/{team.Team}", http: team.Key);
        var again = await PostAsync("/api/users", ("email", person.Email), ("password", TestServer.AdminPassword));
        using var successor = await ClientOfAsync(IdOf(again));

        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        Assert.Equal(before.Body, after.Body);
        Assert.Equal(
            HttpStatusCode.OK,
            (await PostAsAsync(successor, $"/api/teams-member/{id}", ("status", "1"))).Status
        );
    }

    [Fact]
    public async Task A_disabled_person_s_keys_for_teams_rest()
    {
        var team = await NewTeamAsync();
        var member = await JoinAsync(team, "editor");
        var link = await NewLinkAsync(member.Key);

        await PostAsync($"/api/users/{member.Person.Id}", ("is_disabled", "1"));
        var rests = await StatusAsync(HttpMethod.Get, "/api/links", member.Key);
        await PostAsync($"/api/users/{member.Person.Id}", ("is_disabled", "0"));

        Assert.Equal(HttpStatusCode.Unauthorized, rests);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, "/api/links", member.Key));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, $"/api/links/{link}", team.Key));
    }

    private async Task<string> AliasAsync(long link, HttpClient http) =>
        (string)(await SendAsync(HttpMethod.Get, $"/api/links/{link}", http: http)).Json["data"]!["url"]!;
}
