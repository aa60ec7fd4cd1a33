using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Tests.Api;
using Signpost.Tests.Domains;
using Signpost.Tests.Links;
using Signpost.Tests.QrCodes;

namespace Signpost.Tests.Teams;

/// <summary>Sends a request to every endpoint as everybody. A new endpoint fails here until it has a row.</summary>
public sealed partial class RoleMatrixTests(DomainServer shared) : TeamTests(shared), IClassFixture<DomainServer>
{
    private const string Marker = "a-thing-of-the-team";

    private enum Right
    {
        /// <summary>Every member.</summary>
        View,
        Edit,
        Manage,

        /// <summary>Owners of the team.</summary>
        Own,

        /// <summary>Belongs to the person, so no key of a team may do it.</summary>
        Person,

        /// <summary>Server admins.</summary>
        Server,
    }

    private static readonly string[] Verbs = ["POST", "PUT", "PATCH", "DELETE"];

    private static readonly Dictionary<Right, string[]> Rows = new()
    {
        [Right.View] =
        [
            "GET /api/links",
            "GET /api/links/{link_id}",
            "GET /api/trash",
            "POST /api/links/{link_id}/explain",
            "GET /api/links/{link_id}/versions",
            "GET /api/links/{link_id}/versions/{version}",
            "POST /api/visitor",
            "GET /api/projects",
            "GET /api/projects/{id}",
            "GET /api/tags",
            "GET /api/tags/{id}",
            "GET /api/pixels",
            "GET /api/pixels/{id}",
            "GET /api/links/{link_id}/qr",
            "GET /api/qr-codes",
            "GET /api/qr-codes/{id}",
            "GET /api/qr-logos",
            "GET /api/qr-logos/{id}",
            "GET /api/splash-pages",
            "GET /api/splash-pages/{id}",
            "GET /api/views",
            "GET /api/views/{id}",
            "GET /api/utm-templates",
            "GET /api/utm-templates/{id}",
            "GET /api/qr-presets",
            "GET /api/qr-presets/{id}",
            "GET /api/payments",
            "GET /api/data",
            "GET /api/signatures",
            "GET /api/domains",
            "GET /api/domains/{id}",
            "GET /api/domains/available",
            "GET /api/statistics",
            "GET /api/statistics/live",
            "GET /api/statistics/orphans",
            "GET /api/statistics/export",
            "GET /api/statistics/{link_id}",
            "GET /api/statistics/{link_id}/clicks",
            "GET /api/statistics/{link_id}/clicks/{click}/explain",
            "GET /api/statistics/{link_id}/export",
            "GET /api/statistics/{link_id}/clicks/export",
            "GET /api/user",
            "GET /api/logs",
            "GET /api/api-keys",
            "GET /api/teams",
            "GET /api/teams/{id}",
            "GET /api/team-members/{id}",
        ],
        [Right.Edit] =
        [
            "POST /api/links",
            "POST /api/links/bulk",
            "GET /api/jobs/{id}",
            "DELETE /api/jobs/{id}",
            .. Changes("/api/links/{link_id}"),
            "POST /api/links/{link_id}/move",
            "POST /api/trash/{link_id}/restore",
            "DELETE /api/trash/{link_id}",
            "POST /api/links/{link_id}/versions/{version}/restore",
            "POST /api/projects",
            .. Changes("/api/projects/{id}"),
            "POST /api/tags",
            .. Changes("/api/tags/{id}"),
            "POST /api/pixels",
            .. Changes("/api/pixels/{id}"),
            "POST /api/qr-codes",
            .. Changes("/api/qr-codes/{id}"),
            "POST /api/qr-logos",
            .. Changes("/api/qr-logos/{id}"),
            "POST /api/splash-pages",
            .. Changes("/api/splash-pages/{id}"),
            "POST /api/views",
            .. Changes("/api/views/{id}"),
            "POST /api/utm-templates",
            .. Changes("/api/utm-templates/{id}"),
            "POST /api/qr-presets",
            .. Changes("/api/qr-presets/{id}"),
        ],
        [Right.Manage] =
        [
            "POST /api/domains",
            .. Changes("/api/domains/{id}"),
            "POST /api/domains/{id}/verify",
            "GET /api/domains/{id}/links",
            "POST /api/domains/{id}/links/{link_id}",
            "DELETE /api/domains/{id}/links/{link_id}",
            "GET /api/api-keys/{key_id}",
            "POST /api/api-keys",
            "DELETE /api/api-keys/{key_id}",
            "POST /api/teams/{id}",
            "PUT /api/teams/{id}",
            "PATCH /api/teams/{id}",
            "POST /api/team-members",
            "POST /api/team-members/{id}",
            "DELETE /api/team-members/{id}",
        ],
        [Right.Own] = ["DELETE /api/teams/{id}"],
        [Right.Person] =
        [
            "POST /api/user",
            "GET /api/user/export",
            "POST /api/teams",
            "GET /api/teams-member",
            "POST /api/teams-member/{id}",
            "DELETE /api/teams-member/{id}",
        ],
        [Right.Server] =
        [
            "GET /api/users",
            "POST /api/users",
            "GET /api/users/{user_id}",
            "POST /api/users/{user_id}",
            "DELETE /api/users/{user_id}",
            "POST /api/users/{user_id}/api-keys",
            "POST /api/users/{user_id}/password-reset",
            "GET /api/admin/mails",
            "DELETE /api/admin/mails/{mail_id}",
            "GET /api/audit-log",
            "GET /api/admin/rebuild-rollups",
            "POST /api/admin/rebuild-rollups",
        ],
    };

