using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace Signpost.Storage.Sqlite;

/// <summary>SQLite: connections, pragmas, transactions, error codes.</summary>
internal sealed class SqliteEngine : IDatabaseEngine
{
    private const int MemoryStatus = 9; // SQLITE_CONFIG_MEMSTATUS

    /// <inheritdoc cref="IDatabaseEngine.Migrations"/>
    public static readonly IReadOnlyList<string> Known = Schema.MigrationsOf<SignpostDb>();

    /// <summary>Room in which the database takes some writes, in bytes.</summary>
    private const long EnoughBytes = 16 << 20;

    private readonly string _path;
    private readonly string _readOnly;
    private readonly WalIndex _index;
    private readonly Checkpoints _checkpoints;
    private readonly DbContextOptions<SignpostDb> _readOptions;
    private DbContextOptions<SignpostDb>? _writeOptions;
    private volatile bool _sharesBlocks;

    /// <param name="path">The file, which is created when absent.</param>
    public SqliteEngine(string path)
    {
        _path = path;
        _index = new WalIndex(path);
        _checkpoints = new(path, () => !_sharesBlocks || _index.TryKeepWritable());
        _readOnly = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadOnly,
            ForeignKeys = true,
            DefaultTimeout = SqliteFile.LockSeconds,
        }.ToString();
        _readOptions = new DbContextOptionsBuilder<SignpostDb>()
            .UseSqlite(_readOnly)
            .AddInterceptors(new NeverCheckpoint())
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            .Options;
    }

    public string Name => "SQLite";

    public string Place => _path;

    public DateTimeOffset? AwaySince => null;

    public IReadOnlyList<string> Migrations => Known;

    private string Folder => Path.GetDirectoryName(_path)!;

    // The data directory is locked instead.
    public bool IsAlone => true;

    public long Bytes =>
        new[] { _path, $"{_path}-wal" }.Select(file => new FileInfo(file)).Sum(file => file.Exists ? file.Length : 0);

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

    /// <summary>Opens the connection that writes; the file is created when absent.</summary>
    /// <exception cref="DatabaseDamagedException">The file is not a whole SQLite database.</exception>
    /// <exception cref="DatabaseAwayException">Another program has locked it.</exception>
    public DbConnection OpenWriter()
    {
        SqliteFile.CheckHeader(_path);
        // Checked before the file is opened for writing, because opening already changes it.
        SqliteFile.CheckHistory(_path);

        var writer = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = _path,
                Pooling = false,
                ForeignKeys = true,
                DefaultTimeout = SqliteFile.LockSeconds,
            }.ToString()
        );
        try
        {
            _index.Prepare();
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
                throw new DatabaseAwayException($"another program has locked {_path} for {SqliteFile.LockSeconds} s");
            if (SqliteFile.IsDamage(error))
                throw SqliteFile.Damaged(_path, 0, error.Message, error);
            throw;
        }
    }

    public Exception Explain(DbException error) =>
        SqliteFile.IsDamage(error) ? SqliteFile.Damaged(_path, 0, error.Message, error) : error;

    public string? RefusalOf(Exception error) =>
        IsFull(error) ? $"The disk is full: the database cannot be written. Make room for {Folder}." : null;

    // On a quiet server it may take long until the next write.
    public bool MayTakeWrites(TimeSpan sinceRefusal)
    {
        try
        {
            return new DriveInfo(Folder).AvailableFreeSpace >= EnoughBytes;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    // A file does not go away.
    public void Require() { }

    public void KeepOpen(DbConnection writer) { }

    public DbConnection OpenRead()
    {
        var connection = new SqliteConnection(_readOnly);
        connection.Open();
        Execute(connection, NeverCheckpoint.Pragma);
        return connection;
    }

    public DbConnection OpenOwnRead() => OpenRead();

    // The file is locked for as long as the process lives.
    public void Claim(DbConnection writer, bool hasChanged) { }

    public SignpostDb NewReader() => new(_readOptions);

    public SignpostDb NewWriter(DbConnection writer) =>
        new(_writeOptions ??= new DbContextOptionsBuilder<SignpostDb>().UseSqlite(writer).Options);

    /// <summary>Closes the read-only connections in the pool, and the one that moves the log.</summary>
    public void Dispose()
    {
        _checkpoints.Dispose();
        using var pooled = new SqliteConnection(_readOnly);
        SqliteConnection.ClearPool(pooled);
    }

    /// <summary>Moves the whole write-ahead log into the file and empties it. False: a reader still needs it.</summary>
    public async Task<bool> TryEmptyLogAsync(DbConnection writer)
    {
        await using var command = writer.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        await using var answer = await command.ExecuteReaderAsync(CancellationToken.None);
        return await answer.ReadAsync(CancellationToken.None) && answer.GetInt64(0) == 0;
    }

    public void AfterWrite(DbConnection writer) => _checkpoints.AfterWrite(writer);

    public Task CatchUpAsync(CancellationToken cancel) => _checkpoints.DoneAsync(cancel);

    public bool TryKeepWritable()
    {
        _sharesBlocks = true;
        return _index.TryKeepWritable();
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
