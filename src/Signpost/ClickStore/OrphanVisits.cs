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
                Add(connection, transaction, day.Key.DomainId, day.Key.Day, [.. day]);
    }

    /// <summary>Deletes the counts of all days before one.</summary>
    public static void Trim(DbConnection connection, DbTransaction transaction, int beforeDay) =>
        connection.Run(transaction, "DELETE FROM orphan_visits WHERE day < @day", ("@day", beforeDay));

    private static void Add(
        DbConnection connection,
        DbTransaction transaction,
        long domain,
        int day,
        IReadOnlyCollection<OrphanTotal> totals
    )
    {
        using var count = connection.Command(
            transaction,
            "SELECT count(*) FROM orphan_visits WHERE domain_id = @domain AND day = @day AND alias <> ''",
            ("@domain", domain),
            ("@day", day)
        );
        var aliases = (long)count.ExecuteScalar()!;
        OrphanTable table = new(connection, transaction, domain, day);
        var added = totals
            .Where(total => total.Alias is not "")
            .ToDictionary(total => total.Alias, total => total.Count);
        foreach (var alias in table.Update(added))
            added.Remove(alias);
        var most = (int)Math.Max(MostAliases - aliases, 0);
        table.Insert(added.Take(most));

        var rest =
            added.Skip(most).Sum(total => total.Value)
            + totals.Where(total => total.Alias is "").Sum(total => total.Count);
        if (rest > 0 && table.Update([new("", rest)]).Count == 0)
            table.Insert([new("", rest)]);
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
}
