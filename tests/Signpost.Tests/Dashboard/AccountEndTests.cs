using System.Net;
using Signpost.Testing;
using Signpost.Tests.Teams;

namespace Signpost.Tests.Dashboard;

/// <summary>People delete their own account on the account page.</summary>
public sealed class AccountEndTests(SharedServer shared) : TeamTests(shared)
{
    private const string Form = "/dashboard/account/delete";

    [Fact]
    public async Task The_account_ends_with_its_links_and_things_of_teams_stay()
    {
        var (ada, team) = (await NewPersonAsync(), await NewTeamAsync());
        var invitation = IdOf(await InviteAsync(team, ada.Email, "editor"));
        await PostAsAsync(ada.Http, $"/api/teams-member/{invitation}", ("status", "1"));
        using var key = await TeamKeyAsync(ada, team.Team);
        var own = await NewLinkAsync(ada.Http, ("url", $"own-{ada.Id}"));
        var shared = await NewLinkAsync(key, ("url", $"team-{ada.Id}"));
        using var browser = await SignedInAsync(ada);
        using var elsewhere = await SignedInAsync(ada);

        var page = await browser.GetAccountAsync(Cancel);
        var done = await DeleteAsync(browser, ada.Email.ToUpperInvariant());
        var told = await browser.GetAsync(done.Location!, Cancel);

        Assert.Contains("Its links (number: 1) stop working at once", page.Body, StringComparison.Ordinal);
        Assert.Equal("/login?done=deleted", done.Location);
        Assert.Contains("Your account is deleted.", told.Body, StringComparison.Ordinal);
        Assert.False(await browser.IsSignedInAsync(Cancel));
        Assert.False(await elsewhere.IsSignedInAsync(Cancel));
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await browser.SignInAsync(ada.Email, TestServer.AdminPassword, Cancel)).Status
        );
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(HttpMethod.Get, $"/api/links/{own}", ada.Http));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(HttpMethod.Get, $"/api/links/{shared}", key));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Get, $"/own-{ada.Id}", Server.Anonymous));
        Assert.Equal(HttpStatusCode.Found, await StatusAsync(HttpMethod.Get, $"/team-{ada.Id}", Server.Anonymous));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, $"/api/links/{shared}", team.Key));
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/api/users/{ada.Id}")).Status);
    }

    [Fact]
    public async Task The_only_owner_of_a_team_and_the_last_admin_stay()
    {
        var owner = await NewTeamAsync("Sales");
        await PostAsAsync(owner.Person.Http, "/api/user", ("language", "de"));
        using var person = await SignedInAsync(owner.Person);
        using var admin = new Person(Server);
        await admin.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);

        var only = await DeleteAsync(person, owner.Person.Email);
        var last = await DeleteAsync(admin, TestServer.AdminEmail);
        await SendAsync(HttpMethod.Delete, $"/api/teams/{owner.Team}?links=delete", http: owner.Person.Http);
        var done = await DeleteAsync(person, owner.Person.Email);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (only.Status, last.Status));
        Assert.Contains(
            $"Diese Person ist der einzige Eigentümer von Sales ({owner.Team}).",
            WebUtility.HtmlDecode(only.Body),
            StringComparison.Ordinal
        );
        Assert.Contains("This is the last admin.", last.Body, StringComparison.Ordinal);
        Assert.True(await admin.IsSignedInAsync(Cancel));
        Assert.Equal("/login?done=deleted", done.Location);
    }

    private static Task<Sight> DeleteAsync(Person person, string email) =>
        person.SendAsync("/dashboard/account", Form, Cancel, ("email", email), ("current", TestServer.AdminPassword));

    private async Task<Person> SignedInAsync(Somebody somebody)
    {
        Person person = new(Server);
        await person.SignInAsync(somebody.Email, TestServer.AdminPassword, Cancel);
        return person;
    }
}
