using System.Data.Common;
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

    private readonly DbCommand _forwards;
    private readonly DbCommand _backwards;

    public ChunkReader(DbConnection connection, DbTransaction? transaction)
    {
        _forwards = Prepare(connection, transaction, "ASC");
        _backwards = Prepare(connection, transaction, "DESC");
    }

    /// <summary>A link's chunks in order, or in reverse order. Rows are read only on demand.</summary>
    public IEnumerable<(ChunkPlace Place, Func<ClickColumns> Read)> Of(long link, bool backwards = false)
    {
        var command = backwards ? _backwards : _forwards;
        command.Parameters[0].Value = ClusterKey.Of(link, 0);
        command.Parameters[1].Value = ClusterKey.Of(link + 1, 0);
        using var rows = command.ExecuteReader();
        while (rows.Read())
            yield return (
                new(rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt32(4)),
                () => ClickColumns.Over(rows.GetFieldValue<byte[]>(5))
            );
    }

    public void Dispose()
    {
        _forwards.Dispose();
        _backwards.Dispose();
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
internal sealed class ChunkWriter : IDisposable
{
    private readonly DbCommand _write;
    private readonly DbCommand _remove;

    public ChunkWriter(DbConnection connection, DbTransaction transaction)
    {
        _write = connection.Command(
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
        _write.Prepare();

        _remove = connection.Command(transaction, "DELETE FROM click_chunks WHERE id = @id", ("@id", 0L));
        _remove.Prepare();
    }

    public void Write(EncodedChunk chunk)
    {
        _write.Parameters[0].Value = chunk.Place.Id;
        _write.Parameters[1].Value = chunk.Place.FirstAt;
        _write.Parameters[2].Value = chunk.Place.LastAt;
        _write.Parameters[3].Value = chunk.Place.FirstOrdinal;
        _write.Parameters[4].Value = chunk.Place.Count;
        _write.Parameters[5].Value = chunk.Data;
        _write.ExecuteNonQuery();
    }

    public void Remove(long id)
    {
        _remove.Parameters[0].Value = id;
        _remove.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _write.Dispose();
        _remove.Dispose();
    }
}
