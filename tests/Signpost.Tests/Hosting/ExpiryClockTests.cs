using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Signpost.ClickStore.Chunks;
using Signpost.ClickStore.Rollups;
using Signpost.Hosting;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.Tests.Hosting;

/// <summary>The system's clock jumps, as a broken time server makes it do. Nothing expires that would not expire without the jump.</summary>
public sealed class ExpiryClockTests : IDisposable
{
    private const string Agent = "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0";
    private const int Visits = 60;

    private static readonly TimeSpan Away = TimeSpan.FromDays(500);
    private static readonly (string, string)[] Settings = [("SIGNPOST_CLICKS_KEPT_DAYS", "60")];

    private readonly ManualClock _clock = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("signpost-clock-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(500, false)]
    [InlineData(500, true)]
    [InlineData(-500, false)]
    public async Task All_clicks_and_salts_are_there_after_a_jump_and_back(int days, bool restarts)
    {
        var away = TimeSpan.FromDays(days);
        var server = await StartAsync();
        var link = await server.CreateLinkAsync();
        await VisitAsync(server, link, Visits);
        var salt = Salt(server, "visitors/2026-03-01");

        _clock.Jump(away);
        if (restarts)
        {
            await server.DisposeAsync();
            server = await StartAsync();
        }

        await VisitAsync(server, link, 2 * Visits);
        await ExpireAsync(server);
        _clock.Jump(-away);
        await VisitAsync(server, link, 3 * Visits);
        await ExpireAsync(server);

        Assert.Equal(3 * Visits, await OverviewAsync(server));
        Assert.NotNull(salt);
        Assert.Equal(salt, Salt(server, "visitors/2026-03-01"));
        Assert.Equal(0, Ask(server, "SELECT count(*) FROM secrets WHERE name LIKE 'visitors/2027%'"));
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_jump_is_named_once_in_the_log_and_in_the_readiness_which_stays_200()
    {
        await using var server = await StartAsync();
        var log = LogLines.Of(server);
        Assert.Empty(await WarningsAsync(server));

        _clock.Jump(Away);
        Pass(TimeSpan.FromMinutes(5));
        Assert.Contains("it shows 2027-07-14", Assert.Single(await WarningsAsync(server)), StringComparison.Ordinal);
        await Patience.UntilAsync(() => Task.FromResult(log.Count("The system's clock jumped") == 1));
        Pass(TimeSpan.FromMinutes(5));

        _clock.Jump(-Away);
        Pass(TimeSpan.FromMinutes(5));
        Assert.Empty(await WarningsAsync(server));
        Assert.Equal(1, log.Count("The system's clock jumped"));
    }

    [Theory]
    [InlineData(6, 6)]
    [InlineData(8, 0)]
    [InlineData(-3, 0)]
    public void A_start_takes_a_week_at_most_for_time_that_has_passed(int gapDays, int passedDays)
    {
        var expiry = new ExpiryClock(_clock);
        var before = expiry.Passed;

        _clock.Jump(TimeSpan.FromDays(gapDays));
        expiry.Continue(before);

        Assert.Equal(before + TimeSpan.FromDays(passedDays), expiry.Passed);
        Assert.Equal(gapDays == 6, expiry.Trouble is null);
    }

    [Fact]
    public async Task A_killed_process_leaves_the_time_of_ten_minutes_ago_at_most()
    {
        await using var server = await StartAsync();
        var expiry = server.Services.GetRequiredService<ExpiryClock>();

        Pass(TimeSpan.FromMinutes(30));
        await _clock.UntilAsync(
            () =>
                expiry.Passed.ToUnixTimeMilliseconds()
                    - Ask(server, "SELECT coalesce(max(passed), 0) FROM expiry_clock")
                <= 600_000,
            TimeSpan.FromSeconds(1)
        );
    }

    [Fact]
    public void Time_that_passes_expires_data_as_fast_as_before()
    {
        var expiry = new ExpiryClock(_clock);
        _clock.Jump(Away);
        Pass(TimeSpan.FromDays(3));
        Assert.Equal(_clock.GetUtcNow() - Away, expiry.GetUtcNow());

        _clock.Jump(-2 * Away);
        Assert.Equal(_clock.GetUtcNow(), expiry.GetUtcNow());
    }

    private Task<TestServer> StartAsync() => TestServer.StartAsync(_clock, _directory, Settings);

    private void Pass(TimeSpan time) => _clock.Advance(time);

    private async Task VisitAsync(TestServer server, MadeLink link, int until)
    {
        for (var visit = 0; visit < Visits; visit++)
        {
            using var response = await server.FollowAsync(link.Alias, null, ("User-Agent", Agent));
            Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        }

        await _clock.UntilAsync(
            () => Ask(server, "SELECT coalesce(sum(count), 0) FROM link_counts") >= until,
            TimeSpan.FromMilliseconds(100)
        );
    }

    private static async Task ExpireAsync(TestServer server)
    {
        await server.Services.GetRequiredService<ClickCompactor>().CompactAsync(Cancel);
        await server.Services.GetRequiredService<RollupJob>().CloseAsync(Cancel);
    }

    private static async Task<long> OverviewAsync(TestServer server)
    {
        var answer = await server.Http.GetFromJsonAsync<JsonElement>(
            "/api/statistics?start_date=2024-01-01&end_date=2028-01-01",
            Cancel
        );
        return answer.GetProperty("data").EnumerateArray().Sum(row => row.GetProperty("pageviews").GetInt64());
    }

    private static async Task<IReadOnlyList<string>> WarningsAsync(TestServer server)
    {
        using var response = await server.Anonymous.GetAsync("/readyz", Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var ready = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        return [.. ready.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()!)];
    }

    private static byte[]? Salt(TestServer server, string name)
    {
        using var connection = server.Database.OpenRead();
        using var command = connection.Command(null, "SELECT value FROM secrets WHERE name = @name", ("@name", name));
        return command.ExecuteScalar() as byte[];
    }

    private static long Ask(TestServer server, string sql)
    {
        using var connection = server.Database.OpenRead();
        using var command = connection.Command(null, sql);
        return (long)command.ExecuteScalar()!;
    }
}
