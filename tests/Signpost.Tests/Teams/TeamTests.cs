using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;
using Signpost.Tests.Accounts;
using Signpost.Tests.Api;
using Signpost.Tests.Links;

namespace Signpost.Tests.Teams;

/// <summary>Helpers that create teams and members through the API.</summary>
public abstract class TeamTests(SharedServer shared) : PeopleTests(shared), IDisposable
{
    private readonly List<HttpClient> _clients = [];

    public void Dispose()
    {
        _clients.ForEach(client => client.Dispose());
        GC.SuppressFinalize(this);
    }

    /// <summary>A new person with a key of their own account.</summary>
    internal async Task<Somebody> NewPersonAsync()
    {
        var (id, email) = await NewUserAsync();
        return new(id, email, Keep(await ClientOfAsync(id)));
    }

    /// <summary>Creates a team with an owner.</summary>
    internal async Task<TeamMember> NewTeamAsync(string name = "Sales")
    {
        var owner = await NewPersonAsync();
        var made = await SendAsync(HttpMethod.Post, "/api/teams", Bodies.Form(("name", name)), owner.Http);
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        var team = IdOf(made);
        var own = await SendAsync(HttpMethod.Get, "/api/teams-member", http: owner.Http);
        return new(team, IdOf(own.Json["data"]![0]!), owner, await TeamKeyAsync(owner, team));
    }

    /// <summary>Invites a new person, who accepts and makes a key for the team.</summary>
    internal async Task<TeamMember> JoinAsync(TeamMember inviter, string role)
    {
        var (person, id) = await InviteAsync(inviter, role);
        var accepted = await SendAsync(
            HttpMethod.Post,
            $"/api/teams-member/{id}",
            Bodies.Form(("status", "1")),
            person.Http
        );
        Assert.True(accepted.Status == HttpStatusCode.OK, accepted.Body);
        return new(inviter.Team, id, person, await TeamKeyAsync(person, inviter.Team));
    }

    /// <summary>Invites a new person, who does not respond.</summary>
    internal async Task<(Somebody Person, long Id)> InviteAsync(TeamMember inviter, string role)
    {
        var person = await NewPersonAsync();
        var invited = await InviteAsync(inviter, person.Email, role);
        Assert.True(invited.Status == HttpStatusCode.Created, invited.Body);
        return (person, IdOf(invited));
    }

    internal Task<Reply> InviteAsync(TeamMember inviter, string email, string access) =>
        SendAsync(
            HttpMethod.Post,
            "/api/team-members",
            Bodies.Form(("team_id", $"{inviter.Team}"), ("user_email", email), ("access[]", access)),
            inviter.Person.Http
        );

    /// <summary>A client with a new key of a member for the team.</summary>
    internal async Task<HttpClient> TeamKeyAsync(
        Somebody person,
        long team,
        params (string Name, string Value)[] fields
    )
    {
        var made = await SendAsync(
            HttpMethod.Post,
            "/api/api-keys",
            Bodies.Form([("team_id", $"{team}"), .. fields]),
            person.Http
        );
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return Keep(Server.NewClient((string)made.Json["data"]!["key"]!));
    }

    /// <summary>Creates a link and returns its id.</summary>
    internal async Task<long> NewLinkAsync(HttpClient http, params (string Name, string Value)[] fields)
    {
        var made = await SendAsync(
            HttpMethod.Post,
            "/api/links",
            Bodies.Form([("location_url", "https://example.org/team"), .. fields]),
            http
        );
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return IdOf(made);
    }

    internal async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path, HttpClient http) =>
        (await SendAsync(method, path, http: http)).Status;

    internal Task<Reply> PostAsAsync(HttpClient http, string path, params (string Name, string Value)[] fields) =>
        SendAsync(HttpMethod.Post, path, Bodies.Form(fields), http);

    internal static long IdOf(Reply reply) => IdOf(reply.Json["data"]!);

    internal static long IdOf(JsonNode thing) => thing["id"]!.GetValue<long>();

    private HttpClient Keep(HttpClient client)
    {
        _clients.Add(client);
        return client;
    }
}

/// <summary>A person with a key of their own account.</summary>
internal sealed record Somebody(long Id, string Email, HttpClient Http);

/// <summary>A member of a team, with a key for it.</summary>
internal sealed record TeamMember(long Team, long Id, Somebody Person, HttpClient Key);
