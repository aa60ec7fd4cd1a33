using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Testing;

namespace Signpost.Tests.Teams;

/// <summary>Opens every page and sends every form as everybody. A new page fails here until it has a row.</summary>
public sealed partial class PageMatrixTests(SharedServer shared) : TeamTests(shared)
{
    private const string Marker = "A team that only members see";

    /// <summary>The beginning of pages that exist for server admins only.</summary>
    private const string ForServerAdmins = "GET /dashboard/server";

    private const int ServerAdmin = 2;

    /// <summary>The same for everybody.</summary>
    private static readonly string[] Everybody =
    [
        "GET /",
        "GET /.well-known/apple-app-site-association",
        "GET /.well-known/assetlinks.json",
        "GET /assets/{version}/{name}",
        "GET /docs",
        "GET /docs/{asset}",
        "GET /docs/guide",
        "GET /favicon.ico",
        "GET /files/{name}",
        "GET /healthz",
        "GET /l/projects/{key}",
        "GET /l/stats/{**alias}",
        "GET /login/confirm/{secret}",
        "GET /login/forgot",
        "GET /login/invitation/{secret}",
        "GET /login/reset/{secret}",
        "GET /openapi/v1.json",
        "GET /readyz",
        "GET /robots.txt",
        "GET /_signpost/agree/{**alias}",
        "GET /_signpost/continue/{**alias}",
        "GET /_signpost/open/{**alias}",
        "GET /_signpost/qr/{secret}.{format}",
        "GET /_signpost/unlock/{**alias}",
        "POST /_signpost/agree/{**alias}",
        "POST /_signpost/open/{**alias}",
        "POST /_signpost/unlock/{**alias}",
        "POST /l/stats/{**alias}",
        "POST /login",
        "POST /login/code",
        "POST /login/confirm/{secret}",
        "POST /login/forgot",
        "POST /login/invitation/{secret}",
        "POST /login/invitation/{secret}/accept",
        "POST /login/passkey",
        "POST /login/passkey/options",
        "POST /login/reset/{secret}",
    ];

    /// <summary>An address may knock a few times a minute only. Once there is an admin, the page is closed for everybody.</summary>
    private static readonly string[] SetUp = ["GET /setup/{token}", "POST /setup/{token}"];

    /// <summary>For people who are about to sign in. Those who are signed in are led on, or get the same.</summary>
    private static readonly string[] SigningIn = ["GET /login", "GET /login/code", "GET /login/passkey"];

