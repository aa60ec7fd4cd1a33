using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Changes;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>A domain on which an account may make links.</summary>
/// <param name="Id">0 is the main domain.</param>
internal sealed record AvailableDomain(long Id, string Host, bool IsOwn);

/// <summary>The domain and the alias of a link before an edit.</summary>
internal readonly record struct LinkHome(long DomainId, string Alias)
{
    public static LinkHome Of(LinkRow row) => new(row.DomainId, row.Alias);
}

/// <summary>
/// Decides on which domains an account may make links: its own, those that are shared with it, and the main domain if the operator allows it.
/// A link on another domain stays there and can be edited, but keeps its alias and its domain.
/// </summary>
internal sealed class LinkDomains(Database database, ChangeFeed feed, SignpostSettings settings, PublicAddress address)
{
    private const long MainDomain = 0;
    private const int MostNamed = 10;

    /// <summary>Tells whether the caller may make links on the main domain.</summary>
    public bool MayUseMain(Caller caller) =>
        settings.MainDomain switch
        {
            MainDomainUsers.Everyone => true,
            MainDomainUsers.Admins => caller.IsAdmin,
            _ => false,
        };

    /// <summary>Tells whether the caller may make links on a domain now.</summary>
    public async Task<bool> MayUseAsync(SignpostDb db, Caller caller, long domainId, CancellationToken cancel) =>
        domainId == MainDomain
            ? MayUseMain(caller)
            : await UsableBy(db, caller.AccountId).AnyAsync(domain => domain.Id == domainId, cancel);

    /// <summary>Tells whether a domain belongs to another account.</summary>
    public static async Task<bool> IsGuestAsync(
        SignpostDb db,
        long accountId,
        long domainId,
        CancellationToken cancel = default
    ) =>
        domainId != MainDomain
        && !await db.Domains.AnyAsync(domain => domain.Id == domainId && domain.AccountId == accountId, cancel);

    /// <summary>The number of links of other accounts on a domain, and of these accounts. It reads a few rows for each account.</summary>
    public static async Task<(long Links, long Accounts)> CountGuestsAsync(
        SignpostDb db,
        DomainRow domain,
        CancellationToken cancel
    )
    {
        var guests = db.LinkGroups.Where(group => group.DomainId == domain.Id && group.AccountId != domain.AccountId);
        return (
            await guests.SumAsync(group => group.Links, cancel),
            await guests.Select(group => group.AccountId).Distinct().LongCountAsync(cancel)
        );
    }

    /// <summary>All links of a domain, also those in the trash. It may read all of them.</summary>
    public static async Task<DomainLinks> CountAllAsync(SignpostDb db, long domainId, CancellationToken cancel)
    {
        var all = db.LinksAndTrash.Where(link => link.DomainId == domainId);
        var guests = all.Where(link => link.IsGuest);
        return new(
            await all.LongCountAsync(cancel),
            await all.LongCountAsync(link => link.DeletedAt != null, cancel),
            await guests.LongCountAsync(cancel),
            await guests.Select(link => link.AccountId).Distinct().LongCountAsync(cancel)
        );
    }

    /// <summary>A page of the domains on which the caller may make links now: the main domain, own ones, shared ones.</summary>
    public async Task<(IReadOnlyList<AvailableDomain> Domains, long Total)> ListAsync(
        Caller caller,
        Paging paging,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var main = MayUseMain(caller) ? 1 : 0;
        var usable = UsableBy(db, caller.AccountId);
        var total = main + await usable.LongCountAsync(cancel);
        if (paging.Offset(total) is not { } offset || offset >= total)
            return ([], total);

        List<AvailableDomain> found = [];
        if (main == 1 && offset == 0)
            found.Add(new(MainDomain, new Uri(address.Url).Authority, IsOwn: false));
        found.AddRange(
            await InOrder(usable, caller)
                .Skip((int)Math.Max(0, offset - main))
                .Take(paging.Size - found.Count)
                .Select(domain => new AvailableDomain(domain.Id, domain.Host, domain.AccountId == caller.AccountId))
                .ToListAsync(cancel)
        );
        return (found, total);
    }

    /// <summary>Chooses the domain of a new link, if the request names none and the caller may not use the main domain.</summary>
    public async Task<LinkChanges> ChooseAsync(
        SignpostDb db,
        Caller caller,
        LinkChanges changes,
        CancellationToken cancel
    )
    {
        if (changes.DomainId.IsPresent || MayUseMain(caller))
            return changes;
        var first = await InOrder(UsableBy(db, caller.AccountId), caller)
            .Select(domain => domain.Id)
            .FirstOrDefaultAsync(cancel);
        return changes with { DomainId = new("domain_id", first) };
    }

