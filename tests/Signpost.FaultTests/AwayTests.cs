using System.Net.Http.Json;
using Signpost.FaultTests.Running;
using Signpost.FaultTests.Visiting;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>
/// PostgreSQL goes away under a server, and comes back: links in memory redirect, others get 503, limits hold, and each click is counted
/// once.
/// </summary>
[Trait("Database", "PostgreSQL")]
public sealed class AwayTests
{
    private const int Limit = 12;

    private static readonly SeededLink[] Links =
    [
        new("known"),
        new("limited", Limit),
        new("cold-1"),
        new("cold-2"),
        new("cold-3"),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_is_stopped_or_frozen()
    {
        await using var postgres = await OwnPostgres.StartAsync();
        await using var home = await Installation.SeededOnAsync(postgres.Url, Links);
        await using var server = await RunningServer.StartAsync(home, ("SIGNPOST_DATABASE_URL", postgres.Url));
        var visits = await Visits.BeginAsync(home, server);

        await postgres.StopAsync();
        await visits.AwayAsync("/cold-1", "cannot be reached");
        await postgres.StartAgainAsync();
        await visits.BackAsync("/cold-1");
        await postgres.FreezeAsync();
        await visits.AwayAsync("/cold-2", "does not answer in time");
        await postgres.ThawAsync();
        await visits.BackAsync("/cold-2");
        await visits.EndAsync();
    }

    [Fact]
    public async Task A_network_that_is_cut()
    {
        await Task.WhenAll(
            CutAsync("does not answer in time", proxy => proxy.Questions.Close(), proxy => proxy.Questions.Open()),
            CutAsync("does not answer in time", proxy => proxy.Answers.Close(), proxy => proxy.Answers.Open()),
            CutAsync("cannot be used", Refuse, proxy => proxy.Refuses = false)
        );

        static void Refuse(Proxy proxy)
        {
            proxy.Refuses = true;
            proxy.Cut();
        }
    }

    [Fact]
    public async Task A_slow_network_makes_nothing_wrong()
    {
        await using var proxy = Proxy.Before(await TestPostgres.NewAsync(isEmpty: false));
        await using var home = await SeededBehindAsync(proxy);
        await using var server = await RunningServer.StartAsync(home, ("SIGNPOST_DATABASE_URL", proxy.Url));
        proxy.Delay = TimeSpan.FromMilliseconds(20);
        var visits = await Visits.BeginAsync(home, server);

        await visits.FollowAsync("/cold-1", 302);
        await visits.FollowAsync("/known", 302, times: 20);
        await visits.EndAsync();
    }

    [Fact]
    public async Task Requests_do_not_run_against_a_server_that_is_away()
    {
        const int Requests = 300;
        await using var proxy = Proxy.Before(await TestPostgres.NewAsync(isEmpty: false));
        await using var home = await SeededBehindAsync(proxy);
        await using var server = await RunningServer.StartAsync(home, ("SIGNPOST_DATABASE_URL", proxy.Url));
        var visits = await Visits.BeginAsync(home, server);
        proxy.Refuses = true;
        proxy.Cut();
        await visits.AwayAsync("/cold-1", "cannot be used");

        var before = proxy.Attempts;
        await visits.FollowAsync("/cold-2", 503, Requests);
        var tried = proxy.Attempts - before;

        Assert.True(tried < Requests / 10, $"{Requests} requests made {tried} connections");
        proxy.Refuses = false;
        await visits.BackAsync("/cold-2");
        await visits.EndAsync();
    }

    private static async Task CutAsync(string why, Action<Proxy> cut, Action<Proxy> mend)
    {
        await using var proxy = Proxy.Before(await TestPostgres.NewAsync(isEmpty: false));
        await using var home = await SeededBehindAsync(proxy);
        await using var server = await RunningServer.StartAsync(home, ("SIGNPOST_DATABASE_URL", proxy.Url));
        var visits = await Visits.BeginAsync(home, server);

        cut(proxy);
        await visits.AwayAsync("/cold-1", why);
        mend(proxy);
        await visits.BackAsync("/cold-1");
        await visits.EndAsync();
    }

    private static Task<Installation> SeededBehindAsync(Proxy proxy) => Installation.SeededOnAsync(proxy.Server, Links);

    /// <summary>The visits of all links, which are compared with the stored clicks at the end.</summary>
    private sealed class Visits
    {
        private readonly Installation _home;
        private readonly RunningServer _server;
        private readonly Dictionary<string, int> _arrived = [];

        private Visits(Installation home, RunningServer server) => (_home, _server) = (home, server);

        public static async Task<Visits> BeginAsync(Installation home, RunningServer server)
        {
            Visits visits = new(home, server);
            await visits.FollowAsync("/known", 302, times: 3);
            await visits.FollowAsync("/limited", 302, times: 2);
            return visits;
        }

        public async Task FollowAsync(string path, int status, int times = 1)
        {
            using var visitor = await Visitor.ConnectOrFailAsync(_server.Endpoint, Cancel);
            for (var visit = 0; visit < times; visit++)
            {
                var answer = await visitor.AskAsync(Visitor.Request(path), Cancel);
                Assert.True(answer.Status == status, $"{path}: {answer}, not {status}\n{_server.Process.Said()}");
                if (status == 503)
                    Assert.NotNull(answer.RetryAfter);
                else if (status == 302)
                    _arrived[path] = _arrived.GetValueOrDefault(path) + 1;
            }
        }

        /// <summary>Everything that the server promises while the database is away.</summary>
        /// <param name="cold">A link that is not in memory.</param>
        /// <param name="why">The reason that <c>/readyz</c> tells.</param>
        public async Task AwayAsync(string cold, string why)
        {
            // These visitors wait until it is known that the database is away; links in memory do not wait with them.
            var waiting = Task.WhenAll(Enumerable.Range(0, 12).Select(_ => FollowAsync(cold, 503)));
            await FollowAsync("/known", 302, times: 20);
            await FollowAsync("/limited", 302, times: 2);
            await waiting.OrFail("An answer for links that are not in memory", _server.Process.Said);
            await Patience.UntilAsync(
                async () =>
                    await _server.ReadinessAsync() is { Status: 503, Text: var text }
                    && text.Contains("cannot be read since 20", StringComparison.Ordinal)
                    && text.Contains(why, StringComparison.Ordinal),
                $"/readyz says: {why}",
                _server.Process.Said
            );
            await FollowAsync("/known", 302, times: 5);
            using var refused = await _server.Http.PostAsJsonAsync(
                new Uri("/api/links", UriKind.Relative),
                new { location_url = "https://example.org/new" },
                Cancel
            );
            Assert.Equal(503, (int)refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.True((await _server.ReadinessAsync()).JournalBytes > 0);
        }

        public async Task BackAsync(string cold)
        {
            await Patience.UntilAsync(
                async () => (await _server.ReadinessAsync()).Status == 200,
                "The server is ready again",
                _server.Process.Said
            );
            await FollowAsync(cold, 302);
        }

        /// <summary>Exhausts the limit, and compares all counts.</summary>
        public async Task EndAsync()
        {
            await FollowAsync("/limited", 302, Limit - _arrived["/limited"]);
            await FollowAsync("/limited", 410);
            await Patience.UntilAsync(
                async () => (await _server.ReadinessAsync()).JournalBytes == 0,
                "All clicks are stored",
                _server.Process.Said
            );
            Assert.All(
                _home.Links,
                link => Assert.Equal(_arrived.GetValueOrDefault(link.Path), _home.StoredClicks(link.Id))
            );
            await _server.StopAsync();
        }
    }
}
