using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Clicks;
using Signpost.Testing;

namespace Signpost.Tests.Clicks;

public sealed class LinkOwnersTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer _server = shared.Server;

    private LinkOwners Links => _server.Services.GetRequiredService<LinkOwners>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_is_known_from_its_making_to_its_end()
    {
        var link = await _server.CreateLinkAsync();
        Assert.Null(Links.Find(link.Id + 1));
        var next = await _server.CreateLinkAsync();

        Assert.NotNull(Links.Find(link.Id));
        Assert.NotNull(Links.Find(next.Id));

        await _server.Http.DeleteAsync($"/api/links/{link.Id}?permanent=1", Cancel);

        Assert.Null(Links.Find(link.Id));
        Assert.Equal([next.Id], Links.Find([link.Id, next.Id]).Keys);
    }

    [Fact]
    public async Task A_link_that_moves_to_a_project_and_loses_it_is_never_seen_where_it_was()
    {
        var link = await _server.CreateLinkAsync();
        Assert.Null(Links.Find(link.Id)!.ProjectId);
        using var made = await _server.Http.PostAsJsonAsync("/api/projects", new { name = "Spring" }, Cancel);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var answer = await made.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        var project = answer.GetProperty("data").GetProperty("id").GetInt64();

        await _server.UpdateLinkAsync(link.Id, ("project_id", $"{project}"));
        Assert.Equal(project, Links.Find(link.Id)!.ProjectId);

        await _server.Http.DeleteAsync($"/api/projects/{project}", Cancel);
        Assert.Null(Links.Find([link.Id])[link.Id].ProjectId);
    }
}
