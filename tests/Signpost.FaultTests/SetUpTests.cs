using System.Net;
using Signpost.FaultTests.Running;

namespace Signpost.FaultTests;

/// <summary>The first start, as a new user sees it.</summary>
public sealed class SetUpTests
{
    [Fact]
    public async Task The_address_in_the_banner_makes_one_admin_and_is_dead_then()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var home = Installation.Empty();
        string path;
        await using (var server = await RunningServer.StartAsync(home))
        {
            var line = await server.Process.LineAsync(line => line.Contains("/setup/", StringComparison.Ordinal));
            path = new Uri(line.Trim()).AbsolutePath;
            using var client = server.NewClient();
            using (var form = await client.GetAsync(path, cancel))
                Assert.Equal(HttpStatusCode.OK, form.StatusCode);
            using (var guess = await client.GetAsync("/setup/guess", cancel))
                Assert.Equal(HttpStatusCode.NotFound, guess.StatusCode);

            var answers = await Task.WhenAll(SetUpAsync(client, path, "ada"), SetUpAsync(client, path, "eve"));

            Assert.Equal([HttpStatusCode.SeeOther, HttpStatusCode.Gone], answers.Order());
            using (var again = await client.GetAsync(path, cancel))
                Assert.Equal(HttpStatusCode.Gone, again.StatusCode);
            Assert.Equal(HttpStatusCode.Gone, await SetUpAsync(client, path, "eve"));
            await server.StopAsync();
        }

        Assert.Equal(1L, home.Ask("SELECT count(*) FROM accounts"));
        Assert.Equal(1L, home.Ask("SELECT count(*) FROM people WHERE is_admin"));
        Assert.Equal(1L, home.Ask("SELECT count(*) FROM api_keys"));

        await using var next = await RunningServer.StartAsync(home);
        using var late = next.NewClient();
        using var dead = await late.GetAsync(path, cancel);
        Assert.Equal(HttpStatusCode.Gone, dead.StatusCode);
        await next.StopAsync();
        Assert.DoesNotContain("/setup/", next.Process.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_knocks_too_often_must_wait()
    {
        await using var home = Installation.Empty();
        await using var server = await RunningServer.StartAsync(home);
        using var client = server.NewClient();

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 11; i++)
            statuses.Add(await SetUpAsync(client, "/setup/guess", "eve"));

        Assert.All(statuses[..10], status => Assert.Equal(HttpStatusCode.NotFound, status));
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[10]);
        await server.StopAsync();
        Assert.Equal(0L, home.Ask("SELECT count(*) FROM accounts"));
    }

    private static async Task<HttpStatusCode> SetUpAsync(HttpClient client, string path, string name)
    {
        using var form = new FormUrlEncodedContent([
            new("email", $"{name}@example.org"),
            new("password", "correct horse battery staple"),
        ]);
        using var answer = await client.PostAsync(path, form, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
