using System.Buffers.Binary;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Signpost.Storage.Sqlite;

/// <summary>A SQLite database file, whether or not a server uses it.</summary>
internal static class SqliteFile
{
    /// <summary>The time to wait for a lock that another program holds, in seconds.</summary>
    public const int LockSeconds = 5;

    private const int HeaderSize = 100;

    /// <summary>The endings of the paths of the file itself and of the files that SQLite makes beside it.</summary>
    public static readonly IReadOnlyList<string> Endings = ["", "-wal", "-shm"];

    /// <summary>
    /// Passes when the file is absent or empty, or begins with a valid header and has the length that the header says. It reads
    /// the file without SQLite (https://www.sqlite.org/fileformat2.html, section 1.3).
    /// </summary>
    /// <exception cref="DatabaseDamagedException">Otherwise.</exception>
    public static void CheckHeader(string path)
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

    /// <summary>Opens the file outside any pool; the caller disposes the connection.</summary>
    public static SqliteConnection Open(string source, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = source,
                Mode = mode,
                Pooling = false,
                DefaultTimeout = LockSeconds,
            }.ToString()
        );
        connection.Open();
        return connection;
    }

    /// <summary>
    /// Opens the file to read and changes neither it nor its write-ahead log. Without a log it also creates no other file
    /// beside it.
    /// </summary>
    public static DbConnection OpenUnchanged(string path)
    {
        // With "immutable", SQLite makes no other file. That is correct only while there is no log.
        var isImmutable = !File.Exists(path + "-wal");
        var source = isImmutable ? new Uri(Path.GetFullPath(path)).AbsoluteUri + "?immutable=1" : path;
        return Open(source, SqliteOpenMode.ReadOnly);
    }

    /// <summary>Passes when the file is absent or empty, or when this program knows its whole migration history.</summary>
    /// <remarks>
    /// It changes neither the file nor its write-ahead log. Of a file without a log it also creates no other file beside it.
    /// </remarks>
    /// <exception cref="DatabaseDamagedException">A newer or an earlier version made it, or it cannot be read.</exception>
    public static void CheckHistory(string path)
    {
        if (new FileInfo(path) is not { Exists: true, Length: > 0 })
            return;

        try
        {
            using var connection = OpenUnchanged(path);
            Schema.Check(connection, SqliteEngine.Known, path);
        }
        catch (DbException error) when (IsDamage(error))
        {
            throw Damaged(path, 0, error.Message, error);
        }
    }

    /// <summary>Tells whether a table exists.</summary>
    public static bool HasTable(DbConnection connection, string name)
    {
        using var command = connection.Command(null, "SELECT 1 FROM sqlite_master WHERE name = @name", ("@name", name));
        return command.ExecuteScalar() is not null;
    }

    /// <summary>Tells whether an error of SQLite says that the file is malformed or is not a database.</summary>
    public static bool IsDamage(DbException error) => error is SqliteException { SqliteErrorCode: 11 or 26 };

    public static DatabaseDamagedException Damaged(string path, long offset, string what, Exception? cause = null) =>
        new(
            $"The database {path} is damaged at byte {offset}: {what}. Nothing was changed. "
                + "Restore a backup with the command 'restore FILE' (docs/operations.md, Backup).",
            cause
        );
}
