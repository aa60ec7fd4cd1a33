using System.Globalization;
using System.Text;
using Signpost.Core.Clicks;

namespace Signpost.Journal;

/// <summary>
/// The files of a journal: <c>journal.id</c> and the segments. Each gets its name when its content is on the disk, so
/// no unfinished file has the name of a finished one.
/// </summary>
internal sealed class JournalDirectory
{
    private const string Ending = ".seg";
    private const string Unfinished = ".new";

    /// <param name="path">It is created if it is missing.</param>
    /// <param name="disk">Null: the disk of this machine.</param>
    public JournalDirectory(string path, IDisk? disk = null)
    {
        Root = System.IO.Path.GetFullPath(path);
        Disk = disk ?? SystemDisk.Instance;
        Disk.CreateDirectory(Root);
    }

    public IDisk Disk { get; }

    public string Root { get; }

    public string IdPath => System.IO.Path.Combine(Root, "journal.id");

    public string EndsPath => System.IO.Path.Combine(Root, "journal.ends");

    /// <summary>Deletes files that a killed process did not finish.</summary>
    public void RemoveUnfinished()
    {
        foreach (var path in Disk.Files(Root, Unfinished))
            Disk.Delete(path);
    }

    /// <summary>All segments, in order.</summary>
    public IReadOnlyList<(long Number, string Path)> Segments() =>
        [
            .. Disk.Files(Root, Ending)
                .Select(path => (Number: NumberOf(path), Path: path))
                .Where(segment => segment.Number > 0)
                .OrderBy(segment => segment.Number),
        ];

    /// <summary>The header of a segment; null if it is missing, or not valid.</summary>
    public SegmentHeader? HeaderOf(string path)
    {
        using var file = Disk.OpenToRead(path);
        Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
        return SegmentHeader.Read(bytes[..file.Read(bytes, 0)]);
    }

    public string PathOf(long number) =>
        System.IO.Path.Combine(Root, number.ToString("D10", CultureInfo.InvariantCulture) + Ending);

    /// <summary>The journal's id; null if its file is missing or holds no id.</summary>
    public Guid? ReadId() =>
        Disk.LengthOf(IdPath) is not null && Guid.TryParse(Encoding.Latin1.GetString(Disk.ReadAll(IdPath)), out var id)
            ? id
            : null;

    public void WriteId(Guid id) => Replace(IdPath, Encoding.ASCII.GetBytes($"{id}\n"));

    /// <summary>Writes a file completely and durably, or not at all.</summary>
    public void Replace(string path, ReadOnlySpan<byte> content)
    {
        using (var file = CreateUnfinished(path))
        {
            file.Write(content, 0);
            file.Sync();
        }

        Finish(path);
    }

    /// <summary>Creates a file that gets its name with <see cref="Finish"/>.</summary>
    public IDiskFile CreateUnfinished(string path) => Disk.Create(path + Unfinished);

    /// <summary>Gives a file its name, durably. It replaces a file of that name.</summary>
    public void Finish(string path)
    {
        Disk.Move(path + Unfinished, path);
        Disk.SyncDirectory(Root);
    }

    /// <summary>
    /// Creates a new segment, ready for records. If it fails at any step, the next try with the same number takes over the files
    /// that could not be deleted.
    /// </summary>
    /// <exception cref="IOException">There is no room, or the disk fails.</exception>
    public SegmentWriter CreateSegment(SegmentHeader header, int size, bool mayMap)
    {
        var path = PathOf(header.Number);
        var file = CreateUnfinished(path);
        SegmentWriter? segment = null;
        try
        {
            segment =
                mayMap && file.IsMappable && file.TryReserve(size)
                    ? new MappedSegment(file, path, header.Journal, header.Number, size)
                    : new AppendedSegment(file, path, header.Journal, header.Number, size);
            Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
            header.Write(bytes);
            file.Write(bytes, 0);
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

    /// <summary>Deletes a segment that holds no click. If that fails, the next start does it.</summary>
    public void DeleteIfPossible(string path)
    {
        try
        {
            Disk.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It does no harm.
        }
    }

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
