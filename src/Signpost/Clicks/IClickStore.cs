using Signpost.Core.Clicks;

namespace Signpost.Clicks;

/// <summary>The stored clicks: counts by link, and their position in the journal.</summary>
internal sealed record StoredClicks(JournalPosition Position, IReadOnlyDictionary<long, long> ByLink);

/// <summary>Stores clicks. SQLite implements it now; other databases follow.</summary>
internal interface IClickStore
{
    /// <summary>The journals that the store knows.</summary>
    Task<IReadOnlyCollection<Guid>> ReadJournalsAsync(CancellationToken cancel);

    /// <summary>Makes this journal known before its first click comes, so that its loss is noticed.</summary>
    Task LearnAsync(Guid journal, CancellationToken cancel);

    /// <summary>The position up to which this journal's clicks are stored.</summary>
    Task<JournalPosition> ReadPositionAsync(Guid journal, CancellationToken cancel);

    /// <summary>Waits while the store has too many clicks to compact.</summary>
    Task ReadyAsync(CancellationToken cancel);

    /// <summary>
    /// Adds the batch and moves the position from its start to its end, in one transaction. False: the position is not at
    /// its start, and nothing changed. So a batch can be offered again if the result of its commit was lost.
    /// </summary>
    Task<bool> AppendAsync(Guid journal, ClickBatch batch, CancellationToken cancel);

    /// <summary>The stored clicks by persons of these links, and the position, as of one moment.</summary>
    Task<StoredClicks> ReadClicksAsync(Guid journal, IReadOnlyCollection<long> linkIds, CancellationToken cancel);
}
