using Signpost.Core.Clicks;

namespace Signpost.Journal;

/// <summary>
/// Makes a damaged journal readable again, while no server runs. Each file that it changes is first kept unchanged as
/// <c>*.damaged</c>. Damaged bytes become a gap of the same length, so every readable click keeps its place
/// and is counted; a torn record at the end was never a click and stays.
/// </summary>
internal sealed class JournalRepair
{
    private readonly JournalDirectory _directory;
    private readonly TextWriter _said;
    private readonly IReadOnlyDictionary<Guid, JournalPosition> _stored;
    private int _repaired;

    private JournalRepair(
        JournalDirectory directory,
        TextWriter said,
        IReadOnlyDictionary<Guid, JournalPosition> stored
    ) => (_directory, _said, _stored) = (directory, said, stored);

    /// <summary>Repairs the journal in <paramref name="directory"/>, and prints each step on a line.</summary>
    /// <param name="stored">The journals that the store knows, and up to where their clicks are stored.</param>
    /// <param name="disk">Null: the disk of this machine.</param>
    /// <returns>The number of damaged files.</returns>
    public static int Run(
        string directory,
        TextWriter said,
        IReadOnlyDictionary<Guid, JournalPosition>? stored = null,
        IDisk? disk = null
    ) => new JournalRepair(new(directory, disk), said, stored ?? new Dictionary<Guid, JournalPosition>()).Run();

    private int Run()
    {
        _directory.RemoveUnfinished();
        if (FindId() is { } id)
            Repair(id);

        _said.WriteLine(
            _repaired == 0 ? "The click journal is sound; nothing was changed." : "The server can start again."
        );
        return _repaired;
    }

    private void Repair(Guid id)
    {
        var stored = _stored.GetValueOrDefault(id);
        var ends = SegmentEnds.Read(_directory, id);
        foreach (var (number, path) in _directory.Segments())
            FindName(id, number, path);
        foreach (var (number, path) in _directory.Segments())
            if (number >= stored.Segment)
                RepairSegment(id, number, path, StartOf(number, stored), ends.Of(number));

        var missing = ends.After(stored).Except(_directory.Segments().Select(segment => segment.Number));
        foreach (var number in missing.ToList())
            WriteMissing(id, number, StartOf(number, stored), (int)ends.Of(number));
    }

    // Stored clicks are not read again. A gap must not hide where reading begins.
    private static int StartOf(long number, JournalPosition stored) =>
        number == stored.Segment ? (int)Math.Max(stored.Offset, SegmentHeader.Size) : SegmentHeader.Size;

    private Guid? FindId()
    {
        var written = _directory.ReadId();
        if (written is { } id && (_stored.Count == 0 || _stored.ContainsKey(id)))
            return id;

        var found = _directory
            .Segments()
            .Select(segment => _directory.HeaderOf(segment.Path)?.Journal)
            .FirstOrDefault(journal => journal is { } one && (_stored.Count == 0 || _stored.ContainsKey(one)));
        if (Exists(_directory.IdPath))
            Keep(_directory.IdPath);
        if (found is { } lost)
        {
            _directory.WriteId(lost);
            _said.WriteLine($"{_directory.IdPath}: written again, from the header of a segment.");
            _repaired++;
            return lost;
        }

        // No record of the database's journal can be recognised.
        foreach (var (_, path) in _directory.Segments())
            PutAside(path, "it has no header of the journal that the database knows");
        _directory.Disk.Delete(_directory.IdPath);
        foreach (var (journal, position) in _stored)
        {
            _said.WriteLine($"{_directory.Root}: the journal {journal} is gone, with its clicks after {position}.");
            _repaired++;
        }

        if (_stored.Count > 0)
            _directory.WriteId(Guid.NewGuid());
        return null;
    }

