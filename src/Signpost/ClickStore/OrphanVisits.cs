using System.Data.Common;
using Signpost.Clicks;
using Signpost.Storage;

namespace Signpost.ClickStore;

/// <summary>
/// Counts requests for unknown aliases. A client that requests a million of them cannot fill the disk: a domain and day keep a
/// limited number of aliases, and count the others together.
/// </summary>
internal static class OrphanVisits
{
    /// <summary>The number of aliases that a domain and day keep.</summary>
    public const int MostAliases = 1_000;

    public static void Add(DbConnection connection, DbTransaction transaction, IReadOnlyList<OrphanTotal> totals)
    {
        foreach (var day in totals.GroupBy(total => (total.DomainId, total.Day)))
            if (IsThere(connection, transaction, day.Key.DomainId))
                Add(connection, transaction, day.Key.DomainId, day.Key.Day, day);
    }

    /// <summary>Deletes the counts of all days before one.</summary>
    public static void Trim(DbConnection connection, DbTransaction transaction, int beforeDay) =>
        connection.Run(transaction, "DELETE FROM orphan_visits WHERE day < @day", ("@day", beforeDay));

    private static void Add(
        DbConnection connection,
        DbTransaction transaction,
        long domain,
        int day,
        IEnumerable<OrphanTotal> totals
    )
    {
        using var count = connection.Command(
            transaction,
            "SELECT count(*) FROM orphan_visits WHERE domain_id = @domain AND day = @day AND alias <> ''",
            ("@domain", domain),
            ("@day", day)
        );
        var aliases = (long)count.ExecuteScalar()!;
        using var update = Prepare(
            connection,
            transaction,
            "UPDATE orphan_visits SET count = count + @count WHERE domain_id = @domain AND day = @day AND alias = @alias"
        );
        using var insert = Prepare(
            connection,
            transaction,
            "INSERT INTO orphan_visits (domain_id, day, alias, count) VALUES (@domain, @day, @alias, @count)"
        );

        var rest = 0L;
        foreach (var total in totals)
            if (total.Alias is "")
                rest += total.Count;
            else if (Execute(update, domain, day, total.Alias, total.Count) > 0)
                continue;
            else if (aliases >= MostAliases)
                rest += total.Count;
            else
                aliases += Execute(insert, domain, day, total.Alias, total.Count);

        if (rest > 0 && Execute(update, domain, day, "", rest) == 0)
            Execute(insert, domain, day, "", rest);
    }

    // If the domain was deleted meanwhile, nothing would delete the row later.
    private static bool IsThere(DbConnection connection, DbTransaction transaction, long domain)
    {
        if (domain == 0)
            return true;

        using var command = connection.Command(
            transaction,
            "SELECT 1 FROM domains WHERE id = @domain",
            ("@domain", domain)
        );
        return command.ExecuteScalar() is not null;
    }

    private static DbCommand Prepare(DbConnection connection, DbTransaction transaction, string sql)
    {
        var command = connection.Command(
            transaction,
            sql,
            ("@domain", 0L),
            ("@day", 0),
            ("@alias", ""),
            ("@count", 0L)
        );
        command.Prepare();
        return command;
    }

    private static int Execute(DbCommand command, long domain, int day, string alias, long count)
    {
        command.Parameters[0].Value = domain;
        command.Parameters[1].Value = day;
        command.Parameters[2].Value = alias;
        command.Parameters[3].Value = count;
        return command.ExecuteNonQuery();
    }
}
