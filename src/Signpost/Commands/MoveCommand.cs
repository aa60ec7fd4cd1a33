using Microsoft.EntityFrameworkCore;
using Npgsql;
using Signpost.Hosting;
using Signpost.Storage;
using Signpost.Storage.Moving;
using Signpost.Storage.Postgres;

namespace Signpost.Commands;

/// <summary>Moves the SQLite database of a stopped installation to PostgreSQL.</summary>
internal static class MoveCommand
{
    /// <summary>
    /// Copies all tables, checks the copies, and tells how far it is. If it is killed, the same command continues. The SQLite
    /// database stays as it is, but no server starts on it any more.
    /// </summary>
    /// <param name="to">The address of a database on PostgreSQL that is empty, or has the beginning of this move; null: that of the settings.</param>
    /// <exception cref="StartException">There is no address, it is wrong, or the database there has tables of its own.</exception>
    public static async Task RunAsync(SignpostSettings settings, string? to, TextWriter output)
    {
        var address = to is null ? settings.DatabaseAddress : Read(to);
        if (address is null)
            throw new StartException(
                $"Name the database that the move goes to with --to or SIGNPOST_DATABASE_URL. It must be like {PostgresAddress.Allowed}."
            );

        using var directory = DataDirectory.Open(settings.DataDirectory);
        if (!File.Exists(directory.DatabasePath))
            throw new StartException($"There is no database at {directory.DatabasePath}: set SIGNPOST_DATA_DIR.");
        await using var source = new Database(directory.DatabasePath);
        await Schema.ApplyAsync(source, CancellationToken.None);
        await using var target = new Database(new PostgresEngine(address));
        await using var db = target.ForMigrations();
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var tables = MovedTable.Of(db);
        await using var reading = source.OpenRead();
        await using var moment = Database.BeginSnapshot(reading);
        var move = new DatabaseMove(moment, connection, tables, InstallationKey.Name);
        await BeginAsync(move, target);

        var sizes = tables.ToDictionary(table => table, move.Count);
        var bar = new ProgressBar(output, sizes.Values.Sum());
        move.Copied = (table, rows) => bar.Show(table.Name, rows, sizes[table]);
        foreach (var table in tables)
            move.Copy(table);
        output.WriteLine("All rows are copied. The copies are compared with the originals.");
        var all = tables.Sum(move.Compare);
        // Before the end, so that no two servers ever use the two databases.
        directory.MarkMoved(target.Place);
        move.Finish();
        output.WriteLine(
            $"Moved {all:N0} rows of {tables.Count} tables to {target.Place}, and compared them. Start the server with SIGNPOST_DATABASE_URL and the same data directory: "
                + "its journal still has the clicks that are not stored yet."
        );
    }

    // It may hold a password, so no part of a wrong value is shown.
    private static PostgresAddress Read(string to) =>
        PostgresAddress.TryParse(to, out var address)
            ? address
            : throw new StartException(
                $"--to ({to.Length} characters, not shown) is wrong. It must be like {PostgresAddress.Allowed}."
            );

    private static async Task BeginAsync(DatabaseMove move, Database target)
    {
        if (move.IsBegun)
            Continue(move, target);
        else if (Schema.IsNew(target))
            // From now on no server uses it.
            move.Begin();
        else
        {
            await Schema.ApplyAsync(target, CancellationToken.None);
            if (move.Filled() is [var filled, ..])
                throw new StartException(
                    $"{target.Place} is not empty: its table {filled} has rows. Nothing was changed. Name an empty database."
                );
            move.Begin();
        }

        await Schema.ApplyAsync(target, CancellationToken.None, forCopy: true);
    }

    private static void Continue(DatabaseMove move, Database target)
    {
        if (!move.IsOurs)
            throw new StartException(
                $"{target.Place} has an unfinished move of another installation, or an unfinished restore. Nothing was changed. Name an empty database."
            );
        if (move.HasRows && !Schema.IsCurrent(target))
            throw new StartException(
                $"Another version of Signpost began a move to {target.Place}. Continue with that version, or empty the database."
            );
    }

    /// <summary>Shows how far all rows are, one line at a time.</summary>
    private sealed class ProgressBar(TextWriter output, long all)
    {
        private const int Width = 20;

        private readonly Dictionary<string, long> _done = [];

        public void Show(string table, long rows, long size)
        {
            _done[table] = rows;
            if (rows == 0)
                return;
            var part = Math.Min(1, _done.Values.Sum() / (double)Math.Max(1, all));
            var bar = new string('#', (int)(part * Width)).PadRight(Width, '.');
            output.WriteLine($"[{bar}] {part, 4:P0} {table}: {rows:N0} of {size:N0} rows");
        }
    }
}
