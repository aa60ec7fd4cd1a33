using Signpost.ClickStore.Rollups;
using Signpost.Core.Statistics.ByDay;
using Signpost.Storage;

namespace Signpost.ClickStore.Reading;

/// <summary>The closed days of a scope that are counted from their columns (<see cref="DayColumns"/>) instead of from each link's clicks.</summary>
internal sealed class ColumnDays
{
    /// <summary>The most clicks of several groups on one day; it bounds the memory.</summary>
    private const int MostTogether = 1 << 20;

    private readonly ClickView _view;
    private readonly StatisticsQuestion _question;
    private readonly LinkSet? _links;
    private readonly SortedDictionary<int, List<(long Id, byte[] Head)>> _days = [];

    private ColumnDays(ClickView view, StatisticsQuestion question, LinkSet? links) =>
        (_view, _question, _links) = (view, question, links);

    /// <summary>Finds such days, and says that they are answered; null: there are none.</summary>
    /// <param name="question">About a scope that is not an account.</param>
    /// <param name="fewLinks">Up to this number of chosen links, the clicks of each are read instead.</param>
    public static ColumnDays? Find(
        ClickView view,
        StatisticsQuestion question,
        RolledDays rolled,
        ScopeClicks clicks,
        int fewLinks
    )
    {
        if (
            question.Scope.Kind == ScopeKind.Link
            || rolled.Answered.Any()
            || rolled.Closed(clicks) is not [_, ..] closed
        )
            return null;

        var isProject = question.Scope.Kind == ScopeKind.Project;
        var isSome = isProject || !clicks.HasAllLinks;
        if (isSome && clicks.Links.Count <= fewLinks)
            return null;

        ColumnDays days = new(view, question, isSome ? new LinkSet(clicks.Links) : null);
        List<long> groups = isProject ? ScopeLinks.GroupsOf(view, question.Scope) : [ScopeLinks.CodeOf(question.Scope)];
        days.Read(groups, closed);
        rolled.Answer(days._days.Keys);
        return days;
    }

    /// <summary>Counts the clicks of these days.</summary>
    public void CountAll(IReadOnlyList<DayCount> counts, QuestionBudget budget)
    {
        using DayColumnReader reader = new(_view.Connection, _view.Transaction);
        DayTally tally = new(_question.From, _question.To, _question.Filters, _links is null ? null : _links.Contains);
        foreach (var (day, columns) in _days)
        {
            List<DayColumns> groups = [.. columns.Select(one => reader.Open(one.Id, one.Head))];
            budget.Read(groups.Sum(group => group.Count));
            tally.Add(day, groups, counts);
        }
    }

    // A group that has a rollup of a day but no columns keeps the day from being counted by them.
    private void Read(List<long> groups, List<int> closed)
    {
        foreach (var day in closed)
            _days.Add(day, []);
        foreach (var group in groups)
        {
            using var command = _view.Connection.Command(
                _view.Transaction,
                """
                SELECT rollups.id, day_columns.data FROM rollups
                LEFT JOIN day_columns ON day_columns.id = rollups.id AND number = @head
                WHERE rollups.id >= @from AND rollups.id < @to
                """,
                ("@head", DayColumns.Head),
                ("@from", ClusterKey.Of(group, closed[0])),
                ("@to", ClusterKey.Of(group, closed[^1] + 1))
            );
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                var (id, head) = (rows.GetInt64(0), rows.IsDBNull(1) ? null : rows.GetFieldValue<byte[]>(1));
                var day = (int)ClusterKey.NumberOf(id);
                if (head is null)
                    _days.Remove(day);
                else if (_days.TryGetValue(day, out var columns))
                    columns.Add((id, head));
            }
        }

        if (groups.Count > 1)
            foreach (var (day, columns) in _days.ToList())
                if (columns.Sum(one => (long)new DayColumns(one.Head, static _ => []).Count) > MostTogether)
                    _days.Remove(day);
    }
}
