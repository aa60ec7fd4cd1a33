using System.Net;
using Signpost.Testing;

namespace Signpost.Tests.Teams;

/// <summary>Teams on the account page.</summary>
public sealed class TeamPageTests(SharedServer shared) : TeamTests(shared)
{
    private const string Page = "/dashboard/account/teams";

    [Fact]
    public async Task A_person_creates_a_team_and_cannot_leave_it_alone()
    {
        var somebody = await NewPersonAsync();
        using var person = await SignedInAsync(somebody);

        var created = await person.SubmitAsync(Page, "/dashboard/account/teams", Cancel, ("name", "Readers of <Ada>"));
        var nameless = await person.SubmitAsync(Page, "/dashboard/account/teams", Cancel, ("name", " "));
        var own = await SendAsync(HttpMethod.Get, "/api/teams-member", http: somebody.Http);
        var left = await person.SubmitAsync(
            Page,
            "/dashboard/account/teams/leave",
            Cancel,
            ("id", $"{IdOf(own.Json["data"]![0]!)}")
        );

        Assert.Contains("The team is created.", created.Body, StringComparison.Ordinal);
        Assert.Contains("Readers of &lt;Ada&gt;", created.Body, StringComparison.Ordinal);
        Assert.Contains("Enter a name of 1 to 128 characters.", nameless.Body, StringComparison.Ordinal);
        Assert.Contains("A team needs an owner.", left.Body, StringComparison.Ordinal);
        Assert.Contains("href=\"#teams-id\"", left.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_accepts_an_invitation_declines_another_and_leaves()
    {
        var (first, second) = (await NewTeamAsync("First team"), await NewTeamAsync("Second team"));
        var (somebody, id) = await InviteAsync(first, "editor");
        var other = IdOf(await InviteAsync(second, somebody.Email, "viewer"));
        using var person = await SignedInAsync(somebody);

        var invited = await person.GetAsync(Page, Cancel);
        var accepted = await person.SubmitAsync(Page, "/dashboard/account/teams/accept", Cancel, ("id", $"{id}"));
        var inTeam = await StatusAsync(HttpMethod.Get, $"/api/teams/{first.Team}", somebody.Http);
        var declined = await person.SubmitAsync(Page, "/dashboard/account/teams/leave", Cancel, ("id", $"{other}"));
        await person.SubmitAsync(Page, "/dashboard/account/teams/leave", Cancel, ("id", $"{id}"));

        Assert.Contains("Accept the invitation to First team", invited.Body, StringComparison.Ordinal);
        Assert.Contains("You are in the team now.", accepted.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, inTeam);
        Assert.DoesNotContain("Second team", declined.Body, StringComparison.Ordinal);
        Assert.Equal(
            HttpStatusCode.NotFound,
            await StatusAsync(HttpMethod.Get, $"/api/teams/{first.Team}", somebody.Http)
        );
    }

    [Fact]
    public async Task Nobody_accepts_the_invitation_of_somebody_else()
    {
        var team = await NewTeamAsync();
        var (_, id) = await InviteAsync(team, "owner");
        var somebody = await NewPersonAsync();
        using var person = await SignedInAsync(somebody);

        await person.SubmitAsync(Page, "/dashboard/account/teams/accept", Cancel, ("id", $"{id}"));

        Assert.Equal(
            HttpStatusCode.NotFound,
            await StatusAsync(HttpMethod.Get, $"/api/teams/{team.Team}", somebody.Http)
        );
    }

    private async Task<Person> SignedInAsync(Somebody somebody)
    {
        Person person = new(Server);
        await person.SignInAsync(somebody.Email, TestServer.AdminPassword, Cancel);
        return person;
    }
}
