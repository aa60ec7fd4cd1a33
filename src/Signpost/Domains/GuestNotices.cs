using System.Data.Common;
using Signpost.Accounts.Audit;
using Signpost.Storage;

namespace Signpost.Domains;

/// <summary>Tells other accounts what becomes of the domain on which they have links.</summary>
internal static class GuestNotices
{
    private const int Most = 1000;

    /// <summary>
    /// Adds a line to the audit log of each account with links, also in the trash, on a domain that is about to be deleted, of 1,000 at most. It belongs to the
    /// transaction after which the deletion is certain, so that each is told once.
    /// </summary>
    /// <param name="now">In milliseconds since 1970.</param>
    public static int TellDeleted(DbTransaction transaction, long domainId, long now) =>
        transaction.Connection!.Run(
            transaction,
            """
            INSERT INTO audit_log (at, event, account_id, detail)
            SELECT @now, @event, guests.account_id, substr(domains.host, 1, @longest)
            FROM domains JOIN (
                SELECT DISTINCT account_id FROM links WHERE domain_id = @domain AND is_guest LIMIT @most) AS guests ON domains.id = @domain
            """,
            ("@now", now),
            ("@event", AuditEvent.SharedDomainDeleted),
            ("@longest", AuditLog.LongestDetail),
            ("@domain", domainId),
            ("@most", Most)
        );
}
