using Signpost.Journal;

namespace Signpost.Clicks;

/// <summary>The clicks that are journaled and not yet stored: how many bytes, and since when.</summary>
internal sealed class Backlog(ClickJournal journal, JournalSettings settings, TimeProvider clock)
{
    private long _storedUntil = clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Statistics hold every click until this moment.</summary>
    public DateTimeOffset StoredUntil => DateTimeOffset.FromUnixTimeMilliseconds(Volatile.Read(ref _storedUntil));

    /// <summary>How long the oldest click has waited.</summary>
    public TimeSpan Age => journal.State.BytesPending == 0 ? TimeSpan.Zero : Since(clock.GetUtcNow());

    /// <summary>Whether storing clicks takes so long that ordinary threads must help.</summary>
    public bool IsTooLarge =>
        journal.State.BytesPending is > 0 and var bytes
        && (bytes > settings.MostBacklogBytes || Since(clock.GetUtcNow()) > settings.LongestBacklog);

    /// <summary>Notes that everything journaled until a moment is stored.</summary>
    public void StoredAll(DateTimeOffset until) => Volatile.Write(ref _storedUntil, until.ToUnixTimeMilliseconds());

    /// <summary>Notes that a batch is stored.</summary>
    public void Stored(ClickBatch batch)
    {
        if (batch.Clicks is [.., var last])
            Volatile.Write(ref _storedUntil, last.AtMilliseconds);
    }

    private TimeSpan Since(DateTimeOffset now) => now > StoredUntil ? now - StoredUntil : TimeSpan.Zero;
}
