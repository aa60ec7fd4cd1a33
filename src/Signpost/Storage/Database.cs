using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Storage.Moving;
using Signpost.Storage.Postgres;
using Signpost.Storage.Sqlite;

namespace Signpost.Storage;

/// <summary>
/// The database. Exactly one connection writes, behind a lock; every other is read-only. So writers wait in line instead of failing
/// with "busy". On SQLite, readers never checkpoint, so nobody stops for that.
/// </summary>
/// <remarks>
/// All other code uses it through <see cref="DbConnection"/> and <see cref="SignpostDb"/>, and catches
/// <see cref="DbException"/>. Only this namespace and the click store know which engine it is.
/// </remarks>
internal sealed partial class Database : IAsyncDisposable
{
    private static readonly TimeSpan SettlePause = TimeSpan.FromMilliseconds(250);

    private readonly IDatabaseEngine _engine;
    private readonly DbConnection _writer;
    private readonly SemaphoreSlim _writerLock = new(1);
    private readonly List<(Action Act, Action InDoubt)> _afterCommit = [];

    // Of commits that may have happened. They run when that is known, before anything else is written.
    private readonly List<Action> _inDoubt = [];
    private readonly TimeProvider _clock;
    private volatile bool _sharesBlocks;
    private volatile bool _knowsTables;
    private int _waiting;
    private volatile bool _isDisposed;
    private volatile string? _refusal;
    private long _refusedAt;
    private long _heldSince;
    private long _writes;
    private bool _hasEnded;
    private long _longestHold;

    /// <summary>Opens the SQLite file, which is created when absent.</summary>
    /// <inheritdoc cref="Database(IDatabaseEngine, TimeProvider?)"/>
    public Database(string path, TimeProvider? clock = null)
        : this(new SqliteEngine(path), clock) { }

