using Signpost.Storage;
using Signpost.Storage.Postgres;

namespace Signpost.Testing;

/// <summary>The database of a test without a server, on the engine that this run tests.</summary>
internal static class TestDatabase
{
    /// <summary>Opens the database of a data directory, which is new when the directory is.</summary>
    public static Database Open(string directory, TimeProvider? clock = null) =>
        TestPostgres.IsChosen
            ? OpenAt(Task.Run(() => TestPostgres.OfDirectoryAsync(directory)).GetAwaiter().GetResult(), clock)
            : new Database(Path.Combine(directory, "signpost.db"), clock);

    /// <summary>Closes it, and deletes the data directory.</summary>
    public static async Task EndAsync(Database database, string directory)
    {
        await database.DisposeAsync();
        await TestPostgres.DropAsync(directory);
        Directory.Delete(directory, recursive: true);
    }

    /// <summary>Opens a database on PostgreSQL.</summary>
    /// <param name="url">A value of SIGNPOST_DATABASE_URL.</param>
    public static Database OpenAt(string url, TimeProvider? clock = null) =>
        PostgresAddress.TryParse(url, out var address)
            ? new Database(new PostgresEngine(address), clock)
            : throw new ArgumentException($"{url} is no address of a database.", nameof(url));

    /// <summary>Makes all tables of a database on PostgreSQL.</summary>
    public static async Task ApplyAsync(string url)
    {
        await using var database = OpenAt(url);
        await Schema.ApplyAsync(database, CancellationToken.None);
    }
}
