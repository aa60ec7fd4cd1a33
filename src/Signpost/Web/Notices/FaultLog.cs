namespace Signpost.Web.Notices;

/// <summary>
/// Logs requests that failed by our mistake: one line each, at most <see cref="MostPerSecond"/> in a second, so that nobody fills
/// the disk with them. The next line tells how many were left out.
/// </summary>
internal sealed partial class FaultLog(TimeProvider clock, ILogger<FaultLog> logger)
{
    public const int MostPerSecond = 3;
    private const int MostFrames = 4;

    private readonly Lock _lock = new();
    private long _second;
    private int _logged;
    private long _leftOut;
    private long _faults;
    private long _unlogged;

    /// <summary>The number of requests that failed by our mistake since the start.</summary>
    public long Faults => Interlocked.Read(ref _faults);

    /// <summary>The number of those since the start without a line in the log.</summary>
    public long Unlogged => Interlocked.Read(ref _unlogged);

    /// <summary>Adds a line for a request whose response will be an error, and tells the client the name of the request.</summary>
    /// <param name="what">The kind of request, as in <c>A request</c>.</param>
    public void Add(string what, HttpContext http, Exception error)
    {
        if (!http.Response.HasStarted)
            http.Response.Headers["X-Request-Id"] = http.TraceIdentifier;
        Add($"{what} ({http.TraceIdentifier})", error);
    }

    /// <param name="what">The thing that failed, as in <c>A request</c>.</param>
    public void Add(string what, Exception error)
    {
        if (TryTake(out var leftOut))
            Log(what, error.GetType().Name, error.Message.ReplaceLineEndings(" "), PlaceOf(error), leftOut);
    }

    private bool TryTake(out long leftOut)
    {
        lock (_lock)
        {
            _faults++;
            var second = clock.GetUtcNow().ToUnixTimeSeconds();
            if (second != _second)
                (_second, _logged) = (second, 0);
            if (_logged == MostPerSecond)
            {
                leftOut = ++_leftOut;
                _unlogged++;
                return false;
            }

            _logged++;
            (leftOut, _leftOut) = (_leftOut, 0);
            return true;
        }
    }

    // The frame that threw, and the innermost frames of our own. More would repeat the same middleware in each line.
    private static string PlaceOf(Exception error)
    {
        var frames = (error.StackTrace ?? "").Split('\n', StringSplitOptions.TrimEntries);
        return string.Join(" < ", [frames[0], .. frames.Skip(1).Where(IsOurs).Take(MostFrames)]);
    }

    private static bool IsOurs(string frame) => frame.StartsWith("at Signpost.", StringComparison.Ordinal);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{What} failed: {Kind}: {Problem} ({Place}). Failures left out before this line: {LeftOut}"
    )]
    private partial void Log(string what, string kind, string problem, string place, long leftOut);
}
