using System.Data.Common;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.ClickStore.Blocks;

/// <summary>The tables of blocks and of the progress of their compaction.</summary>
internal static class ClickBlocks
{
    /// <summary>Stands for the next link when a compaction has no link left.</summary>
    public const long AllLinks = long.MaxValue;

    private const int OneRow = 1;

    public static IEnumerable<RecentSegment> ReadAll(DbConnection connection, DbTransaction transaction)
    {
        using var command = connection.Command(transaction, "SELECT id, data FROM click_blocks ORDER BY id");
        using var rows = command.ExecuteReader();
        while (rows.Read())
            yield return new(rows.GetInt64(0), ClickColumns.Over(rows.GetFieldValue<byte[]>(1)));
    }

    /// <summary>Adds a block; returns its id.</summary>
    public static long Add(DbConnection connection, DbTransaction transaction, ClickColumns columns)
    {
        using var command = connection.Command(
            transaction,
            "INSERT INTO click_blocks (count, data) VALUES (@count, @data) RETURNING id",
            ("@count", columns.Count),
            ("@data", columns.Write())
        );
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Replaces a block; deletes it if it has no rows.</summary>
    public static void Change(DbConnection connection, DbTransaction transaction, RecentSegment segment)
    {
        if (segment.Count == 0)
        {
            Remove(connection, transaction, segment.Block);
            return;
        }

        connection.Run(
            transaction,
            "UPDATE click_blocks SET count = @count, data = @data WHERE id = @id",
            ("@count", segment.Count),
            ("@data", segment.Columns.Write()),
            ("@id", segment.Block)
        );
    }

    public static void Remove(DbConnection connection, DbTransaction transaction, long block) =>
        connection.Run(transaction, "DELETE FROM click_blocks WHERE id = @id", ("@id", block));

    /// <summary>The progress of the compaction; null: none has ever begun.</summary>
    public static ClickCompaction? ReadCompaction(DbConnection connection, DbTransaction? transaction)
    {
        using var command = connection.Command(transaction, "SELECT through_block, next_link FROM click_folds");
        using var rows = command.ExecuteReader();
        return rows.Read()
            ? new()
            {
                Id = OneRow,
                ThroughBlock = rows.GetInt64(0),
                NextLink = rows.GetInt64(1),
            }
            : null;
    }

    public static void WriteCompaction(
        DbConnection connection,
        DbTransaction transaction,
        long throughBlock,
        long nextLink
    ) =>
        connection.Run(
            transaction,
            """
            INSERT INTO click_folds (id, through_block, next_link) VALUES (@id, @through, @next)
            ON CONFLICT (id) DO UPDATE SET through_block = excluded.through_block, next_link = excluded.next_link
            """,
            ("@id", OneRow),
            ("@through", throughBlock),
            ("@next", nextLink)
        );
}
