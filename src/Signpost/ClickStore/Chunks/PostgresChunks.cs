using Npgsql;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.ClickStore.Chunks;

/// <summary>
/// The chunks in PostgreSQL. Each command costs a way to the server and back, and a connection runs one command at a time. So
/// the chunks of many links are read and written at once, and no command is open while a caller uses a chunk.
/// </summary>
internal sealed class PostgresChunks : IDisposable
{
    /// <summary>Chunks with fewer clicks are read with their places; larger ones only on demand.</summary>
    private const int Small = 8_192;

    private const int MostLinks = 256;
    private const int EnoughBytes = 4 << 20;

    private readonly NpgsqlCommand _places;
    private readonly NpgsqlCommand _data;
    private readonly IEnumerator<long> _upcoming;
    private readonly Dictionary<long, List<Chunk>> _known = [];
    private int _atOnce = 16;

    /// <param name="upcoming">The links that will be asked for, in order.</param>
    public PostgresChunks(NpgsqlConnection connection, IEnumerable<long> upcoming)
    {
        _upcoming = upcoming.GetEnumerator();
        _places = new NpgsqlCommand(
            """
            SELECT id, first_at, last_at, first_ordinal, count, CASE WHEN count < @small THEN data END
            FROM unnest(@links) AS asked (link) JOIN click_chunks ON id >= link << 20 AND id < (link + 1) << 20
            ORDER BY id
            """,
            connection
        );
        _places.Parameters.Add(new NpgsqlParameter<int> { ParameterName = "small", TypedValue = Small });
        _places.Parameters.Add(new NpgsqlParameter<long[]>("links", []));
        _data = new NpgsqlCommand("SELECT data FROM click_chunks WHERE id = @id", connection);
        _data.Parameters.Add(new NpgsqlParameter<long> { ParameterName = "id" });
    }

    /// <inheritdoc cref="ChunkReader.Of"/>
    public IEnumerable<(ChunkPlace Place, Func<ClickColumns> Read)> Of(long link, bool backwards)
    {
        if (!_known.ContainsKey(link))
            Load(link);
        IEnumerable<Chunk> chunks = _known[link];
        foreach (var chunk in backwards ? chunks.Reverse() : chunks)
            yield return (chunk.Place, () => ClickColumns.Over(chunk.Data ?? Read(chunk.Place.Id)));
    }

    /// <summary>Writes chunks; those with the same id are replaced.</summary>
    public static void Write(NpgsqlConnection connection, IReadOnlyCollection<EncodedChunk> chunks)
    {
        using var command = new NpgsqlCommand(
            """
            INSERT INTO click_chunks (id, first_at, last_at, first_ordinal, count, data)
            SELECT * FROM unnest(@ids, @firsts, @lasts, @ordinals, @counts, @datas)
            ON CONFLICT (id) DO UPDATE SET first_at = excluded.first_at, last_at = excluded.last_at,
                first_ordinal = excluded.first_ordinal, count = excluded.count, data = excluded.data
            """,
            connection
        );
        Add(command, "ids", chunks.Select(chunk => chunk.Place.Id));
        Add(command, "firsts", chunks.Select(chunk => chunk.Place.FirstAt));
        Add(command, "lasts", chunks.Select(chunk => chunk.Place.LastAt));
        Add(command, "ordinals", chunks.Select(chunk => chunk.Place.FirstOrdinal));
        Add(command, "counts", chunks.Select(chunk => chunk.Place.Count));
        Add(command, "datas", chunks.Select(chunk => chunk.Data));
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _upcoming.Dispose();
        _places.Dispose();
        _data.Dispose();
    }

    private static void Add<T>(NpgsqlCommand command, string name, IEnumerable<T> values) =>
        command.Parameters.Add(new NpgsqlParameter<T[]>(name, [.. values]));

    // Links of before are forgotten: each is asked for once, or once for each pass.
    private void Load(long link)
    {
        _known.Clear();
        _known.Add(link, []);
        while (_known.Count < _atOnce && _upcoming.MoveNext())
            _known.TryAdd(_upcoming.Current, []);
        _places.Parameters[1].Value = _known.Keys.ToArray();

        var bytes = 0L;
        using var rows = _places.ExecuteReader();
        while (rows.Read())
        {
            var place = new ChunkPlace(
                rows.GetInt64(0),
                rows.GetInt64(1),
                rows.GetInt64(2),
                rows.GetInt64(3),
                rows.GetInt32(4)
            );
            var data = rows.IsDBNull(5) ? null : rows.GetFieldValue<byte[]>(5);
            bytes += data?.Length ?? 0;
            _known[ClusterKey.OwnerOf(place.Id)].Add(new(place, data));
        }

        _atOnce = bytes > EnoughBytes ? Math.Max(_atOnce / 2, 1) : Math.Min(_atOnce * 2, MostLinks);
    }

    private byte[] Read(long id)
    {
        _data.Parameters[0].Value = id;
        return (byte[])(_data.ExecuteScalar() ?? throw new InvalidOperationException($"The chunk {id} is gone."));
    }

    private sealed record Chunk(ChunkPlace Place, byte[]? Data);
}
