using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Signpost.ClickStore;

/// <summary>
/// A prepared SQLite statement with three numbers as parameters, for thousands of runs in one transaction. It has no parameter
/// objects and no reader, because these cost several times as much as the work of SQLite itself.
/// </summary>
internal sealed class NumberStatement : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;

    /// <param name="sql">Its parameters are ?1, ?2 and ?3.</param>
    /// <exception cref="DbException">The statement is wrong, or the database cannot be read.</exception>
    public NumberStatement(DbConnection connection, string sql)
    {
        _connection =
            ((SqliteConnection)connection).Handle ?? throw new InvalidOperationException("The connection is closed.");
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_connection, sql, out _statement), _connection);
    }

    /// <summary>Runs the statement; returns how many rows it changed.</summary>
    /// <exception cref="DbException">The database is full, busy or damaged.</exception>
    public int Run(long first, long second, long third)
    {
        raw.sqlite3_bind_int64(_statement, 1, first);
        raw.sqlite3_bind_int64(_statement, 2, second);
        raw.sqlite3_bind_int64(_statement, 3, third);
        var result = raw.sqlite3_step(_statement);
        if (result is not raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(result, _connection);
        raw.sqlite3_reset(_statement);
        return raw.sqlite3_changes(_connection);
    }

    public void Dispose() => _statement.Dispose();
}
