using System.Data.Common;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Signpost.Storage.Moving;

namespace Signpost.Storage;

/// <summary>Brings the tables to this program's version at start, and refuses a database of a version that it does not know.</summary>
internal static class Schema
{
    private const string History = "__EFMigrationsHistory";

    /// <summary>The ids of the migrations of a database, oldest first.</summary>
    public static IReadOnlyList<string> MigrationsOf<TContext>()
        where TContext : DbContext =>
        [
            .. typeof(Schema)
                .Assembly.GetTypes()
                .Where(type =>
                    type.GetCustomAttribute<DbContextAttribute>(inherit: false)?.ContextType == typeof(TContext)
                )
                .Select(type => type.GetCustomAttribute<MigrationAttribute>(inherit: false)?.Id)
                .OfType<string>()
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>
    /// Applies missing migrations. If none is missing, Entity Framework is not loaded, which saves a third of the start.
    /// </summary>
    /// <param name="forCopy">A copy into the database goes on: it may be unfinished.</param>
    /// <exception cref="DatabaseDamagedException">The file cannot be read.</exception>
    /// <exception cref="DatabaseAwayException">The server refuses; the message says why.</exception>
    public static async Task ApplyAsync(Database database, CancellationToken cancel, bool forCopy = false)
    {
        try
        {
            if (!forCopy)
                RefuseUnfinished(database);
            var isCurrent = IsCurrent(database);
            if (!isCurrent)
            {
                await using var db = database.ForMigrations();
                // The index of a large table takes long.
                db.Database.SetCommandTimeout(0);
                await db.Database.MigrateAsync(cancel);
            }

            database.Claim(hasChanged: !isCurrent);
        }
        catch (DbException error) when (database.Explain(error) is var explained && explained != error)
        {
            throw explained;
        }
    }

    private static void RefuseUnfinished(Database database)
    {
        using var connection = database.OpenRead();
        RefuseUnfinished(connection, database.Place);
    }

    /// <summary>Passes when no copy into a database is unfinished.</summary>
    /// <exception cref="DatabaseAwayException">One is.</exception>
    public static void RefuseUnfinished(DbConnection connection, string place)
    {
        if (Dialect.Of(connection).HasTable(connection, CopyProgress.Table))
            throw new DatabaseAwayException(
                $"{place} has an unfinished move or restore. Run migrate-database again, which continues, or restore."
            );
    }

    /// <summary>Tells whether a database has no tables of this program.</summary>
    public static bool IsNew(Database database)
    {
        using var connection = database.OpenRead();
        return !IsIn(connection);
    }

    /// <summary>Tells whether no migration is missing.</summary>
    public static bool IsCurrent(Database database)
    {
        using var connection = database.OpenRead();
        return IsCurrent(connection, database.Migrations);
    }

    /// <inheritdoc cref="IsCurrent(Database)"/>
    public static bool IsCurrent(DbConnection connection, IReadOnlyList<string> known) =>
        Applied(connection).Count == known.Count;

    /// <summary>Passes when the program knows the whole history of a database, which may be empty.</summary>
    /// <param name="known">The ids of the program's migrations, oldest first.</param>
    /// <param name="place">The place of the database, for the message.</param>
    /// <exception cref="DatabaseDamagedException">A newer or an earlier version made it.</exception>
    public static void Check(DbConnection connection, IReadOnlyList<string> known, string place)
    {
        if (Applied(connection).Except(known, StringComparer.Ordinal).Max(StringComparer.Ordinal) is not { } unknown)
            return;

        throw new DatabaseDamagedException(
            string.CompareOrdinal(unknown, known[0]) < 0
                ? $"The database {place} was made by an earlier development version (its history has '{unknown}'). "
                    + "Nothing was changed. Move the data directory away, or restore a backup of this version."
                : $"The database {place} was made by a newer version (its history has '{unknown}'). "
                    + "Nothing was changed. Start that version, or restore a backup of this version."
        );
    }

    /// <summary>Tells whether a database has the tables of this program, of any version.</summary>
    public static bool IsIn(DbConnection connection) => Dialect.Of(connection).HasTable(connection, History);

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
