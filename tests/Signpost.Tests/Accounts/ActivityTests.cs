using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;
using Signpost.Tests.Links;
using Signpost.Tests.Teams;

namespace Signpost.Tests.Accounts;

/// <summary>The activity of an account (<c>/api/logs</c>), and who sees it.</summary>
public sealed class ActivityTests(SharedServer shared) : TeamTests(shared)
{
    private const string Logs = "/api/logs";

    [Fact]
    public async Task A_person_sees_the_activity_of_the_own_account_newest_first()
    {
        var (ada, grace) = (await NewPersonAsync(), await NewPersonAsync());
        await PostAsAsync(ada.Http, "/api/api-keys", ("name", "Laptop"));
        await PostAsAsync(grace.Http, "/api/api-keys", ("name", "Phone"));

        var logs = await SendAsync(HttpMethod.Get, Logs, http: ada.Http);
        var page = await SendAsync(HttpMethod.Get, $"{Logs}?results_per_page=1&page=2", http: ada.Http);

        var made = LinesOf(logs).First(line => Text(line, "detail") is "Laptop");
        Assert.Equal(("key_made", ada.Id, ada.Id), (Text(made, "type"), Id(made, "account_id"), Id(made, "user_id")));
        Assert.Equal("127.0.0.0/24", Text(made, "ip"));
        // The admin of the server who did it, and from where, is not told.
        var created = LinesOf(logs)[^1];
        Assert.Equal(
            ("user_created", null, null),
            (Text(created, "type"), Id(created, "user_id"), Text(created, "ip"))
        );
        Assert.DoesNotContain("Phone", logs.Body, StringComparison.Ordinal);
        Assert.Equal(LinesOf(logs)[1].ToJsonString(), Assert.Single(LinesOf(page)).ToJsonString());
    }

    [Fact]
    public async Task In_a_team_owners_and_admins_see_everybody_and_others_themselves()
    {
        var owner = await NewTeamAsync();
        var members = new List<TeamMember> { owner };
        foreach (var role in (string[])["admin", "editor", "viewer"])
            members.Add(await JoinAsync(owner, role));
        var all = members.Select(member => member.Person.Id).Order().ToList();

        foreach (var (member, rank) in members.Select((member, rank) => (member, rank)))
        foreach (var http in (HttpClient[])[member.Key, member.Person.Http])
        {
            var logs = await SendAsync(
                HttpMethod.Get,
                $"{Logs}?team_id={owner.Team}&results_per_page=1000",
                http: http
            );
            var actors = LinesOf(logs).Select(line => Id(line, "user_id")!.Value).Distinct().Order();
            Assert.Equal(rank <= 1 ? all : [member.Person.Id], actors);
            Assert.All(LinesOf(logs), line => Assert.Equal(owner.Team, Id(line, "account_id")));
            Assert.Contains(LinesOf(logs), line => Text(line, "type") is "member_joined" or "team_created");
        }

        var ofKey = await SendAsync(HttpMethod.Get, $"{Logs}?results_per_page=1000", http: owner.Key);
        Assert.Equal(all, LinesOf(ofKey).Select(line => Id(line, "user_id")!.Value).Distinct().Order());
    }

    [Fact]
    public async Task Nobody_else_sees_the_activity_of_a_team()
    {
        var (owner, elsewhere) = (await NewTeamAsync(), await NewTeamAsync());
        var former = await JoinAsync(owner, "admin");
        await SendAsync(HttpMethod.Delete, $"/api/team-members/{former.Id}", http: owner.Key);
        var (pending, _) = await InviteAsync(owner, "owner");
        var both = await SecondTeamKeyAsync(owner.Person);

        foreach (
            var http in (HttpClient[])
                [elsewhere.Person.Http, elsewhere.Key, former.Person.Http, pending.Http, Server.Http, both]
        )
        {
            var foreign = await SendAsync(HttpMethod.Get, $"{Logs}?team_id={owner.Team}", http: http);
            Assert.Equal(HttpStatusCode.OK, foreign.Status);
            Assert.Empty(LinesOf(foreign));
            Assert.Equal(0, (int)foreign.Json["meta"]!["total"]!);
        }
    }

    /// <summary>A key of the same person for another team: it reaches this team only.</summary>
    private async Task<HttpClient> SecondTeamKeyAsync(Somebody person)
    {
        var made = await PostAsAsync(person.Http, "/api/teams", ("name", "Second"));
        return await TeamKeyAsync(person, IdOf(made));
    }

    private static List<JsonNode> LinesOf(Reply reply) => [.. reply.Json["data"]!.AsArray().OfType<JsonNode>()];

    private static string? Text(JsonNode line, string field) => (string?)line[field];

    private static long? Id(JsonNode line, string field) => (long?)line[field];
}
