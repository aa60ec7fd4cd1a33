using System.Diagnostics;
using Npgsql;
using Signpost.Testing;

namespace Signpost.FaultTests.Running;

/// <summary>A PostgreSQL that one test stops, freezes and kills. What it has committed survives its crash, not one of the machine.</summary>
internal sealed class OwnPostgres : IAsyncDisposable
{
    private readonly Process _script;

    private OwnPostgres(Process script, string url) => (_script, Url) = (script, url);

    /// <summary>An empty database there with all tables.</summary>
    public string Url { get; }

    public static async Task<OwnPostgres> StartAsync()
    {
        var start = new ProcessStartInfo(
            Path.Combine(SignpostProcess.ProjectPath, "../../tests/postgres"),
            ["-c", "synchronous_commit=on"]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var script = Process.Start(start)!;
        var server =
            await script.StandardOutput.ReadLineAsync().OrFail("PostgreSQL starts")
            ?? throw new InvalidOperationException("tests/postgres could not start PostgreSQL; its output says why.");
        await using (var connection = await TestPostgres.OpenAsync(server))
        await using (var command = new NpgsqlCommand("CREATE DATABASE signpost TEMPLATE template0", connection))
            await command.ExecuteNonQueryAsync();
        await TestDatabase.ApplyAsync($"{server}/signpost");
        return new(script, $"{server}/signpost");
    }

    public Task StopAsync() => OrderAsync("stop");

    public Task StartAgainAsync() => OrderAsync("start");

    /// <summary>Stops all its processes where they are.</summary>
    public Task FreezeAsync() => OrderAsync("freeze");

    public Task ThawAsync() => OrderAsync("thaw");

    /// <summary>Kills one of the processes that serve Signpost, after which PostgreSQL ends the others and recovers.</summary>
    /// <returns>The number of processes that could be chosen.</returns>
    public async Task<int> KillBackendAsync(Random moments)
    {
        List<int> ids = [];
        await using (var connection = await TestPostgres.OpenAsync(Url))
        await using (
            var command = new NpgsqlCommand(
                "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'signpost%' AND pid <> pg_backend_pid()",
                connection
            )
        )
        await using (var rows = await command.ExecuteReaderAsync())
            while (await rows.ReadAsync())
                ids.Add(rows.GetInt32(0));
        if (ids.Count > 0)
            Signals.Send(ids[moments.Next(ids.Count)], Signals.Kill);
        return ids.Count;
    }

    public async ValueTask DisposeAsync()
    {
        _script.StandardInput.Close();
        await _script.EndAsync("tests/postgres");
        _script.Dispose();
    }

    private async Task OrderAsync(string order)
    {
        await _script.StandardInput.WriteLineAsync(order);
        await _script.StandardInput.FlushAsync();
        Assert.Equal($"{order}: done", await _script.StandardOutput.ReadLineAsync().OrFail(order));
    }
}
