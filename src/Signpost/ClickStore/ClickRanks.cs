using System.Data.Common;
using System.Text.Json;
using Signpost.Changes.Jobs;
using Signpost.Clicks;
using Signpost.Core.Clicks;
using Signpost.Storage;

namespace Signpost.ClickStore;

/// <summary>
/// Keeps the index that orders links by their clicks. Storing a batch only notes its links in one row, because changing the index for
/// each of them would take much of the time of storing. The index follows within seconds, or when clicks arrive less fast again.
/// </summary>
internal sealed partial class ClickRanks(
    Slices slices,
    Database database,
    TimeProvider clock,
    ILogger<ClickRanks> logger
) : BackgroundService
{
    /// <summary>In one look while clicks arrive. They are some thousand links, and take a few hundredths of a second.</summary>
    private const int FewSlices = 6;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Of the oldest row. After a restart, all of its links are ranked again.
    private long _row;
    private int _done;

    /// <summary>Notes the links of a batch in the transaction that stores it.</summary>
    public static void Note(DbConnection connection, DbTransaction transaction, IReadOnlyList<ClickTotal> totals)
    {
        long[] links = [.. totals.Where(total => total.Kind is ClickKind.Person).Select(total => total.LinkId)];
        if (links is not [])
            connection.Run(
                transaction,
                "INSERT INTO unranked_links (links) VALUES (@links)",
                ("@links", JsonSerializer.Serialize(links))
            );
    }

    /// <summary>Ranks the links of all stored batches.</summary>
    public Task RankAsync(CancellationToken cancel) => RankAsync(int.MaxValue, cancel);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var last = 0L;
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                await Task.Delay(Pause, clock, stoppingToken);
                if (NewestRow() is not { } newest)
                    continue;
                await RankAsync(newest == last ? int.MaxValue : FewSlices, stoppingToken);
                last = newest;
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                _row = 0;
                LogFailed(error);
            }
            catch (OperationCanceledException)
            {
                // The server stops; the rest is ranked after the next start.
            }
    }

    private Task RankAsync(int most, CancellationToken cancel) =>
        slices.RunAsideAsync(slice => most-- > 0 ? RankSome(slice) : 0, cancel);

    private int RankSome(Slice slice)
    {
        if (Oldest(slice) is not var (row, links))
            return 0;
        if (row != _row)
            (_row, _done) = (row, 0);
        long[] some = [.. links.Skip(_done).Take(slice.Size)];
        slice.Run(
            """
            UPDATE links SET ranked_clicks = counts.count FROM link_counts AS counts
            WHERE links.id IN (@links) AND counts.link_id = links.id AND counts.kind = @kind
                AND counts.count <> links.ranked_clicks
            """,
            ("@kind", (long)ClickKind.Person),
            ("@links", some)
        );
        _done += some.Length;
        if (_done >= links.Length)
            slice.Run("DELETE FROM unranked_links WHERE id = @row", ("@row", row));
        return Math.Max(some.Length, 1);
    }

    private static (long Row, long[] Links)? Oldest(Slice slice)
    {
        using var command = slice.Command("SELECT id, links FROM unranked_links ORDER BY id LIMIT 1");
        using var rows = command.ExecuteReader();
        return rows.Read() ? (rows.GetInt64(0), JsonSerializer.Deserialize<long[]>(rows.GetString(1))!) : null;
    }

    private long? NewestRow()
    {
        using var connection = database.OpenRead();
        using var command = connection.Command(null, "SELECT max(id) FROM unranked_links");
        return command.ExecuteScalar() as long?;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Links could not be ordered by their clicks; this is tried again")]
    private partial void LogFailed(Exception error);
}
