namespace Signpost.Journal;

/// <summary>
/// Deletes the files of stored segments. They hold visitors' addresses, so a file that cannot be deleted is tried
/// again every second; the others are deleted in any case.
/// </summary>
internal sealed partial class SegmentRemoval(IDisk disk, ILogger logger)
{
    private readonly Lock _lock = new();
    private readonly List<string> _left = [];
    private int _failures;
    private volatile int _leftCount;

    /// <summary>Files of stored segments that could not be deleted yet.</summary>
    public int LeftCount => _leftCount;

    /// <summary>Deletes these files; a file that cannot be deleted raises no exception.</summary>
    public void Delete(params IEnumerable<string> paths)
    {
        lock (_lock)
        {
            Exception? why = null;
            foreach (var path in paths)
                if (!TryDelete(path, ref why))
                    _left.Add(path);
            Tell(why);
        }
    }

    /// <summary>Tries again to delete the remaining files; called every second.</summary>
    public void Retry()
    {
        if (_leftCount == 0)
            return;

        lock (_lock)
        {
            Exception? why = null;
            _left.RemoveAll(path => TryDelete(path, ref why));
            Tell(why);
        }
    }

    private bool TryDelete(string path, ref Exception? why)
    {
        try
        {
            disk.Delete(path);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            why = error;
            return false;
        }
    }

    private void Tell(Exception? why)
    {
        _leftCount = _left.Count;
        if (why is null && _leftCount == 0 && _failures > 0)
        {
            LogGone(_failures);
            _failures = 0;
        }

        // Tried once a second while it lasts; logged at first, then every minute.
        if (why is not null && _failures++ % 60 == 0)
            LogLeft(why, _leftCount, _failures);
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Left} stored segments of the click journal cannot be deleted, and visitors' addresses stay in them "
            + "({Failures} failures so far); trying again every second"
    )]
    private partial void LogLeft(Exception error, int left, int failures);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "All stored segments of the click journal are deleted, after {Failures} failures"
    )]
    private partial void LogGone(int failures);
}
