using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Signpost.Storage;
using SQLitePCL;

namespace Signpost.Tests.Storage;

/// <summary>The statements that run on the writing connection from now on, without those of triggers.</summary>
internal sealed class WrittenStatements : IDisposable
{
    private readonly ConcurrentQueue<string> _all = [];
    private readonly strdelegate_trace _note;
    private readonly sqlite3 _connection;

    private WrittenStatements(sqlite3 connection)
    {
        _connection = connection;
        _note = (_, statement) =>
        {
            if (!statement.StartsWith("--", StringComparison.Ordinal))
                _all.Enqueue(statement);
        };
        raw.sqlite3_trace(connection, _note, null);
    }

    public static async Task<WrittenStatements> FollowAsync(Database database, CancellationToken cancel) =>
        new(
            await database.WriteAsync(
                db => Task.FromResult(((SqliteConnection)db.Database.GetDbConnection()).Handle!),
                cancel
            )
        );

    /// <summary>The statements since the last call that begin with a text.</summary>
    public string[] Take(string start = "")
    {
        string[] taken = [.. _all.Where(statement => statement.StartsWith(start, StringComparison.Ordinal))];
        _all.Clear();
        return taken;
    }

    public void Dispose() => raw.sqlite3_trace(_connection, default(strdelegate_trace), null);
}
