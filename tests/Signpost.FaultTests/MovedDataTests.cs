using System.Net;
using Signpost.FaultTests.Running;

namespace Signpost.FaultTests;

/// <summary>The data of a running server is locked and watched, wherever it is moved.</summary>
public sealed class MovedDataTests
{
    [Fact]
    public async Task A_data_directory_that_is_moved_is_noticed_and_changes_are_refused_until_it_is_back()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        await using var server = await RunningServer.StartAsync(home);
        Assert.Equal(HttpStatusCode.Created, await CreateLinkAsync(server));

        Directory.Move(home.DataDirectory, home.DataDirectory + "-moved");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await CreateLinkAsync(server));
        var moved = await server.ReadinessAsync();
        Assert.Equal(503, moved.Status);
        Assert.Contains(home.DataDirectory, moved.Text, StringComparison.Ordinal);
        await server.Process.LineAsync(line => line.Contains("Changes are refused", StringComparison.Ordinal));

        Directory.Move(home.DataDirectory + "-moved", home.DataDirectory);

        Assert.Equal(HttpStatusCode.Created, await CreateLinkAsync(server));
        Assert.Equal(200, (await server.ReadinessAsync()).Status);
        await server.Process.LineAsync(line => line.Contains("in its place again", StringComparison.Ordinal));
        await server.StopAsync();
        Assert.Equal(3L, home.Ask("SELECT count(*) FROM links"));
    }

    [Fact]
    public async Task A_removed_data_directory_is_noticed()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        await using var server = await RunningServer.StartAsync(home);

        Directory.Delete(home.DataDirectory, recursive: true);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await CreateLinkAsync(server));
        // With a key, the database would be asked for it first.
        using var stranger = server.NewClient();
        using var ready = await stranger.GetAsync("/readyz", TestContext.Current.CancellationToken);
        var text = await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("was moved, removed or replaced", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("signpost.db", "signpost.db-wal", "signpost.db-shm")]
    [InlineData("journal")]
    public async Task Data_that_is_moved_away_cannot_be_opened_by_a_second_process(params string[] moved)
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        await using var server = await RunningServer.StartAsync(home);
        var other = home.DataDirectory + "-other";
        if (moved is [""])
            Directory.Move(home.DataDirectory, other);
        else
            Directory.CreateDirectory(other);
        foreach (var name in moved.Where(name => name != ""))
            Directory.Move(Path.Combine(home.DataDirectory, name), Path.Combine(other, name));

        var second = await SignpostProcess.RunAsync(
            home,
            ["--urls", "http://127.0.0.1:0", "--SIGNPOST_DATA_DIR=" + other]
        );

        Assert.Equal(1, second.ExitCode);
        Assert.Contains("in use by another Signpost process", Assert.Single(second.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_file_beside_the_data_holds_the_lock()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        await using var server = await RunningServer.StartAsync(home);
        foreach (var file in Directory.GetFiles(home.DataDirectory))
            if (!Path.GetFileName(file).StartsWith("signpost.db", StringComparison.Ordinal))
                File.Delete(file);

        var second = await SignpostProcess.RunAsync(home, ["--urls", "http://127.0.0.1:0"]);

        Assert.Contains("in use by another Signpost process", Assert.Single(second.Errors), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, await CreateLinkAsync(server));
        await server.StopAsync();
    }

    private static async Task<HttpStatusCode> CreateLinkAsync(RunningServer server)
    {
        using var form = new FormUrlEncodedContent([new("location_url", "https://example.org/more")]);
        using var answer = await server.Http.PostAsync("/api/links", form, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