    /// <summary>For people who are signed in, each about their own account.</summary>
    private static readonly string[] SignedIn =
    [
        "GET /account/{**page}",
        "GET /logout",
        "POST /logout",
        "GET /dashboard",
        "GET /dashboard/links",
        "GET /dashboard/links/{link_id}/delete",
        "POST /dashboard/links",
        .. Form("/dashboard/links/many"),
        .. Form("/dashboard/links/restore"),
        .. Form("/dashboard/links/state"),
        .. Form("/dashboard/links/change"),
        "GET /dashboard/links/changes/{change_id}",
        .. Form("/dashboard/links/changes/{change_id}/cancel"),
        "GET /dashboard/links/export.csv",
        "GET /dashboard/links/print",
        "GET /dashboard/qr-codes/print",
        .. Form("/dashboard/links/views"),
        .. Form("/dashboard/links/views/{view_id}"),
        .. Form("/dashboard/links/views/{view_id}/delete"),
        .. Form("/dashboard/links/new"),
        .. Form("/dashboard/links/{id}/edit"),
        .. Form("/dashboard/links/new/explain"),
        .. Form("/dashboard/links/{id}/edit/explain"),
        "GET /dashboard/links/preview",
        "GET /dashboard/links/search",
        "GET /dashboard/links/{link_id}",
        "GET /dashboard/links/{link_id}/explain",
        "GET /dashboard/links/{link_id}/clicks",
        "GET /dashboard/links/{link_id}/clicks/export",
        "GET /dashboard/links/{link_id}/clicks/{click}",
        "GET /dashboard/links/{link_id}/statistics",
        "GET /dashboard/links/{link_id}/statistics/export",
        .. Form("/dashboard/links/{link_id}/statistics/share"),
        "GET /dashboard/statistics",
        "GET /dashboard/statistics/clicks",
        "GET /dashboard/statistics/export",
        .. Form("/dashboard/statistics/share"),
        "GET /dashboard/statistics/live/{scope}",
        "GET /dashboard/links/{link_id}/versions",
        "GET /dashboard/links/{link_id}/versions/{version}",
        .. Form("/dashboard/links/{link_id}/versions/{version}/restore"),
        "GET /dashboard/links/{link_id}/qr",
        .. Form("/dashboard/links/bulk"),
        "GET /dashboard/links/bulk/result",
        "GET /dashboard/links/bulk/result.csv",
        "GET /dashboard/qr-codes",
        "GET /dashboard/qr-codes/picture",
        .. Form("/dashboard/qr-codes/new"),
        .. Form("/dashboard/qr-codes/{code_id}"),
        .. Form("/dashboard/qr-codes/{code_id}/delete"),
        "GET /dashboard/unknown",
        "GET /dashboard/unknown/export",
        "GET /dashboard/trash",
        .. Form("/dashboard/trash/{link_id}/erase"),
        .. Form("/dashboard/trash/{link_id}/restore"),
        .. Form("/dashboard/language"),
        .. Form("/dashboard/theme"),
        .. Form("/dashboard/domains"),
        .. Form("/dashboard/domains/{id:long}"),
        .. Form("/dashboard/domains/{id:long}/verify"),
        .. Form("/dashboard/domains/{id:long}/delete"),
        .. Form("/dashboard/domains/{id:long}/links/{link:long}"),
        .. Form("/dashboard/domains/{id:long}/links/{link:long}/delete"),
        .. Things("/dashboard/pixels"),
        .. Things("/dashboard/projects"),
        .. Things("/dashboard/splash-pages"),
        .. Things("/dashboard/tags"),
        "GET /dashboard/account",
        "GET /dashboard/account/activity",
        "GET /dashboard/account/data",
        "GET /dashboard/account/export",
        "GET /dashboard/account/sign-in",
        .. Form("/dashboard/account/keys"),
        .. Form("/dashboard/account/second-factor"),
        .. Form("/dashboard/account/second-factor/codes"),
        .. Form("/dashboard/account/delete"),
        .. Form("/dashboard/account/email"),
        .. Form("/dashboard/account/keys/revoke"),
        .. Form("/dashboard/account/passkeys"),
        "POST /dashboard/account/passkeys/options",
        .. Form("/dashboard/account/passkeys/confirm"),
        "POST /dashboard/account/passkeys/confirm/options",
        .. Form("/dashboard/account/passkeys/remove"),
        .. Form("/dashboard/account/password"),
        .. Form("/dashboard/account/profile"),
        .. Form("/dashboard/account/provider/disconnect"),
        "GET /dashboard/account/provider/confirm",
        "GET /dashboard/account/provider/connect",
        .. Form("/dashboard/account/second-factor/off"),
        .. Form("/dashboard/account/second-factor/start"),
        .. Form("/dashboard/account/sessions/end"),
        .. Form("/dashboard/account/sessions/end-all"),
        "GET /dashboard/server",
        "GET /dashboard/server/domains",
        "GET /dashboard/server/people",
        "GET /dashboard/server/settings",
        .. Form("/dashboard/server/people/{id:long}/state"),
        .. Form("/dashboard/server/people/{id:long}/reset"),
        "GET /dashboard/team",
        "GET /dashboard/team/activity",
        "GET /dashboard/team/members/{member_id}/remove",
        .. Form("/dashboard/team/again"),
        .. Form("/dashboard/team/delete"),
        .. Form("/dashboard/team/invite"),
        .. Form("/dashboard/team/leave"),
        .. Form("/dashboard/team/remove"),
        .. Form("/dashboard/team/role"),
        .. Form("/dashboard/team/settings"),
        .. Form("/dashboard/account/teams"),
        .. Form("/dashboard/account/teams/accept"),
        .. Form("/dashboard/account/teams/leave"),
    ];

