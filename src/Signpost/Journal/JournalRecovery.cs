using Signpost.Core.Clicks;

namespace Signpost.Journal;

/// <summary>
/// Checks the segments of earlier processes at start: up to where each is valid, and whether the bytes after it are a record
/// that a killed process had not finished, or damage. It only reads, but deletes segments whose clicks are all stored.
/// </summary>
internal sealed partial class JournalRecovery(JournalDirectory directory, SegmentRemoval removal, ILogger logger)
{
    /// <summary>Reads the journal's id, or creates it if the directory holds no journal yet.</summary>
    /// <param name="known">The journals that the store knows; empty: it has stored no click yet.</param>
    /// <exception cref="JournalDamagedException">There are segments, but no id; or the store knows another journal.</exception>
    public Guid Identify(IReadOnlyCollection<Guid> known)
    {
        var found = directory.ReadId();
        if (found is null && (directory.Disk.LengthOf(directory.IdPath) is not null || directory.Segments() is not []))
            throw new JournalDamagedException(directory.IdPath, 0, "the journal's id is missing");
        if (known.Count > 0 && found is null)
            throw new JournalDamagedException(
                directory.IdPath,
                0,
                $"the journal is gone. The database knows the journal {known.First()}, and clicks may be in it"
            );
        if (known.Count > 0 && found is { } other && !known.Contains(other))
            throw new JournalDamagedException(
                directory.IdPath,
                0,
                $"it names the journal {other}, but the database knows the journal {known.First()}"
            );
        if (found is { } id)
        {
            // A process may have been killed before it made the file's name durable, and the store learns the id next.
            if (known.Count == 0)
                directory.Disk.SyncDirectory(directory.Root);
            return id;
        }

        id = Guid.NewGuid();
        directory.WriteId(id);
        return id;
    }

    /// <summary>All segments with clicks that are not stored, in order.</summary>
    /// <exception cref="JournalDamagedException">A segment is damaged, shorter than it was, or missing.</exception>
    public IReadOnlyList<ClosedSegment> Recover(Guid journal, JournalPosition stored)
    {
        directory.RemoveUnfinished();
        var known = SegmentEnds.Read(directory, journal);
        // All are checked before one is deleted.
        List<ClosedSegment> found = [];
        foreach (var (number, path) in directory.Segments())
        {
            CheckOwner(journal, number, path);
            // Stored clicks are not read, so damage in them does no harm.
            found.Add(number < stored.Segment ? new(number, path, 0) : Examine(journal, number, path, stored, known));
        }

        CheckEnds(known, found, stored);
        foreach (var segment in found.Where(segment => segment.IsStored(stored)))
            removal.Delete(segment.Path);
        return found.FindAll(segment => !segment.IsStored(stored));
    }

    private void CheckOwner(Guid journal, long number, string path)
    {
        if (directory.HeaderOf(path) is not { } header)
            return;
        if (header.Journal != journal)
            throw new JournalDamagedException(path, 16, $"it belongs to another journal, {header.Journal}");
        if (header.Number != number)
            throw new JournalDamagedException(path, 32, $"it is segment {header.Number} under a wrong name");
    }

    private void CheckEnds(KnownEnds known, List<ClosedSegment> found, JournalPosition stored)
    {
        foreach (var number in known.After(stored))
        {
            var end = found.Find(segment => segment.Number == number).End;
            var from = Math.Max(end, number == stored.Segment ? stored.Offset : SegmentHeader.Size);
            if (known.Of(number) <= from)
                continue;

            var (path, what) = (directory.PathOf(number), end == 0 ? "the file is missing" : "records are missing");
            if (known.AreSure)
                throw new JournalDamagedException(path, from, $"{what}; they went up to byte {known.Of(number)}");
            LogLost(path, from, known.Of(number));
        }
    }

    private ClosedSegment Examine(Guid journal, long number, string path, JournalPosition stored, KnownEnds known)
    {
        var bytes = directory.Disk.ReadAll(path);
        var from = SegmentHeader.Size;
        if (number == stored.Segment && stored.Offset >= SegmentHeader.Size)
            from = (int)Math.Min(stored.Offset, bytes.Length);
        else if (SegmentHeader.Read(bytes) is null)
            throw new JournalDamagedException(path, 0, "this is not the header of a segment");

        var scan = new JournalScan(bytes, JournalFrame.SeedOf(journal, number), from);
        while (scan.MoveNext())
            if (!scan.Current.IsGap && !ClickCodec.TryRead(scan.Current.Version, scan.Current.Payload, out _))
                throw JournalDamagedException.Newer(path, scan.Offset - scan.Current.Size, scan.Current.Version);

        var end = scan.Judge();
        if (end is SegmentEnd.Damaged && !known.IsUnflushed(number, scan.Offset))
            throw new JournalDamagedException(path, scan.Offset, "the record that begins here is not valid");
        if (end is SegmentEnd.Damaged)
            LogUnflushed(path, scan.Offset);
        if (end is SegmentEnd.Torn)
            LogTorn(path, scan.Offset);

        return new(number, path, scan.Offset);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The last record of {Path}, at byte {Offset}, was not finished when the process was killed: no response "
            + "had left for it, and it is not counted"
    )]
    private partial void LogTorn(string path, long offset);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The clicks of {Path} after byte {Offset} were not flushed when the machine stopped: no response had left for them, "
            + "and they are not counted"
    )]
    private partial void LogUnflushed(string path, long offset);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The clicks of {Path} from byte {From} to byte {To} were not on the disk when the machine stopped: they are "
            + "lost. SIGNPOST_CLICK_DURABILITY=disk prevents this"
    )]
    private partial void LogLost(string path, long from, long to);
}
