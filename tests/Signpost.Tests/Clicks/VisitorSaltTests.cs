using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Clicks.Classifying;
using Signpost.Hosting;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.Tests.Clicks;

public sealed class VisitorSaltTests : IAsyncLifetime
{
    private static readonly byte[] Address = [192, 0, 2, 1];

    private readonly string _directory = Directory.CreateTempSubdirectory("signpost-salts-").FullName;
    private readonly ManualClock _clock = new();
    private readonly Database _database;

    public VisitorSaltTests() => _database = TestDatabase.Open(_directory);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private int Today => (int)(_clock.GetUtcNow().ToUnixTimeSeconds() / 86_400);

    public async ValueTask InitializeAsync() => await Schema.ApplyAsync(_database, Cancel);

    public async ValueTask DisposeAsync()
    {
        await TestDatabase.EndAsync(_database, _directory);
    }

    [Fact]
    public async Task A_visitor_is_one_all_day_also_over_a_restart_and_another_the_next_day()
    {
        using var salts = Make();
        var first = await HashAsync(salts, Today);
        using var restarted = Make();
        _clock.Advance(TimeSpan.FromHours(11));

        Assert.InRange(first, 1ul, (1ul << 48) - 1);
        Assert.Equal(first, await HashAsync(restarted, Today));
        Assert.NotEqual(first, await HashAsync(restarted, Today + 1));
        Assert.NotEqual(first, await HashAsync(restarted, Today - 1));
    }

    [Fact]
    public async Task Address_browser_and_domain_make_a_visitor_and_none_runs_into_the_next()
    {
        using var salts = Make();
        await HashAsync(salts, Today);

        ulong[] visitors =
        [
            salts.Hash(Today, Address, "AB"u8, 0),
            salts.Hash(Today, Address, "A"u8, 0),
            salts.Hash(Today, Address, ""u8, 0),
            salts.Hash(Today, Address, "AB"u8, 1),
            salts.Hash(Today, [192, 0, 2, 2], "AB"u8, 0),
            salts.Hash(Today, [.. Address, .. new byte[12]], "AB"u8, 0),
            salts.Hash(Today, [192, 0, 2, 1, .. "AB"u8, .. new byte[10]], ""u8, 0),
        ];

        Assert.Equal(visitors.Length, visitors.Distinct().Count());
        Assert.Equal(0ul, salts.Hash(Today, [], "AB"u8, 0));
    }

    [Fact]
    public async Task A_salt_is_gone_when_its_day_is_over_and_all_is_stored()
    {
        using var salts = Make();
        await HashAsync(salts, Today);
        await salts.ForgetAsync(Cancel);
        Assert.Single(Stored());

        // A request of the last second may be journaled in the next.
        _clock.Advance(TimeSpan.FromHours(12));
        await salts.ForgetAsync(Cancel);
        Assert.Single(Stored());

        _clock.Advance(TimeSpan.FromMinutes(2));
        await salts.ForgetAsync(Cancel);

        Assert.Empty(Stored());
        Assert.Equal(0ul, salts.Hash(Today - 1, Address, "A"u8, 0));
    }

    // It looks into the file.
    [Fact]
    [Trait("Database", "SQLite")]
    public async Task A_salt_that_is_thrown_away_is_in_no_file_any_more_also_when_somebody_was_reading()
    {
        using var salts = Make();
        await HashAsync(salts, Today);
        var salt = Salt();
        Assert.True(IsOnDisk(salt));
        _clock.Advance(TimeSpan.FromHours(36));

        using (var reader = _database.OpenRead())
        using (var reading = Database.BeginSnapshot(reader))
        {
            using var command = reader.Command(reading, "SELECT count(*) FROM secrets");
            command.ExecuteScalar();
            await salts.ForgetAsync(Cancel);
        }

        await salts.ForgetAsync(Cancel);

        Assert.False(IsOnDisk(salt));
    }

    [Fact]
    public async Task A_salt_that_a_former_process_left_behind_goes_too()
    {
        using (var former = Make())
            await HashAsync(former, Today);
        _clock.Advance(TimeSpan.FromDays(1));

        using var salts = Make();
        await salts.ForgetAsync(Cancel);

        Assert.Empty(Stored());
    }

