using Microsoft.Data.Sqlite;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.Clicks.Rows;

/// <summary>A link that leaves some groups or comes to others, each as a scope of rollups.</summary>
internal readonly record struct GroupMove(
    long LinkId,
    IReadOnlyCollection<long> Leaves,
    IReadOnlyCollection<long> Joins
);

/// <summary>
/// Takes links' days out of the rollups of groups that they leave, and adds them where they come to. Words that only they
/// had are gone at once. Visitors may be off then, so those days are noted to be made anew, as far back as clicks are kept.
/// </summary>
internal sealed class GroupRollups(ClickAge age)
{
    public void Move(SqliteConnection connection, SqliteTransaction transaction, IReadOnlyCollection<GroupMove> moves)
    {
        var rolled = ReadDays(connection, transaction, "SELECT day FROM click_days WHERE rolled_revision <> 0");
        var there = moves
            .SelectMany(move => move.Leaves)
            .Distinct()
            .ToDictionary(scope => scope, scope => DaysOf(connection, transaction, scope));
        Dictionary<(long Scope, int Day), (Rollup Less, Rollup More)> changes = [];
        foreach (var move in moves)
        {
            SortedSet<int> wanted = move.Joins.Count > 0 ? [.. rolled] : [];
            foreach (var scope in move.Leaves)
                wanted.UnionWith(there[scope]);
            if (wanted.Count == 0)
                continue;

            foreach (var (day, rollup) in LinkDays.Read(connection, transaction, move.LinkId, wanted))
            {
                foreach (var scope in move.Leaves.Where(scope => there[scope].Contains(day)))
                    Change(scope, day).Less.Add(rollup);
                foreach (var scope in move.Joins.Where(_ => rolled.Contains(day)))
                    Change(scope, day).More.Add(rollup);
            }
        }

        foreach (var ((scope, day), (less, more)) in changes)
            Write(connection, transaction, scope, day, less, more);

        (Rollup Less, Rollup More) Change(long scope, int day) =>
            changes.TryGetValue((scope, day), out var change)
                ? change
                : changes[(scope, day)] = (new Rollup(1), new Rollup(1));
    }

    private void Write(
        SqliteConnection connection,
        SqliteTransaction transaction,
        long scope,
        int day,
        Rollup less,
        Rollup more
    )
    {
        var id = ClusterKey.Of(scope, day);
        var rollup = RollupTable.Find(connection, transaction, id) is { } stored
            ? RollupBytes.Read(stored)
            : new Rollup(1);
        rollup.Subtract(less);
        rollup.Add(more);
        if (rollup.IsEmpty)
            RollupTable.Remove(connection, transaction, id);
        else
            RollupTable.Write(connection, transaction, new(id, RollupBytes.Write(rollup)));

        // Of a day whose clicks are no longer kept it would be made anew of nothing.
        if (day >= age.FirstDay)
            connection.Run(
                transaction,
                "INSERT INTO stale_rollups (id) VALUES ($id) ON CONFLICT DO NOTHING",
                ("$id", id)
            );
    }

    private static SortedSet<int> DaysOf(SqliteConnection connection, SqliteTransaction transaction, long scope) =>
        ReadDays(
            connection,
            transaction,
            $"SELECT id & {ClusterKey.Of(1, 0) - 1} FROM rollups WHERE id >= $from AND id < $to",
            ("$from", ClusterKey.Of(scope, 0)),
            ("$to", ClusterKey.Of(scope + 1, 0))
        );

    private static SortedSet<int> ReadDays(
        SqliteConnection connection,
        SqliteTransaction transaction,
        string sql,
        params ReadOnlySpan<(string, object?)> values
    )
    {
        using var command = connection.Command(transaction, sql, values);
        using var rows = command.ExecuteReader();
        SortedSet<int> days = [];
        while (rows.Read())
            days.Add(rows.GetInt32(0));
        return days;
    }
}
