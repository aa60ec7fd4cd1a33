using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Files;

/// <summary>
/// Deletes pictures that only former versions of links name, 90 days after they were replaced. Each is deleted in its own transaction,
/// because pictures are large.
/// </summary>
internal sealed partial class FormerPictures(
    Database database,
    TimeProvider clock,
    ExpiryClock expiry,
    ILogger<FormerPictures> logger
) : BackgroundService
{
    /// <summary>So long after its replacement a picture stays.</summary>
    public const long KeptMilliseconds = 90L * 24 * 60 * 60 * 1_000;

    private static readonly TimeSpan Pause = TimeSpan.FromDays(1);

    /// <summary>Deletes the oldest former pictures of an account until at most so many bytes are left.</summary>
    public static async Task TrimAsync(SignpostDb db, long accountId, long most)
    {
        var former = await db
            .Files.Where(file => file.AccountId == accountId && file.KeptUntil != null)
            .OrderByDescending(file => file.KeptUntil)
            .Select(file => new { file.Name, Bytes = (long)file.Content.Length })
            .ToListAsync();
        var left = most;
        string[] surplus = [.. former.Where(file => (left -= file.Bytes) < 0).Select(file => file.Name)];
        if (surplus is not [])
            await db.Files.Where(file => surplus.Contains(file.Name)).ExecuteDeleteAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var days = new PeriodicTimer(Pause, clock);
        try
        {
            do await DeleteAsync(stoppingToken);
            while (await days.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task DeleteAsync(CancellationToken cancel)
    {
        try
        {
            var now = expiry.GetUtcNow().ToUnixTimeMilliseconds();
            while (
                await database.WriteRawAsync(
                    (connection, transaction) => DeleteOne(connection, transaction, now),
                    cancel
                ) > 0
            ) { }
        }
        catch (DbException error)
        {
            LogKept(error);
        }
    }

    private static int DeleteOne(DbConnection connection, DbTransaction transaction, long now) =>
        connection.Run(
            transaction,
            "DELETE FROM files WHERE name IN (SELECT name FROM files WHERE kept_until <= @now LIMIT 1)",
            ("@now", now)
        );

    [LoggerMessage(Level = LogLevel.Warning, Message = "Former pictures could not be deleted; trying again in a day")]
    private partial void LogKept(Exception error);
}
