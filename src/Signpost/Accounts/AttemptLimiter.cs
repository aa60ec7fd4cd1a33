using System.Globalization;

namespace Signpost.Accounts;

/// <summary>
/// Counts tries by whoever they come from, in windows of time. Nothing is locked for ever: when a window ends, its count
/// is forgotten. Bounded: when too many are counted, the oldest windows are forgotten first, but none that is kept.
/// </summary>
internal sealed class AttemptLimiter(TimeProvider clock)
{
    private const int MostCounted = 50_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Window> _windows = new(StringComparer.Ordinal);

    private long _refused;

    /// <summary>The number of attempts since the start for which none was left, without those of <see cref="Allowance.IsQuiet"/>.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Counts one attempt. Returns the time to wait if none is left, else null.</summary>
    public TimeSpan? Take(string who, Allowance allowance)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (!_windows.TryGetValue(who, out var window) || window.End <= now)
                window = new(now + allowance.Window, 0, allowance.IsKept);
            if (window.Count >= allowance.Tries)
            {
                if (!allowance.IsQuiet)
                    _refused++;
                return window.End - now;
            }

            MakeRoom(now);
            _windows[who] = window with { Count = window.Count + 1 };
            return null;
        }
    }

    /// <summary>Forgets the attempts of a source after a right one.</summary>
    public void Forget(string who)
    {
        lock (_lock)
            _windows.Remove(who);
    }

    public static string RetryAfter(TimeSpan wait) =>
        Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private void MakeRoom(DateTimeOffset now)
    {
        if (_windows.Count < MostCounted)
            return;
        foreach (var (who, _) in _windows.Where(pair => pair.Value.End <= now).ToList())
            _windows.Remove(who);
        if (_windows.Count < MostCounted)
            return;
        var oldest = _windows.Where(pair => !pair.Value.IsKept).OrderBy(pair => pair.Value.End);
        foreach (var (who, _) in oldest.Take(MostCounted / 10).ToList())
            _windows.Remove(who);
    }

    private readonly record struct Window(DateTimeOffset End, int Count, bool IsKept);
}

/// <summary>A number of attempts in a time.</summary>
/// <param name="IsKept">
/// Other attempts cannot push the count out. Only for attempts of people who gave the right password of an account: there are few.
/// </param>
/// <param name="IsQuiet">Nobody is refused: it limits lines of a log.</param>
internal readonly record struct Allowance(int Tries, TimeSpan Window, bool IsKept = false, bool IsQuiet = false);