    /// <summary>Opens the database. Call <see cref="Schema.ApplyAsync"/> before anything else.</summary>
    /// <param name="engine">It belongs to the database from now on.</param>
    /// <exception cref="DatabaseDamagedException">
    /// It is not a whole database, or a version that this program does not know made it.
    /// </exception>
    /// <exception cref="DatabaseAwayException">It cannot be used now; the message says why.</exception>
    public Database(IDatabaseEngine engine, TimeProvider? clock = null)
    {
        _clock = clock ?? TimeProvider.System;
        _engine = engine;
        try
        {
            _writer = engine.OpenWriter();
            EngineVersion = _writer.ServerVersion;
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    /// <summary>Opens the database of a server: on PostgreSQL if there is an address, otherwise the SQLite file.</summary>
    /// <inheritdoc cref="Database(IDatabaseEngine, TimeProvider?)"/>
    /// <param name="isBeside">A server may use the database meanwhile.</param>
    public static Database Open(PostgresAddress? address, string path, bool isBeside = false) =>
        address is null ? new(path) : new(new PostgresEngine(address, isBeside));

    /// <summary>Whether no server uses the database, as far as the database itself can tell.</summary>
    public bool IsAlone => _engine.IsAlone;

    /// <summary>The place of the database, for messages.</summary>
    public string Place => _engine.Place;

    /// <inheritdoc cref="IDatabaseEngine.Migrations"/>
    public IReadOnlyList<string> Migrations => _engine.Migrations;

    /// <summary>Logs failures after a commit.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>Says why nothing may be written now; null: it may be. Asked before each write.</summary>
    public Func<string?> Refusal { get; set; } = () => null;

    /// <summary>Called when the database takes no writes until the server starts again, which the log says.</summary>
    public Action WhenEnded { get; set; } = static () => { };

    /// <summary>The number of the running write; each has another one.</summary>
    public long WriteNumber => Volatile.Read(ref _writes);

    /// <summary>Why the database takes no writes, for example because its disk is full; null: it does, as far as is known.</summary>
    public string? Refused =>
        _refusal is { } why && !_engine.MayTakeWrites(_clock.GetElapsedTime(Interlocked.Read(ref _refusedAt)))
            ? why
            : null;

    /// <summary>The longest time since the start for which one write has blocked all others.</summary>
    public TimeSpan LongestHold => TimeSpan.FromTicks(Interlocked.Read(ref _longestHold));

    /// <summary>Called after each write with the time for which it has blocked all others. Benchmarks measure with it.</summary>
    internal Action<TimeSpan> Held { get; set; } = static _ => { };

    /// <summary>The number of writes that wait for another one to end.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <inheritdoc cref="IDatabaseEngine.AwaySince"/>
    public DateTimeOffset? AwaySince => _engine.AwaySince;

    /// <inheritdoc cref="IDatabaseEngine.Name"/>
    public string EngineName => _engine.Name;

    /// <summary>The version of the database engine.</summary>
    public string EngineVersion { get; }

    /// <summary>The bytes of the database on the disk. A file counts with its log.</summary>
    public long Bytes => _engine.Bytes;

    /// <summary>Applies the engine's settings for the whole process. Call it once, before the first database is opened.</summary>
    public static void ConfigureProcess() => SqliteEngine.ConfigureProcess();

    /// <summary>
    /// Copies a database at one moment into one SQLite file, and checks the copy. A server may use the database meanwhile.
    /// </summary>
    /// <param name="address">The database on PostgreSQL; null: it is the file <paramref name="path"/>.</param>
    /// <param name="to">An empty file.</param>
    /// <param name="forgotten">Secrets whose names begin with this are left out of the copy.</param>
    /// <exception cref="DatabaseDamagedException">The database or the copy is not whole, or of another version.</exception>
    /// <exception cref="DatabaseAwayException">The database cannot be used now; the message says why.</exception>
    public static Task CopyAsync(PostgresAddress? address, string path, string to, string forgotten) =>
        address is null
            ? SqliteBackup.CopyAsync(path, to, forgotten)
            : PostgresBackup.CopyAsync(address, to, forgotten);

    /// <summary>
    /// Replaces all rows of this database on PostgreSQL by those of a SQLite file, in one transaction. Next ids are a million above
    /// those that this database has given, or those of the file if they are higher.
    /// </summary>
    /// <param name="file">It has the tables of this version, and no server uses it.</param>
    /// <exception cref="DatabaseDamagedException">PostgreSQL cannot hold a text of the file, or the copy differs from the file.</exception>
    public Task ReplaceAsync(string file) => PostgresBackup.RestoreAsync(this, file);

    /// <summary>Passes when a copy is a whole database of this program.</summary>
    /// <exception cref="DatabaseDamagedException">It is not whole, or of another version.</exception>
    public static void CheckCopy(string file) => SqliteBackup.Check(file);

    /// <summary>
    /// Raises the next id of every table of a copy by a million over the highest that the copy or the others have given. So an id
    /// that was given after the copy was made is not given again.
    /// </summary>
    /// <param name="others">Databases; those that cannot be read are left out.</param>
    public static void RaiseIds(string copy, IEnumerable<string> others) => SqliteBackup.RaiseIds(copy, others);

    /// <summary>Moves a database, which no server uses, into a folder.</summary>
    public static void MoveAside(string path, string folder) => SqliteBackup.MoveAside(path, folder);

    /// <summary>
    /// Tells whether an error means that the database is full, busy, locked, read-only, unreadable, damaged or cannot be opened.
    /// A request can do nothing about these.
    /// </summary>
    public static bool IsAway(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
            if (error is DatabaseAwayException || SqliteEngine.IsAway(error) || PostgresErrors.IsAway(error))
                return true;
        return false;
    }

    /// <summary>Tells whether an error means that the disk of the data directory is full.</summary>
    public static bool IsFull(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
            if (SqliteEngine.IsFull(error))
                return true;
        return false;
    }

    /// <summary>
    /// Takes the blocks that the next writes to mapped memory need, on a file system that shares blocks between copies. False: there are
    /// none, and such a write would end the process. After the first call, each write does this, too, and fails instead.
    /// </summary>
    public bool TryKeepWritable()
    {
        _sharesBlocks = true;
        return _engine.TryKeepWritable();
    }

    /// <inheritdoc cref="IDatabaseEngine.Require"/>
    public void Require() => _engine.Require();

    /// <summary>Tells whether clicks of a journal may be stored here.</summary>
    public bool KnowsJournal(Guid id)
    {
        const string Table = "journal_positions";
        using var connection = OpenRead();
        if (!Dialect.Of(connection).HasTable(connection, Table))
            return false;
        using var command = connection.Command(
            null,
            $"SELECT 1 FROM {Table} WHERE journal_id = @journal",
            ("@journal", id.ToString())
        );
        return command.ExecuteScalar() is not null;
    }

    /// <summary>Opens a read-only connection; the caller disposes it, which gives it back to a pool.</summary>
    public DbConnection OpenRead() => _engine.OpenRead();

    /// <inheritdoc cref="IDatabaseEngine.OpenOwnRead"/>
    public DbConnection OpenOwnRead() => _engine.OpenOwnRead();

    /// <inheritdoc cref="IDatabaseEngine.Claim"/>
    internal void Claim(bool hasChanged) => _engine.Claim(_writer, hasChanged);

    /// <summary>Begins a transaction on a read-only connection, in which all reads see one moment.</summary>
    public static DbTransaction BeginSnapshot(DbConnection connection) =>
        Dialect.Of(connection).BeginSnapshot(connection);

    /// <summary>Makes a context that reads, without tracking; the caller disposes it.</summary>
    public SignpostDb Read() => _engine.NewReader();

    /// <summary>
    /// Runs <paramref name="work"/> alone on the writing connection, in one transaction: committed when it returns, rolled
    /// back when it throws.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<SignpostDb, Task<T>> work, CancellationToken cancel)
    {
        LearnTables();
        await EnterAsync(cancel).ConfigureAwait(Aside);
        try
        {
            await using var transaction = _writer.BeginTransaction();
            await using var db = _engine.NewWriter(_writer);
            await db.Database.UseTransactionAsync(transaction, cancel);
            var result = await work(db);
            await CommitAsync(transaction);
            _refusal = null;
            return result;
        }
        catch (Exception error)
        {
            Learn(error);
            throw;
        }
        finally
        {
            _afterCommit.Clear();
            Leave();
        }
    }

    /// <summary>As <see cref="WriteAsync{T}"/>, with plain commands instead of a context, for work that must be fast.</summary>
    public async Task<T> WriteRawAsync<T>(Func<DbConnection, DbTransaction, T> work, CancellationToken cancel)
    {
        await EnterAsync(cancel).ConfigureAwait(Aside);
        try
        {
            await using var transaction = _writer.BeginTransaction();
            var result = work(_writer, transaction);
            await CommitAsync(transaction);
            _refusal = null;
            return result;
        }
        catch (Exception error)
        {
            Learn(error);
            throw;
        }
        finally
        {
            _afterCommit.Clear();
            Leave();
        }
    }

    /// <summary>
    /// Call this inside the work of a write. <paramref name="act"/> runs after its commit, before the next write; it never runs
    /// after a rollback. So memory changes in the order of the commits.
    /// </summary>
    /// <param name="act">Changes memory as the write changed the database.</param>
    /// <param name="inDoubt">
    /// Marks memory to be read again. It runs when a commit failed, because it may have happened nevertheless, and when
    /// <paramref name="act"/> threw. If the connection was lost, it runs when there is another one and the commit is over; until it
    /// succeeds, it runs before each write.
    /// </param>
    public void AfterCommit(Action act, Action inDoubt) => _afterCommit.Add((act, inDoubt));

    /// <summary>As the other overload, for an action that only forgets or asks: it also runs when the commit is in doubt.</summary>
    public void AfterCommit(Action act) => AfterCommit(act, act);

    /// <summary>
    /// Completes when the pages of earlier writes are out of the way of a large write, which then keeps others waiting for less long. Call it before
    /// such a write.
    /// </summary>
    public Task CatchUpAsync(CancellationToken cancel) => _engine.CatchUpAsync(cancel);

    /// <summary>
    /// Moves the whole write-ahead log into the database and empties its file, so that nothing deleted is left in it. False: a
    /// reader is still in need of it.
    /// </summary>
    public async Task<bool> TryEmptyLogAsync(CancellationToken cancel)
    {
        await CatchUpAsync(cancel);
        await EnterAsync(cancel).ConfigureAwait(Aside);
        try
        {
            await CatchUpAsync(cancel);
            return await _engine.TryEmptyLogAsync(_writer);
        }
        finally
        {
            Leave();
        }
    }

    /// <inheritdoc cref="IDatabaseEngine.Explain"/>
    internal Exception Explain(DbException error) => _engine.Explain(error);

    /// <summary>Makes a context over the writing connection outside any transaction, for migrations at start.</summary>
    internal SignpostDb ForMigrations() => _engine.NewWriter(_writer);

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        await _writerLock.WaitAsync();
        await _engine.CatchUpAsync(CancellationToken.None);
        _engine.Dispose();
        await _writer.DisposeAsync();
        _writerLock.Dispose();
    }

    // The first context of a process takes long to make, and no other write should wait for it.
    private void LearnTables()
    {
        if (_knowsTables)
            return;
        // Not over the writing connection, which another thread may be using.
        using var first = Read();
        _knowsTables = first.Model is not null;
    }

    // A write never waits for the scheduler of its caller. Pages have one of their own, and the writing connection must not wait for pages.
    private static ConfigureAwaitOptions Aside =>
        TaskScheduler.Current == TaskScheduler.Default
            ? ConfigureAwaitOptions.ContinueOnCapturedContext
            : ConfigureAwaitOptions.ForceYielding;

    private async Task EnterAsync(CancellationToken cancel)
    {
        if (Refusal() is { } why)
            throw new DatabaseAwayException(why);
        _engine.Require();
        Interlocked.Increment(ref _waiting);
        try
        {
            await _writerLock.WaitAsync(cancel).ConfigureAwait(Aside);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        _heldSince = _clock.GetTimestamp();
        Volatile.Write(ref _writes, _writes + 1);
        try
        {
            _engine.KeepOpen(_writer);
            Settle();
            if (_sharesBlocks && !_engine.TryKeepWritable())
                throw SqliteEngine.Full();
        }
        catch (Exception error)
        {
            Learn(error);
            Leave();
            throw;
        }
    }

    private void Learn(Exception error)
    {
        for (Exception? one = error; one is not null; one = one.InnerException)
            if (_engine.RefusalOf(one) is { } why)
            {
                Interlocked.Exchange(ref _refusedAt, _clock.GetTimestamp());
                _refusal = why;
                if (one is DatabaseAwayException { IsFinal: true } && !_hasEnded)
                    End(why);
            }
    }

    private void End(string why)
    {
        _hasEnded = true;
        LogEnded(Logger, why);
        WhenEnded();
    }

    private void Leave()
    {
        _engine.AfterWrite(_writer);
        var held = _clock.GetElapsedTime(_heldSince);
        if (held.Ticks > _longestHold)
            Interlocked.Exchange(ref _longestHold, held.Ticks);
        Held(held);
        _writerLock.Release();
    }

    private async Task CommitAsync(DbTransaction transaction)
    {
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch
        {
            RollBack(transaction);
            _inDoubt.AddRange(_afterCommit.Select(after => after.InDoubt));
            TrySettle();
            throw;
        }

        // Actions for doubt run last, so that no later action clears the doubt that an earlier one has left.
        var failed = _afterCommit.FindAll(after => !Succeeds(after.Act));
        _inDoubt.AddRange(failed.Select(after => after.InDoubt));
        Settle();
    }

    private void Settle() => _inDoubt.RemoveAll(Succeeds);

    // After this, the commit has happened or never will: a lost connection still holds the lock that the next one needs.
    private void TrySettle()
    {
        try
        {
            _engine.KeepOpen(_writer);
            Settle();
        }
        catch (Exception error)
        {
            LogInDoubt(Logger, error);
            _ = SettleLaterAsync();
        }
    }

    // The next write would do it, but on a quiet server that may take long.
    private async Task SettleLaterAsync()
    {
        while (!_isDisposed)
            try
            {
                await Task.Delay(SettlePause, TimeProvider.System);
                await EnterAsync(CancellationToken.None);
                Leave();
                return;
            }
            catch (DbException)
            {
                // It is still away.
            }
            catch (Exception error) when (!_isDisposed)
            {
                LogInDoubt(Logger, error);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
    }

    private void RollBack(DbTransaction transaction)
    {
        try
        {
            transaction.Dispose();
        }
        catch (Exception error) when (error is DbException or InvalidOperationException)
        {
            // The transaction was committed, its connection was lost, or the engine has already rolled it back. The error of the commit says more.
            LogNothingToRollBack(Logger, error);
        }
    }

    // The write is committed: a failure here must not make it look failed.
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

    [LoggerMessage(Level = LogLevel.Debug, Message = "A commit failed, and there was nothing to roll back")]
    private static partial void LogNothingToRollBack(ILogger logger, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A commit is in doubt, and the database is away")]
    private static partial void LogInDoubt(ILogger logger, Exception error);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Reason}")]
    private static partial void LogEnded(ILogger logger, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "A write is committed, but a change in memory after it failed; that part of memory is read again"
    )]
    private static partial void LogFailedAfterCommit(ILogger logger, Exception error);
}
