using System.Data.Common;
using Npgsql;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.ClickStore.Chunks;

/// <summary>The place and the span of a chunk, without its rows.</summary>
internal readonly record struct ChunkPlace(long Id, long FirstAt, long LastAt, long FirstOrdinal, int Count)
{
    /// <summary>The ordinal of the click after its last one.</summary>
    public long NextOrdinal => FirstOrdinal + Count;
}

/// <summary>A chunk to be stored.</summary>
internal sealed record EncodedChunk(ChunkPlace Place, byte[] Data)
{
    public static EncodedChunk Of(long id, long firstOrdinal, ClickColumns rows) =>
        new(new(id, rows.FirstAt, rows.LastAt, firstOrdinal, rows.Count), rows.Write());

    public static EncodedChunk Of(long id, long firstOrdinal, ReadOnlySpan<ClickRow> rows)
    {
        var (first, last) = rows.IsEmpty ? (0, 0) : (long.MaxValue, long.MinValue);
        foreach (ref readonly var row in rows)
            (first, last) = (Math.Min(first, row.AtSeconds), Math.Max(last, row.AtSeconds));
        return new(new(id, first, last, firstOrdinal, rows.Length), ClickColumns.Encode(rows));
    }
}

/// <summary>Reads the chunks of one link after another.</summary>
internal sealed class ChunkReader : IDisposable
{
    private const string Columns = "id, first_at, last_at, first_ordinal, count, data";

    private readonly DbCommand? _forwards;
    private readonly DbCommand? _backwards;
    private readonly PostgresChunks? _postgres;

    /// <param name="upcoming">
    /// The links that will be asked for, in order. PostgreSQL reads some of them at once; SQLite has no need of it.
    /// </param>
    public ChunkReader(DbConnection connection, DbTransaction? transaction, IEnumerable<long>? upcoming = null)
    {
        if (connection is NpgsqlConnection postgres)
        {
            _postgres = new PostgresChunks(postgres, upcoming ?? []);
            return;
        }

        _forwards = Prepare(connection, transaction, "ASC");
        _backwards = Prepare(connection, transaction, "DESC");
    }

    /// <summary>A link's chunks in order, or in reverse order. Rows are read only on demand.</summary>
    public IEnumerable<(ChunkPlace Place, Func<ClickColumns> Read)> Of(long link, bool backwards = false) =>
        _postgres?.Of(link, backwards) ?? Stream((backwards ? _backwards : _forwards)!, link);

    public void Dispose()
    {
        _forwards?.Dispose();
        _backwards?.Dispose();
        _postgres?.Dispose();
    }

    private static IEnumerable<(ChunkPlace Place, Func<ClickColumns> Read)> Stream(DbCommand command, long link)
    {
        command.Parameters[0].Value = ClusterKey.Of(link, 0);
        command.Parameters[1].Value = ClusterKey.Of(link + 1, 0);
        using var rows = command.ExecuteReader();
        while (rows.Read())
            yield return (
                new(rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt32(4)),
                () => ClickColumns.Over(rows.GetFieldValue<byte[]>(5))
            );
    }

    private static DbCommand Prepare(DbConnection connection, DbTransaction? transaction, string order)
    {
        var command = connection.Command(
            transaction,
            $"SELECT {Columns} FROM click_chunks WHERE id >= @from AND id < @to ORDER BY id {order}",
            ("@from", 0L),
            ("@to", 0L)
        );
        command.Prepare();
        return command;
    }
}

/// <summary>Writes chunks, many in a transaction.</summary>
internal static class ChunkWriter
{
    /// <summary>Removes chunks, then writes others; those with the same id are replaced.</summary>
    public static void Write(
        DbConnection connection,
        DbTransaction transaction,
        IReadOnlyCollection<long> removed,
        IReadOnlyCollection<EncodedChunk> chunks
    )
    {
        if (removed.Count > 0)
            connection.Run(transaction, "DELETE FROM click_chunks WHERE id IN (@ids)", ("@ids", removed));
        if (chunks.Count == 0)
            return;
        if (connection is NpgsqlConnection postgres)
            PostgresChunks.Write(postgres, chunks);
        else
            WriteEach(connection, transaction, chunks);
    }

    private static void WriteEach(
        DbConnection connection,
        DbTransaction transaction,
        IReadOnlyCollection<EncodedChunk> chunks
    )
    {
        using var write = connection.Command(
            transaction,
            """
            INSERT INTO click_chunks (id, first_at, last_at, first_ordinal, count, data)
            VALUES (@id, @firstAt, @lastAt, @ordinal, @count, @data)
            ON CONFLICT (id) DO UPDATE SET first_at = excluded.first_at, last_at = excluded.last_at,
                first_ordinal = excluded.first_ordinal, count = excluded.count, data = excluded.data
            """,
            ("@id", 0L),
            ("@firstAt", 0L),
            ("@lastAt", 0L),
            ("@ordinal", 0L),
            ("@count", 0),
            ("@data", null)
        );
        write.Prepare();
        foreach (var (place, data) in chunks)
        {
            write.Parameters[0].Value = place.Id;
            write.Parameters[1].Value = place.FirstAt;
            write.Parameters[2].Value = place.LastAt;
            write.Parameters[3].Value = place.FirstOrdinal;
            write.Parameters[4].Value = place.Count;
            write.Parameters[5].Value = data;
            write.ExecuteNonQuery();
        }
    }
}
