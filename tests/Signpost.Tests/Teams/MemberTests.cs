using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Links;

namespace Signpost.Tests.Teams;

/// <summary>Teams, invitations and members over the API.</summary>
public sealed class MemberTests(SharedServer shared) : TeamTests(shared)
{
    [Fact]
    public async Task A_team_has_a_name_and_a_time_zone_and_its_creator_owns_it()
    {
        var team = await NewTeamAsync("Sales");
        var path = $"/api/teams/{team.Team}";

        var read = (await SendAsync(HttpMethod.Get, path, http: team.Person.Http)).Json["data"]!.AsObject();
        var changed = await PostAsAsync(team.Key, path, ("name", "Marketing"), ("timezone", "Europe/Berlin"));
        var wrong = await PostAsAsync(team.Key, path, ("name", ""), ("timezone", "Mars"));
        var unnamed = await PostAsAsync(team.Person.Http, "/api/teams");
        var own = (await SendAsync(HttpMethod.Get, "/api/teams-member", http: team.Person.Http)).Json["data"]![0]!;

        Assert.Equal(["id", "name", "timezone", "datetime", "last_datetime"], read.Select(field => field.Key));
        Assert.Equal(("Sales", "UTC"), ((string)read["name"]!, (string)read["timezone"]!));
        Assert.Equal("Marketing", (string)changed.Json["data"]!["name"]!);
        Assert.Equal("Europe/Berlin", (string)changed.Json["data"]!["timezone"]!);
        Assert.Equal(["name", "timezone"], wrong.WrongFields);
        Assert.Equal(["name"], unnamed.WrongFields);
        Assert.Equal(("owner", 1, "Marketing"), (Role(own), (int)own["status"]!, (string)own["team_name"]!));
    }

