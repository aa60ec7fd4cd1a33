using Signpost.Journal;

namespace Signpost.Clicks;

/// <summary>The clicks that are journaled and not yet stored: their bytes and the age of the oldest.</summary>
internal sealed class Backlog(ClickJournal journal, JournalSettings settings, TimeProvider clock)
{
    private long _storedUntil = clock.GetUtcNow().ToUnixTimeMilliseconds();

    private long _failures;

    /// <summary>The number of times since the start that clicks could not be stored and had to wait for another try.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Statistics include every click until this moment.</summary>
    public DateTimeOffset StoredUntil => DateTimeOffset.FromUnixTimeMilliseconds(Volatile.Read(ref _storedUntil));

    /// <summary>The time that the oldest click has waited.</summary>
    public TimeSpan Age => Bytes == 0 ? TimeSpan.Zero : Since(clock.GetUtcNow());

    /// <summary>The bytes of clicks that wait.</summary>
    public long Bytes => journal.State.BytesPending;

    /// <summary>Whether so many clicks wait that ordinary threads must help.</summary>
    public bool IsTooLarge => Exceeds(settings.MostBacklogBytes, settings.LongestBacklog);

    /// <summary>Whether clicks may go on waiting while requests need the processors.</summary>
    public bool IsModerate => !Exceeds(settings.MostBacklogBytes / 2, settings.LongestBacklog / 2);

    /// <summary>Records that all clicks journaled until a moment are stored.</summary>
    public void StoredAll(DateTimeOffset until) => Volatile.Write(ref _storedUntil, until.ToUnixTimeMilliseconds());

    /// <summary>Records that clicks could not be stored.</summary>
    public void Failed() => Interlocked.Increment(ref _failures);

    /// <summary>Records that a batch is stored.</summary>
    public void Stored(ClickBatch batch)
    {
        if (batch.Clicks is [.., var last])
            Volatile.Write(ref _storedUntil, last.AtMilliseconds);
    }

    private bool Exceeds(long most, TimeSpan longest) =>
        Bytes is > 0 and var bytes && (bytes > most || Since(clock.GetUtcNow()) > longest);

    private TimeSpan Since(DateTimeOffset now) => now > StoredUntil ? now - StoredUntil : TimeSpan.Zero;
}
