using Signpost.Storage;

namespace Signpost.Testing;

/// <summary>A database with all tables and nothing in them. Its migrations run once, since they take longer than the rest of a start.</summary>
internal static class EmptyDatabase
{
    private static readonly Lazy<Task<byte[]>> Made = new(MakeAsync);

    /// <summary>Puts it into a data directory that has no database.</summary>
    public static async Task PutAsync(string directory) =>
        await File.WriteAllBytesAsync(Path.Combine(directory, "signpost.db"), await Made.Value);

    private static async Task<byte[]> MakeAsync()
    {
        var directory = Directory.CreateTempSubdirectory("signpost-empty-").FullName;
        try
        {
            var path = Path.Combine(directory, "signpost.db");
            await using (var database = new Database(path))
                await Schema.ApplyAsync(database, CancellationToken.None);
            // Nothing is left in a write-ahead log, which would not be copied.
            return Directory.GetFiles(directory) is [var only]
                ? await File.ReadAllBytesAsync(only)
                : throw new InvalidOperationException("The database was not closed whole.");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
