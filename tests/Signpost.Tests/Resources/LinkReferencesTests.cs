using System.Net;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Links;

namespace Signpost.Tests.Resources;

/// <summary>Links with projects, pixels and splash pages: ownership and deletion.</summary>
public sealed class LinkReferencesTests(SharedServer shared) : ApiTests(shared)
{
    [Fact]
    public async Task A_link_takes_its_accounts_project_and_pixels_and_gives_them_back()
    {
        var (project, first, second) = (await ProjectAsync(), await PixelAsync(), await PixelAsync());

        var id = await CreateAsync(
            ("project_id", $"{project}"),
            ("pixels_ids[0]", $"{second}"),
            ("pixels_ids[1]", $"{first}"),
            ("pixels_ids[5]", $"{second}")
        );
        Assert.Equal(($"{project}", $"[{first},{second}]"), await ReferencesAsync(id));

        await PostAsync($"/api/links/{id}", ("utm_source", "mail"));
        Assert.Equal(($"{project}", $"[{first},{second}]"), await ReferencesAsync(id));

        await SendAsync(
            HttpMethod.Patch,
            $"/api/links/{id}",
            Bodies.Json($$"""{"pixels_ids":[{{second}}],"project_id":0}""")
        );
        Assert.Equal(("null", $"[{second}]"), await ReferencesAsync(id));

        await PostAsync($"/api/links/{id}", ("pixels_ids[]", ""));
        Assert.Equal(("null", "[]"), await ReferencesAsync(id));
    }

    [Fact]
    public async Task All_links_of_a_bulk_take_them()
    {
        var (project, pixel) = (await ProjectAsync(), await PixelAsync());

        var made = await PostAsync(
            "/api/links",
            ("is_bulk", "1"),
            ("location_urls", "https://example.org/1\nhttps://example.org/2"),
            ("project_id", $"{project}"),
            ("pixels_ids", $"{pixel}")
        );

        var ids = made.Json["data"]!["ids"]!.AsArray();
        Assert.Equal(2, ids.Count);
        foreach (var id in ids)
            Assert.Equal(($"{project}", $"[{pixel}]"), await ReferencesAsync(id!.GetValue<long>()));
    }

