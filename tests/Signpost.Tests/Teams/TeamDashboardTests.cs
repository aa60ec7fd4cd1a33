using System.Net;
using System.Text.RegularExpressions;
using Signpost.Teams;
using Signpost.Testing;
using Signpost.Web.Languages;
using Account = Signpost.Storage.Account;
using Member = Signpost.Storage.Member;
using Role = Signpost.Storage.Role;

namespace Signpost.Tests.Teams;

/// <summary>The team's page on the dashboard.</summary>
public sealed partial class TeamDashboardTests(SharedServer shared) : TeamTests(shared)
{
    private const string Page = "/dashboard/team";
    private const string Settings = "/dashboard/team/settings";

    [Fact]
    public async Task Each_role_sees_only_what_it_may()
    {
        var owner = await NewTeamAsync("Roles & co");
        List<(string Role, Somebody Person)> people = [("owner", owner.Person)];
        foreach (var role in (string[])["admin", "editor", "viewer"])
            people.Add((role, (await JoinAsync(owner, role)).Person));

        foreach (var (role, somebody) in people)
        {
            using var person = await SignedInAsync(somebody);
            var members = await person.GetAsync($"{Page}?account={owner.Team}", Cancel);
            var settings = await person.GetAsync(Settings, Cancel);
            var activity = await person.GetAsync($"{Page}/activity", Cancel);
            var ask = await person.GetAsync($"{Page}/members/{owner.Id}/remove", Cancel);
            var asked = await PostAsync(person, owner.Team, "role", ("id", $"{owner.Id}"), ("role", "viewer"));

            Assert.All(people, one => Assert.Contains(one.Person.Email, members.Body, StringComparison.Ordinal));
            var manages = role is "owner" or "admin";
            Assert.Equal(manages, Has(members, "action=\"/dashboard/team/invite\""));
            Assert.Equal(role is "owner", Has(members, "value=\"owner\""));
            // An arrow key must not save a role, so a button does it.
            Assert.Equal(manages, RoleForm().IsMatch(members.Body));
            Assert.DoesNotMatch("data-submit|unscripted", RoleForm().Match(members.Body).Value);
            Assert.Equal(manages, Has(settings, "id=\"team-name\""));
            Assert.Equal(role is "owner", Has(settings, "action=\"/dashboard/team/delete\""));
            Assert.Equal(manages, Has(activity, "The team was created"));
            Assert.True(Has(activity, $"<td>{somebody.Email}</td>"), role);
            Assert.Equal(role is "owner" ? HttpStatusCode.OK : HttpStatusCode.NotFound, ask.Status);
            Assert.Equal(role is "owner" ? HttpStatusCode.BadRequest : HttpStatusCode.Forbidden, asked.Status);
        }

        using var stranger = await SignedInAsync(await NewPersonAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"{Page}?account={owner.Team}", Cancel)).Status);
        Assert.Equal("/dashboard/account/teams", (await stranger.GetAsync(Page, Cancel)).Location);
    }

    [Fact]
    public async Task A_person_in_very_many_teams_works_in_the_oldest_one()
    {
        var oldest = await NewTeamAsync("The oldest team");
        await Server.Database.WriteAsync(
            async db =>
            {
                var teams = Enumerable
                    .Range(0, 102)
                    .Select(i => new Account { Name = $"Many {i}.", CreatedAt = 1 })
                    .ToList();
                db.Accounts.AddRange(teams);
                await db.SaveChangesAsync(Cancel);
                db.Members.AddRange(
                    teams.Select(
                        (team, i) =>
                            new Member
                            {
                                TeamId = team.Id,
                                PersonId = oldest.Person.Id,
                                Email = i < 100 ? null : oldest.Person.Email,
                                NormalizedEmail = i < 100 ? null : oldest.Person.Email.ToUpperInvariant(),
                                Role = Role.Viewer,
                                JoinedAt = i < 100 ? 1 : null,
                                CreatedAt = 1,
                                UpdatedAt = 1,
                            }
                    )
                );
                return await db.SaveChangesAsync(Cancel);
            },
            Cancel
        );
        using var person = await SignedInAsync(oldest.Person);

        var page = await person.GetAsync($"{Page}?account={oldest.Team}", Cancel);

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.True(Has(page, "The oldest team"));
        Assert.True(Has(page, "Many 99."));
        Assert.False(Has(page, "Many 101."));
    }

    [Fact]
    public async Task An_owner_invites_changes_and_removes_members_and_deletes_the_team()
    {
        var owner = await NewTeamAsync("Short <life>");
        var member = await JoinAsync(owner, "viewer");
        var email = (await NewPersonAsync()).Email;
        using var person = await SignedInAsync(owner.Person);
        await person.GetAsync($"{Page}?account={owner.Team}", Cancel);

        var wrong = await ActAsync("invite", ("user_email", "nobody"), ("role", "editor"));
        var invited = await ActAsync("invite", ("user_email", email), ("role", "editor"));
        var reloaded = await person.GetAsync(Page, Cancel);
        var twice = await ActAsync("invite", ("user_email", email), ("role", "editor"));
        var id = Again().Match(reloaded.Body).Groups[1].Value;
        var again = await ActAsync("again", ("id", id));
        var former = await person.GetAsync(Address().Match(invited.Body).Value, Cancel);
        var withdrawn = await ActAsync("remove", ("id", id));
        var raised = await ActAsync("role", ("id", $"{member.Id}"), ("role", "editor"));
        var removed = await ActAsync("remove", ("id", $"{member.Id}"));
        var named = await ActAsync("settings", ("name", "Short life"), ("timezone", "Asia/Tokyo"));
        var alone = await ActAsync("leave");
        var kept = await ActAsync("delete", ("links", ""), ("name", "Short"));
        await NewLinkAsync(owner.Key);
        var deleted = await ActAsync("delete", ("links", "0"), ("name", "Short life"));
        var links = await SendAsync(HttpMethod.Get, "/api/links", http: owner.Person.Http);

        Assert.Contains("id=\"invite-user_email-wrong\"", wrong.Body, StringComparison.Ordinal);
        Assert.Contains($"Invitation for {email}", invited.Body, StringComparison.Ordinal);
        Assert.DoesNotMatch(Address(), reloaded.Body);
        Assert.Contains("This address is invited or a member already.", twice.Body, StringComparison.Ordinal);
        Assert.Matches(Address(), again.Body);
        Assert.Equal(HttpStatusCode.Gone, former.Status);
        Assert.DoesNotContain(email, withdrawn.Body, StringComparison.Ordinal);
        Assert.Contains("The role is changed.", raised.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(member.Person.Email, removed.Body, StringComparison.Ordinal);
        Assert.Contains("<h1>Short life</h1>", named.Body, StringComparison.Ordinal);
        Assert.Contains("A team needs an owner.", alone.Body, StringComparison.Ordinal);
        Assert.Contains("This is not the name of the team.", kept.Body, StringComparison.Ordinal);
        Assert.Contains("The team is deleted.", deleted.Body, StringComparison.Ordinal);
        Assert.Single(links.Json["data"]!.AsArray());

        async Task<Sight> ActAsync(string form, params (string, string)[] fields)
        {
            var answer = await PostAsync(person, owner.Team, form, fields);
            return answer.Location is { } location ? await person.GetAsync(location, Cancel) : answer;
        }
    }

    [Fact]
    public void The_documentation_says_of_each_role_what_the_page_says()
    {
        var english = PageLanguages.Read("en", OwnLanguages.Prefix);
        var documented = File.ReadLines(Path.Combine(ArchitectureTests.Root, "docs/people.md"))
            .SkipWhile(line => !line.StartsWith("| | `viewer`", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Replace("`", "", StringComparison.Ordinal));

        var shown = RoleRights.All.Select(one =>
            $"| {english[$"role.{one.Right}"]} |"
            + string.Concat(Enum.GetValues<Role>().Select(role => role >= one.Lowest ? " yes |" : " |"))
        );

        Assert.Equal(documented, shown);
    }

    private static bool Has(Sight page, string text) => page.Body.Contains(text, StringComparison.Ordinal);

    private static async Task<Sight> PostAsync(Person person, long team, string form, params (string, string)[] fields)
    {
        var token = (await person.GetAsync("/dashboard/account", Cancel)).Token;
        return await person.PostAsync(
            $"{Page}/{form}",
            Cancel,
            [("form_token", token), ("account", $"{team}"), .. fields]
        );
    }

    private async Task<Person> SignedInAsync(Somebody somebody)
    {
        Person person = new(Server);
        await person.SignInAsync(somebody.Email, TestServer.AdminPassword, Cancel);
        return person;
    }

    [GeneratedRegex("<form[^>]*/dashboard/team/role\".*?</form>", RegexOptions.Singleline)]
    private static partial Regex RoleForm();

    [GeneratedRegex("(?<=<code>)https?://[^<]+/login/invitation/[^<]+")]
    private static partial Regex Address();

    [GeneratedRegex("name=\"id\" value=\"(\\d+)\" aria-label=\"New address")]
    private static partial Regex Again();
}
