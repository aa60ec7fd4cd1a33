using System.Net;
using Microsoft.EntityFrameworkCore;
using Signpost.Testing;

namespace Signpost.Tests.Statistics;

/// <summary>The page with a project's public statistics, under an address that nobody can guess.</summary>
public sealed class PublicProjectTests(VisitedServer shared) : StatisticsTests(shared)
{
    [Fact]
    public async Task It_shows_the_clicks_of_all_links_and_names_none_of_them()
    {
        var project = await ProjectAsync(("name", "<b>Spring</b>"), ("statistics_is_public", "1"));
        var url = (string)project["statistics_url"]!;
        Assert.Matches($"^{Server.Url}/l/projects/[0-9a-f]{{40}}$", url);
        var empty = await OpenAsync(url);
        var (first, second) = (
            await LinkAsync(("project_id", $"{project["id"]}"), ("location_url", "https://secret.example/place")),
            await LinkAsync(("project_id", $"{project["id"]}"))
        );
        await VisitFromAsync(first.Alias, "FR", "192.0.2.1");
        await VisitFromAsync(second.Alias, "JP", "192.0.2.2", Iphone);
        await CountedAsync(first.Id, 1);
        await CountedAsync(second.Id, 1);

        // Another period, because the first answer is kept for ten seconds.
        var (status, page) = await OpenAsync($"{url}?days=7");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (empty.Status, status));
        Assert.Contains("Nobody followed a link of this project", empty.Page, StringComparison.Ordinal);
        foreach (var shown in (string[])["<h1>Clicks on the links of a project</h1>", ">France<", ">Japan<", ">iOS<"])
            Assert.Contains(shown, page, StringComparison.Ordinal);
        foreach (
            var hidden in (string[])
                ["Spring", "secret.example", first.Alias, second.Alias, "192.0.2", "class=\"brand\""]
        )
            Assert.DoesNotContain(hidden, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_owner_chooses_the_title()
    {
        var project = await ProjectAsync(
            ("name", "Secret"),
            ("statistics_is_public", "1"),
            ("statistics_public_title", "<b>Ours</b>")
        );
        var (path, url) = ($"/api/projects/{project["id"]}", (string)project["statistics_url"]!);
        Assert.Equal("<b>Ours</b>", (string)project["statistics_public_title"]!);
        var titled = await OpenAsync(url);
        await PostAsync(path, ("name", "Other"));
        var kept = await OpenAsync(url);
        await PostAsync(path, ("statistics_public_title", ""));
        var untitled = await OpenAsync(url);
        var tooLong = await PostAsync(path, ("statistics_public_title", new string('x', 257)));

        foreach (var (status, page) in ((HttpStatusCode, string)[])[titled, kept])
        {
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Contains("<h1 dir=\"auto\">&lt;b&gt;Ours&lt;/b&gt;</h1>", page, StringComparison.Ordinal);
            Assert.DoesNotContain("Secret", page, StringComparison.Ordinal);
        }

        Assert.Contains("<h1>Clicks on the links of a project</h1>", untitled.Page, StringComparison.Ordinal);
        Assert.Equal(["statistics_public_title"], tooLong.WrongFields);
    }

    [Fact]
    public async Task The_audit_log_names_each_publication_and_nothing_else()
    {
        var project = await ProjectAsync(("name", "Logged"), ("statistics_is_public", "1"));
        var path = $"/api/projects/{project["id"]}";
        Assert.Equal(1, await LinesAsync());

        await PostAsync(path, ("statistics_is_public", "1"));
        await PostAsync(path, ("name", "Other"));
        await PostAsync(path, ("statistics_is_public", "0"));
        Assert.Equal(1, await LinesAsync());
        await PostAsync(path, ("statistics_is_public", "1"));
        Assert.Equal(2, await LinesAsync());

        async Task<int> LinesAsync()
        {
            await using var db = Server.Database.Read();
            return await db.AuditEntries.CountAsync(
                entry => entry.Event == "project_published" && entry.Detail == $"{project["id"]}",
                Cancel
            );
        }
    }

    [Fact]
    public async Task It_has_another_address_after_it_was_turned_off_and_on()
    {
        var project = await ProjectAsync(("name", "Spring"));
        Assert.Equal((false, null), ((bool)project["statistics_is_public"]!, (string?)project["statistics_url"]));
        var path = $"/api/projects/{project["id"]}";

        var first = (string)(await PostAsync(path, ("statistics_is_public", "1"))).Json["data"]!["statistics_url"]!;
        // Other edits, and the same one again, leave the address.
        await PostAsync(path, ("statistics_is_public", "1"));
        var same = (string)(await PostAsync(path, ("name", "Summer"))).Json["data"]!["statistics_url"]!;
        Assert.Equal(first, same);
        Assert.Equal(HttpStatusCode.OK, (await OpenAsync(first)).Status);

        var off = (await PostAsync(path, ("statistics_is_public", "0"))).Json["data"]!;
        Assert.Null((string?)off["statistics_url"]);
        Assert.Equal(HttpStatusCode.NotFound, (await OpenAsync(first)).Status);
        var second = (string)(await PostAsync(path, ("statistics_is_public", "1"))).Json["data"]!["statistics_url"]!;
        Assert.NotEqual(first, second);
        Assert.Equal(HttpStatusCode.NotFound, (await OpenAsync(first)).Status);
        Assert.Equal(HttpStatusCode.OK, (await OpenAsync(second)).Status);

        await SendAsync(HttpMethod.Delete, path);
        Assert.Equal(HttpStatusCode.NotFound, (await OpenAsync(second)).Status);
    }

    private async Task<System.Text.Json.Nodes.JsonNode> ProjectAsync(params (string, string)[] fields) =>
        (await PostAsync("/api/projects", fields)).Json["data"]!;

    private async Task<(HttpStatusCode Status, string Page)> OpenAsync(string url)
    {
        using var response = await Server.FollowAsync(
            new Uri(url).PathAndQuery.TrimStart('/'),
            null,
            ("Accept-Language", "en")
        );
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }
}
