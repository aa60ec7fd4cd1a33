using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Signpost.FaultTests.Running;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>A PostgreSQL that answers but takes no writes: a start says so in one line, and a running server in <c>/readyz</c>.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
[Trait("Database", "PostgreSQL")]
public sealed class PostgresRefusalTests
{
    private const int Megabytes = 32;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_disk()
    {
        await using var disk = await SmallDisk.MountAsync(Megabytes);
        OpenToAll(Path.GetDirectoryName(disk.Directory)!);
        OpenToAll(disk.Directory);
        // Its own PostgreSQL, because a full disk troubles the whole one.
        var server = await TestPostgres.StartAsync(isStandby: false);
        var (empty, used) = ($"{server}/empty", $"{server}/used");
        var files = Path.Combine(disk.Directory, "files");
        await RunAsync(server, $"COPY (SELECT 1) TO PROGRAM 'mkdir {files}'");
        await RunAsync(server, $"CREATE TABLESPACE small LOCATION '{files}'");
        foreach (var name in (string[])["empty", "used"])
            await RunAsync(server, $"CREATE DATABASE {name} TEMPLATE template0 STRATEGY FILE_COPY TABLESPACE small");
        await TestDatabase.ApplyAsync(used);
        await using var home = Installation.Empty();
        await using var signpost = await RunningServer.StartAsync(home, Settings(used));
        await UntilTakenAsync(signpost);
        disk.Fill();

        var reasons = await UntilRefusedAsync(signpost);
        await using var other = Installation.Empty();
        var started = await SignpostProcess.RunAsync(other, [], Settings(empty));
        disk.Free();

        Assert.Contains("The database takes no writes", reasons, StringComparison.Ordinal);
        Assert.Equal(1, started.ExitCode);
        Assert.Contains(" is full. Make room there.", Assert.Single(started.Errors), StringComparison.Ordinal);
        await UntilTakenAsync(signpost);
    }

    [Fact]
    public async Task A_server_that_becomes_a_replica()
    {
        var url = await TestPostgres.NewAsync(isEmpty: false);
        var name = new Uri(url).AbsolutePath.Trim('/');
        var beside = new Uri(new Uri(url), "/postgres").ToString();
        await using var home = Installation.Empty();
        await using var server = await RunningServer.StartAsync(home, Settings(url));
        await UntilTakenAsync(server);

        await RunAsync(beside, $"ALTER DATABASE {name} SET default_transaction_read_only = on");
        await LoseConnectionsAsync(url);
        var reasons = await UntilRefusedAsync(server);
        // It can still be read.
        await Patience.UntilAsync(async () => await StatusAsync(server) is HttpStatusCode.OK);
        await RunAsync(beside, $"ALTER DATABASE {name} RESET default_transaction_read_only");
        await LoseConnectionsAsync(url);

        Assert.Contains("The database takes no writes", reasons, StringComparison.Ordinal);
        await UntilTakenAsync(server);
    }

    private static (string, string)[] Settings(string url) =>
        [
            ("ASPNETCORE_URLS", "http://127.0.0.1:0"),
            ("SIGNPOST_DATABASE_URL", url),
            ("SIGNPOST_ADMIN_EMAIL", Installation.AdminEmail),
            ("SIGNPOST_ADMIN_PASSWORD", "correct horse battery staple"),
            ("SIGNPOST_API_KEY", Installation.ApiKey),
        ];

    // PostgreSQL runs as another user.
    private static void OpenToAll(string directory) =>
        File.SetUnixFileMode(
            directory,
            UnixFileMode.UserRead
                | UnixFileMode.UserWrite
                | UnixFileMode.UserExecute
                | UnixFileMode.OtherRead
                | UnixFileMode.OtherWrite
                | UnixFileMode.OtherExecute
        );

    // A database that takes a write is one with which the server is ready.
    private static async Task UntilTakenAsync(RunningServer server)
    {
        await Patience.UntilAsync(async () => await CreateAsync(server) is HttpStatusCode.Created);
        Assert.Equal(200, (await server.ReadinessAsync()).Status);
    }

    /// <returns>The answer of <c>/readyz</c> then.</returns>
    private static async Task<string> UntilRefusedAsync(RunningServer server)
    {
        await Patience.UntilAsync(async () => await CreateAsync(server) is HttpStatusCode.ServiceUnavailable);
        // Meanwhile the server may believe for a moment that PostgreSQL is away, because its connections were lost.
        var answer = await server.ReadinessAsync();
        await Patience.UntilAsync(
            async () =>
                await CreateAsync(server) is HttpStatusCode.ServiceUnavailable
                && (answer = await server.ReadinessAsync()).Status == 503
                && !answer.Text.Contains("cannot be read", StringComparison.Ordinal),
            "the reason",
            () => answer.Text
        );
        return answer.Text;
    }

    private static async Task<HttpStatusCode> CreateAsync(RunningServer server)
    {
        // Large, and nothing that PostgreSQL could pack, so that it does not fit into an existing page.
        using var answer = await server.Http.PostAsJsonAsync(
            "/api/links",
            new
            {
                location_url = "https://example.org/",
                cloaking_custom_js = Convert.ToHexString(RandomNumberGenerator.GetBytes(30_000)),
            },
            Cancel
        );
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningServer server)
    {
        using var answer = await server.Http.GetAsync("/api/links", Cancel);
        return answer.StatusCode;
    }

    private static Task LoseConnectionsAsync(string url) =>
        RunAsync(
            url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        );

    private static async Task RunAsync(string url, string sql)
    {
        await using var connection = await TestPostgres.OpenAsync(url);
        await using var command = connection.Command(null, sql);
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
