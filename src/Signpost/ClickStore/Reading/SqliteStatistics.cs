using System.Runtime.CompilerServices;
using Signpost.Clicks;
using Signpost.ClickStore.Rollups;
using Signpost.Core.Statistics;
using Signpost.Core.Statistics.ByDay;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.ClickStore.Reading;

/// <summary>
/// Answers questions from one moment of the stored clicks. Of closed days, questions without a filter read the rollups, others the columns
/// of these days. Days without both, and single links with a filter, are counted from each link's clicks.
/// </summary>
internal sealed class SqliteStatistics(
    ClickArchive archive,
    LinkOwners owners,
    BackgroundLanes lanes,
    DamagedColumns damaged,
    TimeProvider clock
) : IStatistics
{
    /// <summary>The number of clicks that are read ahead of the client.</summary>
    private const int ClicksAtOnce = 8_192;

    /// <summary>Decides whether some links are counted from the columns of days.</summary>
    internal ReadingCost Cost { get; init; } = ReadingCost.Usual;

    public async Task<IReadOnlyList<ValueCount>> CountByValueAsync(
        StatisticsQuestion question,
        Dimension dimension,
        CancellationToken cancel
    ) => (await CountEachAsync([new(question, dimension)], cancel))[0].Values;

    public Task<IReadOnlyList<ValueCount>> CountByTagAsync(StatisticsQuestion question, CancellationToken cancel) =>
        CountAsync(budget => CountTags(question, budget).ToList(), cancel);

    public async Task<IReadOnlyList<QuarterCount>> CountByTimeAsync(
        StatisticsQuestion question,
        CancellationToken cancel
    ) => (await CountEachAsync([new(question, null)], cancel))[0].Quarters;

    public Task<IReadOnlyList<Counted>> CountEachAsync(IReadOnlyList<CountedBy> counts, CancellationToken cancel) =>
        CountAsync<IReadOnlyList<Counted>>(budget => CountEach(counts, budget), cancel);

    public Task<IReadOnlyList<ListedClick>> ListAsync(
        StatisticsQuestion question,
        long before,
        int most,
        CancellationToken cancel
    ) => AskAsync<IReadOnlyList<ListedClick>>(() => List(question, before, most, cancel), cancel);

    public async IAsyncEnumerable<ListedClick> ReadAllAsync(
        StatisticsQuestion question,
        bool mayRefuse,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var next = 1L;
        while (true)
        {
            // No view stays open while a slow client reads, because the database's log would grow.
            var from = next;
            // A response that has begun is not cut off because of other questions.
            (var clicks, next) = await AskAsync(() => ReadPieces(question, from), cancel, mayRefuse && from == 1);
            if (next == from)
                yield break;
            foreach (var click in clicks)
                yield return click;
        }
    }

    public Task<IReadOnlyList<OrphanCount>> CountOrphansAsync(
        long domainId,
        long from,
        long to,
        int most,
        CancellationToken cancel
    ) =>
        AskAsync<IReadOnlyList<OrphanCount>>(
            () => CountOrphans(domainId, Days.Of(from), Days.Of(to - 1), most),
            cancel
        );

    // Counting takes a processor and memory; redirects need the rest.
    private Task<T> AskAsync<T>(Func<T> work, CancellationToken cancel, bool mayRefuse = true) =>
        lanes
            .Questions.RunAsync(
                () =>
                {
                    // The client may have left while the question waited.
                    cancel.ThrowIfCancellationRequested();
                    return work();
                },
                mayRefuse
            )
            .WaitAsync(cancel);

    // Damaged columns are removed, so the next try reads the clicks of that day.
    private async Task<T> CountAsync<T>(Func<QuestionBudget, T> count, CancellationToken cancel)
    {
        QuestionBudget? budget = null;
        while (true)
            try
            {
                return await AskAsync(() => count(budget ??= new(clock, cancel)), cancel);
            }
            catch (DamagedColumnsException error)
            {
                await damaged.RemoveAsync(error, cancel);
            }
    }

    private Counted[] CountEach(IReadOnlyList<CountedBy> counts, QuestionBudget budget)
    {
        using var view = archive.Open();
        var done = new Counted[counts.Count];
        foreach (var same in counts.Index().GroupBy(one => one.Item.Question))
        {
            var results = CountSame(view, [.. same.Select(one => one.Item)], budget);
            foreach (var ((at, _), result) in same.Zip(results))
                done[at] = result;
        }

        return done;
    }

    private IReadOnlyList<Counted> CountSame(ClickView view, List<CountedBy> counts, QuestionBudget budget)
    {
        try
        {
            budget.Read(0);
            return Count(view, counts[0].Question, [.. counts.Select(one => one.Dimension)], budget);
        }
        catch (TooBusyException) when (counts.TrueForAll(one => one.IsOptional))
        {
            return [.. counts.Select(_ => Counted.Missing)];
        }
    }

    /// <summary>Counts several things in one pass over the clicks.</summary>
    internal IReadOnlyList<Counted> Count(
        ClickView view,
        StatisticsQuestion question,
        IReadOnlyList<Dimension?> dimensions,
        QuestionBudget budget
    )
    {
        var sums = dimensions.Select(by => (By: by, Quarters: new QuarterSums(), Values: new ValueSums())).ToList();
        TaggedLinks tagged = new(view, question);
        foreach (var part in ScopeLinks.PartsOf(view, question.Scope))
        {
            ScopeClicks clicks = new(view, part, owners, tagged);
            var rolled = RolledDays.Find(view, question with { Scope = part }, clicks);
            var columns = ColumnDays.Find(view, question with { Scope = part }, rolled, clicks, Cost);
            columns?.CountAll([.. sums.Select(sum => new DayCount(sum.By, sum.Quarters, sum.Values))], budget);
            List<Tally> tallies = [];
            try
            {
                foreach (var (by, quarters, values) in sums)
                {
                    if (by is { } dimension)
                        rolled.Add(dimension, values);
                    else
                        rolled.Add(quarters);
                    tallies.Add(
                        new(by, question.From, question.To, question.Filters, rolled.Answered, sums.Count)
                        {
                            Quarters = quarters,
                            Values = values,
                        }
                    );
                }

                clicks.OfferAll(tallies, rolled.Raw(), budget);
            }
            finally
            {
                tallies.ForEach(tally => tally.Dispose());
            }
        }

        return [.. sums.Select(one => new Counted(one.Quarters.ToList(), one.Values.ToList()))];
    }

    // Rollups hold no tags.
    private ValueSums CountTags(StatisticsQuestion question, QuestionBudget budget)
    {
        using var view = archive.Open();
        ValueSums sums = new();
        TaggedLinks tagged = new(view, question);
        TagValues values = new(view, sums, budget);
        foreach (var part in ScopeLinks.PartsOf(view, question.Scope))
        {
            ScopeClicks clicks = new(view, part, owners, tagged);
            var rolled = RolledDays.None(view, question);
            ColumnDays
                .Find(view, question with { Scope = part }, rolled, clicks, Cost)
                ?.CountAll([new DayCount(null, new(), sums, values.OfAll)], budget);
            var raw = rolled.Raw();
            if (raw.IsCompacted)
                values.OfAll(clicks.Links);
            using Tally tally = new(null, question.From, question.To, question.Filters, rolled.Answered)
            {
                Values = sums,
                ValuesOfLink = values.Of,
            };
            clicks.OfferAll([tally], raw, budget);
        }

        return sums;
    }

    private List<ListedClick> List(StatisticsQuestion question, long before, int most, CancellationToken cancel)
    {
        using var view = archive.Open();
        using RowFilter filter = new(question.Filters, personsOnly: false);
        List<ListedClick> found = [];
        if (!new TaggedLinks(view, question).Holds(LinkOf(question)))
            return found;
        foreach (var (first, columns) in view.ReadBackwards(LinkOf(question), question.From, question.To))
        {
            cancel.ThrowIfCancellationRequested();
            if (first >= before || !filter.TryRead(columns))
                continue;

            for (var row = (int)Math.Min(columns.Count, before - first) - 1; row >= 0; row--)
                if (IsWithin(question, columns, row) && filter.Holds(row))
                {
                    if (found.Count == most)
                        return found;
                    found.Add(new ListedClick(first + row, columns[row]));
                }
        }

        return found;
    }

    /// <summary>The next clicks from an ordinal on, and the ordinal to continue from: the same one when none is left.</summary>
    private (List<ListedClick> Clicks, long Next) ReadPieces(StatisticsQuestion question, long from)
    {
        using var view = archive.Open();
        using RowFilter filter = new(question.Filters, personsOnly: false);
        List<ListedClick> found = [];
        var next = from;
        var pieces = view.Read(LinkOf(question), question.From, question.To)
            .Where(piece => piece.FirstOrdinal + piece.Columns.Count > from);
        foreach (var (first, columns) in pieces)
        {
            next = first + columns.Count;
            if (!filter.TryRead(columns))
                continue;
            for (var row = (int)Math.Max(0, from - first); row < columns.Count; row++)
            {
                if (found.Count == ClicksAtOnce)
                    return (found, first + row);
                if (IsWithin(question, columns, row) && filter.Holds(row))
                    found.Add(new ListedClick(first + row, columns[row]));
            }
        }

        return (found, next);
    }

    private List<OrphanCount> CountOrphans(long domainId, int first, int last, int most)
    {
        using var view = archive.Open();
        using var command = view.Connection.Command(
            view.Transaction,
            """
            SELECT alias, CAST(sum(count) AS bigint), max(day) FROM orphan_visits
            WHERE domain_id = @domain AND day >= @first AND day <= @last
            GROUP BY alias ORDER BY sum(count) DESC, alias
            """,
            ("@domain", domainId),
            ("@first", first),
            ("@last", last)
        );
        using var rows = command.ExecuteReader();
        List<OrphanCount> counts = [];
        OrphanCount others = default;
        while (rows.Read())
        {
            var (alias, requests, day) = (rows.GetString(0), rows.GetInt64(1), rows.GetInt32(2));
            if (alias is not "" && counts.Count < most)
                counts.Add(new(alias, requests, day));
            else
                others = new(null, others.Requests + requests, Math.Max(others.LastDay, day));
        }

        if (others.Requests > 0)
            counts.Add(others);
        return counts;
    }

    private static bool IsWithin(StatisticsQuestion question, ClickColumns columns, int row) =>
        columns.AtOf(row) is var at && at >= question.From && at < question.To;

    private static long LinkOf(StatisticsQuestion question) =>
        question.Scope.Kind == ScopeKind.Link
            ? question.Scope.Id
            : throw new ArgumentException("Only the clicks of one link can be listed.", nameof(question));
}
