using Signpost.Api.Callers;
using Signpost.ClickStore;
using Signpost.Core.Clicks;
using Signpost.Links.Versions;
using Signpost.Redirects;
using Signpost.Storage;

namespace Signpost.Explain;

/// <summary>Compares a link as it is stored with an edit that is not stored, by its clicks of the last 30 days.</summary>
internal sealed class PlanComparer(Database database, IStatistics statistics, TimeProvider clock)
{
    /// <summary>The most clicks that are read, the newest first, those of robots too.</summary>
    public const int MostClicks = 10_000;

    private const long Span = 30 * 24 * 60 * 60;
    private const long Quarter = 15 * 60;

    /// <summary>The difference for visitors; null: the caller has no such link.</summary>
    /// <param name="usedClicks">The clicks that count for the limit of the link.</param>
    /// <exception cref="Hosting.TooBusyException">Too many questions about clicks wait already.</exception>
    public async Task<PlanComparison?> CompareAsync(
        Caller caller,
        LinkState draft,
        long usedClicks,
        CancellationToken cancel
    )
    {
        LinkRow? stored;
        await using (var db = database.Read())
            stored = await VersionCatalog.OwnAsync(db, caller, draft.Row.Id, cancel);
        if (stored is null)
            return null;

        var now = clock.GetUtcNow();
        var end = (now.ToUnixTimeSeconds() / Quarter + 1) * Quarter;
        var clicks = await statistics.ListAsync(
            new(new(ScopeKind.Link, stored.Id), end - Span, end, []),
            before: long.MaxValue,
            MostClicks,
            cancel
        );
        // Neither pixels nor a splash page change the destination.
        KindGrid grid = new(
            PlanLoader.Compile(stored, [], splash: null),
            PlanLoader.Compile(draft.Row, [], splash: null),
            now.ToUnixTimeMilliseconds(),
            usedClicks
        );
        return grid.Compare(
            [.. clicks.Select(click => click.Row).Where(row => row.Kind is ClickKind.Person)],
            hasMore: clicks.Count == MostClicks
        );
    }
}
