using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Journal;

/// <summary>
/// Keeps the database's memory writable on file systems that share blocks between copies (XFS, btrfs): see
/// <see cref="Database.TryKeepWritable"/>. If the disk is full, it gives up the reserve for that.
/// </summary>
internal sealed partial class DiskKeeper(
    Database database,
    DataDirectory directory,
    DiskReserve reserve,
    TimeProvider clock,
    ILogger<DiskKeeper> logger
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!LinuxFiles.Works || LinuxFiles.IsMappable(directory.Path))
            return;

        using var timer = new PeriodicTimer(Pause, clock);
        do
        {
            reserve.Unshare();
            if (!database.TryKeepWritable() && reserve.GiveUp() && !database.TryKeepWritable())
                LogFull();
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The disk is so full that the database takes no writes. Make room"
    )]
    private partial void LogFull();
}
