using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.ClickStore.Rollups;

/// <summary>A rollup that differed from its clicks.</summary>
internal sealed record RollupDifference(StatisticsScope Scope, int Day, IReadOnlyList<Dimension> Dimensions);

/// <summary>The progress and the findings of a rebuild of all rollups.</summary>
internal sealed class RollupRebuild(DateTimeOffset askedAt)
{
    private const int MostDifferences = 100;

    private readonly Lock _lock = new();
    private readonly List<RollupDifference> _differences = [];

    public DateTimeOffset AskedAt => askedAt;
    public DateTimeOffset? EndedAt { get; private set; }
    public bool IsDone => EndedAt is not null;
    public string? Failure { get; private set; }
    public int Days { get; private set; }
    public int DaysDone { get; private set; }
    public long Rollups { get; private set; }

    /// <summary>The number of rollups that differed, including those that are not listed.</summary>
    public long Differing { get; private set; }

    public IReadOnlyList<RollupDifference> Differences
    {
        get
        {
            lock (_lock)
                return [.. _differences];
        }
    }

    public void Start(int days) => Days = days;

    public void DayDone() => DaysDone++;

    public void End(DateTimeOffset at, string? failure)
    {
        Failure = failure;
        EndedAt = at;
    }

    /// <summary>Compares a new rollup with the stored one; null: none was stored.</summary>
    public void Compare(MadeRollup made, StoredRollup? stored)
    {
        Rollups++;
        var dimensions = stored is { } there
            ? RollupBytes.Differences(there, made.Rollup)
            : [.. Enum.GetValues<Dimension>()];
        if (dimensions.Count == 0)
            return;

        Differing++;
        lock (_lock)
            if (_differences.Count < MostDifferences)
                _differences.Add(
                    new(ScopeLinks.OfCode(ClusterKey.OwnerOf(made.Id)), (int)ClusterKey.NumberOf(made.Id), dimensions)
                );
    }
}
