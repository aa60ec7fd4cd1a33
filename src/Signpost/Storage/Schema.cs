using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Signpost.Storage;

/// <summary>Brings the tables to this program's version at start.</summary>
internal static class Schema
{
    /// <summary>
    /// Applies what is missing. When nothing is, Entity Framework is not even loaded, which saves a third of the start.
    /// </summary>
    /// <exception cref="DatabaseDamagedException">The file cannot be read, or was made by a newer version.</exception>
    public static async Task ApplyAsync(Database database, CancellationToken cancel)
    {
        try
        {
            string[] known =
            [
                .. typeof(Schema)
                    .Assembly.GetTypes()
                    .Select(type => type.GetCustomAttribute<MigrationAttribute>(inherit: false)?.Id)
                    .OfType<string>()
                    .Order(StringComparer.Ordinal),
            ];
            var applied = Applied(database);
            if (applied.Except(known, StringComparer.Ordinal).FirstOrDefault() is { } stranger)
                throw new DatabaseDamagedException(
                    $"The database {database.Path} was made by a newer Signpost (it has the change '{stranger}'). "
                        + "Start that version, or restore an older backup."
                );
            if (applied.Count == known.Length)
                return;

            await using var db = database.ForMigrations();
            await db.Database.MigrateAsync(cancel);
        }
        catch (SqliteException error) when (DatabaseFile.IsDamage(error))
        {
            throw DatabaseFile.Damaged(database.Path, 0, error.Message, error);
        }
    }

    private static List<string> Applied(Database database)
    {
        using var connection = database.OpenRead();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = '__EFMigrationsHistory'";
        if ((long)command.ExecuteScalar()! == 0)
            return [];

        command.CommandText = "SELECT MigrationId FROM __EFMigrationsHistory";
        using var rows = command.ExecuteReader();
        List<string> applied = [];
        while (rows.Read())
            applied.Add(rows.GetString(0));
        return applied;
    }
}
