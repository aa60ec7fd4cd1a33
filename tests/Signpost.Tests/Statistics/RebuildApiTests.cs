using System.Net;
using Signpost.Testing;
using Signpost.Tests.Accounts;

namespace Signpost.Tests.Statistics;

/// <summary>Rebuilding rollups over the API.</summary>
public sealed class RebuildApiTests(SharedServer shared) : PeopleTests(shared)
{
    private const string Path = "/api/admin/rebuild-rollups";

    [Fact]
    public async Task An_admin_starts_a_rebuild_and_reads_how_far_it_is()
    {
        var asked = await PostAsync(Path);
        var state = (string)asked.Json["data"]!["state_url"]!;
        var read = await GetAsync(new Uri(state).AbsolutePath);
        await Patience.UntilAsync(
            async () => (string)(read = await GetAsync(Path)).Json["data"]!["status"]! != "running",
            "The end of the rebuild"
        );

        Assert.Equal(HttpStatusCode.Accepted, asked.Status);
        Assert.Equal("done", (string)read.Json["data"]!["status"]!);
        Assert.Empty(read.Json["data"]!["differences"]!.AsArray());
        Assert.NotNull(read.Json["data"]!["ended_datetime"]);
    }

    [Fact]
    public async Task Others_may_neither_start_nor_read_one()
    {
        using var user = await NewClientAsync();

        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Post, Path, http: user)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Get, Path, http: user)).Status);
    }
}
