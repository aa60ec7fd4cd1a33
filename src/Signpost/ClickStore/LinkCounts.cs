using System.Data.Common;
using Npgsql;
using Signpost.Clicks;

namespace Signpost.ClickStore;

/// <summary>Adds clicks to the counts of links, in the way that is fastest in each database.</summary>
internal static class LinkCounts
{
    /// <param name="totals">One for each link and kind.</param>
    /// <param name="gone">Gets the links that are deleted. Their clicks do not count.</param>
    public static void Add(
        DbConnection connection,
        DbTransaction transaction,
        IReadOnlyList<ClickTotal> totals,
        HashSet<long> gone
    )
    {
        if (connection is NpgsqlConnection postgres)
            AddAll(postgres, totals, gone);
        else
            AddEach(connection, totals, gone);
    }

    // Most clicked links were clicked before, and an update costs a third of an upsert.
    private static void AddEach(DbConnection connection, IReadOnlyList<ClickTotal> totals, HashSet<long> gone)
    {
        using NumberStatement update = new(
            connection,
            "UPDATE link_counts SET count = count + ?3 WHERE link_id = ?1 AND kind = ?2"
        );
        using NumberStatement insert = new(
            connection,
            "INSERT INTO link_counts (link_id, kind, count) SELECT id, ?2, ?3 FROM links WHERE id = ?1"
        );
        foreach (var (link, kind, count) in totals)
            if (update.Run(link, (long)kind, count) == 0 && insert.Run(link, (long)kind, count) == 0)
                gone.Add(link);
    }

    // One command, because each costs a way to the server and back. In order, so that two writers never wait for each other.
    private static void AddAll(NpgsqlConnection connection, IReadOnlyList<ClickTotal> totals, HashSet<long> gone)
    {
        if (totals.Count == 0)
            return;

        var links = totals.Select(total => total.LinkId).ToArray();
        using var add = new NpgsqlCommand(
            """
            INSERT INTO link_counts (link_id, kind, count)
            SELECT link, kind, added FROM unnest(@links, @kinds, @counts) AS total (link, kind, added)
            WHERE EXISTS (SELECT 1 FROM links WHERE id = link) ORDER BY link, kind
            ON CONFLICT (link_id, kind) DO UPDATE SET count = link_counts.count + excluded.count
            """,
            connection
        );
        add.Parameters.Add(new NpgsqlParameter<long[]>("links", links));
        add.Parameters.Add(new NpgsqlParameter<short[]>("kinds", [.. totals.Select(total => (short)total.Kind)]));
        add.Parameters.Add(new NpgsqlParameter<long[]>("counts", [.. totals.Select(total => total.Count)]));
        if (add.ExecuteNonQuery() == totals.Count)
            return;

        using var find = new NpgsqlCommand(
            "SELECT link FROM unnest(@links) AS asked (link) WHERE NOT EXISTS (SELECT 1 FROM links WHERE id = link)",
            connection
        );
        find.Parameters.Add(new NpgsqlParameter<long[]>("links", links));
        using var rows = find.ExecuteReader();
        while (rows.Read())
            gone.Add(rows.GetInt64(0));
    }
}
