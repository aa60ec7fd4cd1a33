using System.Data.Common;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Signpost.Storage.Sqlite;

namespace Signpost.Storage;

/// <summary>Brings the tables to this program's version at start, and refuses a file of a version that it does not know.</summary>
internal static class Schema
{
    private const string History = "__EFMigrationsHistory";

    // The ids of this program's migrations, oldest first. An id begins with the time of the migration's creation.
    private static readonly string[] Known =
    [
        .. typeof(Schema)
            .Assembly.GetTypes()
            .Select(type => type.GetCustomAttribute<MigrationAttribute>(inherit: false)?.Id)
            .OfType<string>()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The version of the tables: the newest migration of this program.</summary>
    public static string Version => Known[^1];

    /// <summary>
    /// Applies missing migrations. If none is missing, Entity Framework is not loaded, which saves a third of the start.
    /// </summary>
    /// <exception cref="DatabaseDamagedException">The file cannot be read.</exception>
    public static async Task ApplyAsync(Database database, CancellationToken cancel)
    {
        try
        {
            if (IsCurrent(database))
                return;

            await using var db = database.ForMigrations();
            await db.Database.MigrateAsync(cancel);
        }
        catch (DbException error) when (SqliteFile.IsDamage(error))
        {
            throw SqliteFile.Damaged(database.Path, 0, error.Message, error);
        }
    }

    /// <summary>Tells whether no migration is missing.</summary>
    public static bool IsCurrent(Database database)
    {
        using var connection = database.OpenRead();
        return Applied(connection).Count == Known.Length;
    }

    /// <summary>Passes when the file is absent or empty, or when this program knows its whole migration history.</summary>
    /// <remarks>
    /// It changes neither the file nor its write-ahead log. Of a file without a log it also creates no other file beside it.
    /// </remarks>
    /// <exception cref="DatabaseDamagedException">A newer or an earlier version made it, or it cannot be read.</exception>
    public static void Check(string path)
    {
        if (new FileInfo(path) is not { Exists: true, Length: > 0 })
            return;

        string? unknown;
        try
        {
            using var connection = SqliteFile.OpenUnchanged(path);
            unknown = Applied(connection).Except(Known, StringComparer.Ordinal).Max(StringComparer.Ordinal);
        }
        catch (DbException error) when (SqliteFile.IsDamage(error))
        {
            throw SqliteFile.Damaged(path, 0, error.Message, error);
        }
        if (unknown is null)
            return;

        throw new DatabaseDamagedException(
            string.CompareOrdinal(unknown, Known[0]) < 0
                ? $"The database {path} was made by an earlier development version (its history has '{unknown}'). "
                    + "Nothing was changed. Move the data directory away, or restore a backup of this version."
                : $"The database {path} was made by a newer version (its history has '{unknown}'). "
                    + "Nothing was changed. Start that version, or restore a backup of this version."
        );
    }

    /// <summary>Tells whether a database has the tables of this program, of any version.</summary>
    public static bool IsIn(DbConnection connection) => SqliteFile.HasTable(connection, History);

    private static List<string> Applied(DbConnection connection)
    {
        if (!IsIn(connection))
            return [];

        using var command = connection.Command(null, $"""SELECT "MigrationId" FROM "{History}" """);
        using var rows = command.ExecuteReader();
        List<string> applied = [];
        while (rows.Read())
            applied.Add(rows.GetString(0));
        return applied;
    }
}
