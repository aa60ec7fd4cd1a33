using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace Signpost.Storage;

/// <summary>A database file that cannot be used: the message names the file, the reason and what to do.</summary>
internal sealed class DatabaseDamagedException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>What can be told of a SQLite file without opening it (https://www.sqlite.org/fileformat2.html, section 1.3).</summary>
internal static class DatabaseFile
{
    private const int HeaderSize = 100;

    /// <summary>Passes when the file is absent, empty, or begins with a sound header and is as long as that says.</summary>
    /// <exception cref="DatabaseDamagedException">Otherwise.</exception>
    public static void Check(string path)
    {
        if (!File.Exists(path))
            return;

        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var length = RandomAccess.GetLength(file);
        if (length == 0)
            return;

        Span<byte> header = stackalloc byte[HeaderSize];
        if (RandomAccess.Read(file, header, 0) < HeaderSize || !header.StartsWith("SQLite format 3\0"u8))
            throw Damaged(path, 0, "this is not a SQLite header");

        var pageSize = BinaryPrimitives.ReadUInt16BigEndian(header[16..]) is var size && size == 1 ? 65536 : size;
        if (pageSize < 512 || !System.Numerics.BitOperations.IsPow2(pageSize))
            throw Damaged(path, 16, $"a page of {pageSize} bytes is impossible");

        // With a write-ahead log beside it, the newest pages may still be there: then the file may be shorter.
        var pages = BinaryPrimitives.ReadUInt32BigEndian(header[28..]);
        var hasLog = File.Exists(path + "-wal") && new FileInfo(path + "-wal").Length > 0;
        if (!hasLog && length < pages * (long)pageSize)
            throw Damaged(path, length, $"the file ends here, but should have {pages * (long)pageSize} bytes");
    }

    /// <summary>Tells whether SQLite says that the file is malformed, or none of its files.</summary>
    public static bool IsDamage(SqliteException error) => error.SqliteErrorCode is 11 or 26;

    public static DatabaseDamagedException Damaged(string path, long offset, string what, Exception? cause = null) =>
        new(
            $"The database {path} is damaged at byte {offset}: {what}. Nothing was changed. "
                + "Restore a backup with the command 'restore FILE' (docs/operations.md, Backup).",
            cause
        );
}
