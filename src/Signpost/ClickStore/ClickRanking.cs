using System.Data.Common;
using System.Numerics;
using Signpost.Clicks;
using Signpost.Core.Clicks;
using Signpost.Storage;

namespace Signpost.ClickStore;

/// <summary>
/// Orders links by their stored clicks. The database needs a quarter of a second for a hundred thousand counts, so they are in
/// memory, eight bytes per link, from the first question until nobody has asked for a while.
/// </summary>
internal sealed class ClickRanking(Database database, TimeProvider clock) : IDisposable
{
    private const int PageBits = 12;
    private const int LoadedAtOnce = 20_000;

    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _load = new(1);
    private readonly Lock _lock = new();

    /// <summary>Counts by link; a page exists if one of its links has clicks.</summary>
    private Dictionary<long, long[]> _pages = [];

    /// <summary>The counts of links up to this id are known and kept up to date.</summary>
    private long _known = -1;
    private DateTimeOffset _asked;

    /// <summary>Some of the links in order of their clicks, then by id.</summary>
    public async Task<IReadOnlyList<long>> OrderAsync(
        IReadOnlyList<long> links,
        bool ascending,
        int skip,
        int take,
        CancellationToken cancel
    )
    {
        long[] ids = [.. links];
        Array.Sort(ids);
        // One number holds the clicks and the place among the ids: a hundred thousand such numbers are sorted in milliseconds.
        var bits = BitOperations.Log2((uint)ids.Length) + 1;
        var ranked = await RankAsync(ids, bits, cancel);
        Array.Sort(ranked);
        if (!ascending)
            Array.Reverse(ranked);
        var places = (1L << bits) - 1;
        return [.. ranked.Skip(skip).Take(take).Select(one => ids[one & places])];
    }

    /// <summary>Adds stored clicks. Called under the lock of the writing connection, after the commit.</summary>
    public void Add(IReadOnlyList<ClickTotal> totals)
    {
        lock (_lock)
        {
            if (_known < 0)
                return;
            if (clock.GetUtcNow() - _asked > LongestRest)
                ForgetAll();
            foreach (var total in totals)
                if (total.Kind is ClickKind.Person && total.LinkId <= _known)
                    Count(total.LinkId, total.Count);
        }
    }

    /// <summary>Forgets all counts, because a commit may or may not have happened. They are read again.</summary>
    public void Forget()
    {
        lock (_lock)
            ForgetAll();
    }

    public void Dispose() => _load.Dispose();

    private async Task<long[]> RankAsync(long[] ids, int bits, CancellationToken cancel)
    {
        while (true)
        {
            await LoadAsync(cancel);
            lock (_lock)
            {
                _asked = clock.GetUtcNow();
                if (_known != long.MaxValue)
                    continue;

                var ranked = new long[ids.Length];
                for (var place = 0; place < ids.Length; place++)
                    ranked[place] = (ClicksOf(ids[place]) << bits) | (long)place;
                return ranked;
            }
        }
    }

    // In parts, under the writer lock: no count changes in between, and no writer waits for long.
    private async Task LoadAsync(CancellationToken cancel)
    {
        if (Interlocked.Read(ref _known) == long.MaxValue)
            return;

        await _load.WaitAsync(cancel);
        try
        {
            lock (_lock)
            {
                if (_known < 0)
                    _known = 0;
                _asked = clock.GetUtcNow();
            }

            while (Interlocked.Read(ref _known) is >= 0 and < long.MaxValue)
                await database.WriteRawAsync(LoadPart, cancel);
        }
        finally
        {
            _load.Release();
        }
    }

    private bool LoadPart(DbConnection connection, DbTransaction transaction)
    {
        lock (_lock)
        {
            if (_known < 0)
                return false;

            using var command = connection.Command(
                transaction,
                "SELECT link_id, count FROM link_counts WHERE kind = @kind AND link_id > @after ORDER BY link_id LIMIT @most",
                ("@kind", (long)ClickKind.Person),
                ("@after", _known),
                ("@most", LoadedAtOnce)
            );
            // All or none: after a failure, all counts are read again.
            List<(long Link, long Clicks)> read = [];
            using (var rows = command.ExecuteReader())
                while (rows.Read())
                    read.Add((rows.GetInt64(0), rows.GetInt64(1)));
            foreach (var (link, clicks) in read)
                Count(link, clicks);
            _known = read.Count == LoadedAtOnce ? read[^1].Link : long.MaxValue;
            return true;
        }
    }

    private long ClicksOf(long link) => _pages.TryGetValue(link >> PageBits, out var page) ? page[PlaceOf(link)] : 0;

    private void Count(long link, long clicks)
    {
        if (!_pages.TryGetValue(link >> PageBits, out var page))
            _pages.Add(link >> PageBits, page = new long[1 << PageBits]);
        page[PlaceOf(link)] += clicks;
    }

    private void ForgetAll() => (_pages, _known) = ([], -1);

    private static long PlaceOf(long link) => link & ((1L << PageBits) - 1);
}
