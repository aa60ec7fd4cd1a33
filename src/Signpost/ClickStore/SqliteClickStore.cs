using System.Data.Common;
using Signpost.Clicks;
using Signpost.ClickStore.Blocks;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Storage;

namespace Signpost.ClickStore;

/// <summary>Stores rows, counts and position in SQLite. It drops clicks of deleted links.</summary>
internal sealed class SqliteClickStore(Database database, RecentClicks recent, BackgroundLanes lanes) : IClickStore
{
    /// <summary>Up to this number of rows, encoding takes less than a millisecond.</summary>
    private const int FewRows = 512;

    private readonly BlockAppender _blocks = new(database, recent);

    public Task<IReadOnlyCollection<Guid>> ReadJournalsAsync(CancellationToken cancel)
    {
        using var connection = database.OpenOwnRead();
        return Task.FromResult<IReadOnlyCollection<Guid>>([.. StoredPositions.Read(connection).Keys]);
    }

    public Task LearnAsync(Guid journal, CancellationToken cancel) =>
        database.WriteRawAsync(
            (connection, transaction) => StoredPositions.Add(connection, transaction, journal),
            cancel
        );

    public Task<JournalPosition> ReadPositionAsync(Guid journal, CancellationToken cancel)
    {
        using var connection = database.OpenOwnRead();
        return Task.FromResult(ReadPosition(connection, null, journal));
    }

    public Task ReadyAsync(CancellationToken cancel) => recent.RoomAsync(cancel);

    public async Task<bool> AppendAsync(Guid journal, ClickBatch batch, CancellationToken cancel)
    {
        // Sorted and encoded before the writer lock, which is held only for writing.
        var rows = batch.Rows.Count <= FewRows ? Encode(batch) : await lanes.Storing.RunAsync(() => Encode(batch));
        return await database.WriteRawAsync(
            (connection, transaction) =>
            {
                recent.Settle(connection, transaction, database.WriteNumber);
                if (!TryMove(connection, transaction, journal, batch))
                    return false;

                HashSet<long> gone = [];
                LinkCounts.Add(connection, transaction, batch.Totals, gone);
                OrphanVisits.Add(connection, transaction, batch.Orphans);
                CaseVisits.Add(connection, transaction, batch.OtherCases);
                _blocks.Append(connection, transaction, rows, gone);
                ClickRanks.Note(connection, transaction, batch.Totals);
                return true;
            },
            cancel
        );
    }

    public Task<StoredClicks> ReadClicksAsync(Guid journal, IReadOnlyCollection<long> linkIds, CancellationToken cancel)
    {
        using var connection = database.OpenOwnRead();
        // Both come from one snapshot, so that the sum with the journal's clicks is exact.
        using var transaction = Database.BeginSnapshot(connection);
        using var command = connection.Command(
            transaction,
            "SELECT link_id, count FROM link_counts WHERE kind = @kind AND link_id IN (@links)",
            ("@kind", (byte)ClickKind.Person),
            ("@links", linkIds)
        );

        Dictionary<long, long> byLink = new(linkIds.Count);
        using (var rows = command.ExecuteReader())
            while (rows.Read())
                byLink.Add(rows.GetInt64(0), rows.GetInt64(1));

        return Task.FromResult(new StoredClicks(ReadPosition(connection, transaction, journal), byLink));
    }

    private static ClickColumns Encode(ClickBatch batch) => ClickColumns.Of(RowOrder.ByLink(batch.Rows));

    private static JournalPosition ReadPosition(DbConnection connection, DbTransaction? transaction, Guid journal)
    {
        using var command = connection.Command(
            transaction,
            "SELECT segment, \"offset\" FROM journal_positions WHERE journal_id = @journal",
            ("@journal", journal.ToString())
        );
        using var rows = command.ExecuteReader();
        return rows.Read() ? new(rows.GetInt64(0), rows.GetInt64(1)) : JournalPosition.Start;
    }

    private static bool TryMove(DbConnection connection, DbTransaction transaction, Guid journal, ClickBatch batch)
    {
        using var command = connection.Command(
            transaction,
            batch.Start == JournalPosition.Start
                ? """
                INSERT INTO journal_positions (journal_id, segment, "offset") VALUES (@journal, @segment, @offset)
                ON CONFLICT (journal_id) DO UPDATE SET segment = excluded.segment, "offset" = excluded."offset"
                WHERE journal_positions.segment = 0 AND journal_positions."offset" = 0
                """
                : """
                UPDATE journal_positions SET segment = @segment, "offset" = @offset
                WHERE journal_id = @journal AND segment = @fromSegment AND "offset" = @fromOffset
                """,
            ("@journal", journal.ToString()),
            ("@segment", batch.End.Segment),
            ("@offset", batch.End.Offset),
            ("@fromSegment", batch.Start.Segment),
            ("@fromOffset", batch.Start.Offset)
        );
        return command.ExecuteNonQuery() == 1;
    }
}