    /// <summary>Adds errors if the caller may not use the link's domain, or may not change its alias there.</summary>
    /// <param name="former">Null: the link is new.</param>
    public async Task CheckAsync(
        SignpostDb db,
        Caller caller,
        LinkHome? former,
        LinkRow row,
        LinkChanges changes,
        List<FieldError> errors,
        CancellationToken cancel
    )
    {
        var moves = row.DomainId != former?.DomainId;
        var renames =
            former is not null
            && (row.Alias != former.Value.Alias || changes.Alias is { IsPresent: true, Value: null });
        if (
            former is { } home
            && (moves || renames)
            && await StayProblemAsync(db, caller, home, row, cancel) is { } why
        )
        {
            if (renames)
                errors.Add(new(why, changes.Alias.As!));
            if (moves)
                errors.Add(new(why, changes.DomainId.As!));
        }
        else if (moves && !await MayUseAsync(db, caller, row.DomainId, cancel))
            errors.Add(
                new(
                    await AliasProblemAsync(db, caller, row.DomainId, cancel) ?? await RefusalAsync(db, caller, cancel),
                    changes.DomainId.As ?? "domain_id"
                )
            );
    }

    /// <summary>Disables a link for the owner of its domain, or lifts that. The caller saves it.</summary>
    public void Block(LinkRow guest, bool isBlocked)
    {
        guest.IsBlocked = isBlocked;
        database.AfterCommit(() => feed.Publish(new(guest.Id, guest.DomainId, guest.AliasKey)));
    }

    // Also domains that serve nothing at the moment: their links can be edited.
    private static IQueryable<DomainRow> Of(SignpostDb db, long accountId) =>
        db.Domains.Where(domain =>
            domain.AccountId == accountId
            || db.DomainShares.Any(share =>
                share.DomainId == domain.Id && (share.Key == DomainShare.Everyone || share.AccountId == accountId)
            )
        );

    private static IQueryable<DomainRow> UsableBy(SignpostDb db, long accountId) =>
        Of(db, accountId)
            .Where(domain => domain.IsEnabled && domain.VerifiedAt != null && domain.AliasOf == null)
            .Where(domain =>
                !db.Jobs.Any(job =>
                    (job.Kind == JobKind.MoveDomain && job.Subject == domain.Id)
                    || (job.Kind == JobKind.DeleteAccount && job.Subject == domain.AccountId && job.HeirId == null)
                )
            );

    private static IQueryable<DomainRow> InOrder(IQueryable<DomainRow> domains, Caller caller) =>
        domains.OrderBy(domain => domain.AccountId != caller.AccountId).ThenBy(domain => domain.Id);

    private async Task<string?> StayProblemAsync(
        SignpostDb db,
        Caller caller,
        LinkHome home,
        LinkRow row,
        CancellationToken cancel
    )
    {
        if (row.IsBlocked)
            return "The owner of the domain disabled this link: its alias and its domain cannot be changed.";
        var mayUse =
            home.DomainId == MainDomain
                ? MayUseMain(caller)
                : await Of(db, caller.AccountId).AnyAsync(domain => domain.Id == home.DomainId, cancel);
        return mayUse
            ? null
            : "You may not use the domain of this link any more: the link goes on, but its alias and its domain cannot be changed.";
    }

    private static async Task<string?> AliasProblemAsync(
        SignpostDb db,
        Caller caller,
        long id,
        CancellationToken cancel
    ) =>
        await Of(db, caller.AccountId)
            .Where(one => one.Id == id && one.AliasOf != null)
            .Select(one => new { one.Host, one.AliasOf })
            .FirstOrDefaultAsync(cancel)
            is { } alias
            ? $"{alias.Host} is an alias. Make the link on the domain that it serves: domain_id {alias.AliasOf}."
            : null;

    private async Task<string> RefusalAsync(SignpostDb db, Caller caller, CancellationToken cancel)
    {
        if (MayUseMain(caller))
            return "domain_id must be 0 or a verified domain that you may use, and not one whose links are being moved.";
        var choices = await InOrder(UsableBy(db, caller.AccountId), caller)
            .Take(MostNamed)
            .Select(domain => new { domain.Id, domain.Host })
            .ToListAsync(cancel);
        return choices is []
            ? "domain_id must be a domain that you may use, and there is none: the main domain takes no links of yours. Add a domain first."
            : "domain_id must be a domain that you may use: "
                + string.Join(
                    ", ",
                    choices.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Id} ({one.Host})"))
                )
                + ".";
    }
}

/// <summary>The number of links of a domain.</summary>
/// <param name="InTrash">Those of all links that are in the trash.</param>
/// <param name="OfGuests">Those of all links that belong to other accounts.</param>
internal sealed record DomainLinks(long All, long InTrash, long OfGuests, long Guests);
