using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Signpost.Storage.Postgres;
using Signpost.Storage.Sqlite;

namespace Signpost.Storage.Moving;

/// <summary>Makes the backups of a database on PostgreSQL, which are SQLite files, and restores them there.</summary>
internal static class PostgresBackup
{
    // A backup may be restored at any later time. The system's clock counts then.
    private const string Clock = "expiry_clock";

    /// <inheritdoc cref="Database.CopyAsync"/>
    public static async Task CopyAsync(PostgresAddress address, string to, string forgotten)
    {
        using var engine = new PostgresEngine(address, isBeside: true);
        try
        {
            await using var db = engine.NewReader();
            await using var connection = engine.OpenOwnRead();
            await using var moment = Database.BeginSnapshot(connection);
            // It may take long, and rows in the order of an index need no sorting.
            connection.Run(moment, "SET LOCAL statement_timeout = 0; SET LOCAL enable_sort = off");
            var tables = MovedTable.Of(db);
            Hold(connection, moment, engine, tables);
            Require(connection, engine);
            var original = new Original(moment);
            using var copy = await SqliteCopy.BeginAsync(to);
            foreach (var table in tables.Where(table => table.Name is not Clock))
            {
                var kept = table.Name is "secrets" ? table with { Only = $"name NOT LIKE '{forgotten}%'" } : table;
                copy.Fill(kept, original.Rows(kept));
                copy.SetLastId(kept, original.LastId(kept));
            }

            copy.Finish();
        }
        catch (DbException error) when (engine.Explain(error) is var explained && explained != error)
        {
            throw explained;
        }

        SqliteBackup.CheckPages(to);
    }

    /// <inheritdoc cref="Database.ReplaceAsync"/>
    public static async Task RestoreAsync(Database target, string file)
    {
        await using var db = target.ForMigrations();
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var progress = new CopyProgress(connection);
        // Otherwise a server would serve the empty tables if this ends too early.
        if (Schema.IsNew(target) && !progress.IsThere)
            progress.Begin("restore");
        await Schema.ApplyAsync(target, CancellationToken.None, forCopy: true);

        await using var source = SqliteFile.Open(file, SqliteOpenMode.ReadOnly);
        await using var moment = Database.BeginSnapshot(source);
        var original = new Original(moment);
        var tables = MovedTable.Of(db);
        var copy = new PostgresCopy(connection);
        await using var transaction = connection.BeginTransaction();
        var former = tables.ToDictionary(table => table, table => Original.LastId(connection, transaction, table));
        copy.Empty(transaction, tables);
        foreach (var table in tables)
            Fill(copy, transaction, table, original);
        copy.Finish(transaction, tables, table => Math.Max(original.LastId(table), former[table] + SqliteBackup.Jump));
        progress.End(transaction);
        await transaction.CommitAsync();
    }

    private static void Fill(PostgresCopy copy, NpgsqlTransaction transaction, MovedTable table, Original original)
    {
        using (var rows = original.Rows(table).GetEnumerator())
            while (copy.Write(transaction, table, rows, out _) > 0) { }

        var (given, written) = (original.Sum(table), RowSum.Of(transaction.Connection!, transaction, table));
        if (!given.Is(written))
            throw new DatabaseDamagedException(
                $"The copy of the table {table.Name} differs from the backup: it has {written.Rows} rows instead of {given.Rows}, or other values. Nothing was changed."
            );
    }

    // A restore that commits after this moment would leave it with empty tables. Locks come before the moment begins, and so wait for that restore.
    private static void Hold(
        DbConnection connection,
        DbTransaction moment,
        PostgresEngine engine,
        IReadOnlyList<MovedTable> tables
    )
    {
        using var command = connection.Command(
            moment,
            $"LOCK TABLE {string.Join(", ", tables.Select(table => table.Name))} IN ACCESS SHARE MODE"
        );
        command.CommandTimeout = 0;
        try
        {
            command.ExecuteNonQuery();
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.UndefinedTable)
        {
            // A transaction whose statement failed answers nothing.
            using var other = engine.OpenOwnRead();
            Require(other, engine);
            throw;
        }
    }

    // The tables of a server are the newest of its version. Another version may have others.
    private static void Require(DbConnection connection, PostgresEngine engine)
    {
        Schema.RefuseUnfinished(connection, engine.Place);
        Schema.Check(connection, engine.Migrations, engine.Place);
        if (!Schema.IsIn(connection))
            throw new DatabaseAwayException($"{engine.Place} is empty: correct SIGNPOST_DATABASE_URL.");
        if (!Schema.IsCurrent(connection, engine.Migrations))
            throw new DatabaseAwayException(
                $"{engine.Place} was made by an earlier version. Back it up with that version, or start the server of this version first."
            );
    }
}
