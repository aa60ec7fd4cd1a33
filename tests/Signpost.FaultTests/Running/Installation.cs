using Microsoft.Data.Sqlite;
using Signpost.Accounts.Keys;
using Signpost.Core.Clicks;
using Signpost.Storage;

namespace Signpost.FaultTests.Running;

/// <summary>A link that an installation has from the beginning.</summary>
internal sealed record SeededLink(string Alias, long? Limit = null)
{
    public long Id { get; init; }

    public string Path => "/" + Alias;

    public string Location => $"https://example.org/{Alias}";
}

/// <summary>A data directory of its own, deleted at the end.</summary>
internal sealed class Installation : IAsyncDisposable
{
    public const string AdminEmail = "ada@example.org";

    private Installation(string root, string dataDirectory) => (Root, DataDirectory) = (root, dataDirectory);

    /// <summary>The key of the first admin in an installation that was seeded.</summary>
    public static string ApiKey { get; } = "sp_fault_" + new string('k', 40);

    /// <summary>Where the processes run; the data directory is below it.</summary>
    public string Root { get; }

    public string DataDirectory { get; }

    public string DatabasePath => Path.Combine(DataDirectory, "signpost.db");

    public string JournalPath => Path.Combine(DataDirectory, "journal");

    public IReadOnlyList<SeededLink> Links { get; private set; } = [];

    /// <summary>An empty data directory.</summary>
    /// <param name="root">Where; null: a temporary directory.</param>
    public static Installation Empty(string? root = null)
    {
        root ??= Directory.CreateTempSubdirectory("signpost-fault-").FullName;
        return new Installation(root, Path.Combine(root, "data"));
    }

    /// <summary>One with an admin, a key and links, as a server would have made it.</summary>
    public static Task<Installation> SeededAsync(params SeededLink[] links) => SeededAsync(null, links);

    /// <inheritdoc cref="SeededAsync(SeededLink[])"/>
    /// <param name="root">Where; null: a temporary directory.</param>
    public static async Task<Installation> SeededAsync(string? root, params SeededLink[] links)
    {
        var home = Empty(root);
        Directory.CreateDirectory(home.DataDirectory);
        await Testing.EmptyDatabase.PutAsync(home.DataDirectory);
        await using var database = new Database(home.DatabasePath);
        home.Links = await database.WriteAsync(db => SeedAsync(db, links), CancellationToken.None);
        return home;
    }

    /// <summary>One whose database is on PostgreSQL.</summary>
    /// <param name="url">A database with all tables, a value of SIGNPOST_DATABASE_URL.</param>
    public static async Task<Installation> SeededOnServerAsync(string url, params SeededLink[] links)
    {
        var home = Empty();
        await using var database = Testing.TestDatabase.OpenAt(url);
        home.Links = await database.WriteAsync(db => SeedAsync(db, links), CancellationToken.None);
        return home;
    }

    /// <summary>A seeded link by its alias.</summary>
    public SeededLink Link(string alias) => Links.Single(link => link.Alias == alias);

    /// <summary>A person's clicks on a link, as stored.</summary>
    public long StoredClicks(long linkId) => Stored(linkId, ClickKind.Person);

    public long Stored(long linkId, ClickKind kind)
    {
        using var connection = Open(SqliteOpenMode.ReadWrite);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT coalesce(sum(count), 0) FROM link_counts WHERE link_id = $link AND kind = $kind";
        command.Parameters.AddWithValue("$link", linkId);
        command.Parameters.AddWithValue("$kind", (byte)kind);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>One value out of the database.</summary>
    public object? Ask(string sql)
    {
        using var connection = Open(SqliteOpenMode.ReadWrite);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>
    /// Blocks all other writers of the database until disposed. So clicks stay in the journal, and the test needs no timing.
    /// </summary>
    public IDisposable HoldDatabase()
    {
        var connection = Open(SqliteOpenMode.ReadWrite);
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Root, recursive: true);
        return ValueTask.CompletedTask;
    }

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = DatabasePath,
                Mode = mode,
                Pooling = false,
            }.ToString()
        );
        connection.Open();
        // Triggers on links call it.
        connection.CreateFunction<long, string, string, string?, string?, string?, string>(
            LinkTexts.Sql,
            LinkTexts.Document
        );
        return connection;
    }

    private static async Task<IReadOnlyList<SeededLink>> SeedAsync(SignpostDb db, SeededLink[] links)
    {
        var admin = new Person
        {
            Account = new() { CreatedAt = 0 },
            Email = AdminEmail,
            NormalizedEmail = Person.Normalize(AdminEmail),
            SecurityStamp = "seeded",
            IsAdmin = true,
        };
        db.People.Add(admin);
        await db.SaveChangesAsync();
        db.ApiKeys.Add(ApiKeys.Row(admin.Id, ApiKey, "Seeded", DateTimeOffset.UnixEpoch));

        var rows = links
            .Select(link => new LinkRow
            {
                AccountId = admin.Id,
                Alias = link.Alias,
                AliasKey = link.Alias,
                LocationUrl = link.Location,
                ClicksLimit = link.Limit,
                CreatedAt = 0,
                UpdatedAt = 0,
            })
            .ToList();
        db.Links.AddRange(rows);
        await db.SaveChangesAsync();
        return [.. links.Zip(rows, (link, row) => link with { Id = row.Id })];
    }
}