    // A file under a wrong name gets its own name back, because a record is only valid in its own segment.
    private void FindName(Guid id, long number, string path)
    {
        if (_directory.HeaderOf(path) is not { } header)
            return;

        var right = _directory.PathOf(header.Number);
        if (header.Journal != id)
            PutAside(path, $"it belongs to another journal, {header.Journal}");
        else if (header.Number != number && Exists(right) && IsAtHome(header.Number, right))
            PutAside(path, $"it is a copy of {right}");
        else if (header.Number != number)
            Rename(id, number, path, right);
    }

    private void Rename(Guid id, long number, string path, string right)
    {
        var other = path + ".other";
        if (Exists(right))
            _directory.Disk.Move(right, other);
        _directory.Disk.Move(path, right);
        _said.WriteLine($"{path}: named {right} again.");
        _repaired++;
        if (!Exists(other))
            return;

        // Two files had changed their names.
        _directory.Disk.Move(other, path);
        FindName(id, number, path);
    }

    private bool IsAtHome(long number, string path) => _directory.HeaderOf(path)?.Number == number;

    private void RepairSegment(Guid id, long number, string path, int from, long knownEnd)
    {
        var bytes = _directory.Disk.ReadAll(path);
        List<string> done = [];
        if (SegmentHeader.Read(bytes) is null && from == SegmentHeader.Size)
        {
            if (bytes.Length < SegmentHeader.Size)
                Array.Resize(ref bytes, SegmentHeader.Size);
            new SegmentHeader(id, number, 0, "").Write(bytes);
            done.Add("header written again");
        }

        var clicks = FillGaps(ref bytes, JournalFrame.SeedOf(id, number), from, knownEnd, done);
        if (done is [])
            return;

        var copy = Keep(path);
        _directory.Replace(path, bytes);
        _said.WriteLine($"{path}: {string.Join(", ", done)}; {clicks} clicks can be read. Before: {copy}");
        _repaired++;
    }

    private void WriteMissing(Guid id, long number, int from, int end)
    {
        var bytes = new byte[end];
        new SegmentHeader(id, number, 0, "").Write(bytes);
        JournalFrame.WriteGap(bytes.AsSpan(from), JournalFrame.SeedOf(id, number), from, end - from);
        _directory.Replace(_directory.PathOf(number), bytes);
        _said.WriteLine($"{_directory.PathOf(number)}: missing; bytes {from} to {end} given up");
        _repaired++;
    }

    private static int FillGaps(ref byte[] bytes, uint seed, int from, long knownEnd, List<string> done)
    {
        var clicks = 0;
        var scan = new JournalScan(bytes, seed, from);
        while (true)
        {
            while (scan.MoveNext())
                clicks += scan.Current.IsGap ? 0 : 1;
            var start = Math.Max(scan.Offset, from);
            if (scan.Judge() is not SegmentEnd.Damaged && start >= knownEnd)
                return clicks;

            var end = scan.NextFrame();
            if (end < 0)
            {
                end = Math.Max(EndOfGarbage(bytes, Math.Min(start, bytes.Length)), (int)knownEnd);
                Array.Resize(ref bytes, Math.Max(bytes.Length, end));
            }

            JournalFrame.WriteGap(bytes.AsSpan(start), seed, start, end - start);
            done.Add($"bytes {start} to {end} given up");
            scan = new JournalScan(bytes, seed, end);
        }
    }

    private static int EndOfGarbage(byte[] bytes, int start)
    {
        var length = bytes.AsSpan(start).LastIndexOfAnyExcept((byte)0) + 1;
        return start + ((length + JournalFrame.Alignment - 1) & -JournalFrame.Alignment);
    }

    private void PutAside(string path, string why)
    {
        var copy = FreeName(path);
        _directory.Disk.Move(path, copy);
        _said.WriteLine($"{path}: put aside as {copy}: {why}.");
        _repaired++;
    }

    private string Keep(string path)
    {
        var copy = FreeName(path);
        _directory.Disk.Copy(path, copy);
        return copy;
    }

    private bool Exists(string path) => _directory.Disk.LengthOf(path) is not null;

    private string FreeName(string path)
    {
        var name = path + ".damaged";
        for (var number = 2; Exists(name); number++)
            name = $"{path}.damaged.{number}";
        return name;
    }
}
