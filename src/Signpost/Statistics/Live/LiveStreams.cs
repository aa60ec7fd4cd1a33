using System.Collections.Concurrent;

namespace Signpost.Statistics.Live;

/// <summary>How many streams each key has open: each costs a connection for as long as it lasts.</summary>
internal sealed class LiveStreams
{
    public const int MostPerKey = 10;

    private readonly ConcurrentDictionary<long, int> _open = new();

    /// <summary>Opens one more, unless there are too many.</summary>
    public bool TryOpen(long keyId)
    {
        if (_open.AddOrUpdate(keyId, 1, static (_, count) => count + 1) <= MostPerKey)
            return true;

        Close(keyId);
        return false;
    }

    public void Close(long keyId)
    {
        while (_open.TryGetValue(keyId, out var count))
            if (
                count > 1
                    ? _open.TryUpdate(keyId, count - 1, count)
                    : _open.TryRemove(KeyValuePair.Create(keyId, count))
            )
                return;
    }
}
