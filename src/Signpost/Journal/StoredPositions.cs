using System.Data.Common;
using Signpost.Core.Clicks;
using Signpost.Storage;

namespace Signpost.Journal;

/// <summary>The journals that the database knows, and up to where the clicks of each are stored.</summary>
internal static class StoredPositions
{
    public static IReadOnlyDictionary<Guid, JournalPosition> Read(DbConnection connection)
    {
        using var command = connection.Command(null, "SELECT journal_id, segment, \"offset\" FROM journal_positions");
        using var rows = command.ExecuteReader();
        Dictionary<Guid, JournalPosition> positions = [];
        while (rows.Read())
            positions.Add(Guid.Parse(rows.GetString(0)), new(rows.GetInt64(1), rows.GetInt64(2)));
        return positions;
    }

    /// <summary>Makes a journal known; nothing of it is stored yet.</summary>
    public static int Add(DbConnection connection, DbTransaction transaction, Guid journal) =>
        connection.Run(
            transaction,
            """
            INSERT INTO journal_positions (journal_id, segment, "offset") VALUES (@journal, 0, 0)
            ON CONFLICT (journal_id) DO NOTHING
            """,
            ("@journal", journal.ToString())
        );

    /// <summary>Forgets all journals but this one.</summary>
    public static int Replace(DbConnection connection, DbTransaction transaction, Guid journal)
    {
        connection.Run(transaction, "DELETE FROM journal_positions");
        return Add(connection, transaction, journal);
    }
}
