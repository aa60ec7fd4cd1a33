using Signpost.Core.Clicks;

namespace Signpost.Journal;

/// <summary>
/// Checks the segments of earlier processes at start: up to where each is valid, and whether the bytes after it are a record
/// that a killed process had not finished, or damage. It only reads, but deletes segments whose clicks are all stored.
/// </summary>
internal sealed partial class JournalRecovery(JournalDirectory directory, SegmentRemoval removal, ILogger logger)
{
    /// <summary>Reads the journal's id, or creates it if the directory holds no journal yet.</summary>
    /// <exception cref="JournalDamagedException">There are segments, but no id.</exception>
    public Guid Identify()
    {
        if (directory.ReadId() is { } id)
            return id;
        if (File.Exists(directory.IdPath) || directory.Segments() is not [])
            throw new JournalDamagedException(directory.IdPath, 0, "the journal's id is missing");

        id = Guid.NewGuid();
        directory.WriteId(id);
        return id;
    }

    /// <summary>All segments with clicks that are not stored, in order.</summary>
    /// <exception cref="JournalDamagedException">A segment is damaged.</exception>
    public IReadOnlyList<ClosedSegment> Recover(Guid journal, JournalPosition stored)
    {
        directory.RemoveUnfinished();
        List<ClosedSegment> segments = [];
        foreach (var (number, path) in directory.Segments())
        {
            // Stored clicks are not read, so damage in them does no harm.
            var segment = number < stored.Segment ? new(number, path, 0) : Examine(journal, number, path, stored);
            if (segment.IsStored(stored))
                removal.Delete(path);
            else
                segments.Add(segment);
        }

        return segments;
    }

    private ClosedSegment Examine(Guid journal, long number, string path, JournalPosition stored)
    {
        var bytes = File.ReadAllBytes(path);
        var from = SegmentHeader.Size;
        if (number == stored.Segment && stored.Offset >= SegmentHeader.Size)
            from = (int)Math.Min(stored.Offset, bytes.Length);
        else
            CheckHeader(bytes, journal, number, path);

        var scan = new JournalScan(bytes, JournalFrame.SeedOf(journal, number), from);
        while (scan.MoveNext())
            if (!scan.Current.IsGap && !ClickCodec.TryRead(scan.Current.Version, scan.Current.Payload, out _))
                throw JournalDamagedException.Newer(path, scan.Offset - scan.Current.Size, scan.Current.Version);

        var end = scan.Judge();
        if (end is SegmentEnd.Damaged)
            throw new JournalDamagedException(path, scan.Offset, "the record that begins here is not valid");
        if (end is SegmentEnd.Torn)
            LogTorn(path, scan.Offset);

        return new(number, path, scan.Offset);
    }

    private static void CheckHeader(byte[] bytes, Guid journal, long number, string path)
    {
        if (SegmentHeader.Read(bytes) is not { } header)
            throw new JournalDamagedException(path, 0, "this is not the header of a segment");
        if (header.Journal != journal)
            throw new JournalDamagedException(path, 16, $"it belongs to another journal, {header.Journal}");
        if (header.Number != number)
            throw new JournalDamagedException(path, 32, $"it is segment {header.Number} under a wrong name");
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The last record of {Path}, at byte {Offset}, was not finished when the process was killed: no response "
            + "had left for it, and it is not counted"
    )]
    private partial void LogTorn(string path, long offset);
}
