using Signpost.Clicks;
using Signpost.ClickStore.Blocks;
using Signpost.ClickStore.Chunks;
using Signpost.Core.Statistics;

namespace Signpost.ClickStore.Reading;

/// <summary>A span for which the clicks themselves are needed.</summary>
/// <param name="IsCompacted">False: it has no compacted clicks.</param>
internal readonly record struct RawSpan(long From, long To, bool IsCompacted);

/// <summary>The raw clicks of a scope, compacted and recent ones.</summary>
/// <param name="tagged">Clicks of other links do not count.</param>
internal sealed class ScopeClicks(ClickView view, StatisticsScope scope, LinkOwners owners, TaggedLinks tagged)
{
    private HashSet<long>? _members;
    private List<long>? _links;

    /// <summary>The links that count, in order.</summary>
    public List<long> Links => _links ??= ScopeLinks.Find(view, scope).FindAll(tagged.Holds);

    /// <summary>Whether the links that count are all links of the scope.</summary>
    public bool HasAllLinks => tagged.HoldsAll;

    /// <summary>The UTC days of recent clicks, which are in no rollup.</summary>
    public HashSet<int> RecentDays()
    {
        HashSet<int> days = [];
        foreach (var segment in view.Segments)
        foreach (var run in RunsOf(segment))
            for (var row = run.Start; row < run.Start + run.Count; row++)
                days.Add(Days.Of(segment.Columns.AtOf(row)));
        return days;
    }

    /// <summary>Adds all clicks of a span to all tallies, until each has enough. Each pass reads a piece once.</summary>
    public void OfferAll(IReadOnlyList<Tally> tallies, RawSpan span, QuestionBudget budget)
    {
        while (tallies.Count > 0)
        {
            Offer(tallies, span, budget);
            tallies = [.. tallies.Where(tally => tally.NextPass())];
        }
    }

    private void Offer(IReadOnlyList<Tally> tallies, RawSpan span, QuestionBudget budget)
    {
        foreach (var segment in view.Segments)
            if (segment.Columns.FirstAt < span.To && segment.Columns.LastAt >= span.From)
            {
                budget.Read(segment.Count);
                AddTo(tallies, segment.Columns, RunsOf(segment));
            }

        if (!span.IsCompacted)
            return;

        using ChunkReader chunks = new(view.Connection, view.Transaction, Links);
        foreach (var link in Links)
        {
            budget.Read(0);
            foreach (var (place, read) in chunks.Of(link))
                if (place.Count > 0 && place.FirstAt < span.To && place.LastAt >= span.From)
                {
                    budget.Read(place.Count);
                    AddTo(tallies, read());
                }
        }
    }

    private static void AddTo(IReadOnlyList<Tally> tallies, ClickColumns columns, LinkRun[]? runs = null)
    {
        foreach (var tally in tallies)
            tally.Add(columns, runs ?? columns.Runs);
    }

    private LinkRun[] RunsOf(RecentSegment segment)
    {
        if (scope.Kind == ScopeKind.Link)
            return
                view.IsRecent(segment, scope.Id)
                && tagged.Holds(scope.Id)
                && segment.Columns.RunOf(scope.Id) is { Count: > 0 } run
                ? [run]
                : [];

        _members ??= FindMembers();
        List<LinkRun> runs = [];
        foreach (var run in segment.Columns.Runs)
            if (_members.Contains(run.Link) && view.IsRecent(segment, run.Link))
                runs.Add(run);
        return [.. runs];
    }

    private HashSet<long> FindMembers()
    {
        HashSet<long> links = [];
        foreach (var segment in view.Segments)
        foreach (var run in segment.Columns.Runs)
            links.Add(run.Link);
        links.RemoveWhere(link => !tagged.Holds(link));
        return [.. owners.Find(links).Where(link => ScopeLinks.Holds(scope, link.Value)).Select(link => link.Key)];
    }
}
