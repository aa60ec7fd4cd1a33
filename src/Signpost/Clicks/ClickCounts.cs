using System.Runtime.InteropServices;
using Signpost.Core.Clicks;

namespace Signpost.Clicks;

/// <summary>
/// The clicks that are journaled and not yet stored, by link, and the consumed clicks of limited links. The sum of stored and
/// pending clicks is exact at every moment: the store returns its counts together with their position, and the position says
/// which of the pending clicks they include. Nobody waits for a commit.
/// </summary>
internal sealed class ClickCounts
{
    private const int MostTries = 1_000;
    private const int ShardCount = 64;

    private readonly IClickStore _store;
    private readonly Shard[] _shards = new Shard[ShardCount];

    /// <summary>
    /// Protects the position and the batch on its way, which change together with the shards. It is taken before a shard's lock;
    /// recording a click takes only a shard's lock.
    /// </summary>
    private readonly Lock _moves = new();
    private Guid _journal;
    private JournalPosition _stored;
    private ClickBatch? _moving;

    public ClickCounts(IClickStore store)
    {
        _store = store;
        for (var i = 0; i < ShardCount; i++)
            _shards[i] = new Shard();
    }

    /// <summary>The number of links with an entry, for the tests: memory follows it.</summary>
    public int Entries => _shards.Sum(shard => shard.Count);

    /// <summary>The clicks of these links, stored or still in the journal.</summary>
    public async Task<IReadOnlyDictionary<long, long>> ReadAsync(
        IReadOnlyCollection<long> linkIds,
        CancellationToken cancel
    )
    {
        if (linkIds.Count == 0)
            return new Dictionary<long, long>();

        for (var tries = 0; tries < MostTries; tries++)
        {
            var stored = await _store.ReadClicksAsync(_journal, linkIds, cancel);
            lock (_moves)
                if (TryFindCounted(stored.Position, out var counted))
                    return linkIds
                        .Distinct()
                        .ToDictionary(link => link, link => Total(stored, counted, link, ShardOf(link).Pending(link)));
        }

        throw Astray();
    }

    /// <summary>Loads a link's consumed clicks once, for <see cref="TryConsume"/>.</summary>
    public async ValueTask LoadUsedAsync(long linkId, CancellationToken cancel)
    {
        var shard = ShardOf(linkId);
        for (var tries = 0; !shard.KnowsUsed(linkId); tries++)
        {
            if (tries == MostTries)
                throw Astray();

            var stored = await _store.ReadClicksAsync(_journal, [linkId], cancel);
            lock (_moves)
                if (TryFindCounted(stored.Position, out var counted))
                    shard.SetUsed(linkId, Total(stored, counted, linkId, pending: 0));
        }
    }

    /// <summary>Consumes one click of a limited link; false: the limit is reached (or nobody called <see cref="LoadUsedAsync"/>).</summary>
    public bool TryConsume(long linkId, long limit) => ShardOf(linkId).TryConsume(linkId, limit);

    /// <summary>All consumed clicks of a limited link; null: nobody called <see cref="LoadUsedAsync"/>.</summary>
    public long? Used(long linkId) => ShardOf(linkId).Used(linkId);

    /// <summary>Gives back a consumed click that could not be recorded.</summary>
    public void GiveBack(long linkId) => ShardOf(linkId).GiveBack(linkId);

    /// <summary>Records a person's click that is now in the journal.</summary>
    /// <param name="consumed">Whether <see cref="TryConsume"/> has counted it already.</param>
    public void Record(long linkId, bool consumed) => ShardOf(linkId).Record(linkId, consumed);

    /// <summary>Takes back what <see cref="Record"/> did: the click is not in the journal after all.</summary>
    public void TakeBack(long linkId)
    {
        var shard = ShardOf(linkId);
        shard.GiveBack(linkId);
        shard.Move(linkId, -1);
    }

    /// <summary>Sets the store's position at the start.</summary>
    public void Start(Guid journal, JournalPosition stored) => (_journal, _stored) = (journal, stored);

