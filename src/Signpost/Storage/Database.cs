using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;

namespace Signpost.Storage;

/// <summary>
/// The SQLite database. Exactly one connection writes and checkpoints, behind a lock; every other is read-only and never
/// checkpoints. So writers wait in line instead of failing with "busy", and no reader stops for a checkpoint.
/// </summary>
internal sealed partial class Database : IAsyncDisposable
{
    private readonly SqliteConnection _writer;
    private readonly SemaphoreSlim _writerLock = new(1);
    private readonly List<(Action Act, Action InDoubt)> _afterCommit = [];
    private readonly string _readOnly;
    private readonly DbContextOptions<SignpostDb> _readOptions;
    private readonly DbContextOptions<SignpostDb> _writeOptions;
    private readonly TimeProvider _clock;
    private volatile bool _knowsTables;
    private long _heldSince;
    private long _longestHold;

    /// <summary>Opens the file, which is created when absent. Call <see cref="Schema.ApplyAsync"/> before anything else.</summary>
    /// <exception cref="DatabaseDamagedException">
    /// The file is not a whole SQLite database, or a version that this program does not know made it.
    /// </exception>
    public Database(string path, TimeProvider? clock = null)
    {
        Path = path;
        _clock = clock ?? TimeProvider.System;
        DatabaseFile.Check(path);
        // Before the file is opened for writing, which would already change it.
        Schema.Check(path);

        _writer = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Pooling = false,
                ForeignKeys = true,
            }.ToString()
        );
        try
        {
            _writer.Open();
            // FULL: a committed batch of clicks survives a power cut, because its journal segment is deleted afterwards.
            // secure_delete: what is deleted is overwritten, because people ask to be forgotten.
            Execute(
                _writer,
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864; PRAGMA secure_delete=ON"
            );
        }
        catch (SqliteException error)
        {
            _writer.Dispose();
            if (DatabaseFile.IsDamage(error))
                throw DatabaseFile.Damaged(path, 0, error.Message, error);
            throw;
        }

        _readOnly = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadOnly,
            ForeignKeys = true,
        }.ToString();
        _writeOptions = new DbContextOptionsBuilder<SignpostDb>().UseSqlite(_writer).Options;
        _readOptions = new DbContextOptionsBuilder<SignpostDb>()
            .UseSqlite(_readOnly)
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            .AddInterceptors(new NeverCheckpoint())
            .Options;
    }

    /// <summary>The file's path.</summary>
    public string Path { get; }

    /// <summary>Hears of what failed after a commit.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>How long one write has kept all others waiting, at most, since the start.</summary>
    public TimeSpan LongestHold => TimeSpan.FromTicks(Interlocked.Read(ref _longestHold));

    /// <summary>The version of SQLite at work.</summary>
    public string EngineVersion => _writer.ServerVersion;

    /// <summary>
    /// Tells whether an error means that the database is full, busy, locked, read-only, unreadable, not to be opened or
    /// damaged: nothing that a request could do about.
    /// </summary>
    public static bool IsAway(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
            if (error is SqliteException { SqliteErrorCode: 5 or 6 or 8 or 10 or 11 or 13 or 14 or 26 })
                return true;
        return false;
    }

    /// <summary>Opens a read-only connection; the caller disposes it, which gives it back to a pool.</summary>
    public SqliteConnection OpenRead()
    {
        var connection = new SqliteConnection(_readOnly);
        connection.Open();
        Execute(connection, NeverCheckpoint.Pragma);
        return connection;
    }

    /// <summary>Makes a context that reads, without tracking; the caller disposes it.</summary>
    public SignpostDb Read() => new(_readOptions);

    /// <summary>
    /// Runs <paramref name="work"/> alone on the writing connection, in one transaction: committed when it returns, rolled
    /// back when it throws.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<SignpostDb, Task<T>> work, CancellationToken cancel)
    {
        LearnTables();
        await EnterAsync(cancel);
        try
        {
            await using var transaction = _writer.BeginTransaction();
            await using var db = new SignpostDb(_writeOptions);
            await db.Database.UseTransactionAsync(transaction, cancel);
            var result = await work(db);
            await CommitAsync(transaction);
            return result;
        }
        finally
        {
            _afterCommit.Clear();
            Leave();
        }
    }

    /// <summary>As <see cref="WriteAsync{T}"/>, with plain commands instead of a context; for what must be fast.</summary>
    public async Task<T> WriteRawAsync<T>(Func<SqliteConnection, SqliteTransaction, T> work, CancellationToken cancel)
    {
        await EnterAsync(cancel);
        try
        {
            await using var transaction = _writer.BeginTransaction();
            var result = work(_writer, transaction);
            await CommitAsync(transaction);
            return result;
        }
        finally
        {
            _afterCommit.Clear();
            Leave();
        }
    }

    /// <summary>
    /// Called inside a write's work: <paramref name="act"/> runs once that is committed, before anybody else writes; never
    /// when it is rolled back. So what stands in memory changes in the order of the commits.
    /// </summary>
    /// <param name="act">Changes memory as the write changed the database.</param>
    /// <param name="inDoubt">
    /// Makes memory be read again. It runs when a commit failed, because it may have happened all the same, and when
    /// <paramref name="act"/> threw.
    /// </param>
    public void AfterCommit(Action act, Action inDoubt) => _afterCommit.Add((act, inDoubt));

    /// <summary>As the other one, for what only forgets or asks: it runs in doubt too.</summary>
    public void AfterCommit(Action act) => AfterCommit(act, act);

    /// <summary>
    /// Moves the whole write-ahead log into the database and empties its file, so that nothing deleted is left in it. False: a
    /// reader is still in need of it.
    /// </summary>
    public async Task<bool> TryEmptyLogAsync(CancellationToken cancel)
    {
        await EnterAsync(cancel);
        try
        {
            await using var command = _writer.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            await using var answer = await command.ExecuteReaderAsync(CancellationToken.None);
            return await answer.ReadAsync(CancellationToken.None) && answer.GetInt64(0) == 0;
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Makes a context over the writing connection outside any transaction, for migrations at start.</summary>
    internal SignpostDb ForMigrations() => new(_writeOptions);

    public async ValueTask DisposeAsync()
    {
        await _writerLock.WaitAsync();
        using (var pooled = new SqliteConnection(_readOnly))
            SqliteConnection.ClearPool(pooled);
        await _writer.DisposeAsync();
        _writerLock.Dispose();
    }

    // The first context of a process takes long for that: no other write is to wait for it.
    private void LearnTables()
    {
        if (_knowsTables)
            return;
        using var first = new SignpostDb(_writeOptions);
        _knowsTables = first.Model is not null;
    }

    private async Task EnterAsync(CancellationToken cancel)
    {
        await _writerLock.WaitAsync(cancel);
        _heldSince = _clock.GetTimestamp();
    }

    private void Leave()
    {
        var held = _clock.GetElapsedTime(_heldSince).Ticks;
        if (held > _longestHold)
            Interlocked.Exchange(ref _longestHold, held);
        _writerLock.Release();
    }

    private async Task CommitAsync(SqliteTransaction transaction)
    {
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch
        {
            RollBack(transaction);
            _afterCommit.ForEach(after => Succeeds(after.InDoubt));
            throw;
        }

        // Doubts come last: no later act may take for sure what an earlier one left undone.
        var failed = _afterCommit.FindAll(after => !Succeeds(after.Act));
        failed.ForEach(after => Succeeds(after.InDoubt));
    }

    private void RollBack(SqliteTransaction transaction)
    {
        try
        {
            transaction.Dispose();
        }
        catch (SqliteException error)
        {
            // It was committed, or SQLite has rolled it back already. The error of the commit says more.
            LogNothingToRollBack(Logger, error);
        }
    }

    // The write is committed: a failure here must not make it look as if it were not.
    private bool Succeeds(Action act)
    {
        try
        {
            act();
            return true;
        }
        catch (Exception error)
        {
            LogFailedAfterCommit(Logger, error);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A commit failed, and nothing was left to roll back")]
    private static partial void LogNothingToRollBack(ILogger logger, Exception error);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "A write is committed, but a change in memory after it failed; that part of memory is read again"
    )]
    private static partial void LogFailedAfterCommit(ILogger logger, Exception error);

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private sealed class NeverCheckpoint : DbConnectionInterceptor
    {
        public const string Pragma = "PRAGMA wal_autocheckpoint=0; PRAGMA query_only=1";

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) =>
            Execute((SqliteConnection)connection, Pragma);

        public override Task ConnectionOpenedAsync(
            DbConnection connection,
            ConnectionEndEventData eventData,
            CancellationToken cancellationToken = default
        )
        {
            Execute((SqliteConnection)connection, Pragma);
            return Task.CompletedTask;
        }
    }
}
