using System.Diagnostics;

namespace Signpost.FaultTests.Running;

/// <summary>The output of a process so far, line by line, and the waits for a line.</summary>
internal sealed class Spoken
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(Func<string, bool> Fits, TaskCompletionSource<string?> Found)> _waiting = [];
    private bool _isOver;

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
        lock (_lock)
        {
            if (heard.Data is { } line)
                _lines.Add(line);
            else
                _isOver = true;
            foreach (var (_, found) in _waiting.Where(waiting => heard.Data is null || waiting.Fits(heard.Data)))
                found.TrySetResult(heard.Data);
        }
    }

    /// <summary>The first matching line, past or future; null: the process ended without one.</summary>
    public Task<string?> LineAsync(Func<string, bool> fits)
    {
        lock (_lock)
        {
            var said = _lines.FirstOrDefault(fits);
            if (said is not null || _isOver)
                return Task.FromResult(said);

            var found = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((fits, found));
            return found.Task;
        }
    }
}
