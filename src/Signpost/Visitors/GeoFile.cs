using Microsoft.Win32.SafeHandles;
using Signpost.Core.Visitors;
using Signpost.Hosting;

namespace Signpost.Visitors;

/// <summary>
/// One geo file of the operator, read again when it has changed. It is copied into memory and not mapped: somebody may
/// truncate or overwrite the file in place, and touching a missing page of a mapping kills the process.
/// The garbage collector drops the copy when no look-up uses it.
/// </summary>
internal sealed class GeoFile
{
    private volatile MmdbReader _reader;
    private Stamp _used;
    private Stamp _lastSeen;

    private GeoFile(string path, (MmdbReader Reader, Stamp Stamp) file)
    {
        Path = path;
        (_reader, _used) = file;
        _lastSeen = _used;
    }

    public string Path { get; }

    public MmdbReader Reader => _reader;

    /// <exception cref="StartException">The file is missing, damaged or no MMDB file.</exception>
    public static GeoFile Open(string path)
    {
        try
        {
            return new(path, Read(path));
        }
        catch (Exception error) when (IsUnusable(error))
        {
            throw new StartException(
                $"SIGNPOST_GEO_DATABASE={path} cannot be used: {Explain(path, error)} Allowed: the path of an MMDB file, or two with a comma.",
                error
            );
        }
    }

    /// <summary>
    /// Reads the file if it has changed, and has not changed again since the last call. True if there is news: new data
    /// (<paramref name="trouble"/> is null), or the reason why the former data stays.
    /// </summary>
    public bool TryRefresh(out string? trouble)
    {
        trouble = null;
        var stamp = Stamp.Of(Path);
        var isStill = stamp == _lastSeen;
        _lastSeen = stamp;
        if (!isStill || stamp == _used)
            return false;

        // Also remembered if the file cannot be used, so that the reason is logged once.
        _used = stamp;
        try
        {
            _reader = Read(Path).Reader;
        }
        catch (Exception error) when (IsUnusable(error))
        {
            trouble = Explain(Path, error);
        }
        return true;
    }

    private static (MmdbReader Reader, Stamp Stamp) Read(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var stamp = Stamp.Of(file);
        if (stamp.Length > Array.MaxLength)
            throw new MmdbFormatException("It is larger than 2 GB.");

        var bytes = GC.AllocateUninitializedArray<byte>((int)stamp.Length);
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(read), read) is > 0 and var more)
            read += more;
        if (read < bytes.Length || Stamp.Of(file) != stamp)
            throw new IOException("It was being written while it was read.");
        return (MmdbReader.Open(bytes), stamp);
    }

    private static bool IsUnusable(Exception error) =>
        error
            is IOException
                or UnauthorizedAccessException
                or NotSupportedException
                or MmdbFormatException
                or OutOfMemoryException;

    private static string Explain(string path, Exception error) =>
        error switch
        {
            FileNotFoundException or DirectoryNotFoundException => "There is no such file.",
            _ when Directory.Exists(path) => "It is a directory.",
            _ => error.Message.ReplaceLineEndings(" "),
        };

    /// <summary>Identifies the content of a path. A file that replaces it by renaming has its own time of birth.</summary>
    private readonly record struct Stamp(long Length, DateTime Written, DateTime Born)
    {
        public static Stamp Of(string path)
        {
            try
            {
                using var file = File.OpenHandle(
                    path,
                    FileMode.Open,
                    FileAccess.Read,
                    FileShare.ReadWrite | FileShare.Delete
                );
                return Of(file);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                return default;
            }
        }

        public static Stamp Of(SafeFileHandle file) =>
            new(RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file), File.GetCreationTimeUtc(file));
    }
}
