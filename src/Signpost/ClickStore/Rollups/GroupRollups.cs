using System.Data.Common;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.ClickStore.Rollups;

/// <summary>A link that leaves some groups or joins others; each group is a scope of rollups.</summary>
internal readonly record struct GroupMove(
    long LinkId,
    IReadOnlyCollection<long> Leaves,
    IReadOnlyCollection<long> Joins
);

/// <summary>
/// Removes links' days from the rollups of groups that they leave, and adds them to groups that they join. Values that only
/// these links had are gone at once. Counts of visitors may then be wrong, so these days are marked to be rebuilt, as far
/// back as clicks are kept.
/// </summary>
internal sealed class GroupRollups(ClickAge age)
{
    /// <summary>Moves links with all their days.</summary>
    public void Move(DbConnection connection, DbTransaction transaction, IReadOnlyCollection<GroupMove> moves)
    {
        var change = Begin(connection, transaction);
        foreach (var move in moves)
            change.Add(move);
        change.Write();
    }

    /// <summary>Begins to move links in one transaction.</summary>
    public GroupChange Begin(DbConnection connection, DbTransaction transaction) => new(connection, transaction, age);
}

/// <summary>Collects the changes to the rollups of groups, so that each is written once, however many links change it.</summary>
internal sealed class GroupChange(DbConnection connection, DbTransaction transaction, ClickAge age)
{
    private readonly Dictionary<(long Scope, int Day), Change> _changes = [];
    private readonly Dictionary<long, SortedSet<int>> _there = [];
    private SortedSet<int>? _rolled;

    /// <summary>Adds a limited number of a link's days, from one on.</summary>
    /// <returns>The number of days read, and the first day left; null: none is left.</returns>
    public (int Days, int? Next) Add(GroupMove move, int from = 0, int most = int.MaxValue)
    {
        if (LinkDays.SpanOf(connection, transaction, move.LinkId) is not var (first, last) || last < from)
            return (0, null);

        SortedSet<int> wanted = [];
        if (move.Joins.Count > 0)
            wanted.UnionWith(Rolled.GetViewBetween(first, last));
        foreach (var scope in move.Leaves)
            wanted.UnionWith(There(scope).GetViewBetween(first, last));
        wanted.RemoveWhere(day => day < from);
        int? next = wanted.Count > most ? wanted.ElementAt(most) : null;
        if (next is { } end)
            wanted.RemoveWhere(day => day >= end);
        if (wanted.Count > 0)
            AddDays(move, wanted);
        return (wanted.Count, next);
    }

    /// <summary>Writes the changed rollups.</summary>
    public void Write()
    {
        foreach (var ((scope, day), change) in _changes)
            Write(scope, day, change);
    }

    private SortedSet<int> Rolled => _rolled ??= ReadDays("SELECT day FROM click_days WHERE rolled_revision <> 0");

    private SortedSet<int> There(long scope) =>
        _there.TryGetValue(scope, out var days) ? days : _there[scope] = DaysOf(scope);

    private void AddDays(GroupMove move, SortedSet<int> wanted)
    {
        foreach (var (day, rollup) in LinkDays.Read(connection, transaction, move.LinkId, wanted))
        {
            foreach (var scope in move.Leaves.Where(scope => There(scope).Contains(day)))
                ChangeOf(scope, day).Less.Add(rollup);
            foreach (var scope in move.Joins.Where(_ => Rolled.Contains(day)))
                ChangeOf(scope, day).More.Add(rollup);
        }
    }

    private Change ChangeOf(long scope, int day) =>
        _changes.TryGetValue((scope, day), out var change) ? change : _changes[(scope, day)] = new();

    private void Write(long scope, int day, Change change)
    {
        var id = ClusterKey.Of(scope, day);
        var rollup = RollupTable.Find(connection, transaction, id) is { } stored
            ? RollupBytes.Read(stored)
            : new Rollup(1);
        rollup.Subtract(change.Less);
        rollup.Add(change.More);
        if (rollup.IsEmpty)
            RollupTable.Remove(connection, transaction, id);
        else
            RollupTable.Write(connection, transaction, new(id, RollupBytes.Write(rollup)));
        // The other columns may be megabytes: the job that makes stale rollups again, or that erases old clicks, removes them.
        if (RollupScopes.HasColumns(scope))
            DayColumnsTable.RemoveHead(connection, transaction, id);
        // A day whose clicks are no longer kept cannot be rebuilt.
        if (day >= age.FirstDay)
            RollupTable.MarkStale(connection, transaction, id);
    }

    private SortedSet<int> DaysOf(long scope) =>
        ReadDays(
            $"SELECT id & {ClusterKey.Of(1, 0) - 1} FROM rollups WHERE id >= @from AND id < @to",
            ("@from", ClusterKey.Of(scope, 0)),
            ("@to", ClusterKey.Of(scope + 1, 0))
        );

    private SortedSet<int> ReadDays(string sql, params ReadOnlySpan<(string, object?)> values)
    {
        using var command = connection.Command(transaction, sql, values);
        using var rows = command.ExecuteReader();
        SortedSet<int> days = [];
        while (rows.Read())
            days.Add(rows.GetInt32(0));
        return days;
    }

    /// <summary>A change to the day of a scope.</summary>
    private sealed class Change
    {
        public Rollup Less { get; } = new(1);
        public Rollup More { get; } = new(1);
    }
}
