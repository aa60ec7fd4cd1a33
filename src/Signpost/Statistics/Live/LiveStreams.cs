using System.Collections.Concurrent;
using Signpost.Api.Callers;

namespace Signpost.Statistics.Live;

/// <summary>Counts the open streams of each key, because each holds a connection.</summary>
internal sealed class LiveStreams
{
    public const int MostPerKey = 10;

    private readonly ConcurrentDictionary<Credential, int> _open = new();

    private long _refused;

    /// <summary>The number of streams that were refused since the start.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Opens a stream, unless the key has too many.</summary>
    public bool TryOpen(Credential key)
    {
        if (_open.AddOrUpdate(key, 1, static (_, count) => count + 1) <= MostPerKey)
            return true;

        Close(key);
        Interlocked.Increment(ref _refused);
        return false;
    }

    public void Close(Credential key)
    {
        while (_open.TryGetValue(key, out var count))
            if (count > 1 ? _open.TryUpdate(key, count - 1, count) : _open.TryRemove(KeyValuePair.Create(key, count)))
                return;
    }
}