    [Fact]
    public async Task While_nothing_can_be_stored_a_salt_lives_to_the_end_of_the_next_day_and_no_longer()
    {
        using var salts = Make();
        var day = Today;
        var visitor = await HashAsync(salts, day);

        _clock.Advance(TimeSpan.FromHours(35));
        salts.Expire();
        Assert.Equal(visitor, await HashAsync(salts, day));

        _clock.Advance(TimeSpan.FromHours(2));
        salts.Expire();
        Assert.True(salts.IsReady(day));
        Assert.Equal(0ul, salts.Hash(day, Address, "A"u8, 0));
    }

    [Theory]
    [InlineData(-400)]
    [InlineData(-2)]
    [InlineData(2)]
    public void Days_far_off_have_no_visitors(int away)
    {
        using var salts = Make();

        Assert.True(salts.IsReady(Today + away));
        Assert.Equal(0ul, salts.Hash(Today + away, Address, "A"u8, 0));
        Assert.Empty(Stored());
    }

    [Fact]
    public async Task Where_none_are_to_be_kept_what_was_there_goes()
    {
        using (var former = Make())
            await HashAsync(former, Today);

        using var salts = Make(("SIGNPOST_VISITOR_HASHES", "off"));
        Assert.True(salts.IsReady(Today));
        await salts.ForgetAsync(Cancel);

        Assert.Equal(0ul, salts.Hash(Today, Address, "A"u8, 0));
        Assert.Empty(Stored());
    }

    [Fact]
    public async Task Other_secrets_stay()
    {
        await using var server = await TestServer.StartAsync();
        _clock.Advance(TimeSpan.FromDays(3));
        var before = Secrets(server.Database);

        using var salts = new VisitorSalts(
            server.Database,
            server.Services.GetRequiredService<SignpostSettings>(),
            _clock,
            new(_clock),
            NullLogger<VisitorSalts>.Instance
        );
        await salts.ForgetAsync(Cancel);

        Assert.Contains("installation", before);
        Assert.Equal(before, Secrets(server.Database));
    }

    [Fact]
    public async Task A_server_keeps_its_visitors_over_a_restart_and_drops_yesterdays_salt()
    {
        var directory = Directory.CreateTempSubdirectory("signpost-salts-").FullName;
        var visitors = new List<ulong>();
        for (var start = 0; start < 3; start++)
        {
            await using var server = await TestServer.StartAsync(_clock, directory);
            var link = await server.CreateLinkAsync();
            await server.FollowAsync(link.Alias, null, ("User-Agent", "A"));
            visitors.Add((await server.RowAsync(link)).Visitor);
            if (start == 1)
                _clock.Advance(TimeSpan.FromDays(1));
        }

        await using var last = await TestServer.StartAsync(_clock, directory);
        await _clock.UntilAsync(
            () => Secrets(last.Database).Count(name => name.StartsWith("visitors/", StringComparison.Ordinal)) <= 1,
            TimeSpan.FromMilliseconds(100),
            "Forgetting yesterday's salt"
        );

        Assert.Equal(visitors[0], visitors[1]);
        Assert.NotEqual(visitors[0], visitors[2]);
        Assert.Contains("visitors/2026-03-02", Secrets(last.Database));
    }

    private VisitorSalts Make(params (string Name, string Value)[] settings) =>
        new(
            _database,
            SignpostSettings.Read(
                new ConfigurationBuilder()
                    .AddInMemoryCollection(settings.ToDictionary(one => one.Name, one => (string?)one.Value))
                    .Build()
            ),
            _clock,
            new(_clock),
            NullLogger<VisitorSalts>.Instance
        );

    private static async Task<ulong> HashAsync(VisitorSalts salts, int day)
    {
        if (!salts.IsReady(day))
            await salts.LoadAwaitedAsync(Cancel);
        return salts.Hash(day, Address, "A"u8, 0);
    }

    private byte[] Salt()
    {
        using var connection = _database.OpenRead();
        using var command = connection.Command(null, "SELECT value FROM secrets WHERE name LIKE 'visitors/%'");
        return (byte[])command.ExecuteScalar()!;
    }

    private bool IsOnDisk(byte[] salt)
    {
        foreach (var path in Directory.GetFiles(_directory))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            if (bytes.AsSpan().IndexOf(salt) >= 0)
                return true;
        }

        return false;
    }

    private List<string> Stored() =>
        [.. Secrets(_database).Where(name => name.StartsWith("visitors/", StringComparison.Ordinal))];

    private static List<string> Secrets(Database database)
    {
        using var connection = database.OpenRead();
        using var command = connection.Command(null, "SELECT name FROM secrets ORDER BY name");
        using var rows = command.ExecuteReader();
        List<string> names = [];
        while (rows.Read())
            names.Add(rows.GetString(0));
        return names;
    }
}
