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

    private JournalRepair(JournalDirectory directory, TextWriter said) => (_directory, _said) = (directory, said);

    /// <summary>Repairs the journal in <paramref name="directory"/>, and prints each step on a line.</summary>
    /// <returns>The number of damaged files.</returns>
    public static int Run(string directory, TextWriter said) => new JournalRepair(new(directory), said).Run();

    private int Run()
    {
        _directory.RemoveUnfinished();
        var repaired = 0;
        if (FindId(ref repaired) is { } id)
            repaired += _directory.Segments().Count(segment => IsRepaired(id, segment.Number, segment.Path));

        _said.WriteLine(
            repaired == 0 ? "The click journal is sound; nothing was changed." : "The server can start again."
        );
        return repaired;
    }

    private Guid? FindId(ref int repaired)
    {
        if (_directory.ReadId() is { } id)
            return id;

        var found = _directory
            .Segments()
            .Select(segment => SegmentHeader.Read(File.ReadAllBytes(segment.Path)))
            .FirstOrDefault(header => header is not null)
            ?.Journal;
        if (File.Exists(_directory.IdPath))
            Keep(_directory.IdPath);
        if (found is { } lost)
        {
            _directory.WriteId(lost);
            _said.WriteLine($"{_directory.IdPath}: written again, from the header of a segment.");
            repaired++;
            return lost;
        }

        // Without an id and without a header no record can be recognised.
        foreach (var (_, path) in _directory.Segments())
        {
            PutAside(path, "it has no header, and the journal has no id");
            repaired++;
        }

        File.Delete(_directory.IdPath);
        return null;
    }

    private bool IsRepaired(Guid id, long number, string path)
    {
        var bytes = File.ReadAllBytes(path);
        var header = SegmentHeader.Read(bytes);
        if (header is not null && header.Journal != id)
        {
            PutAside(path, $"it belongs to another journal, {header.Journal}");
            return true;
        }

        List<string> done = [];
        if (header?.Number != number)
        {
            if (bytes.Length < SegmentHeader.Size)
                Array.Resize(ref bytes, SegmentHeader.Size);
            new SegmentHeader(id, number, header?.CreatedMilliseconds ?? 0, header?.Node ?? "").Write(bytes);
            done.Add("header written again");
        }

        var clicks = FillGaps(ref bytes, JournalFrame.SeedOf(id, number), done);
        if (done is [])
            return false;

        var copy = Keep(path);
        _directory.Replace(path, bytes);
        _said.WriteLine($"{path}: {string.Join(", ", done)}; {clicks} clicks can be read. Before: {copy}");
        return true;
    }

    private static int FillGaps(ref byte[] bytes, uint seed, List<string> done)
    {
        var clicks = 0;
        var scan = new JournalScan(bytes, seed, SegmentHeader.Size);
        while (true)
        {
            while (scan.MoveNext())
                clicks += scan.Current.IsGap ? 0 : 1;
            if (scan.Judge() is not SegmentEnd.Damaged)
                return clicks;

            var start = scan.Offset;
            var end = scan.NextFrame();
            if (end < 0)
            {
                end = EndOfGarbage(bytes, start);
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
        File.Move(path, copy);
        _said.WriteLine($"{path}: put aside as {copy}: {why}.");
    }

    private static string Keep(string path)
    {
        var copy = FreeName(path);
        File.Copy(path, copy);
        return copy;
    }

    private static string FreeName(string path)
    {
        var name = path + ".damaged";
        for (var number = 2; File.Exists(name); number++)
            name = $"{path}.damaged.{number}";
        return name;
    }
}
