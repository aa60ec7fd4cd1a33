using System.Diagnostics;

namespace Signpost.FaultTests.Running;

/// <summary>What a process has said so far, line by line, and whoever waits for a line.</summary>
internal sealed class Spoken
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(Func<string, bool> Fits, TaskCompletionSource<string> Found)> _waiting = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
                return [.. _lines];
        }
    }

    public string Text => string.Join('\n', Lines);

    public void Hear(object sender, DataReceivedEventArgs heard)
    {
        if (heard.Data is not { } line)
            return;

        lock (_lock)
        {
            _lines.Add(line);
            foreach (var (_, found) in _waiting.Where(waiting => waiting.Fits(line)))
                found.TrySetResult(line);
        }
    }

    /// <summary>The first line that fits, said already or to come.</summary>
    public Task<string> LineAsync(Func<string, bool> fits)
    {
        lock (_lock)
        {
            if (_lines.FirstOrDefault(fits) is { } said)
                return Task.FromResult(said);

            var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((fits, found));
            return found.Task;
        }
    }
}
