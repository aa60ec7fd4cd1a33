using System.Data.Common;
using Signpost.Clicks;
using Signpost.Storage;

namespace Signpost.ClickStore;

/// <summary>
/// Counts clicks that came by another case than the alias's own, a number for a domain and day. A domain that becomes case-sensitive would
/// lose such clicks.
/// </summary>
internal static class CaseVisits
{
    private const int Days = 30;

    public static void Add(DbConnection connection, DbTransaction transaction, IReadOnlyList<CaseTotal> totals)
    {
        // If the domain was deleted meanwhile, nothing would delete the row later.
        foreach (var total in totals)
            connection.Run(
                transaction,
                """
                INSERT INTO case_visits (domain_id, day, count) SELECT @domain, @day, @count
                WHERE @domain = 0 OR EXISTS (SELECT 1 FROM domains WHERE id = @domain)
                ON CONFLICT (domain_id, day) DO UPDATE SET count = case_visits.count + excluded.count
                """,
                ("@domain", total.DomainId),
                ("@day", total.Day),
                ("@count", total.Count)
            );
    }

    /// <summary>Deletes the counts of all days before one.</summary>
    public static void Trim(DbConnection connection, DbTransaction transaction, int beforeDay) =>
        connection.Run(transaction, "DELETE FROM case_visits WHERE day < @day", ("@day", beforeDay));

    /// <summary>The number of such clicks on a domain in the last 30 days, in UTC, with today.</summary>
    public static long Count(SignpostDb db, long domainId, DateTimeOffset now)
    {
        var after = (int)(now.ToUnixTimeSeconds() / 86_400) - Days;
        return db.CaseVisits.Where(visit => visit.DomainId == domainId && visit.Day > after).Sum(visit => visit.Count);
    }
}
