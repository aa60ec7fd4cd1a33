using Signpost.Hosting;

namespace Signpost.Journal;

/// <summary>Where and how clicks are journaled, and how long they are kept.</summary>
/// <param name="Directory">The journal's own directory; created if it is missing.</param>
/// <param name="NodeName">Stored in each segment, for people.</param>
internal sealed record JournalSettings(string Directory, ClickDurability Durability, string NodeName)
{
    /// <summary>The number of days that single clicks are kept; 0: for ever.</summary>
    public int KeptDays { get; init; } = 396;

    /// <summary>If more bytes wait to be stored, ordinary threads store them, too.</summary>
    public long MostBacklogBytes { get; init; } = 1L << 30;

    /// <summary>If clicks have waited longer to be stored, ordinary threads store them, too.</summary>
    public TimeSpan LongestBacklog { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Bytes reserved for a segment.</summary>
    public int SegmentSize { get; init; } = 16 << 20;

    /// <summary>Given up while the disk is full; null: there is none.</summary>
    public DiskReserve? Reserve { get; init; }

    /// <summary>The disk with <see cref="Directory"/>.</summary>
    public IDisk Disk { get; init; } = SystemDisk.Instance;

    /// <summary>Run the journal's work beside the requests.</summary>
    public IJournalThreads Threads { get; init; } = SystemThreads.Instance;

    /// <summary>Whether segments are mapped into memory where that is safe; otherwise each click is a system call.</summary>
    public bool MapsSegments { get; init; } = true;
}
