using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace Signpost.Storage.Sqlite;

/// <summary>
/// Everything that <see cref="Database"/> does in SQLite's own way: connections, pragmas, transactions, error codes.
/// </summary>
internal sealed class SqliteEngine(string path)
{
    public const string RowId = "rowid";

    /// <summary>Stands after the name of a table, so that rows are found by their ids only.</summary>
    public const string ById = "NOT INDEXED";

    private const int MemoryStatus = 9; // SQLITE_CONFIG_MEMSTATUS

    private readonly string _readOnly = new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = SqliteOpenMode.ReadOnly,
        ForeignKeys = true,
        DefaultTimeout = SqliteFile.LockSeconds,
    }.ToString();

    /// <summary>
    /// Turns off SQLite's memory statistics. They take one lock for each allocation, and requests and low-priority threads would
    /// share it. Call it once, before anything else uses SQLite.
    /// </summary>
    /// <exception cref="InvalidOperationException">SQLite is in use already.</exception>
    public static void ConfigureProcess()
    {
        Batteries_V2.Init();
        var code = raw.sqlite3_config(MemoryStatus, 0);
        if (code != raw.SQLITE_OK)
            throw new InvalidOperationException($"SQLite refused to turn off its memory statistics (code {code}).");
    }

    /// <summary>
    /// Tells whether SQLite is busy (5), locked (6), read-only (8), full (13) or damaged (11, 26), or whether it cannot
    /// read (10) or open (14) the file.
    /// </summary>
    public static bool IsAway(Exception error) =>
        error is SqliteException { SqliteErrorCode: 5 or 6 or 8 or 10 or 11 or 13 or 14 or 26 };

    /// <summary>The error for a disk that is full.</summary>
    public static DbException Full() => new SqliteException("database or disk is full", 13);

    /// <summary>Tells whether there was no room in a file (13), or for more of the log's index (4874, SQLITE_IOERR_SHMSIZE).</summary>
    public static bool IsFull(Exception error) =>
        error is SqliteException { SqliteErrorCode: 13 } or SqliteException { SqliteExtendedErrorCode: 4874 };

    /// <summary>
    /// The values of a list that is bound as JSON. SQLite has no arrays, and one parameter for each value would need another
    /// statement for each length.
    /// </summary>
    public static string ValuesOf(string parameter) => $"(SELECT value FROM json_each({parameter}))";

    /// <summary>The rows of a parameter, a JSON list with a list for each row, as a source of rows. It keeps their order.</summary>
    public static string RowsOf(string parameter) => $"json_each({parameter})";

    /// <summary>A value of a row of <see cref="RowsOf"/>.</summary>
    public static string Cell(int place) => string.Create(CultureInfo.InvariantCulture, $"value ->> {place}");

    /// <summary>The condition that a column of bytes contains the bytes of a parameter.</summary>
    public static string Contains(string column, string parameter) => $"instr({column}, {parameter}) > 0";

    /// <summary>Stands after the name of a table, and chooses the index that finds its rows.</summary>
    public static string By(string index) => $"INDEXED BY {index}";

    /// <summary>Begins a transaction that reads one moment of the database.</summary>
    public static DbTransaction BeginSnapshot(DbConnection connection) =>
        ((SqliteConnection)connection).BeginTransaction(deferred: true);

    /// <summary>Opens the connection that writes; the file is created when absent.</summary>
    /// <exception cref="DatabaseDamagedException">The file is not a whole SQLite database.</exception>
    public DbConnection OpenWriter()
    {
        SqliteFile.CheckHeader(path);
        // Checked before the file is opened for writing, because opening already changes it.
        Schema.Check(path);

        var writer = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Pooling = false,
                ForeignKeys = true,
                DefaultTimeout = SqliteFile.LockSeconds,
            }.ToString()
        );
        try
        {
            new WalIndex(path).Prepare();
            writer.Open();
            writer.CreateFunction<string, long>(AddressHash.Sql, AddressHash.Of, isDeterministic: true);
            writer.CreateFunction<long, string, string, string?, string?, string?, string>(
                LinkTexts.Sql,
                LinkTexts.Document,
                isDeterministic: true
            );
            // FULL: a committed batch of clicks survives a power cut, because its journal segment is deleted afterwards.
            // secure_delete: deleted bytes are overwritten, because people ask to be forgotten.
            // cache_size: 32 MB hold the pages that a bulk of links changes. Beyond the usual 2 MB, it would write and read them several times.
            // wal_autocheckpoint: usually Checkpoints is earlier.
            Execute(
                writer,
                $"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864; PRAGMA secure_delete=ON; PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint={Checkpoints.MostPages}"
            );
            // The start ends here if another program writes; later it would end in the middle.
            Execute(writer, "BEGIN IMMEDIATE; ROLLBACK");
            return writer;
        }
        catch (SqliteException error)
        {
            writer.Dispose();
            if (error.SqliteErrorCode is 5 or 6)
                throw new DatabaseAwayException($"another program has locked {path} for {SqliteFile.LockSeconds} s");
            if (SqliteFile.IsDamage(error))
                throw SqliteFile.Damaged(path, 0, error.Message, error);
            throw;
        }
    }

    /// <summary>Opens a read-only connection; the caller disposes it, which gives it back to a pool.</summary>
    public DbConnection OpenRead()
    {
        var connection = new SqliteConnection(_readOnly);
        connection.Open();
        Execute(connection, NeverCheckpoint.Pragma);
        return connection;
    }

    /// <summary>Closes the read-only connections in the pool.</summary>
    public void ClearPool()
    {
        using var pooled = new SqliteConnection(_readOnly);
        SqliteConnection.ClearPool(pooled);
    }

    /// <summary>Options for contexts that read.</summary>
    public void Use(DbContextOptionsBuilder options) =>
        options.UseSqlite(_readOnly).AddInterceptors(new NeverCheckpoint());

    /// <summary>Options for contexts over the writing connection.</summary>
    public static void Use(DbContextOptionsBuilder options, DbConnection writer) => options.UseSqlite(writer);

    /// <summary>Moves the whole write-ahead log into the file and empties it. False: a reader still needs it.</summary>
    public static async Task<bool> TryEmptyLogAsync(DbConnection writer)
    {
        await using var command = writer.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        await using var answer = await command.ExecuteReaderAsync(CancellationToken.None);
        return await answer.ReadAsync(CancellationToken.None) && answer.GetInt64(0) == 0;
    }

    private static void Execute(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private sealed class NeverCheckpoint : DbConnectionInterceptor
    {
        public const string Pragma = "PRAGMA wal_autocheckpoint=0; PRAGMA query_only=1";

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) =>
            Execute(connection, Pragma);

        public override Task ConnectionOpenedAsync(
            DbConnection connection,
            ConnectionEndEventData eventData,
            CancellationToken cancellationToken = default
        )
        {
            Execute(connection, Pragma);
            return Task.CompletedTask;
        }
    }
}