    /// <summary>Pages that tell of one's own teams.</summary>
    private static readonly string[] WithTeams =
    [
        "GET /dashboard/links",
        "GET /dashboard/links/new",
        "GET /dashboard/statistics",
        "GET /dashboard/domains",
        "GET /dashboard/pixels",
        "GET /dashboard/projects",
        "GET /dashboard/splash-pages",
        "GET /dashboard/tags",
        "GET /dashboard/links/bulk",
        "GET /dashboard/qr-codes",
        "GET /dashboard/qr-codes/new",
        "GET /dashboard/trash",
        "GET /dashboard/unknown",
        "GET /dashboard/account",
        "GET /dashboard/account/activity",
        "GET /dashboard/account/data",
        "GET /dashboard/account/export",
        "GET /dashboard/account/keys",
        "GET /dashboard/account/sign-in",
        "GET /dashboard/account/teams",
    ];

    [Fact]
    public void Every_page_has_a_row() =>
        Assert.Equal(
            string.Join('\n', Mapped()),
            string.Join('\n', Everybody.Concat(SetUp).Concat(SigningIn).Concat(SignedIn).Order(StringComparer.Ordinal))
        );

    // A page with an error stands at the address of its form. Only scripts ask for options.
    [Fact]
    public void Every_form_of_the_dashboard_can_be_opened_again()
    {
        var rows = Mapped().ToHashSet();
        var forms = rows.Where(row => row.StartsWith("POST /dashboard", StringComparison.Ordinal))
            .Where(row => !row.EndsWith("/options", StringComparison.Ordinal))
            .ToList();

        Assert.InRange(forms.Count, 40, 200);
        Assert.All(forms, row => Assert.Contains(row.Replace("POST", "GET", StringComparison.Ordinal), rows));
    }

    private List<string> Mapped()
    {
        var mapped =
            from endpoint in Server
                .Services.GetServices<EndpointDataSource>()
                .SelectMany(source => source.Endpoints)
                .OfType<RouteEndpoint>()
            let path = $"/{endpoint.RoutePattern.RawText!.Trim('/')}"
            where !path.StartsWith("/api", StringComparison.Ordinal)
            from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
            where method is not "HEAD"
            select $"{method} {path}";

        return [.. mapped.Distinct().Order(StringComparer.Ordinal)];
    }

    // One test, because an address may sign in ten times a minute only.
    [Fact]
    public async Task A_page_is_for_those_whom_its_row_names_and_a_form_changes_nothing_of_others()
    {
        using var all = await SetUpAsync();

        Assert.Empty(await WrongPagesAsync(all));
        await AssertFormsAsync(all);
    }

    private static async Task<List<string>> WrongPagesAsync(Everyone all)
    {
        List<string> wrong = [];

        foreach (var row in Everybody.Concat(SigningIn).Concat(SignedIn))
        {
            var answers = new List<Sight>();
            foreach (var person in all.People)
                answers.Add(await SendAsync(row, person));
            var (nobody, rest) = (answers[0], answers[1..]);
            if (row.StartsWith(ForServerAdmins, StringComparison.Ordinal))
            {
                // For all others the page does not exist.
                rest.Remove(answers[ServerAdmin]);
                if (answers[ServerAdmin].Status == rest[0].Status || rest[0].Status != HttpStatusCode.NotFound)
                    wrong.Add($"{row}: the admin gets {answers[ServerAdmin].Status}, others {rest[0].Status}");
            }

            if (rest.Any(one => one.Status != rest[0].Status || one.Location != rest[0].Location))
                wrong.Add($"{row}: people get different responses");
            if (rest.Any(one => (int)one.Status >= 500 || IsSignIn(one)))
                wrong.Add($"{row}: somebody who is signed in gets {rest[0].Status} {rest[0].Location}");
            if (SignedIn.Contains(row) != IsSignIn(nobody))
                wrong.Add($"{row}: nobody gets {nobody.Status} {nobody.Location}");
            if (Everybody.Contains(row) && nobody.Status != rest[0].Status)
                wrong.Add($"{row}: nobody gets {nobody.Status}, others {rest[0].Status}");
            for (var i = 0; i < answers.Count; i++)
                if (
                    answers[i].Body.Contains(Marker, StringComparison.Ordinal)
                    != (WithTeams.Contains(row) && i >= all.FirstMember)
                )
                    wrong.Add($"{row} as number {i}: the team is shown or missing");
        }

        return wrong;
    }

