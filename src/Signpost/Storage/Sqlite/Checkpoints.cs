using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Signpost.Storage.Sqlite;

/// <summary>
/// Moves the write-ahead log into the database beside the writes, on a connection of its own. Otherwise a commit would do that while all other
/// writes wait. It stops no reader and no writer.
/// </summary>
/// <remarks>
/// A log is used again from its beginning when a write begins and all of it has been moved. Large writes wait for that before they begin
/// (<see cref="DoneAsync"/>). If nobody waits, the log grows up to <see cref="MostPages"/>, and then a commit moves the rest.
/// </remarks>
internal sealed class Checkpoints(string path, Func<bool> keepWritable) : IDisposable
{
    /// <summary>64 MB, the size to which the log's file is cut.</summary>
    public const int MostPages = 16_384;

    private const int Pages = 1_000;
    private const int PagesWritten = 9; // SQLITE_DBSTATUS_CACHE_WRITE

    private SqliteConnection? _connection;
    private volatile Task _running = Task.CompletedTask;
    private int _moved;

    /// <summary>Call it after each write, before the next one begins.</summary>
    public void AfterWrite(DbConnection writer)
    {
        if (!_running.IsCompleted)
            return;
        _ = raw.sqlite3_db_status(((SqliteConnection)writer).Handle!, PagesWritten, out var written, out _, 0);
        if (written - _moved < Pages)
            return;
        _moved = written;
        // It waits for the disk, so it takes no thread that others wait for.
        _running = Task.Factory.StartNew(
            TryMove,
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
    }

    /// <summary>Completes when all that is being moved has been moved. It fails only by <paramref name="cancel"/>.</summary>
    public Task DoneAsync(CancellationToken cancel) => _running.WaitAsync(cancel);

    /// <summary>Call it when <see cref="DoneAsync"/> is complete, and after the last write.</summary>
    public void Dispose() => _connection?.Dispose();

    private void TryMove()
    {
        try
        {
            if (keepWritable())
                Move();
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            // The disk is full, the file cannot be read, or too many files are open. The log keeps everything, and the next write says what is wrong.
        }
    }

    private void Move()
    {
        _connection ??= Open();
        using var command = _connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
        command.ExecuteNonQuery();
    }

    private SqliteConnection Open()
    {
        SqliteConnection connection = new(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
            }.ToString()
        );
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0";
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
