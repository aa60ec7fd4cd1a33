using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace Signpost.Testing;

/// <summary>
/// The PostgreSQL of this process, started by <c>tests/postgres</c> when a test asks for it first. It ends with the process. With
/// <c>SIGNPOST_TEST_DATABASE=postgres</c> all test servers use it, otherwise only tests that are about PostgreSQL.
/// </summary>
internal static class TestPostgres
{
    private const string Template = "signpost_template";

    private static readonly Lazy<Task<string>> Started = new(() => StartAsync(isStandby: false));
    private static readonly Lazy<Task<string>> Standby = new(() => StartAsync(isStandby: true));
    private static readonly Lazy<Task> Prepared = new(PrepareAsync);
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> OfDirectories = [];
    private static readonly ConcurrentBag<Process> Programs = [];
    private static int _count;

    /// <summary>Whether this run tests the server on PostgreSQL.</summary>
    public static bool IsChosen { get; } =
        Environment.GetEnvironmentVariable("SIGNPOST_TEST_DATABASE") switch
        {
            null or "" or "sqlite" => false,
            "postgres" => true,
            var other => throw new InvalidOperationException(
                $"SIGNPOST_TEST_DATABASE is {other}, not sqlite or postgres."
            ),
        };

    /// <summary>The database that belongs to a data directory: made with all tables and nothing in them when it is asked for first.</summary>
    /// <returns>A value of SIGNPOST_DATABASE_URL.</returns>
    public static Task<string> OfDirectoryAsync(string directory) =>
        OfDirectories.GetOrAdd(directory, _ => new(() => NewAsync(isEmpty: false))).Value;

    /// <summary>Makes a database.</summary>
    /// <param name="isEmpty">Without tables.</param>
    /// <returns>A value of SIGNPOST_DATABASE_URL.</returns>
    public static async Task<string> NewAsync(bool isEmpty)
    {
        if (!isEmpty)
            await Prepared.Value;
        var name = $"signpost_{Interlocked.Increment(ref _count)}";
        // Copying the files takes half of the time that the usual way takes, through the log.
        await RunAsync($"CREATE DATABASE {name} TEMPLATE {(isEmpty ? "template0" : Template)} STRATEGY FILE_COPY");
        return $"{await Started.Value}/{name}";
    }

    /// <summary>A database of another server, which only reads: a replica whose primary server is away.</summary>
    /// <returns>A value of SIGNPOST_DATABASE_URL.</returns>
    public static async Task<string> StandbyAsync() => $"{await Standby.Value}/postgres";

    /// <summary>Drops the database of a data directory that is over.</summary>
    public static async Task DropAsync(string directory)
    {
        if (OfDirectories.TryRemove(directory, out var made))
            await RunAsync($"DROP DATABASE {NameOf(await made.Value)} WITH (FORCE)");
    }

    /// <summary>Opens a connection of our own to a database.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(string url)
    {
        var connection = ConnectionTo(url);
        await connection.OpenAsync();
        return connection;
    }

    /// <inheritdoc cref="OpenAsync"/>
    public static NpgsqlConnection Open(string url)
    {
        var connection = ConnectionTo(url);
        connection.Open();
        return connection;
    }

    private static NpgsqlConnection ConnectionTo(string url)
    {
        var address = new Uri(url);
        return new(
            new NpgsqlConnectionStringBuilder
            {
                Host = address.Host,
                Port = address.Port,
                Username = address.UserInfo,
                Database = address.AbsolutePath.Trim('/') is { Length: > 0 } name ? name : "postgres",
                Pooling = false,
            }.ToString()
        );
    }

    private static async Task RunAsync(string sql)
    {
        await using var connection = await OpenAsync(await Started.Value);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string NameOf(string url) => new Uri(url).AbsolutePath.Trim('/');

    // Migrations take longer than the rest of a start, so they run once.
    private static async Task PrepareAsync()
    {
        await RunAsync($"CREATE DATABASE {Template} TEMPLATE template0");
        await TestDatabase.ApplyAsync($"{await Started.Value}/{Template}");
    }

    /// <summary>Starts another PostgreSQL, which ends with this process.</summary>
    /// <returns>Its address, without a database.</returns>
    public static async Task<string> StartAsync(bool isStandby)
    {
        var start = new ProcessStartInfo(Path.Combine(Root, "tests/postgres"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["STANDBY"] = isStandby ? "1" : "";
        // It ends when its input does, so also when this process is killed.
        var program = Process.Start(start)!;
        Programs.Add(program);
        return await program.StandardOutput.ReadLineAsync().OrFail("PostgreSQL starts")
            ?? throw new InvalidOperationException("tests/postgres could not start PostgreSQL; its output says why.");
    }

    private static string Root
    {
        get
        {
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(directory.FullName, "Signpost.slnx")))
                directory =
                    directory.Parent
                    ?? throw new InvalidOperationException("There is no Signpost.slnx above the tests.");
            return directory.FullName;
        }
    }
}
