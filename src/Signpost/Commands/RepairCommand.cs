using Signpost.Core.Clicks;
using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Storage;

namespace Signpost.Commands;

/// <summary>Makes a damaged click journal readable, as far as the database has not stored its clicks.</summary>
internal static class RepairCommand
{
    public static async Task RunAsync(SignpostSettings settings, TextWriter output)
    {
        using var directory = DataDirectory.Open(settings.DataDirectory);
        if (settings.DatabaseAddress is null && !File.Exists(directory.DatabasePath))
        {
            JournalRepair.Run(directory.JournalPath, output);
            return;
        }

        await using var database = Database.Open(settings.DatabaseAddress, directory.DatabasePath);
        if (settings.DatabaseAddress is not null)
            directory.RequireTables(database);
        await Schema.ApplyAsync(database, CancellationToken.None);
        IReadOnlyDictionary<Guid, JournalPosition> stored;
        await using (var connection = database.OpenRead())
            stored = StoredPositions.Read(connection);

        JournalRepair.Run(directory.JournalPath, output, stored);
        // A journal that is gone has a successor.
        if (new JournalDirectory(directory.JournalPath).ReadId() is { } id && !stored.ContainsKey(id))
            await database.WriteRawAsync(
                (connection, transaction) => StoredPositions.Replace(connection, transaction, id),
                CancellationToken.None
            );
    }
}
