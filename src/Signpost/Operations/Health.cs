using System.Data.Common;
using Signpost.Addressing;
using Signpost.Clicks;
using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Storage;

namespace Signpost.Operations;

/// <summary>Whether the server can serve, and if not, why.</summary>
/// <param name="Warnings">Problems that do not keep the server from serving.</param>
/// <param name="UnrecordedClicks">Visits since the start that were not journaled, because there was no room.</param>
/// <param name="JournalBytes">Journaled and not yet stored, in bytes.</param>
/// <param name="BacklogSeconds">The time that the oldest click has waited to be stored.</param>
/// <param name="JournalUndeleted">Files of the journal whose clicks are stored, and that could not be deleted yet.</param>
/// <param name="LongestWriteMs">The longest time that one write kept all others waiting since the start.</param>
/// <param name="LongestPauseMs">The longest time that one garbage collection stopped all threads since the start.</param>
internal sealed record Readiness(
    string Status,
    IReadOnlyList<string> Reasons,
    IReadOnlyList<string> Warnings,
    string Node,
    long UnrecordedClicks,
    long JournalBytes,
    double BacklogSeconds,
    int JournalUndeleted,
    double LongestWriteMs,
    double LongestPauseMs
);

/// <summary>Finds out whether the server can serve: for <c>/readyz</c> and for the page of the server.</summary>
internal sealed class Health(
    Database database,
    ClickJournal journal,
    Backlog backlog,
    Drain drain,
    DataDirectory directory,
    PublicAddress address,
    SignpostSettings settings,
    ExpiryClock expiry
)
{
    /// <summary>A database that takes longer for a trivial question cannot serve.</summary>
    private const int MostSeconds = 3;

    private const string Elsewhere = "/dashboard/server says why.";

    /// <param name="isPublic">For anybody: without the address of a database on a server.</param>
    public Readiness Read(bool isPublic = false)
    {
        var clicks = journal.State;
        var isHidden = isPublic && settings.DatabaseAddress is not null;
        List<string> reasons = [];
        if (drain.IsDraining)
            reasons.Add("The server is stopping.");
        if (directory.Trouble is { } trouble)
            reasons.Add(trouble);
        if (Unreachable() is { } why)
            reasons.Add($"The database cannot be read{Since(database.AwaySince)}: {(isHidden ? Elsewhere : why)}");
        if (database.Refused is { } refused)
            reasons.Add(isHidden ? $"The database takes no writes: {Elsewhere}" : refused);
        if (!clicks.IsWritable)
            reasons.Add($"The click journal cannot be written: {clicks.Trouble}");
        return new(
            reasons.Count == 0 ? "ready" : "not ready",
            reasons,
            [.. new[] { address.Warning, expiry.Trouble }.OfType<string>()],
            settings.NodeName,
            clicks.Unrecorded,
            clicks.BytesPending,
            Math.Round(backlog.Age.TotalSeconds, 1),
            clicks.Undeleted,
            Math.Round(database.LongestHold.TotalMilliseconds, 1),
            Math.Round(CollectionPauses.Longest.TotalMilliseconds, 1)
        );
    }

    private static string Since(DateTimeOffset? time) =>
        time is { } since ? $" since {since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC" : "";

    private string? Unreachable()
    {
        try
        {
            using var connection = database.OpenOwnRead();
            using var command = connection.Command(null, "SELECT 1 FROM accounts LIMIT 1");
            command.CommandTimeout = MostSeconds;
            command.ExecuteScalar();
            return null;
        }
        catch (DbException error)
        {
            return database.Explain(error).Message;
        }
    }
}
