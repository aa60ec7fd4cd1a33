using Microsoft.EntityFrameworkCore;
using Signpost.Accounts;
using Signpost.Accounts.Audit;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Links;
using Signpost.Mail;
using Signpost.Storage;

namespace Signpost.Domains;

/// <summary>
/// Disables, allows and deletes links of other accounts for the owner of their domain. The other account is told: in its audit log, and by
/// mail if mail is on.
/// </summary>
internal sealed class GuestLinkEditor(
    Database database,
    GuestLinkCatalog catalog,
    LinkDomains domains,
    LinkDeletion deletion,
    AuditLog audit,
    MailQueue mails,
    AttemptLimiter limiter
)
{
    private const int MostRecipients = 20;
    private static readonly TimeSpan MailLife = TimeSpan.FromDays(7);
    private static readonly Allowance MailsPerAccount = new(10, TimeSpan.FromDays(1), IsQuiet: true);

    /// <summary>Disables a link, or leaves the decision to its account again.</summary>
    public Task<EditResult<GuestLinkResponse>> ChangeAsync(
        Caller caller,
        long domainId,
        long id,
        GuestLinkChanges wanted,
        CancellationToken cancel
    ) =>
        database.WriteAsync<EditResult<GuestLinkResponse>>(
            async db =>
            {
                if (await FindAsync(db, caller, domainId, id, cancel) is not var (domain, row))
                    return new Refusal.Missing();
                if (wanted.Errors is not [])
                    return new Refusal.Invalid(wanted.Errors);

                if (row.IsBlocked == wanted.IsEnabled)
                {
                    domains.Block(row, !wanted.IsEnabled);
                    var what = row.IsBlocked ? AuditEvent.LinkBlocked : AuditEvent.LinkAllowed;
                    await TellAsync(db, caller, domain, row, what, cancel);
                    await db.SaveChangesAsync(cancel);
                }

                var response = await catalog.ReadAsync(db, domain, row, cancel);
                return response with { Warnings = wanted.Warnings is [] ? null : wanted.Warnings };
            },
            cancel
        );

    /// <summary>Deletes a link with its clicks and pictures. Only the owner of the domain can use its alias for a while.</summary>
    public async Task<EditResult<ResourceId>> DeleteAsync(
        Caller caller,
        long domainId,
        long id,
        CancellationToken cancel
    )
    {
        DomainRow? domain = null;
        var isDone = await deletion.RunAsync(
            async db =>
            {
                if (await FindAsync(db, caller, domainId, id, cancel) is not var (found, row))
                    return null;
                domain = found;
                return row;
            },
            cancel,
            aliasFor: caller.AccountId,
            tell: (db, row) => TellAsync(db, caller, domain!, row, AuditEvent.LinkRemoved, cancel)
        );
        return isDone ? new ResourceId(id) : new Refusal.Missing();
    }

    // The membership may have ended, or changed, while the request came.
    private static async Task<(DomainRow Domain, LinkRow Link)?> FindAsync(
        SignpostDb db,
        Caller caller,
        long domainId,
        long id,
        CancellationToken cancel
    )
    {
        var now = await Memberships.InAsync(db, caller, caller.AccountId, cancel);
        if (now is null || !now.May(Scopes.DomainsWrite))
            return null;
        if (await db.Domains.OwnAsync(now, domainId, cancel) is not { } domain)
            return null;
        var link = await db.LinksAndTrash.FirstOrDefaultAsync(
            one => one.Id == id && one.DomainId == domainId && one.IsGuest,
            cancel
        );
        return link is null ? null : (domain, link);
    }

    private async Task TellAsync(
        SignpostDb db,
        Caller caller,
        DomainRow domain,
        LinkRow row,
        string what,
        CancellationToken cancel
    )
    {
        var link = $"{domain.Host}/{row.Alias}";
        audit.Add(db, AuditLine.By(caller, what, caller.AccountId, link));
        // The other account does not learn which person did it, and from where.
        audit.Add(db, new(what, row.AccountId, ActorId: null, Network: null, link));
        if (!mails.IsOn || what is AuditEvent.LinkAllowed)
            return;
        if (limiter.Take($"mails about links of {row.AccountId}", MailsPerAccount) is not null)
            return;
        foreach (var person in await RecipientsAsync(db, row.AccountId, cancel))
            mails.Add(
                db,
                new(what, person.Email!, person.Id, person.Language, MailLife)
                {
                    Names = [("domain", domain.Host), ("link", link)],
                }
            );
    }

    // The person, or the admins and owners of the team.
    private static Task<List<Person>> RecipientsAsync(SignpostDb db, long accountId, CancellationToken cancel) =>
        db
            .People.Where(person =>
                person.Id == accountId
                || db.Members.Any(member =>
                    member.TeamId == accountId
                    && member.PersonId == person.Id
                    && member.JoinedAt != null
                    && member.Role >= Role.Admin
                )
            )
            .Where(person => !person.IsDisabled)
            .OrderBy(person => person.Id)
            .Take(MostRecipients)
            .ToListAsync(cancel);
}
