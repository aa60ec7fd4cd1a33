using Signpost.Storage;

namespace Signpost.ClickStore.Rollups;

/// <summary>Columns of a day are damaged: those of one of these ids.</summary>
internal sealed class DamagedColumnsException(IReadOnlyList<long> ids, FormatException error)
    : Exception(error.Message, error)
{
    public IReadOnlyList<long> Ids => ids;
}

/// <summary>Makes damaged columns invalid. Until they are made again, the clicks of the day are read instead.</summary>
internal sealed partial class DamagedColumns(Database database, ILogger<DamagedColumns> logger)
{
    public async Task RemoveAsync(DamagedColumnsException damaged, CancellationToken cancel)
    {
        var isFirst = await database.WriteRawAsync(
            (connection, transaction) =>
            {
                var isAny = false;
                foreach (var id in damaged.Ids)
                {
                    isAny |= DayColumnsTable.RemoveHead(connection, transaction, id);
                    RollupTable.MarkStale(connection, transaction, id);
                }

                return isAny;
            },
            cancel
        );
        if (isFirst)
            LogDamaged(damaged, (int)ClusterKey.NumberOf(damaged.Ids[0]));
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Columns of day {Day} since 1970-01-01 are damaged; they are made again from the clicks"
    )]
    private partial void LogDamaged(Exception error, int day);
}
