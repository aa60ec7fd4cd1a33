using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Signpost.Testing;

/// <summary>Keeps what one class logs, for tests of what it says or of what it has met.</summary>
internal sealed class LogLines<T> : ILogger<T>
{
    private readonly ConcurrentQueue<string> _lines = [];

    public int Count(Func<string, bool> fits) => _lines.Count(fits);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _lines.Enqueue(formatter(state, exception));
}
