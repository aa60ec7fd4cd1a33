using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.ClickStore.Rollups;

/// <summary>A rollup that was not what its clicks say.</summary>
internal sealed record RollupDifference(StatisticsScope Scope, int Day, IReadOnlyList<Dimension> Dimensions);

/// <summary>How far a rebuild of all rollups is, and what it found.</summary>
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

    /// <summary>How many rollups differed, also beyond those that are listed.</summary>
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

    /// <summary>Compares what the clicks say with what was stored; null: nothing was.</summary>
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
