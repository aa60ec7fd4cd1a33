using Microsoft.EntityFrameworkCore;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Links.Trash;

/// <summary>Erases links that were long enough in the trash, one after the other. It looks for them once a minute.</summary>
internal sealed partial class TrashKeeper(
    Database database,
    LinkDeletion deletion,
    SignpostSettings settings,
    TimeProvider clock,
    ExpiryClock expiry,
    ILogger<TrashKeeper> logger
) : BackgroundService
{
    private const int AtOnce = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var looks = new PeriodicTimer(Pause, clock);
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                await EraseDueAsync(stoppingToken);
                await looks.WaitForNextTickAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(error);
                await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                // The server stops; the rest is erased after the next start.
            }
    }

    private async Task EraseDueAsync(CancellationToken cancel)
    {
        var last = expiry.GetUtcNow().ToUnixTimeMilliseconds() - settings.TrashMilliseconds;
        while (FindDue(last) is { Count: > 0 } due)
            foreach (var id in due)
                // Somebody may have restored it meanwhile.
                await deletion.RunAsync(
                    db => db.LinksAndTrash.FirstOrDefaultAsync(link => link.Id == id && link.DeletedAt <= last, cancel),
                    cancel
                );
    }

    // Plain SQL, because it runs at every start, and Entity Framework takes long to load. The links of a domain that is being deleted
    // go with it.
    private List<long> FindDue(long last)
    {
        using var connection = database.OpenRead();
        using var command = connection.Command(
            null,
            """
            SELECT id FROM links WHERE deleted_at <= @last
                AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = @kind AND subject = links.domain_id)
            ORDER BY deleted_at LIMIT @most
            """,
            ("@last", last),
            ("@kind", (int)JobKind.DeleteDomain),
            ("@most", AtOnce)
        );
        using var rows = command.ExecuteReader();
        List<long> due = [];
        while (rows.Read())
            due.Add(rows.GetInt64(0));
        return due;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Links in the trash could not be erased; this is tried again")]
    private partial void LogFailed(Exception error);
}
