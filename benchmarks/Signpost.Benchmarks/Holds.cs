using System.Diagnostics;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Clicks;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Benchmarks;

/// <summary>
/// Deletes and moves domains with many links, and a link with many recent clicks, and changes many links, and prints how long one write kept the
/// others waiting. Each step has a server of its own, for the longest write is counted from the start.
/// </summary>
internal static class Holds
{
    private const string Key = "benchmark-key-0123456789abcdef0123456789";
    private const string Bulk = "/api/links/bulk";
    private const int Batch = 16_000;
    private const int Steps = 3;
    private static readonly Guid Journal = new("0190a0b1-0000-7000-8000-000000000042");

    public static async Task RunAsync(string directory, int links, int clicks)
    {
        // The last one warms up: the very first write of a kind waits for code to be compiled.
        await Seed.RunAsync(directory, 2 * links + Steps + 1);
        await StepAsync(directory, "seed", server => SeedAsync(server, links, clicks), null);
        await StepAsync(directory, "a link with its clicks deleted", null, $"/api/links/{2 * links + 1}");
        await StepAsync(directory, "1,000 links changed", null, Bulk);
        await StepAsync(directory, "a domain with its links deleted", null, "/api/domains/1?links=delete");
        await StepAsync(directory, "a domain's links moved", null, "/api/domains/2?links=move");
    }

    private static async Task StepAsync(string directory, string name, Func<Server, Task>? before, string? path)
    {
        await using var server = await Signpost.Program.CreateAsync(
            [],
            builder =>
                builder.Configuration.AddInMemoryCollection(
                    new Dictionary<string, string?>
                    {
                        ["urls"] = "http://127.0.0.1:0",
                        ["SIGNPOST_DATA_DIR"] = directory,
                        ["SIGNPOST_ADMIN_EMAIL"] = "ada@example.org",
                        ["SIGNPOST_ADMIN_PASSWORD"] = "correct horse battery staple",
                        ["SIGNPOST_API_KEY"] = Key,
                        ["SIGNPOST_API_REQUESTS_PER_MINUTE"] = "0",
                        ["Logging:LogLevel:Default"] = "Warning",
                    }
                )
        );
        await server.App.StartAsync();
        if (before is not null)
            await before(server);
        if (path is not null)
            await MeasureAsync(server, name, path);
        await server.App.StopAsync();
    }

    private static async Task MeasureAsync(Server server, string name, string path)
    {
        var database = server.App.Services.GetRequiredService<Database>();
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        var address = server
            .App.Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses.First();

        using (await http.DeleteAsync(address + $"/api/links/{LastLink(database)}?permanent=1")) { }
        while (HasJobs(database))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        var cold = database.LongestHold;
        using CancellationTokenSource done = new();
        var others = WriteAsync(database, done.Token);
        var start = Stopwatch.GetTimestamp();
        using var answer =
            path is Bulk
                ? await http.PostAsync(address + path, ChangeOf(1_000))
                : await http.DeleteAsync(address + path);
        var answered = Stopwatch.GetElapsedTime(start);
        while (HasJobs(database))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        var took = Stopwatch.GetElapsedTime(start);
        await done.CancelAsync();
        var (writes, longest) = await others;
        Console.WriteLine(
            $"{name}: {(int)answer.StatusCode} after {answered.TotalSeconds:F1} s, done after {took.TotalSeconds:F1} s; "
                + $"longest hold {database.LongestHold.TotalMilliseconds:F0} ms (before, cold: {cold.TotalMilliseconds:F0}); "
                + $"of {writes} other writes the slowest took {longest.TotalMilliseconds:F0} ms"
        );
    }

    private static FormUrlEncodedContent ChangeOf(int links) =>
        new([
            .. Enumerable.Range(1, links).Select(id => KeyValuePair.Create("ids[]", $"{id}")),
            KeyValuePair.Create("utm_source", "news"),
        ]);

    // Small writes of other clients at the same time.
    private static async Task<(int Writes, TimeSpan Longest)> WriteAsync(Database database, CancellationToken stop)
    {
        var (writes, longest) = (0, TimeSpan.Zero);
        for (; !stop.IsCancellationRequested; writes++)
        {
            var start = Stopwatch.GetTimestamp();
            await database.WriteRawAsync(
                (connection, transaction) =>
                {
                    using var command = connection.CreateCommand();
                    command.Transaction = transaction;
                    command.CommandText = "UPDATE accounts SET created_at = created_at + 1 WHERE id = 1";
                    return command.ExecuteNonQuery();
                },
                CancellationToken.None
            );
            var took = Stopwatch.GetElapsedTime(start);
            longest = took > longest ? took : longest;
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }

        return (writes, longest);
    }

    private static bool HasJobs(Database database) => Ask(database, "SELECT count(*) FROM jobs") > 0;

    private static long LastLink(Database database) => Ask(database, "SELECT max(id) FROM links");

    private static long Ask(Database database, string sql)
    {
        using var connection = database.OpenRead();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static async Task SeedAsync(Server server, int links, int clicks)
    {
        await server
            .App.Services.GetRequiredService<Database>()
            .WriteRawAsync(
                (connection, transaction) =>
                {
                    using var command = connection.CreateCommand();
                    command.Transaction = transaction;
                    command.CommandText = $"""
                        UPDATE links SET account_id = (SELECT min(account_id) FROM api_keys),
                            domain_id = CASE WHEN id <= {links} THEN 1 WHEN id <= {2 * links} THEN 2 ELSE 0 END;
                        INSERT INTO domains (id, account_id, scheme, host, is_enabled, token, verified_at, failed_checks,
                            created_at, updated_at)
                        SELECT value, (SELECT min(account_id) FROM api_keys), 'https://', 'go' || value || '.example', 1,
                            't', 1, 0, 0, 0 FROM json_each('[1,2]')
                        """;
                    return command.ExecuteNonQuery();
                },
                CancellationToken.None
            );
        var store = server.App.Services.GetRequiredService<IClickStore>();
        // Nine tenths on one link, the others over those of the domains.
        await StoreAsync(store, clicks * 10 / 9, click => click % 10 == 0 ? 1 + click % (2 * links) : 2 * links + 1);
    }

    private static async Task StoreAsync(IClickStore store, int count, Func<int, long> linkOf)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        for (var first = 0; first < count; first += Batch)
        {
            ClickRow[] rows =
            [
                .. Enumerable
                    .Range(first, Math.Min(Batch, count - first))
                    .Select(click => new ClickRow(
                        linkOf(click),
                        now,
                        (ulong)click * 0x9E37_79B9_7F4A_7C15,
                        ClickKind.Person,
                        302,
                        false,
                        ClickPlace.Unknown,
                        ClickAgent.Unknown,
                        null,
                        ClickReferrer.None,
                        ClickUtm.None,
                        new(Seed.Address(click % 1_000), null)
                    )),
            ];
            var totals = rows.Select(row => new Click(row.LinkId, 1, row.AtSeconds * 1_000, row.Kind, row.Status));
            var batch = new ClickBatch(Position(first), Position(first + Batch), [.. totals]) { Rows = rows };
            await store.ReadyAsync(CancellationToken.None);
            await store.AppendAsync(Journal, batch, CancellationToken.None);
        }
    }

    private static JournalPosition Position(int click) => click == 0 ? JournalPosition.Start : new(click, 0);
}