    [Theory]
    [InlineData("project_id")]
    [InlineData("pixels_ids[3]")]
    [InlineData("splash_page_id")]
    public async Task A_foreign_id_gets_the_error_of_a_missing_one(string field)
    {
        using var stranger = await StrangerAsync();
        var foreign = field switch
        {
            "project_id" => await ProjectAsync(stranger),
            "splash_page_id" => await SplashPageAsync(stranger),
            _ => await PixelAsync(stranger),
        };
        var own = await PixelAsync();
        var id = await CreateAsync();

        foreach (var path in (string[])["/api/links", $"/api/links/{id}"])
        {
            var replies = new List<Reply>();
            foreach (var value in (string[])[$"{foreign}", "999999999", "9223372036854775807"])
                replies.Add(
                    await PostAsync(
                        path,
                        ("location_url", "https://e.example/"),
                        ("pixels_ids[0]", $"{own}"),
                        (field, value)
                    )
                );

            Assert.All(
                replies,
                reply =>
                {
                    Assert.Equal((HttpStatusCode.BadRequest, replies[0].Body), (reply.Status, reply.Body));
                    Assert.Equal([field], reply.WrongFields);
                }
            );
        }

        Assert.Equal("https://example.org/", (await ReadAsync(id))["location_url"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_splash_page_is_kept_by_an_update_told_apart_by_find_existing_and_cleared()
    {
        var page = await SplashPageAsync();
        (string, string)[] fields =
        [
            ("location_url", $"https://example.org/{Guid.NewGuid():N}"),
            ("find_existing", "1"),
        ];

        var plain = Id(await PostAsync("/api/links", fields));
        var made = await PostAsync("/api/links", [.. fields, ("splash_page_id", $"{page}")]);
        var again = await PostAsync("/api/links", [.. fields, ("splash_page_id", $"{page}")]);
        var kept = await PostAsync($"/api/links/{Id(made)}", ("utm_source", "mail"));
        var cleared = await PostAsync($"/api/links/{Id(made)}", ("splash_page_id", "0"));

        Assert.NotEqual(plain, Id(made));
        Assert.Equal((HttpStatusCode.OK, Id(made)), (again.Status, Id(again)));
        Assert.Equal(page, (long)kept.Json["data"]!["settings"]!["splash_page_id"]!);
        Assert.Null(cleared.Json["data"]!["settings"]!["splash_page_id"]);
    }

    [Fact]
    public async Task A_link_has_50_pixels_at_most()
    {
        using var http = await StrangerAsync();
        List<long> ids = [];
        for (var i = 0; i < 51; i++)
            ids.Add(await PixelAsync(http));

        Assert.Equal(HttpStatusCode.Created, (await SendAsync(ids.Take(50))).Status);
        var many = await SendAsync(ids);
        Assert.Equal((HttpStatusCode.BadRequest, "pixels_ids[]"), (many.Status, many.WrongFields.Single()));

        Task<Reply> SendAsync(IEnumerable<long> pixels) =>
            base.SendAsync(
                HttpMethod.Post,
                "/api/links",
                Bodies.Form([
                    ("location_url", "https://example.org/"),
                    .. pixels.Select(pixel => ("pixels_ids[]", $"{pixel}")),
                ]),
                http
            );
    }

    [Fact]
    public async Task Links_of_a_deleted_project_stay_without_a_project()
    {
        var project = await ProjectAsync();
        var id = await CreateAsync(("project_id", $"{project}"));

        await SendAsync(HttpMethod.Delete, $"/api/projects/{project}");

        Assert.Equal(("null", "[]"), await ReferencesAsync(id));
    }

    [Fact]
    public async Task A_deleted_pixel_is_removed_from_its_links_at_once()
    {
        var (gone, kept) = (await PixelAsync(), await PixelAsync());
        var both = await CreateAsync(("pixels_ids[]", $"{gone}"), ("pixels_ids[]", $"{kept}"));
        var one = await Server.CreateLinkAsync(("pixels_ids[]", $"{gone}"));
        using (var before = await Server.FollowAsync(one.Alias))
            Assert.NotEqual(HttpStatusCode.Found, before.StatusCode);

        await SendAsync(HttpMethod.Delete, $"/api/pixels/{gone}");

        Assert.Equal(("null", $"[{kept}]"), await ReferencesAsync(both));
        using var after = await Server.FollowAsync(one.Alias);
        Assert.Equal(HttpStatusCode.Found, after.StatusCode);
    }

    [Fact]
    public async Task Deleting_a_link_leaves_its_project_and_pixels()
    {
        var (project, pixel) = (await ProjectAsync(), await PixelAsync());
        var id = await CreateAsync(("project_id", $"{project}"), ("pixels_ids[]", $"{pixel}"));

        Assert.Equal(
            HttpStatusCode.NoContent,
            (await SendAsync(HttpMethod.Delete, $"/api/links/{id}?permanent=1")).Status
        );

        Assert.Equal(HttpStatusCode.OK, (await GetAsync($"/api/projects/{project}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync($"/api/pixels/{pixel}")).Status);
    }

    [Fact]
    public async Task Links_are_found_by_their_project()
    {
        using var http = await StrangerAsync();
        var project = await ProjectAsync(http);
        await SendAsync(HttpMethod.Post, "/api/links", Link(("project_id", $"{project}")), http);
        await SendAsync(HttpMethod.Post, "/api/links", Link(), http);

        Assert.Equal(1, await TotalAsync($"project_id={project}"));
        Assert.Equal(1, await TotalAsync("project_id=0"));
        Assert.Equal(2, await TotalAsync("project_id="));
        Assert.Equal(0, await TotalAsync("project_id=999999999"));

        static HttpContent Link(params (string, string)[] fields) =>
            Bodies.Form([("location_url", "https://example.org/"), .. fields]);

        async Task<int> TotalAsync(string query) =>
            (await SendAsync(HttpMethod.Get, $"/api/links?{query}", http: http)).Json["meta"]![
                "total"
            ]!.GetValue<int>();
    }

    private async Task<(string Project, string Pixels)> ReferencesAsync(long id)
    {
        var link = await ReadAsync(id);
        return (link["project_id"]?.ToJsonString() ?? "null", link["pixels_ids"]!.ToJsonString());
    }

    private async Task<long> ProjectAsync(HttpClient? http = null) =>
        Id(await SendAsync(HttpMethod.Post, "/api/projects", Bodies.Form(("name", "Project")), http));

    private async Task<long> PixelAsync(HttpClient? http = null) =>
        Id(
            await SendAsync(
                HttpMethod.Post,
                "/api/pixels",
                Bodies.Form(("name", "Pixel"), ("type", "facebook"), ("pixel", "123456789")),
                http
            )
        );

    private async Task<long> SplashPageAsync(HttpClient? http = null) =>
        Id(await SendAsync(HttpMethod.Post, "/api/splash-pages", Bodies.Form(("name", "Page")), http));

    private static long Id(Reply made) => made.Json["data"]!["id"]!.GetValue<long>();
}
