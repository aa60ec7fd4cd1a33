using Signpost.Hosting;

namespace Signpost.Journal;

/// <summary>Where and how clicks are journaled, and how long they are kept.</summary>
/// <param name="Directory">The journal's own directory; created when absent.</param>
/// <param name="NodeName">Noted in each segment, for people.</param>
internal sealed record JournalSettings(string Directory, ClickDurability Durability, string NodeName)
{
    /// <summary>How many days clicks are kept one by one; 0: for ever.</summary>
    public int KeptDays { get; init; } = 396;

    /// <summary>With more bytes that wait to be stored, ordinary threads store them, too.</summary>
    public long MostBacklogBytes { get; init; } = 1L << 30;

    /// <summary>With clicks that have waited longer to be stored, ordinary threads store them, too.</summary>
    public TimeSpan LongestBacklog { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Bytes reserved for a segment.</summary>
    public int SegmentSize { get; init; } = 16 << 20;

    /// <summary>Whether segments are mapped into memory where that is safe; else each click is a call of the system.</summary>
    public bool MapsSegments { get; init; } = true;
}
