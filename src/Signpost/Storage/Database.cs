using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Storage.Sqlite;

namespace Signpost.Storage;

/// <summary>
/// The database. Exactly one connection writes, behind a lock; every other is read-only and never checkpoints, except the one of
/// <see cref="Checkpoints"/>. So writers wait in line instead of failing with "busy", and nobody stops for a checkpoint.
/// </summary>
/// <remarks>
/// All other code uses it through <see cref="DbConnection"/> and <see cref="SignpostDb"/>, and catches
/// <see cref="DbException"/>. Only this namespace and the click store know which engine it is.
/// </remarks>
internal sealed partial class Database : IAsyncDisposable
{
    /// <summary>
    /// The column by which the engine finds a row at once, for "delete some of these rows". With a key of several columns it
    /// would search by the first column only.
    /// </summary>
    public const string RowId = SqliteEngine.RowId;

    private readonly SqliteEngine _engine;
    private readonly DbConnection _writer;
    private readonly SemaphoreSlim _writerLock = new(1);
    private readonly List<(Action Act, Action InDoubt)> _afterCommit = [];
    private readonly DbContextOptions<SignpostDb> _readOptions;
    private readonly DbContextOptions<SignpostDb> _writeOptions;
    private readonly TimeProvider _clock;
    private readonly WalIndex _index;
    private readonly Checkpoints _checkpoints;
    private volatile bool _sharesBlocks;
    private volatile bool _knowsTables;
    private int _waiting;
    private volatile bool _isOutOfRoom;
    private long _heldSince;
    private long _longestHold;

    /// <summary>Opens the file, which is created when absent. Call <see cref="Schema.ApplyAsync"/> before anything else.</summary>
    /// <exception cref="DatabaseDamagedException">
    /// The file is not a whole database, or a version that this program does not know made it.
    /// </exception>
    public Database(string path, TimeProvider? clock = null)
    {
        Path = path;
        _clock = clock ?? TimeProvider.System;
        _engine = new SqliteEngine(path);
        _index = new WalIndex(path);
        _writer = _engine.OpenWriter();
        _checkpoints = new(path, () => !_sharesBlocks || _index.TryKeepWritable());

        DbContextOptionsBuilder<SignpostDb> write = new();
        SqliteEngine.Use(write, _writer);
        _writeOptions = write.Options;
        DbContextOptionsBuilder<SignpostDb> read = new();
        _engine.Use(read);
        _readOptions = read.UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking).Options;
    }

    /// <summary>The file's path.</summary>
    public string Path { get; }

    /// <summary>Logs failures after a commit.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>Says why nothing may be written now; null: it may be. Asked before each write.</summary>
    public Func<string?> Refusal { get; set; } = () => null;

    /// <summary>Whether the last write failed because the disk is full.</summary>
    public bool IsOutOfRoom => _isOutOfRoom;

    /// <summary>The longest time since the start for which one write has blocked all others.</summary>
    public TimeSpan LongestHold => TimeSpan.FromTicks(Interlocked.Read(ref _longestHold));

    /// <summary>Called after each write with the time for which it has blocked all others. Benchmarks measure with it.</summary>
    internal Action<TimeSpan> Held { get; set; } = static _ => { };

    /// <summary>The number of writes that wait for another one to end.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>The version of the database engine.</summary>
    public string EngineVersion => _writer.ServerVersion;

    /// <summary>The bytes of the database on the disk, with its log.</summary>
    public long Bytes =>
        new[] { Path, $"{Path}-wal" }.Select(file => new FileInfo(file)).Sum(file => file.Exists ? file.Length : 0);

    /// <summary>Applies the engine's settings for the whole process. Call it once, before the first database is opened.</summary>
    public static void ConfigureProcess() => SqliteEngine.ConfigureProcess();

    /// <summary>Copies a database at one moment into one file, and checks the copy. A server may use the database meanwhile.</summary>
    /// <param name="to">A file that does not exist yet.</param>
    /// <param name="forgotten">Secrets whose names begin with this are left out of the copy.</param>
    /// <exception cref="DatabaseDamagedException">The database or the copy is not whole, or of another version.</exception>
    public static Task CopyAsync(string source, string to, string forgotten) =>
        SqliteBackup.CopyAsync(source, to, forgotten);

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
            if (error is DatabaseAwayException || SqliteEngine.IsAway(error))
                return true;
        return false;
    }

    /// <summary>Tells whether an error means that the disk is full.</summary>
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
        return _index.TryKeepWritable();
    }

    /// <summary>Opens a read-only connection; the caller disposes it, which gives it back to a pool.</summary>
    public DbConnection OpenRead() => _engine.OpenRead();

    /// <summary>Begins a transaction on a read-only connection, in which all reads see one moment.</summary>
    public static DbTransaction BeginSnapshot(DbConnection connection) => SqliteEngine.BeginSnapshot(connection);

    /// <inheritdoc cref="SqliteEngine.ById"/>
    public const string ById = SqliteEngine.ById;

    /// <inheritdoc cref="SqliteEngine.By"/>
    public static string By(string index) => SqliteEngine.By(index);

    /// <summary>Makes a context that reads, without tracking; the caller disposes it.</summary>
    public SignpostDb Read() => new(_readOptions);

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
            await using var db = new SignpostDb(_writeOptions);
            await db.Database.UseTransactionAsync(transaction, cancel);
            var result = await work(db);
            await CommitAsync(transaction);
            _isOutOfRoom = false;
            return result;
        }
        catch (Exception error) when (IsFull(error))
        {
            _isOutOfRoom = true;
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
            _isOutOfRoom = false;
            return result;
        }
        catch (Exception error) when (IsFull(error))
        {
            _isOutOfRoom = true;
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
    /// <paramref name="act"/> threw.
    /// </param>
    public void AfterCommit(Action act, Action inDoubt) => _afterCommit.Add((act, inDoubt));

    /// <summary>As the other overload, for an action that only forgets or asks: it also runs when the commit is in doubt.</summary>
    public void AfterCommit(Action act) => AfterCommit(act, act);

    /// <summary>
    /// Completes when the pages of earlier writes are out of the way of a large write, which then keeps others waiting for less long. Call it before
    /// such a write.
    /// </summary>
    public Task CatchUpAsync(CancellationToken cancel) => _checkpoints.DoneAsync(cancel);

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
            return await SqliteEngine.TryEmptyLogAsync(_writer);
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
        await _checkpoints.DisposeAsync();
        _engine.ClearPool();
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
        if (!_sharesBlocks || _index.TryKeepWritable())
            return;

        Leave();
        _isOutOfRoom = true;
        throw SqliteEngine.Full();
    }

    private void Leave()
    {
        _checkpoints.AfterWrite(_writer);
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
            _afterCommit.ForEach(after => Succeeds(after.InDoubt));
            throw;
        }

        // Actions for doubt run last, so that no later action clears the doubt that an earlier one has left.
        var failed = _afterCommit.FindAll(after => !Succeeds(after.Act));
        failed.ForEach(after => Succeeds(after.InDoubt));
    }

    private void RollBack(DbTransaction transaction)
    {
        try
        {
            transaction.Dispose();
        }
        catch (DbException error)
        {
            // The transaction was committed, or the engine has already rolled it back. The error of the commit says more.
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

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "A write is committed, but a change in memory after it failed; that part of memory is read again"
    )]
    private static partial void LogFailedAfterCommit(ILogger logger, Exception error);
}
