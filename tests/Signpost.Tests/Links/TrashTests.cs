using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Files;

namespace Signpost.Tests.Links;

/// <summary>A deleted link: nothing of it is seen or served, and a restore brings all of it back.</summary>
public sealed class TrashTests(SharedServer shared) : ApiTests(shared), IClassFixture<SharedServer>
{
    [Fact]
    public async Task Nothing_of_a_deleted_link_is_seen_or_served_until_it_is_restored()
    {
        var project = (await PostAsync("/api/projects", ("name", "Trash"))).Json["data"]!["id"]!.GetValue<long>();
        using var picture = Bodies
            .Multipart(
                ("url", "Thrown-Away"),
                ("location_url", "https://thrown.example/"),
                ("project_id", $"{project}"),
                ("statistics_is_public", "1"),
                ("clicks_limit", "2"),
                ("schedule", "1")
            )
            .WithFile("cloaking_favicon", Pictures.Gif);
        var made = (await SendAsync(HttpMethod.Post, "/api/links", picture)).Json["data"]!;
        var id = made["id"]!.GetValue<long>();
        Assert.Equal(302, await VisitAsync("thrown-away"));
        await Patience.UntilAsync(async () => (int)(await ReadAsync(id))["clicks"]! == 1, "The click is stored");
        var before = await ReadAsync(id);
        string[] places =
        [
            $"/api/links/{id}",
            $"/api/statistics/{id}",
            $"/api/statistics/{id}/clicks",
            "/l/stats/thrown-away",
            new Uri(before["settings"]!["cloaking_favicon"]!.GetValue<string>()).AbsolutePath,
        ];
        string[] lists =
        [
            "/api/links?search=thrown",
            "/api/links?search=thrown.example&search_by=location_url",
            "/api/links?url=thrown-away",
            "/api/links?location_url=https://thrown.example/",
            $"/api/links?project_id={project}",
            $"/api/links?project_id={project}&is_enabled=1&order_by=clicks",
        ];
        await AllAsync(HttpStatusCode.OK, places);
        Assert.All(await TotalsAsync(lists), total => Assert.Equal(1, total));

        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, $"/api/links/{id}")).Status);

        await AllAsync(HttpStatusCode.NotFound, places);
        Assert.All(await TotalsAsync(lists), total => Assert.Equal(0, total));
        foreach (var path in (string[])["", "/move", "/explain"])
            Assert.Equal(
                HttpStatusCode.NotFound,
                (await PostAsync($"/api/links/{id}{path}", ("team_id", "0"), ("ip", "192.0.2.1"))).Status
            );
        foreach (var query in (string[])["", "?permanent=1"])
            Assert.Equal(
                HttpStatusCode.NotFound,
                (await SendAsync(HttpMethod.Delete, $"/api/links/{id}{query}")).Status
            );
        Assert.Equal(404, await VisitAsync("Thrown-Away"));
        await Patience.UntilAsync(
            async () =>
                (await GetAsync($"/api/statistics?project_id={project}")).Body.Contains(
                    "\"pageviews\":1",
                    StringComparison.Ordinal
                ),
            "The click stays in the project's total"
        );
        var thrown = await InTrashAsync(id);
        Assert.Equal((1, "Thrown-Away"), ((int)thrown["clicks"]!, (string)thrown["url"]!));
        Assert.Equal(
            TimeSpan.FromDays(7),
            DateTime.Parse((string)thrown["erased_at"]!, null) - DateTime.Parse((string)thrown["deleted_at"]!, null)
        );
        var export = await GetAsync("/api/user/export");
        Assert.Contains("Thrown-Away", export.Body, StringComparison.Ordinal);

        var restored = await PostAsync($"/api/trash/{id}/restore");

        Assert.Equal(HttpStatusCode.OK, restored.Status);
        Assert.True(JsonNode.DeepEquals(before, restored.Json["data"]), restored.Body);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync($"/api/trash/{id}/restore")).Status);
        await AllAsync(HttpStatusCode.OK, places);
        Assert.All(await TotalsAsync(lists), total => Assert.Equal(1, total));
        Assert.Equal(302, await VisitAsync("thrown-away"));
        Assert.Equal(410, await VisitAsync("thrown-away"));
        await Patience.UntilAsync(
            async () =>
                (await GetAsync($"/api/statistics/{id}/clicks?kind=disabled")).Json["data"]!.AsArray().Count == 1,
            "The visit to the link in the trash is stored as disabled"
        );
        var unknown = await GetAsync("/api/statistics/orphans?domain_id=0");
        Assert.DoesNotContain("thrown", unknown.Body, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_alias_stays_taken_and_only_its_account_learns_why()
    {
        using var stranger = await StrangerAsync();
        var id = await CreateAsync(("url", "kept-in-trash"));
        await SendAsync(HttpMethod.Delete, $"/api/links/{id}");
        (string, string)[] wanted = [("url", "KEPT-in-trash"), ("location_url", "https://example.org/")];

        var own = await PostAsync("/api/links", wanted);
        var theirs = await SendAsync(HttpMethod.Post, "/api/links", Bodies.Form(wanted), stranger);
        var renamed = await PostAsync($"/api/links/{await CreateAsync()}", ("url", "kept-in-trash"));
        var found = await PostAsync("/api/links", [.. wanted, ("find_existing", "1")]);

        Assert.All([own, theirs, renamed, found], reply => Assert.Equal(HttpStatusCode.Conflict, reply.Status));
        foreach (var reply in (Reply[])[own, renamed, found])
        {
            Assert.StartsWith(
                "The alias already exists. A link in the trash",
                TitleOf(reply),
                StringComparison.Ordinal
            );
            Assert.Equal(id, (long)reply.Json["errors"]![0]!["link_id"]!);
        }

        Assert.Equal("The alias already exists.", TitleOf(theirs));
        Assert.DoesNotContain("link_id", theirs.Body, StringComparison.Ordinal);
        foreach (
            var reply in (Task<Reply>[])
                [
                    SendAsync(HttpMethod.Post, $"/api/trash/{id}/restore", http: stranger),
                    SendAsync(HttpMethod.Delete, $"/api/trash/{id}", http: stranger),
                ]
        )
            Assert.Equal(HttpStatusCode.NotFound, (await reply).Status);
        Assert.Equal(0, (int)(await SendAsync(HttpMethod.Get, "/api/trash", http: stranger)).Json["meta"]!["total"]!);
    }

    [Fact]
    public async Task A_link_is_erased_at_once_with_permanent_or_from_the_trash()
    {
        using var stranger = await StrangerAsync();
        var (first, second) = (await CreateAsync(("url", "erased-1")), await CreateAsync(("url", "erased-2")));

        var unclear = await SendAsync(HttpMethod.Delete, $"/api/links/{first}?permanent=perhaps");
        await ReadAsync(first);
        var used = await SendAsync(HttpMethod.Delete, $"/api/trash/{second}");
        await SendAsync(HttpMethod.Delete, $"/api/links/{second}");
        Reply[] erased =
        [
            await SendAsync(HttpMethod.Delete, $"/api/links/{first}?permanent=1"),
            await SendAsync(HttpMethod.Delete, $"/api/trash/{second}"),
        ];

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.NotFound), (unclear.Status, used.Status));
        Assert.Equal(["permanent"], unclear.WrongFields);
        Assert.All(erased, reply => Assert.Equal(HttpStatusCode.NoContent, reply.Status));
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Delete, $"/api/trash/{first}")).Status);
        foreach (var alias in (string[])["erased-1", "erased-2"])
        {
            var body = Bodies.Form(("url", alias), ("location_url", "https://example.org/"));
            Assert.Equal(
                HttpStatusCode.Conflict,
                (await SendAsync(HttpMethod.Post, "/api/links", body, stranger)).Status
            );
            await CreateAsync(("url", alias));
        }
    }

    [Fact]
    public async Task A_link_in_the_trash_follows_its_domain_project_and_account()
    {
        var user = (await UserAsync("leaving@example.org")).Json["data"]!["id"]!;
        var key = await PostAsync($"/api/users/{user}/api-keys", ("name", "one"));
        using var owner = Server.NewClient((string)key.Json["data"]!["key"]!);
        var project = (await PostAsync("/api/projects", ("name", "Leaving"))).Json["data"]!["id"]!;
        var domain = (await PostAsync("/api/domains", ("host", "leaving.example"))).Json["data"]!["id"]!;
        var inProject = await CreateAsync(("project_id", $"{project}"));
        await Server.Database.WriteAsync(
            async db =>
            {
                db.Domains.Single(one => one.Host == "leaving.example").VerifiedAt = 1;
                return await db.SaveChangesAsync(Cancel);
            },
            Cancel
        );
        var onDomain = await CreateAsync(("domain_id", $"{domain}"));
        var body = Bodies.Form(("location_url", "https://example.org/"));
        var ofUser = (await SendAsync(HttpMethod.Post, "/api/links", body, owner)).Json["data"]!["id"]!;
        await SendAsync(HttpMethod.Delete, $"/api/links/{ofUser}", http: owner);
        foreach (var id in (long[])[inProject, onDomain])
            await SendAsync(HttpMethod.Delete, $"/api/links/{id}");

        var aliased = await PostAsync($"/api/domains/{domain}", ("alias_of", "0"));
        var (domainAsks, userAsks) = (
            await SendAsync(HttpMethod.Delete, $"/api/domains/{domain}"),
            await SendAsync(HttpMethod.Delete, $"/api/users/{user}")
        );
        foreach (
            var path in (string[])
                [$"/api/projects/{project}", $"/api/domains/{domain}?links=delete", $"/api/users/{user}?links=delete"]
        )
        {
            var deleted = await SendAsync(HttpMethod.Delete, path);
            Assert.True(deleted.Status == HttpStatusCode.NoContent, $"{path}: {deleted.Body}");
        }

        Assert.Contains("The trash has links of the domain", aliased.Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.BadRequest), (domainAsks.Status, userAsks.Status));
        Assert.Contains("1 link, of which 1 in the trash", domainAsks.Body, StringComparison.Ordinal);
        Assert.Equal(["links"], userAsks.WrongFields);
        var restored = await PostAsync($"/api/trash/{inProject}/restore");
        Assert.Equal((HttpStatusCode.OK, null), (restored.Status, restored.Json["data"]!["project_id"]));
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync($"/api/trash/{onDomain}/restore")).Status);
        await using var reader = Server.Database.Read();
        Assert.Equal(
            [inProject],
            reader.LinksAndTrash.Select(link => link.Id).AsEnumerable().Intersect([inProject, onDomain, (long)ofUser])
        );
    }

    [Fact]
    public async Task A_link_stays_for_the_days_of_the_setting_and_then_its_alias_is_kept_free_for_thirty()
    {
        var clock = new ManualClock();
        await using var server = await TestServer.StartAsync(
            clock,
            null,
            ("SIGNPOST_TRASH_DAYS", "2"),
            ("SIGNPOST_LINKS_PER_ACCOUNT", "1")
        );
        using var stranger = await Strangers.NewAsync(server, "UTC", Cancel);
        var link = await server.CreateLinkAsync(("url", "patience"));
        await SendAsync(HttpMethod.Delete, $"/api/links/{link.Id}", http: server.Http);

        clock.Advance(TimeSpan.FromDays(2) - TimeSpan.FromMinutes(2));
        Assert.Equal(1, await InTrashAsync());
        Assert.Equal(HttpStatusCode.BadRequest, await CreateAsync(server.Http, "other"));
        await clock.UntilAsync(() => InTrashAsync().GetAwaiter().GetResult() == 0, TimeSpan.FromMinutes(1));
        clock.Advance(TimeSpan.FromDays(29));
        Assert.Equal(HttpStatusCode.Conflict, await CreateAsync(stranger, "patience"));
        clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.Created, await CreateAsync(stranger, "patience"));
        Assert.Equal(HttpStatusCode.Created, await CreateAsync(server.Http, "other"));

        async Task<int> InTrashAsync() =>
            (int)(await SendAsync(HttpMethod.Get, "/api/trash", http: server.Http)).Json["meta"]!["total"]!;

        async Task<HttpStatusCode> CreateAsync(HttpClient http, string alias) =>
            (
                await SendAsync(
                    HttpMethod.Post,
                    "/api/links",
                    Bodies.Form(("url", alias), ("location_url", "https://example.org/")),
                    http
                )
            ).Status;
    }

    [Fact]
    public async Task A_restored_link_keeps_the_used_part_of_its_limit_over_a_restart_and_without_a_trash_all_is_erased()
    {
        var directory = Directory.CreateTempSubdirectory("signpost-trash-").FullName;
        MadeLink link;
        await using (var server = await TestServer.StartAsync(null, directory))
        {
            link = await server.CreateLinkAsync(("schedule", "1"), ("clicks_limit", "1"));
            using (await server.FollowAsync(link.Alias)) { }
            await SendAsync(HttpMethod.Delete, $"/api/links/{link.Id}", http: server.Http);
        }

        await using (var server = await TestServer.StartAsync(null, directory))
        {
            await SendAsync(HttpMethod.Post, $"/api/trash/{link.Id}/restore", http: server.Http);
            using var visit = await server.FollowAsync(link.Alias);
            Assert.Equal(HttpStatusCode.Gone, visit.StatusCode);
            await SendAsync(HttpMethod.Delete, $"/api/links/{link.Id}", http: server.Http);
            link = await server.CreateLinkAsync();
        }

        await using (var server = await TestServer.StartAsync(null, directory, ("SIGNPOST_TRASH_DAYS", "0")))
        {
            await SendAsync(HttpMethod.Delete, $"/api/links/{link.Id}", http: server.Http);
            await Patience.UntilAsync(async () =>
            {
                var trash = await SendAsync(HttpMethod.Get, "/api/trash", http: server.Http);
                return (int)trash.Json["meta"]!["total"]! == 0;
            });
            await using var reader = server.Database.Read();
            Assert.Empty(reader.LinksAndTrash);
        }

        Directory.Delete(directory, recursive: true);
    }

    private static string TitleOf(Reply reply) => (string)reply.Json["errors"]![0]!["title"]!;

    private Task<Reply> UserAsync(string email) =>
        PostAsync("/api/users", ("email", email), ("name", "Eve"), ("password", TestServer.AdminPassword));

    private async Task<JsonNode> InTrashAsync(long id) =>
        (await GetAsync("/api/trash")).Json["data"]!.AsArray().Single(link => (long)link!["id"]! == id)!;

    private async Task AllAsync(HttpStatusCode expected, string[] paths)
    {
        foreach (var path in paths)
        {
            var reply = await GetAsync(path);
            Assert.True(reply.Status == expected, $"{path}: {reply.Status}");
        }
    }

    private async Task<int[]> TotalsAsync(string[] lists)
    {
        List<int> totals = [];
        foreach (var list in lists)
            totals.Add((int)(await GetAsync(list)).Json["meta"]!["total"]!);
        return [.. totals];
    }

    private async Task<int> VisitAsync(string alias)
    {
        using var visit = await Server.FollowAsync(alias);
        return (int)visit.StatusCode;
    }
}