    private async Task AssertFormsAsync(Everyone all)
    {
        var owner = all.Members[0];
        var key = IdOf(
            await PostAsAsync(owner.Person.Http, "/api/api-keys", ("name", "Owner's"), ("team_id", $"{owner.Team}"))
        );
        var own = IdOf(await PostAsAsync(owner.Person.Http, "/api/api-keys", ("name", "Own")));
        var session = await SessionOfAsync(owner.Person.Id);
        var before = await ThingsAsync(owner, session);
        (string Form, long Id)[] forms =
        [
            ("/dashboard/account/teams/accept", owner.Id),
            ("/dashboard/account/teams/leave", owner.Id),
            ("/dashboard/account/keys/revoke", own),
            ("/dashboard/account/keys/revoke", key),
            ("/dashboard/account/sessions/end", session),
        ];
        // An admin of the team may revoke all its keys.
        List<(Person Person, bool MayRevoke)> people =
        [
            .. all.People[1..all.FirstMember].Select(one => (one, false)),
            (all.People[^1], false),
            (all.People[^2], false),
            (all.People[^3], true),
        ];

        foreach (var (person, mayRevoke) in people)
        {
            foreach (var (form, id) in forms.Where(one => !(mayRevoke && one.Id == key)))
                await person.SendAsync("/dashboard/account", form, Cancel, ("id", $"{id}"), ("with_others", "1"));
            Assert.Equal(before, await ThingsAsync(owner, session));
        }

        await all.People[^3]
            .SendAsync("/dashboard/account", "/dashboard/account/keys/revoke", Cancel, ("id", $"{key}"));
        Assert.NotEqual(before, await ThingsAsync(owner, session));
    }

    /// <summary>The owner's things, as the owner and the database see them.</summary>
    private async Task<string> ThingsAsync(TeamMember owner, long session)
    {
        var members = await SendAsync(HttpMethod.Get, $"/api/team-members/{owner.Team}", http: owner.Person.Http);
        var ofTeam = await SendAsync(HttpMethod.Get, $"/api/api-keys?team_id={owner.Team}", http: owner.Person.Http);
        var keys = await SendAsync(HttpMethod.Get, "/api/api-keys", http: owner.Person.Http);
        var ids = new[] { members, ofTeam, keys }.Select(list =>
            string.Join(',', list.Json["data"]!.AsArray().Select(one => IdOf(one!)))
        );
        return $"{string.Join(" | ", ids)} | {await SessionOfAsync(owner.Person.Id) == session}";
    }

    private async Task<long> SessionOfAsync(long personId)
    {
        await using var db = Server.Database.Read();
        return db.Sessions.Where(session => session.PersonId == personId).Select(session => session.Id).Single();
    }

    /// <summary>A form whose address leads back to its page.</summary>
    private static string[] Form(string path) => [$"GET {path}", $"POST {path}"];

    /// <summary>A list of things with its forms.</summary>
    private static string[] Things(string path) =>
        [.. Form(path), .. Form($"{path}/{{id:long}}"), .. Form($"{path}/{{id:long}}/delete")];

    private static bool IsSignIn(Sight answer) =>
        answer is { Status: HttpStatusCode.Found } && answer.Location!.StartsWith("/login", StringComparison.Ordinal);

    // Without the token of a form, so that nothing changes.
    private static Task<Sight> SendAsync(string row, Person person)
    {
        var path = Parameter().Replace(row.Split(' ')[1], "1");
        return row.StartsWith("GET", StringComparison.Ordinal)
            ? person.GetAsync(path, Cancel)
            : person.PostAsync(path, Cancel);
    }

    private async Task<Everyone> SetUpAsync()
    {
        var owner = await NewTeamAsync(Marker);
        List<TeamMember> members = [owner];
        foreach (var role in (string[])["admin", "editor", "viewer"])
            members.Add(await JoinAsync(owner, role));
        List<Person> people = [new(Server)];
        foreach (
            var email in (string[])
                [(await NewPersonAsync()).Email, TestServer.AdminEmail, .. members.Select(one => one.Person.Email)]
        )
        {
            people.Add(new(Server));
            await people[^1].SignInAsync(email, TestServer.AdminPassword, Cancel);
        }

        return new(people, FirstMember: 3, members);
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    /// <summary>Browsers of nobody, a stranger, the server's admin, and the members of a team, the owner first.</summary>
    private sealed record Everyone(List<Person> People, int FirstMember, List<TeamMember> Members) : IDisposable
    {
        public void Dispose() => People.ForEach(person => person.Dispose());
    }
}
