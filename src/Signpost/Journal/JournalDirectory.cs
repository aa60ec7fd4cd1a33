using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Signpost.Core.Clicks;
using Signpost.Hosting;

namespace Signpost.Journal;

/// <summary>
/// The files of a journal: <c>journal.id</c> and the segments. Each gets its name when its content is on the disk, so
/// no unfinished file has the name of a finished one.
/// </summary>
internal sealed class JournalDirectory
{
    private const string Ending = ".seg";
    private const string Unfinished = ".new";

    public JournalDirectory(string path)
    {
        Root = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(Root);
    }

    public string Root { get; }

    public string IdPath => System.IO.Path.Combine(Root, "journal.id");

    public string EndsPath => System.IO.Path.Combine(Root, "journal.ends");

    /// <summary>Deletes files that a killed process did not finish.</summary>
    public void RemoveUnfinished()
    {
        foreach (var path in Directory.EnumerateFiles(Root, "*" + Unfinished))
            File.Delete(path);
    }

    /// <summary>All segments, in order.</summary>
    public IReadOnlyList<(long Number, string Path)> Segments() =>
        [
            .. Directory
                .EnumerateFiles(Root, "*" + Ending)
                .Select(path => (Number: NumberOf(path), Path: path))
                .Where(segment => segment.Number > 0)
                .OrderBy(segment => segment.Number),
        ];

    /// <summary>The header of a segment; null if it is missing, or not valid.</summary>
    public static SegmentHeader? HeaderOf(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
        return SegmentHeader.Read(bytes[..RandomAccess.Read(file, bytes, 0)]);
    }

    public string PathOf(long number) =>
        System.IO.Path.Combine(Root, number.ToString("D10", CultureInfo.InvariantCulture) + Ending);

    /// <summary>The journal's id; null if its file is missing or holds no id.</summary>
    public Guid? ReadId() =>
        File.Exists(IdPath) && Guid.TryParse(File.ReadAllText(IdPath, Encoding.Latin1), out var id) ? id : null;

    public void WriteId(Guid id) => Replace(IdPath, Encoding.ASCII.GetBytes($"{id}\n"));

    /// <summary>Writes a file completely and durably, or not at all.</summary>
    public void Replace(string path, ReadOnlySpan<byte> content)
    {
        using (var file = Create(path + Unfinished))
        {
            RandomAccess.Write(file, content, 0);
            RandomAccess.FlushToDisk(file);
        }

        Finish(path);
    }

    /// <summary>Creates a file that gets its name with <see cref="Finish"/>.</summary>
    public static SafeFileHandle CreateUnfinished(string path) => Create(path + Unfinished);

    /// <summary>Gives a file its name, durably. It replaces a file of that name.</summary>
    public void Finish(string path)
    {
        File.Move(path + Unfinished, path, overwrite: true);
        UnixFiles.SyncDirectory(Root);
    }

    /// <summary>
    /// Creates a new segment, ready for records. If it fails at any step, the next try with the same number takes over the files
    /// that could not be deleted.
    /// </summary>
    /// <exception cref="IOException">There is no room, or the disk fails.</exception>
    public SegmentWriter CreateSegment(SegmentHeader header, int size, bool mayMap)
    {
        var path = PathOf(header.Number);
        var file = Create(path + Unfinished);
        SegmentWriter? segment = null;
        try
        {
            var mapped =
                mayMap && LinuxFiles.Works && LinuxFiles.IsMappable(file) && LinuxFiles.TryAllocate(file, size);
            segment = mapped
                ? new MappedSegment(file, path, header.Journal, header.Number, size)
                : new AppendedSegment(file, path, header.Journal, header.Number, size);
            Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
            header.Write(bytes);
            RandomAccess.Write(file, bytes, 0);
            segment.Sync();
            Finish(path);
            return segment;
        }
        catch
        {
            segment?.Dispose();
            file.Dispose();
            DeleteIfPossible(path + Unfinished);
            DeleteIfPossible(path);
            throw;
        }
    }

    private static void DeleteIfPossible(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It holds no click.
        }
    }

    private static SafeFileHandle Create(string path) =>
        File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    private static long NumberOf(string path) =>
        long.TryParse(
            System.IO.Path.GetFileNameWithoutExtension(path),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : 0;
}
