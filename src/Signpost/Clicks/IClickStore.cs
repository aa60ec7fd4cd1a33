using Signpost.Core.Clicks;

namespace Signpost.Clicks;

/// <summary>Clicks as far as they are stored: counts by link, and the journal's position that they go with.</summary>
internal sealed record StoredClicks(JournalPosition Position, IReadOnlyDictionary<long, long> ByLink);

/// <summary>Where clicks come to rest. For SQLite now; other databases follow.</summary>
internal interface IClickStore
{
    /// <summary>How far this journal's clicks are stored.</summary>
    Task<JournalPosition> ReadPositionAsync(Guid journal, CancellationToken cancel);

    /// <summary>Waits while the store has more on its hands than it could tidy away.</summary>
    Task ReadyAsync(CancellationToken cancel);

    /// <summary>
    /// Adds the batch and moves the position from its start to its end, in one transaction. False: the position is not at
    /// its start, and nothing changed. So a batch whose commit was not answered can be offered again.
    /// </summary>
    Task<bool> AppendAsync(Guid journal, ClickBatch batch, CancellationToken cancel);

    /// <summary>The stored clicks by persons of these links, and the position, as of one moment.</summary>
    Task<StoredClicks> ReadClicksAsync(Guid journal, IReadOnlyCollection<long> linkIds, CancellationToken cancel);
}