    [Fact]
    public async Task A_person_sees_their_teams_and_a_team_s_key_only_its_own()
    {
        var first = await NewTeamAsync();
        var second = await PostAsAsync(first.Person.Http, "/api/teams", ("name", "Second"));

        var all = await SendAsync(HttpMethod.Get, "/api/teams", http: first.Person.Http);
        var one = await SendAsync(HttpMethod.Get, "/api/teams", http: first.Key);
        var other = await SendAsync(HttpMethod.Get, $"/api/teams/{IdOf(second)}", http: first.Key);
        var made = await PostAsAsync(first.Key, "/api/teams", ("name", "Third"));

        Assert.Equal([IdOf(second), first.Team], all.Json["data"]!.AsArray().Select(team => IdOf(team!)));
        Assert.Equal(first.Team, IdOf(Assert.Single(one.Json["data"]!.AsArray())!));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Forbidden), (other.Status, made.Status));
    }

    [Fact]
    public async Task An_invitation_looks_the_same_whether_or_not_the_address_has_an_account()
    {
        var team = await NewTeamAsync();
        var known = await NewPersonAsync();
        var unknown = $"{Guid.NewGuid():N}@example.org";

        var first = await InviteAsync(team, known.Email, "editor");
        var second = await InviteAsync(team, unknown, "editor");
        var firstAgain = await InviteAsync(team, known.Email.ToUpperInvariant(), "viewer");
        var secondAgain = await InviteAsync(team, unknown.ToUpperInvariant(), "viewer");
        var listed = await SendAsync(HttpMethod.Get, $"/api/team-members/{team.Team}", http: team.Key);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.Status, second.Status));
        Assert.Equal(Shape(first, known.Email), Shape(second, unknown));
        Assert.Equal(HttpStatusCode.Conflict, firstAgain.Status);
        Assert.Equal((firstAgain.Status, firstAgain.Body), (secondAgain.Status, secondAgain.Body));
        Assert.StartsWith(
            $"{Server.Url}/api/team-members/{team.Team}?",
            (string)listed.Json["links"]!["self"]!,
            StringComparison.Ordinal
        );
        Assert.Equal(
            [(unknown, 0), (known.Email, 0), (team.Person.Email, 1)],
            listed.Json["data"]!.AsArray().Select(one => ((string)one!["user_email"]!, (int)one["status"]!))
        );

        static string Shape(Reply reply, string email) =>
            reply.Json["data"]!
                .ToJsonString()
                .Replace($"\"id\":{IdOf(reply)}", "", StringComparison.Ordinal)
                .Replace(email, "", StringComparison.Ordinal)
                .Replace((string)reply.Json["data"]!["invitation_url"]!, "", StringComparison.Ordinal)
                .Replace((string)reply.Json["data"]!["datetime"]!, "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_that_an_admin_makes_for_an_invited_address_may_accept()
    {
        var team = await NewTeamAsync();
        var email = $"{Guid.NewGuid():N}@example.org";
        var id = IdOf(await InviteAsync(team, email, "viewer"));
        var made = await PostAsync("/api/users", ("email", email), ("password", TestServer.AdminPassword));
        using var person = await ClientOfAsync(IdOf(made));

        var own = await SendAsync(HttpMethod.Get, "/api/teams-member", http: person);
        var accepted = await PostAsAsync(person, $"/api/teams-member/{id}", ("status", "1"));

        Assert.Equal(id, IdOf(Assert.Single(own.Json["data"]!.AsArray())!));
        Assert.Equal(1, (int)accepted.Json["data"]!["status"]!);
    }

    [Fact]
    public async Task An_address_that_a_person_takes_later_does_not_bring_its_invitations()
    {
        var team = await NewTeamAsync();
        var email = $"{Guid.NewGuid():N}@example.org";
        var id = IdOf(await InviteAsync(team, email, "viewer"));
        var thief = await NewPersonAsync();
        await PostAsync($"/api/users/{thief.Id}", ("email", email));

        var own = await SendAsync(HttpMethod.Get, "/api/teams-member", http: thief.Http);
        var accepted = await PostAsAsync(thief.Http, $"/api/teams-member/{id}", ("status", "1"));

        Assert.Empty(own.Json["data"]!.AsArray());
        Assert.Equal(HttpStatusCode.NotFound, accepted.Status);
    }

    [Fact]
    public async Task An_invitation_gives_no_right_until_it_is_accepted_and_none_when_it_is_declined()
    {
        var team = await NewTeamAsync();
        var (person, id) = await InviteAsync(team, "admin");
        var path = $"/api/teams-member/{id}";

        var pending = await StatusAsync(HttpMethod.Get, $"/api/teams/{team.Team}", person.Http);
        var key = await PostAsAsync(person.Http, "/api/api-keys", ("team_id", $"{team.Team}"));
        var declined = await PostAsAsync(person.Http, path, ("status", "0"));
        var late = await PostAsAsync(person.Http, path, ("status", "1"));
        var again = await InviteAsync(team, person.Email, "viewer");

        Assert.Equal(HttpStatusCode.NotFound, pending);
        Assert.Equal((HttpStatusCode.BadRequest, "team_id"), (key.Status, Assert.Single(key.WrongFields)));
        Assert.Equal((HttpStatusCode.OK, 0), (declined.Status, (int)declined.Json["data"]!["status"]!));
        Assert.Equal(HttpStatusCode.NotFound, late.Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, again.Status);
    }

    [Theory]
    [InlineData("viewer", "viewer")]
    [InlineData("read.all", "viewer")]
    [InlineData("read.all,create.links", "editor")]
    [InlineData("delete.projects", "editor")]
    [InlineData("update.biolinks_blocks", "editor")]
    [InlineData("read.all create.links create.domains", "admin")]
    [InlineData("owner", "owner")]
    [InlineData("", "viewer")]
    public async Task Access_means_the_lowest_role_that_covers_it(string access, string role)
    {
        var team = await NewTeamAsync();

        var invited = await InviteAsync(team, "grace@example.org", access);
        var words = invited.Json["data"]!["access"]!.AsArray().Select(word => ("access[]", (string)word!));
        var sentBack = await PostAsAsync(team.Key, $"/api/team-members/{IdOf(invited)}", [.. words]);

        Assert.Equal(role, Role(invited.Json["data"]!));
        Assert.Equal(role, Role(sentBack.Json["data"]!));
    }

    [Fact]
    public async Task An_unknown_access_is_refused_and_a_role_by_its_name_warns()
    {
        var team = await NewTeamAsync();
        var member = await JoinAsync(team, "editor");

        var wrong = await PostAsAsync(team.Key, $"/api/team-members/{member.Id}", ("access[]", "create.lnks"));
        var ignored = await PostAsAsync(team.Key, $"/api/team-members/{member.Id}", ("role", "viewer"));

        Assert.Equal((HttpStatusCode.BadRequest, "access[]"), (wrong.Status, Assert.Single(wrong.WrongFields)));
        Assert.Equal("editor", Role(ignored.Json["data"]!));
        Assert.Equal("role", (string)ignored.Json["data"]!["warnings"]![0]!["field"]!);
    }

    [Fact]
    public async Task Only_owners_touch_owners()
    {
        var team = await NewTeamAsync();
        var admin = await JoinAsync(team, "admin");
        var member = await JoinAsync(admin, "viewer");
        var (_, invited) = await InviteAsync(team, "owner");

        var raised = await PostAsAsync(admin.Key, $"/api/team-members/{member.Id}", ("access[]", "owner"));
        var lowered = await PostAsAsync(admin.Key, $"/api/team-members/{team.Id}", ("access[]", "viewer"));
        var withdrawn = await StatusAsync(HttpMethod.Delete, $"/api/team-members/{invited}", admin.Key);
        var other = await InviteAsync(admin, "grace@example.org", "owner");
        var asAdmin = await PostAsAsync(admin.Key, $"/api/team-members/{member.Id}", ("access[]", "admin"));
        var asOwner = await PostAsAsync(team.Key, $"/api/team-members/{member.Id}", ("access[]", "owner"));

        Assert.All(
            [raised.Status, lowered.Status, withdrawn, other.Status],
            status => Assert.Equal(HttpStatusCode.Forbidden, status)
        );
        Assert.Equal(("admin", "owner"), (Role(asAdmin.Json["data"]!), Role(asOwner.Json["data"]!)));
    }

    [Fact]
    public async Task A_team_always_has_an_owner_who_can_sign_in()
    {
        var team = await NewTeamAsync();
        var second = await JoinAsync(team, "owner");
        await PostAsync($"/api/users/{second.Person.Id}", ("is_disabled", "1"));

        var left = await SendAsync(HttpMethod.Delete, $"/api/teams-member/{team.Id}", http: team.Person.Http);
        var removed = await SendAsync(HttpMethod.Delete, $"/api/team-members/{team.Id}", http: team.Key);
        var lowered = await PostAsAsync(team.Key, $"/api/team-members/{team.Id}", ("access[]", "admin"));
        await PostAsync($"/api/users/{second.Person.Id}", ("is_disabled", "0"));
        var leftWithTwo = await StatusAsync(HttpMethod.Delete, $"/api/teams-member/{team.Id}", team.Person.Http);

        Assert.All(
            [left.Status, removed.Status, lowered.Status],
            status => Assert.Equal(HttpStatusCode.BadRequest, status)
        );
        Assert.Equal(["access[]"], lowered.WrongFields);
        Assert.Equal(HttpStatusCode.NoContent, leftWithTwo);
    }

    [Fact]
    public async Task A_person_owns_twenty_teams_however_they_come_to_them()
    {
        var owner = await NewPersonAsync();
        for (var i = 0; i < 20; i++)
            Assert.Equal(
                HttpStatusCode.Created,
                (await PostAsAsync(owner.Http, "/api/teams", ("name", $"Team {i}"))).Status
            );
        var other = await NewTeamAsync();
        var invited = await InviteAsync(other, owner.Email, "owner");
        var page = new Uri((string)invited.Json["data"]!["invitation_url"]!).AbsolutePath;
        using var browser = new Person(Server);
        await browser.SignInAsync(owner.Email, TestServer.AdminPassword, Cancel);

        var made = await PostAsAsync(owner.Http, "/api/teams", ("name", "One more"));
        var joined = await PostAsAsync(owner.Http, $"/api/teams-member/{IdOf(invited)}", ("status", "1"));
        var onPage = await browser.SendAsync(page, $"{page}/accept", Cancel);
        var inTeam = await StatusAsync(HttpMethod.Get, $"/api/teams/{other.Team}", owner.Http);
        var first = (await SendAsync(HttpMethod.Get, "/api/teams", http: owner.Http)).Json["data"]![0]!;
        await SendAsync(HttpMethod.Delete, $"/api/teams/{IdOf(first)}?links=delete", http: owner.Http);
        var accepted = await browser.SubmitAsync(page, $"{page}/accept", Cancel);

        Assert.Equal(["name"], made.WrongFields);
        Assert.Equal(["status"], joined.WrongFields);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.NotFound), (onPage.Status, inTeam));
        Assert.Contains("A person owns at most 20 teams.", onPage.Body, StringComparison.Ordinal);
        Assert.Contains("You are in the team now.", accepted.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_most_twenty_invitations_a_day_leave_a_team()
    {
        var clock = new ManualClock();
        await using var server = await TestServer.StartAsync(clock, null);
        var team = IdOf(await SendAsync(HttpMethod.Post, "/api/teams", Bodies.Form(("name", "T")), server.Http));
        var send = (int number) =>
            SendAsync(
                HttpMethod.Post,
                "/api/team-members",
                Bodies.Form(("team_id", $"{team}"), ("user_email", $"p{number}@example.org")),
                server.Http
            );

        for (var number = 0; number < 20; number++)
            Assert.Equal(HttpStatusCode.Created, (await send(number)).Status);
        var more = await send(20);
        clock.Advance(TimeSpan.FromDays(1));
        var nextDay = await send(20);

        Assert.Equal(HttpStatusCode.TooManyRequests, more.Status);
        Assert.Contains("Retry-After", more.Headers.Keys);
        Assert.Equal(HttpStatusCode.Created, nextDay.Status);
    }

    private static string Role(JsonNode member) => (string)member["role"]!;
}
