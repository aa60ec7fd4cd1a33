using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Core.Redirecting;
using Signpost.Core.Redirecting.Pixels;
using Signpost.Links.Versions;
using Signpost.Redirects;
using Signpost.Storage;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Links;

/// <summary>The versions of a link: what an edit changed, the link as it was, and its restore.</summary>
public sealed class VersionTests(SharedServer shared) : ApiTests(shared)
{
    private static readonly string[] OfNow = ["clicks", "last_datetime", "warnings"];

    [Fact]
    public async Task Each_version_is_the_link_of_then_and_can_be_restored()
    {
        var id = await CreateAsync(("url", $"v-{Guid.NewGuid():N}"));
        var pixel = await MakeAsync("/api/pixels", ("name", "P"), ("type", "facebook"), ("pixel", "1234567"));
        List<(JsonNode Link, string Fields)> then = [(await ReadAsync(id), "")];
        List<Dictionary<string, string>> plans = [await PlanAsync(then[0].Link)];
        var page = await MakeAsync("/api/splash-pages", ("name", "S"), ("title", "Before you go"));
        (string, string, string)[] things =
        [
            ("pixels_ids", $"{pixel}", "pixels_ids"),
            ("splash_page_id", $"{page}", "splash_page_id"),
        ];
        foreach (var (name, value, fields) in LinkEdits.All.Concat(things))
        {
            var edited = await PostAsync($"/api/links/{id}", Form(name, value));
            Assert.True(edited.Status == HttpStatusCode.OK, edited.Body);
            var link = await ReadAsync(id);
            if (fields is not "")
            {
                then.Add((link, fields));
                plans.Add(await PlanAsync(link));
            }
            else
                Assert.Equal(Bare(then[^1].Link), Bare(link));
        }

        var alias = await PostAsync($"/api/links/{id}", ("url", ""));
        then.Add((alias.Json["data"]!, "url"));
        plans.Add(await PlanAsync(then[^1].Link));
        var list = (await GetAsync($"/api/links/{id}/versions?results_per_page=1000")).Json;

        Assert.Equal(
            then.Select((one, at) => $"{at + 1} {one.Fields} {at == then.Count - 1} key").Reverse(),
            list["data"]!.AsArray().Select(Line)
        );
        Assert.Equal(then.Count, (int)list["meta"]!["total"]!);
        for (var at = 0; at < then.Count; at++)
        {
            var version = (await GetAsync($"/api/links/{id}/versions/{at + 1}")).Json["data"]!;
            Assert.Equal(Bare(then[at].Link), Bare(version["link"]!));
            Assert.Equal(
                Sorted(then[at].Fields.Split(',', StringSplitOptions.RemoveEmptyEntries)),
                Sorted(version["difference"]!.AsArray().Select(one => (string)one!["field"]!))
            );
            Assert.Equal(plans[at], await PlanOfVersionAsync(id, at + 1));
        }

        // Each part of a plan was different in some version.
        Assert.Equal(["LinkId"], plans[0].Keys.Where(part => plans.DistinctBy(plan => plan[part]).Count() == 1));

        // The alias was drawn again meanwhile, and the password is never restored.
        foreach (var at in (int[])[0, 13, 18, 20, 23, 10])
        {
            var restored = await PostAsync($"/api/links/{id}/versions/{at + 1}/restore");
            Assert.True(restored.Status == HttpStatusCode.OK, restored.Body);
            Assert.Equal(Bare(then[at].Link, "password"), Bare(restored.Json["data"]!, "password"));
            Assert.Null((string?)restored.Json["data"]!["settings"]!["password"]);
            Assert.Equal(Bare(restored.Json["data"]!), Bare(await ReadAsync(id)));
        }

        var latest = (await GetAsync($"/api/links/{id}/versions?results_per_page=1")).Json["data"]![0]!;
        Assert.Equal(then.Count + 6, (int)latest["version"]!);
    }

