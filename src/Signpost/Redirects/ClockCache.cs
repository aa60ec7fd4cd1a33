using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Signpost.Redirects;

/// <summary>
/// A map that is bounded by bytes. Reading takes no lock. When it is full, entries leave in the order they
/// came, except those read since their last turn: the CLOCK algorithm (Corbató, "A Paging Experiment with the Multics
/// System", 1968).
/// </summary>
/// <param name="maxBytes">The bytes that all entries together may take, by the callers' own count.</param>
internal sealed class ClockCache<T>(long maxBytes)
    where T : class
{
    private readonly ConcurrentDictionary<PlanKey, Entry> _entries = new(PlanKeyComparer.Instance);
    private readonly Lock _writing = new();
    private Queue<Entry> _turns = new();
    private long _bytes;

    public long Bytes => Volatile.Read(ref _bytes);

    public int Count => _entries.Count;

    public bool TryGet(PlanKeySpan key, [NotNullWhen(true)] out T? value)
    {
        if (!_entries.GetAlternateLookup<PlanKeySpan>().TryGetValue(key, out var entry))
        {
            value = null;
            return false;
        }
        // Written once a turn, not once a read: otherwise cores would compete for the cache line of a popular entry.
        if (!entry.WasRead)
            entry.WasRead = true;
        value = entry.Value;
        return true;
    }

    /// <summary>Sets the value. A value that is larger than the whole cache is not kept.</summary>
    public void Set(PlanKey key, T value, int bytes)
    {
        var entry = new Entry(key, value, bytes);
        lock (_writing)
        {
            RemoveLocked(key);
            _entries[key] = entry;
            _turns.Enqueue(entry);
            _bytes += bytes;
            Shrink();
        }
    }

    public void Remove(PlanKey key)
    {
        lock (_writing)
            RemoveLocked(key);
    }

    public void Clear()
    {
        lock (_writing)
        {
            _entries.Clear();
            _turns.Clear();
            _bytes = 0;
        }
    }

    private void RemoveLocked(PlanKey key)
    {
        if (!_entries.TryRemove(key, out var entry))
            return;

        entry.IsGone = true;
        _bytes -= entry.Bytes;
        // Removed entries wait in the queue for their turn; they must not pile up when no turn comes.
        if (_turns.Count > 64 && _turns.Count > 2 * _entries.Count)
            _turns = new Queue<Entry>(_turns.Where(one => !one.IsGone));
    }

    private void Shrink()
    {
        while (_bytes > maxBytes && _turns.TryDequeue(out var oldest))
        {
            if (oldest.IsGone)
                continue;
            if (oldest.WasRead)
            {
                oldest.WasRead = false;
                _turns.Enqueue(oldest);
                continue;
            }
            _entries.TryRemove(oldest.Key, out _);
            _bytes -= oldest.Bytes;
        }
    }

    private sealed class Entry(PlanKey key, T value, int bytes)
    {
        public readonly PlanKey Key = key;
        public readonly T Value = value;
        public readonly int Bytes = bytes;
        public volatile bool WasRead;
        public bool IsGone;
    }
}
