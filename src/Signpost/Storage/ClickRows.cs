namespace Signpost.Storage;

/// <summary>Clicks as they came, of all links, until they are compacted into each link's own.</summary>
internal sealed class ClickBlock
{
    public long Id { get; set; }
    public required int Count { get; set; }

    /// <summary>Columns of clicks, sorted by link.</summary>
    public required byte[] Data { get; set; }
}

/// <summary>Clicks of one link, in the order they were stored.</summary>
internal sealed class ClickChunkRow
{
    /// <summary>Link and number within it, as <see cref="ClusterKey"/>.</summary>
    public required long Id { get; set; }

    /// <summary>The earliest click, in seconds since 1970-01-01 UTC.</summary>
    public required long FirstAt { get; set; }

    /// <summary>The latest click, in seconds since 1970-01-01 UTC.</summary>
    public required long LastAt { get; set; }

    /// <summary>The first click's number among all that the link ever had, from 1.</summary>
    public required long FirstOrdinal { get; set; }

    public required int Count { get; set; }

    /// <summary>Columns of clicks of this one link.</summary>
    public required byte[] Data { get; set; }
}

/// <summary>
/// How far the compaction is that moves blocks into chunks. One row: of the blocks up to <see cref="ThroughBlock"/>, the clicks
/// of links before <see cref="NextLink"/> are in chunks already, the others not yet.
/// </summary>
internal sealed class ClickCompaction
{
    public required int Id { get; set; }
    public required long ThroughBlock { get; set; }
    public required long NextLink { get; set; }
}

/// <summary>A UTC day that has chunks. Its rollups hold if they were made of its newest revision.</summary>
internal sealed class ClickDay
{
    /// <summary>Days since 1970-01-01.</summary>
    public required int Day { get; set; }

    /// <summary>Rises whenever clicks of that day are compacted into chunks.</summary>
    public required int Revision { get; set; }

    /// <summary>The revision that the rollups were made of; 0: none were.</summary>
    public int RolledRevision { get; set; }
}

/// <summary>How often, by each dimension, in one scope and over some UTC days.</summary>
internal sealed class RollupRow
{
    /// <summary>Scope and first day, as <see cref="ClusterKey"/>.</summary>
    public required long Id { get; set; }

    /// <summary>How many days from the first, 1 or more.</summary>
    public required int Days { get; set; }

    /// <summary>By day.</summary>
    public required byte[] Totals { get; set; }

    /// <summary>By quarters of an hour.</summary>
    public required byte[] Quarters { get; set; }
}

/// <summary>A rollup whose visitors may be off since a link left its scope: it is made anew from the raw clicks.</summary>
internal sealed class StaleRollup
{
    /// <summary>The rollup's id.</summary>
    public required long Id { get; set; }
}

/// <summary>Requests for an alias that no link of a domain has.</summary>
internal sealed class OrphanVisit
{
    /// <summary>0 is the main domain.</summary>
    public required long DomainId { get; set; }

    /// <summary>Days since 1970-01-01.</summary>
    public required int Day { get; set; }

    /// <summary>The alias as it is compared; empty: all that came after the cap of this domain and day was reached.</summary>
    public required string Alias { get; set; }

    public required long Count { get; set; }
}

/// <summary>
/// Keys that keep together on the disk what is read together: 43 bits of whose, 20 bits of which. An SQLite table is
/// sorted by its integer key, and needs no second tree for it.
/// </summary>
internal static class ClusterKey
{
    private const int Bits = 20;

    public static long Of(long owner, long number) => (owner << Bits) | number;

    public static long OwnerOf(long key) => key >> Bits;

    public static long NumberOf(long key) => key & ((1L << Bits) - 1);
}