    [Fact]
    public async Task A_version_says_who_made_it_and_by_what_key()
    {
        var id = await CreateAsync();
        var key = (string)(await PostAsync("/api/api-keys", ("name", "Robot"))).Json["data"]!["key"]!;
        using var robot = Server.NewClient(key);
        await SendAsync(HttpMethod.Post, $"/api/links/{id}", Bodies.Form(("utm_source", "x")), robot);

        var latest = (await GetAsync($"/api/links/{id}/versions")).Json["data"]![0]!;

        Assert.Equal(
            ("key", "Robot", TestServer.AdminEmail),
            ((string?)latest["source"], (string?)latest["key"], (string?)latest["person"])
        );
        var change = (await GetAsync($"/api/links/{id}/versions/2")).Json["data"]!["difference"]!.ToJsonString();
        Assert.Equal("""[{"field":"utm_source","before":null,"after":"x"}]""", change);
    }

    [Fact]
    public async Task A_restore_is_checked_like_an_edit()
    {
        var alias = $"v-{Guid.NewGuid():N}";
        var project = await MakeAsync("/api/projects", ("name", "P"));
        var pixel = await MakeAsync("/api/pixels", ("name", "P"), ("type", "facebook"), ("pixel", "1234567"));
        var id = await CreateAsync(("url", alias), ("project_id", $"{project}"), ("pixels_ids[]", $"{pixel}"));
        await PostAsync($"/api/links/{id}", ("project_id", "0"), ("pixels_ids[]", ""), ("utm_source", "now"));
        await SendAsync(HttpMethod.Delete, $"/api/projects/{project}");
        await SendAsync(HttpMethod.Delete, $"/api/pixels/{pixel}");

        var gone = await PostAsync($"/api/links/{id}/versions/1/restore");
        await PostAsync($"/api/links/{id}", ("url", ""));
        var other = await CreateAsync(("url", alias));
        var taken = await PostAsync($"/api/links/{id}/versions/1/restore");
        var missing = await PostAsync($"/api/links/{id}/versions/99/restore");
        using var stranger = await StrangerAsync();
        var foreign = await SendAsync(HttpMethod.Post, $"/api/links/{id}/versions/1/restore", http: stranger);

        Assert.True(gone.Status == HttpStatusCode.OK, gone.Body);
        var link = gone.Json["data"]!;
        Assert.Equal((null, null), ((string?)link["settings"]!["utm_source"], (long?)link["project_id"]));
        Assert.Equal(
            ["pixels_ids", "project_id"],
            Sorted(link["warnings"]!.AsArray().Select(one => (string)one!["field"]!))
        );
        Assert.Equal((HttpStatusCode.Conflict, other), (taken.Status, (long)taken.Json["errors"]![0]!["link_id"]!));
        Assert.Equal(["url"], taken.WrongFields);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (missing.Status, foreign.Status));
    }

    [Fact]
    public async Task A_version_keeps_what_changed_and_a_list_of_a_thousand_is_small()
    {
        (string, string)[] rules =
        [
            .. Enumerable
                .Range(0, 90)
                .SelectMany(at =>
                    new[]
                    {
                        ($"targeting_city_name_key[{at}]", $"City {at}"),
                        ($"targeting_city_name_value[{at}]", $"https://city-{at}.example/some/long/path/to/a/page"),
                    }
                ),
        ];
        var id = await CreateAsync([.. rules, ("cloaking_custom_js", new string('x', 60_000))]);
        rules[81] = (rules[81].Item1, "https://changed.example/");
        await PostAsync($"/api/links/{id}", rules);
        await PostAsync(
            $"/api/links/{id}",
            ("cloaking_custom_js", new string('x', 30_000) + "y" + new string('x', 29_999))
        );
        await PostAsync($"/api/links/{id}", ("utm_campaign", "spring"), ("location_url", "https://example.org/new"));
        var bytes = await ScalarAsync(
            $"SELECT max(length(fields) + coalesce(length(before), 0)) FROM link_versions WHERE link_id = {id}"
        );

        await Server.Database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    """
                    WITH RECURSIVE numbers(n) AS (SELECT 5 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000)
                    INSERT INTO link_versions (link_id, version, at, source, person_id, fields, before)
                    SELECT @link, n, n * 1000, 1, 1, 'utm_source', '{"utm_source":"' || n || '"}' FROM numbers
                    """,
                    ("@link", id)
                ) + connection.Run(transaction, "UPDATE links SET version = 1000 WHERE id = @link", ("@link", id)),
            Cancel
        );
        var list = await GetAsync($"/api/links/{id}/versions?results_per_page=1000");
        var fifth = await GetAsync($"/api/links/{id}/versions/5");

        Assert.InRange(bytes, 1, 200);
        Assert.Equal(1_000, list.Json["data"]!.AsArray().Count);
        Assert.InRange(list.Body.Length, 1_000, 200_000);
        Assert.Equal("6", (string?)fifth.Json["data"]!["link"]!["settings"]!["utm_source"]);
        Assert.Equal("spring", (string?)fifth.Json["data"]!["link"]!["settings"]!["utm_campaign"]);
    }

    [Fact]
    public async Task A_list_of_then_is_whole_although_its_tags_and_pixels_changed()
    {
        var mark = Guid.NewGuid().ToString("N");
        string[] tags = [.. "abcd".Select(letter => $"{letter}-{mark}")];
        List<long> pixels = [];
        while (pixels.Count < 30)
            pixels.Add(await MakeAsync("/api/pixels", ("name", "P"), ("type", "facebook"), ("pixel", "1234567")));
        var id = await CreateAsync([
            .. tags.Select(tag => ("tags[]", tag)),
            .. pixels.Select(pixel => ("pixels_ids[]", $"{pixel}")),
        ]);
        await PostAsync(
            $"/api/links/{id}",
            [
                .. tags.Append($"e-{mark}").Select(tag => ("tags[]", tag)),
                .. pixels.Skip(1).Select(pixel => ("pixels_ids[]", $"{pixel}")),
            ]
        );
        foreach (var (letter, name) in new[] { ('a', "short"), ('b', "B"), ('c', null) })
        {
            var found = (await GetAsync($"/api/tags?search={letter}-{mark}")).Json["data"]![0]!["id"];
            if (name is null)
                await SendAsync(HttpMethod.Delete, $"/api/tags/{found}");
            else
                await PostAsync($"/api/tags/{found}", ("name", $"{name}-{mark[..8]}"));
        }

        foreach (var pixel in pixels.Skip(2))
            await SendAsync(HttpMethod.Delete, $"/api/pixels/{pixel}");

        var first = (await GetAsync($"/api/links/{id}/versions/1")).Json["data"]!["link"]!;
        var restored = await PostAsync($"/api/links/{id}/versions/1/restore");
        await Server.Database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    """
                    UPDATE link_versions SET before = '{"tags":[50,50,"x"],"location_url":[900,90,"x"],"targeting_rotation":[1,1,"x"]}'
                    WHERE link_id = @link AND version = 2
                    """,
                    ("@link", id)
                ),
            Cancel
        );
        var misfit = await GetAsync($"/api/links/{id}/versions/1");

        Assert.Equal(tags, first["tags"]!.AsArray().Select(tag => (string)tag!));
        Assert.Equal(pixels, first["pixels_ids"]!.AsArray().Select(pixel => (long)pixel!));
        Assert.True(restored.Status == HttpStatusCode.OK, restored.Body);
        Assert.Equal(tags, restored.Json["data"]!["tags"]!.AsArray().Select(tag => (string)tag!));
        Assert.Equal(pixels.Take(2), restored.Json["data"]!["pixels_ids"]!.AsArray().Select(pixel => (long)pixel!));
        Assert.True(misfit.Status == HttpStatusCode.OK, misfit.Body);
    }

    [Fact]
    public async Task A_link_from_before_versions_has_its_present_one()
    {
        var id = await CreateAsync(("utm_source", "old"));
        await Server.Database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(transaction, "DELETE FROM link_versions WHERE link_id = @link", ("@link", id))
                + connection.Run(transaction, "UPDATE links SET version = 7 WHERE id = @link", ("@link", id)),
            Cancel
        );

        var before = (await GetAsync($"/api/links/{id}/versions")).Json["data"]!.AsArray().Select(Line).ToList();
        await PostAsync($"/api/links/{id}", ("utm_source", "new"));
        var after = (await GetAsync($"/api/links/{id}/versions")).Json["data"]!.AsArray().Select(Line).ToList();
        var seventh = (await GetAsync($"/api/links/{id}/versions/7")).Json["data"]!;

        Assert.Equal(["7  True "], before);
        Assert.Equal(["8 utm_source True key", "7  False "], after);
        Assert.Equal("old", (string?)seventh["link"]!["settings"]!["utm_source"]);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/api/links/{id}/versions/6")).Status);
    }

    [Fact]
    public async Task The_versions_of_a_link_go_with_it()
    {
        var id = await CreateAsync();
        await PostAsync($"/api/links/{id}", ("utm_source", "new"));
        var before = await ScalarAsync($"SELECT count(*) FROM link_versions WHERE link_id = {id}");

        await SendAsync(HttpMethod.Delete, $"/api/links/{id}?permanent=1");

        Assert.Equal(2, before);
        Assert.Equal(0, await ScalarAsync($"SELECT count(*) FROM link_versions WHERE link_id = {id}"));
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/api/links/{id}/versions")).Status);
    }

    // The plan that visitors get. The hash of its password is in no version.
    private async Task<Dictionary<string, string>> PlanAsync(JsonNode link) =>
        Shown((await Server.Services.GetRequiredService<PlanFinder>().ReadAsync(0, (string)link["url"]!))!);

    private async Task<Dictionary<string, string>> PlanOfVersionAsync(long id, long number)
    {
        await using var db = Server.Database.Read();
        var link = await db.Links.SingleAsync(one => one.Id == id, Cancel);
        var found = (await VersionCatalog.FindAsync(db, link, number, Cancel))!.Link;
        var pixels = await db.Pixels.Where(one => found.Pixels.Contains(one.Id)).ToListAsync(Cancel);
        var splash = await db
            .SplashPages.Where(one => one.Id == found.Row.SplashPageId)
            .Select(one => new LinkSplash(one.Title, one.Description, one.LinkUnlockSeconds, one.LinkUnlockButton))
            .FirstOrDefaultAsync(Cancel);
        return Shown(
            PlanLoader.Compile(
                found.Row,
                pixels
                    .Select(one => Pixel.TryCreate(one.Type, one.Pixel, out var pixel) ? pixel : null)
                    .OfType<Pixel>(),
                splash
            )
        );
    }

    private static Dictionary<string, string> Shown(LinkPlan plan) =>
        typeof(LinkPlan)
            .GetProperties()
            .Where(part => !part.PropertyType.IsByRefLike)
            .ToDictionary(
                part => part.Name,
                part =>
                    part.Name switch
                    {
                        nameof(LinkPlan.PasswordHash) => $"{plan.PasswordHash is not null}",
                        nameof(LinkPlan.Pixels) => string.Join(',', plan.Pixels),
                        _ => JsonSerializer.Serialize(part.GetValue(plan)),
                    }
            );

    private static (string, string)[] Form(string name, string value) =>
        name.EndsWith("[0]", StringComparison.Ordinal)
            ? [($"{name[..^3]}_key[0]", value), ($"{name[..^3]}_value[0]", "https://rule.example/")]
        : name is "tags" ? [("tags[]", value)]
        : name.EndsWith("[]", StringComparison.Ordinal) ? [($"{name[..^2]}_key[]", value)]
        : [(name, value)];

    private static string Line(JsonNode? version)
    {
        var fields = version!["fields"]!.AsArray().Select(field => (string)field!);
        var isCurrent = (bool)version["is_current"]!;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{version["version"]} {string.Join(',', fields)} {isCurrent} {version["source"]}"
        );
    }

    private static string Bare(JsonNode link, params string[] settings)
    {
        var bare = link.DeepClone().AsObject();
        foreach (var field in OfNow)
            bare.Remove(field);
        foreach (var field in settings)
            bare["settings"]!.AsObject().Remove(field);
        return bare.ToJsonString();
    }

    private static string[] Sorted(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];

    private async Task<long> MakeAsync(string path, params (string, string)[] fields) =>
        (long)(await PostAsync(path, fields)).Json["data"]!["id"]!;

    private async Task<long> ScalarAsync(string sql)
    {
        await using var connection = Server.Database.OpenRead();
        await using var command = connection.Command(null, sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(Cancel), CultureInfo.InvariantCulture);
    }
}
