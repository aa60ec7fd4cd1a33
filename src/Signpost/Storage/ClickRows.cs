namespace Signpost.Storage;

/// <summary>Clicks of all links in the order of arrival, until they are compacted into each link's own chunks.</summary>
internal sealed class ClickBlock
{
    public long Id { get; set; }
    public required int Count { get; set; }

    /// <summary>Columns of clicks, sorted by link.</summary>
    public required byte[] Data { get; set; }
}

/// <summary>Clicks of one link, in the order of storing.</summary>
internal sealed class ClickChunkRow
{
    /// <summary>Link and number within it, as <see cref="ClusterKey"/>.</summary>
    public required long Id { get; set; }

    /// <summary>The earliest click, in seconds since 1970-01-01 UTC.</summary>
    public required long FirstAt { get; set; }

    /// <summary>The latest click, in seconds since 1970-01-01 UTC.</summary>
    public required long LastAt { get; set; }

    /// <summary>The number of the first click among all clicks the link has ever had, from 1.</summary>
    public required long FirstOrdinal { get; set; }

    public required int Count { get; set; }

    /// <summary>Columns of clicks of this one link.</summary>
    public required byte[] Data { get; set; }
}

/// <summary>
/// The progress of the compaction that moves blocks into chunks. There is one row. In the blocks up to
/// <see cref="ThroughBlock"/>, clicks of links before <see cref="NextLink"/> are already in chunks, the others not yet.
/// </summary>
internal sealed class ClickCompaction
{
    public required int Id { get; set; }
    public required long ThroughBlock { get; set; }
    public required long NextLink { get; set; }
}

/// <summary>A UTC day that has chunks. Its rollups are valid if they were made from its newest revision.</summary>
internal sealed class ClickDay
{
    /// <summary>Days since 1970-01-01.</summary>
    public required int Day { get; set; }

    /// <summary>Rises whenever clicks of that day are compacted into chunks.</summary>
    public required int Revision { get; set; }

    /// <summary>The revision from which the rollups were made; 0: there are none.</summary>
    public int RolledRevision { get; set; }
}

/// <summary>The counts of one scope over some UTC days, by each dimension.</summary>
internal sealed class RollupRow
{
    /// <summary>Scope and first day, as <see cref="ClusterKey"/>.</summary>
    public required long Id { get; set; }

    /// <summary>The number of days, 1 or more.</summary>
    public required int Days { get; set; }

    /// <summary>The counts by day.</summary>
    public required byte[] Totals { get; set; }

    /// <summary>The counts by quarters of an hour.</summary>
    public required byte[] Quarters { get; set; }
}

/// <summary>A column of the clicks of a main domain, custom domain or guest group on one UTC day, beside the rollup of that day.</summary>
internal sealed class DayColumn
{
    /// <summary>The rollup's id.</summary>
    public required long Id { get; set; }

    /// <summary>The number of the column. Without column 0 the others mean nothing.</summary>
    public required int Number { get; set; }

    public required byte[] Data { get; set; }
}

/// <summary>A rollup whose visitors may be wrong since a link left its scope. It will be rebuilt from the raw clicks.</summary>
internal sealed class StaleRollup
{
    /// <summary>The rollup's id.</summary>
    public required long Id { get; set; }
}

/// <summary>Requests for an unknown alias of a domain.</summary>
internal sealed class OrphanVisit
{
    /// <summary>0 is the main domain.</summary>
    public required long DomainId { get; set; }

    /// <summary>Days since 1970-01-01.</summary>
    public required int Day { get; set; }

    /// <summary>The alias as it is compared; empty: all aliases after this domain and day reached their limit.</summary>
    public required string Alias { get; set; }

    public required long Count { get; set; }
}

/// <summary>Clicks of a domain whose path spelled the alias in another case than its owner did.</summary>
internal sealed class CaseVisit
{
    /// <summary>0 is the main domain.</summary>
    public required long DomainId { get; set; }

    /// <summary>Days since 1970-01-01.</summary>
    public required int Day { get; set; }

    public required long Count { get; set; }
}

/// <summary>
/// Keys that store rows of one owner together on the disk: 43 bits for the owner, 20 bits for the number. An SQLite table is
/// sorted by its integer key, so it needs no second tree.
/// </summary>
internal static class ClusterKey
{
    private const int Bits = 20;

    public static long Of(long owner, long number) => (owner << Bits) | number;

    public static long OwnerOf(long key) => key >> Bits;

    public static long NumberOf(long key) => key & ((1L << Bits) - 1);
}