    /// <summary>Adds the clicks that earlier processes left in the journal.</summary>
    public void Add(ClickBatch batch)
    {
        foreach (var (link, count) in batch.Persons)
            ShardOf(link).Move(link, count);
    }

    /// <summary>Names the batch that may be stored at any moment from now on.</summary>
    public void Moving(ClickBatch batch)
    {
        lock (_moves)
            _moving = batch;
    }

    /// <summary>Records that the batch is stored.</summary>
    public void Moved(ClickBatch batch)
    {
        lock (_moves)
        {
            (_stored, _moving) = (batch.End, null);
            foreach (var (link, count) in batch.Persons)
                ShardOf(link).Move(link, -count);
        }
    }

    /// <summary>
    /// Finds the pending clicks that a stored count includes: those of no batch, or of the batch whose commit we have not yet
    /// noticed. False: a whole commit has passed since that count was read, so it must be read again.
    /// </summary>
    private bool TryFindCounted(JournalPosition position, out ClickBatch? counted)
    {
        counted = _moving?.End == position ? _moving : null;
        return counted is not null || position == _stored;
    }

    private static long Total(StoredClicks stored, ClickBatch? counted, long link, long pending) =>
        stored.ByLink.GetValueOrDefault(link) - (counted?.Persons.GetValueOrDefault(link) ?? 0) + pending;

    private static InvalidOperationException Astray() =>
        new("The stored clicks belong to another position of the journal than this process reached.");

    private Shard ShardOf(long link) => _shards[link & (ShardCount - 1)];

    private struct Entry
    {
        /// <summary>Journaled and not yet stored. For a moment below zero if the ingestor was faster than this code.</summary>
        public long Pending;

        /// <summary>All clicks ever consumed, if <see cref="KnowsUsed"/>.</summary>
        public long Used;

        public bool KnowsUsed;
    }

    private sealed class Shard
    {
        private const int WorthTrimming = 4_096;

        private readonly Lock _lock = new();
        private readonly Dictionary<long, Entry> _entries = [];

        public int Count
        {
            get
            {
                lock (_lock)
                    return _entries.Count;
            }
        }

        public long Pending(long link)
        {
            lock (_lock)
                return _entries.GetValueOrDefault(link).Pending;
        }

        public bool KnowsUsed(long link)
        {
            lock (_lock)
                return _entries.GetValueOrDefault(link).KnowsUsed;
        }

        public long? Used(long link)
        {
            lock (_lock)
                return _entries.GetValueOrDefault(link) is { KnowsUsed: true, Used: var used } ? used : null;
        }

        public void SetUsed(long link, long storedClicks)
        {
            lock (_lock)
            {
                ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, link, out _);
                if (!entry.KnowsUsed)
                    (entry.Used, entry.KnowsUsed) = (storedClicks + entry.Pending, true);
            }
        }

        public bool TryConsume(long link, long limit)
        {
            lock (_lock)
            {
                ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, link);
                if (
                    System.Runtime.CompilerServices.Unsafe.IsNullRef(ref entry)
                    || !entry.KnowsUsed
                    || entry.Used >= limit
                )
                    return false;

                entry.Used++;
                return true;
            }
        }

        public void GiveBack(long link)
        {
            lock (_lock)
            {
                ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, link);
                if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref entry) && entry.KnowsUsed)
                    entry.Used--;
            }
        }

        public void Record(long link, bool consumed)
        {
            lock (_lock)
            {
                ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, link, out _);
                entry.Pending++;
                if (entry.KnowsUsed && !consumed)
                    entry.Used++;
                RemoveWhenIdle(link, entry);
            }
        }

        public void Move(long link, long difference)
        {
            lock (_lock)
            {
                ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, link, out _);
                entry.Pending += difference;
                RemoveWhenIdle(link, entry);
            }
        }

        private void RemoveWhenIdle(long link, in Entry entry)
        {
            if (entry.Pending != 0 || entry.KnowsUsed)
                return;

            _entries.Remove(link);
            if (_entries.Count == 0 && _entries.Capacity > WorthTrimming)
                _entries.TrimExcess();
        }
    }
}
