using Signpost.ClickStore.Rollups;
using Signpost.Core.Statistics;
using Signpost.Core.Statistics.ByDay;
using Signpost.Storage;

namespace Signpost.ClickStore.Reading;

/// <summary>The closed days of a scope that are counted from their columns (<see cref="DayColumns"/>) instead of from each link's clicks.</summary>
internal sealed class ColumnDays
{
    /// <summary>The most clicks of several groups on one day; it bounds the memory.</summary>
    private static readonly int MostTogether = MemoryShare.Of(1 << 20);

    private readonly ClickView _view;
    private readonly StatisticsQuestion _question;
    private readonly LinkSet? _links;
    private readonly SortedDictionary<int, List<(long Id, byte[] Head, int Count)>> _days = [];

    private ColumnDays(ClickView view, StatisticsQuestion question, LinkSet? links) =>
        (_view, _question, _links) = (view, question, links);

    /// <summary>Finds such days, and says that they are answered; null: there are none, or the clicks of the chosen links are read faster.</summary>
    /// <param name="question">About a scope that is not an account.</param>
    /// <exception cref="DamagedColumnsException">A column is damaged.</exception>
    public static ColumnDays? Find(
        ClickView view,
        StatisticsQuestion question,
        RolledDays rolled,
        ScopeClicks clicks,
        ReadingCost cost
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
        List<long> groups = isProject ? ScopeLinks.GroupsOf(view, question.Scope) : [ScopeLinks.CodeOf(question.Scope)];
        if (groups.Exists(group => IsInChange(view, ScopeLinks.OfCode(group))))
            return null;

        ColumnDays days = new(view, question, isSome ? new LinkSet(clicks.Links) : null);
        days.Read(groups, closed);
        var span = (Days.StartOf(closed[0]), Days.StartOf(closed[^1] + 1));
        var count = days._days.Values.Sum(columns => columns.Sum(one => (long)one.Count));
        if (isSome && !cost.PrefersColumns(view, clicks.Links, count, span))
            return null;

        rolled.Answer(days._days.Keys);
        return days;
    }

    /// <summary>Counts the clicks of these days.</summary>
    /// <exception cref="DamagedColumnsException">A column is damaged.</exception>
    public void CountAll(IReadOnlyList<DayCount> counts, QuestionBudget budget)
    {
        using DayColumnReader reader = new(_view.Connection, _view.Transaction);
        DayTally tally = new(_question.From, _question.To, _question.Filters, _links is null ? null : _links.Contains);
        foreach (var (day, columns) in _days)
        {
            budget.Read(columns.Sum(group => group.Count));
            try
            {
                tally.Add(day, [.. columns.Select(one => reader.Open(one.Id, one.Head))], counts);
            }
            catch (FormatException error)
            {
                throw new DamagedColumnsException([.. columns.Select(one => one.Id)], error);
            }
        }
    }

    // A job that deletes a group's rollups, or that erases the clicks of deleted links, has not reached all its days yet.
    private static bool IsInChange(ClickView view, StatisticsScope group)
    {
        var which = group.Kind switch
        {
            ScopeKind.Domain => """
                kind IN (@deletes, @moves) AND subject = @id OR kind = @erases AND domain_id = @id AND is_guest = false
                """,
            ScopeKind.MainDomain => "kind = @erases AND account_id = @id AND domain_id = 0 AND is_guest = false",
            _ => "kind = @erases AND account_id = @id AND is_guest = true",
        };
        using var command = view.Connection.Command(
            view.Transaction,
            $"SELECT 1 FROM jobs WHERE {which} LIMIT 1",
            ("@id", group.Id),
            ("@erases", (int)JobKind.EraseClicks),
            ("@deletes", (int)JobKind.DeleteDomain),
            ("@moves", (int)JobKind.MoveDomain)
        );
        return command.ExecuteScalar() is not null;
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
                    columns.Add((id, head, CountOf(id, head)));
            }
        }

        if (groups.Count > 1)
            foreach (var (day, columns) in _days.ToList())
                if (columns.Sum(one => (long)one.Count) > MostTogether)
                    _days.Remove(day);
    }

    private static int CountOf(long id, byte[] head)
    {
        try
        {
            return new DayColumns(head, static _ => []).Count;
        }
        catch (FormatException error)
        {
            throw new DamagedColumnsException([id], error);
        }
    }
}