    private static readonly string[] Roles = ["owner", "admin", "editor", "viewer"];

    [Fact]
    public void Every_endpoint_has_a_row()
    {
        var mapped =
            from endpoint in Server
                .Services.GetServices<EndpointDataSource>()
                .SelectMany(source => source.Endpoints)
                .OfType<RouteEndpoint>()
            let path = $"/{endpoint.RoutePattern.RawText!.Trim('/')}"
            where path.StartsWith("/api", StringComparison.Ordinal)
            where endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
            from method in endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
            where method is not "HEAD"
            select $"{method} {path}";

        Assert.Equal(
            mapped.Order(StringComparer.Ordinal),
            Rows.Values.SelectMany(row => row).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_team_s_key_does_what_its_role_allows_and_nothing_else()
    {
        var team = await SetUpAsync();
        var former = await JoinAsync(team.Owner, "owner");
        await SendAsync(HttpMethod.Delete, $"/api/team-members/{former.Id}", http: team.Owner.Key);
        List<string> wrong = [];

        foreach (var (right, row) in All())
        {
            for (var rank = 0; rank < Roles.Length; rank++)
            {
                var isAllowed = right <= Right.Own && rank <= Right.Own - right;
                var status = await AskAsync(row, team, team.Members[rank].Key, isFresh: isAllowed);
                var isRight = isAllowed
                    ? status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                        && (status is not HttpStatusCode.NotFound || IsGuest(row))
                    : status is HttpStatusCode.Forbidden || (IsKey(row) && status is HttpStatusCode.NotFound);
                if (!isRight || (int)status >= 500 && !row.EndsWith("/verify", StringComparison.Ordinal))
                    wrong.Add($"{row} as {Roles[rank]}: {status}");
            }

            foreach (var http in (HttpClient[])[former.Key, Server.Anonymous])
                if (await AskAsync(row, team, http) is var status and not HttpStatusCode.Unauthorized)
                    wrong.Add($"{row} as former or nobody: {status}");
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task For_everybody_else_the_things_of_a_team_do_not_exist()
    {
        var team = await SetUpAsync();
        var former = await JoinAsync(team.Owner, "admin");
        await SendAsync(HttpMethod.Delete, $"/api/team-members/{former.Id}", http: team.Owner.Key);
        var (pending, _) = await InviteAsync(team.Owner, "owner");
        HttpClient[] others = [(await NewPersonAsync()).Http, pending.Http, former.Person.Http, Server.Http];
        List<string> wrong = [];

        foreach (var (right, row) in All().Where(one => one.Right is not Right.Server))
        foreach (var http in others)
            if (row.Contains('{', StringComparison.Ordinal))
            {
                var foreign = await SendAsync(row, team.Things, http);
                var missing = await SendAsync(row, _ => 987654321, http);
                if ((foreign.Status, foreign.Body) != (HttpStatusCode.NotFound, missing.Body))
                    wrong.Add($"{row} as number {Array.IndexOf(others, http)}: {foreign.Status} {foreign.Body}");
                Assert.Equal(
                    missing.Headers.Keys.Order(StringComparer.Ordinal),
                    foreign.Headers.Keys.Order(StringComparer.Ordinal)
                );
            }
            else if (row.StartsWith("GET", StringComparison.Ordinal) && http != pending.Http)
            {
                if ((await SendAsync(row, team.Things, http)).Body.Contains(Marker, StringComparison.Ordinal))
                    wrong.Add($"{row} shows the team's things");
            }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task With_the_own_key_a_member_reaches_the_team_but_not_its_links()
    {
        var team = await SetUpAsync();

        foreach (var (_, row) in All().Where(one => one.Right < Right.Person && one.Row.Contains('{')))
        {
            var isTeam = row.Contains("/api/team", StringComparison.Ordinal) || IsKey(row);
            var status = await AskAsync(row, team, team.Owner.Person.Http, isFresh: isTeam);
            Assert.True(isTeam == status is not HttpStatusCode.NotFound, $"{row}: {status}");
        }
    }

    private static string[] Changes(string path) => [.. Verbs.Select(verb => $"{verb} {path}")];

    private static IEnumerable<(Right Right, string Row)> All() =>
        Rows.SelectMany(pair => pair.Value.Select(row => (pair.Key, row)));

    // Members see their own keys only. Others' keys do not exist for them.
    private static bool IsKey(string row) => row.Contains("{key_id}", StringComparison.Ordinal);

    // The domain has no such link. SharedDomainTests asks for one that it has.
    private static bool IsGuest(string row) =>
        row.EndsWith("/links/{link_id}", StringComparison.Ordinal) && row.Contains("domains", StringComparison.Ordinal);

    private async Task<HttpStatusCode> AskAsync(string row, MatrixTeam team, HttpClient http, bool isFresh = false)
    {
        var isUsedUp =
            row.StartsWith("DELETE", StringComparison.Ordinal) && !row.EndsWith("teams/{id}", StringComparison.Ordinal)
            || row.EndsWith("/restore", StringComparison.Ordinal);
        long? fresh = isFresh && isUsedUp ? await MakeAsync(CollectionOf(row), team.Owner) : null;
        return (await SendAsync(row, path => fresh ?? team.Things(path), http)).Status;
    }

    // Bodies are empty: rights are judged before fields.
    private Task<Reply> SendAsync(string row, Func<string, long> thing, HttpClient http)
    {
        var (method, path) = (row.Split(' ')[0], row.Split(' ')[1]);
        var query = path is "/api/statistics/orphans" ? $"?domain_id={thing("GET /api/domains")}" : "";
        var isEndless = path is "/api/statistics/live";
        return base.SendAsync(
            isEndless ? HttpMethod.Head : new HttpMethod(method),
            Parameter().Replace(path.Replace("{version}", "1", StringComparison.Ordinal), $"{thing(CollectionOf(row))}")
                + query,
            method is "GET" or "DELETE" ? null : Bodies.Form(),
            http
        );
    }

    /// <summary>The kind of the thing in a path, with the method where the kind depends on it.</summary>
    private static string CollectionOf(string row)
    {
        var collection = row.Split(' ')[1].Split("/{")[0];
        return collection is "/api/team-members"
                ? (row.StartsWith("GET", StringComparison.Ordinal) ? "/api/teams" : collection)
            : collection is "/api/statistics" ? "/api/links"
            : collection;
    }

    private async Task<MatrixTeam> SetUpAsync()
    {
        var owner = await NewTeamAsync(Marker);
        List<TeamMember> members = [owner];
        foreach (var role in Roles[1..])
            members.Add(await JoinAsync(owner, role));
        Dictionary<string, long> things = new() { ["/api/teams"] = owner.Team, ["/api/users"] = owner.Person.Id };
        foreach (
            var kind in (string[])
                [
                    "/api/links",
                    "/api/trash",
                    "/api/jobs",
                    "/api/projects",
                    "/api/tags",
                    "/api/pixels",
                    "/api/qr-codes",
                    "/api/qr-logos",
                    "/api/splash-pages",
                    "/api/views",
                    "/api/utm-templates",
                    "/api/qr-presets",
                    "/api/domains",
                    "/api/api-keys",
                    "/api/team-members",
                ]
        )
            things[kind] = await MakeAsync(kind, owner);
        things["GET /api/domains"] = things["/api/domains"];
        things["/api/teams-member"] = members[^1].Id;
        return new(owner, members, kind => things.GetValueOrDefault(kind));
    }

    private async Task<long> MakeAsync(string kind, TeamMember owner)
    {
        var unique = $"{Guid.NewGuid():N}";
        (string, string)[] fields = kind switch
        {
            "/api/links" or "/api/trash" => [("location_url", $"https://example.org/{Marker}")],
            "/api/projects" or "/api/splash-pages" => [("name", Marker)],
            "/api/tags" => [("name", $"{Marker} {unique}")],
            "/api/jobs" => [("is_enabled", "1")],
            "/api/pixels" => [("name", Marker), ("type", "facebook"), ("pixel", "1234567")],
            "/api/qr-codes" => [("name", Marker), ("url", $"https://example.org/{Marker}")],
            "/api/qr-logos" => [("name", Marker)],
            "/api/views" or "/api/utm-templates" or "/api/qr-presets" => [("name", Marker), ("value", "{}")],
            "/api/domains" => [("host", $"{unique}.{Marker}.example")],
            "/api/api-keys" => [("name", Marker)],
            "/api/team-members" => [("team_id", $"{owner.Team}"), ("user_email", $"{unique}@example.org")],
            var unknown => throw new ArgumentException($"Say how to make one of {unknown}."),
        };
        var isTrash = kind is "/api/trash";
        var made = kind is "/api/qr-logos"
            ? await base.SendAsync(HttpMethod.Post, kind, Logos.Body(Bodies.Png, Marker), owner.Key)
            : await PostAsAsync(owner.Key, PathOf(kind), fields);
        Assert.True(made.Status is HttpStatusCode.Created or HttpStatusCode.Accepted, made.Body);
        if (isTrash)
            await base.SendAsync(HttpMethod.Delete, $"/api/links/{IdOf(made)}", http: owner.Key);
        return IdOf(made);
    }

    private static string PathOf(string kind) =>
        kind switch
        {
            "/api/trash" => "/api/links",
            "/api/jobs" => "/api/links/bulk?url=none",
            _ => kind,
        };

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    /// <summary>A team with a member of each role, the highest first, and one of each thing.</summary>
    private sealed record MatrixTeam(TeamMember Owner, List<TeamMember> Members, Func<string, long> Things);
}
