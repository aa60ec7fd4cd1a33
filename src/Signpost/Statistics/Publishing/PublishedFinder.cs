using Microsoft.EntityFrameworkCore;
using Signpost.Addressing;
using Signpost.ClickStore;
using Signpost.Core.Links;
using Signpost.Files;
using Signpost.Storage;

namespace Signpost.Statistics.Publishing;

/// <summary>A link or a project whose statistics everybody may read.</summary>
/// <param name="TimeZone">The time zone of the days.</param>
/// <param name="Title">The owner's title; null: the short address, or that it is a project.</param>
/// <param name="Url">The short address; null: it is a project.</param>
internal sealed record Published(StatisticsScope Scope, string TimeZone, string? Title, string? Url)
{
    /// <summary>The lists, as <see cref="PublicParts.Shows"/> writes them; null: all.</summary>
    public string? Shows { get; init; }

    /// <summary>The periods, as <see cref="PublicParts.Periods"/> writes them; null: all.</summary>
    public string? Periods { get; init; }

    /// <summary>The hash of the password; null: there is none.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>The path of the owner's logo; null: there is none.</summary>
    public string? Logo { get; init; }
}

/// <summary>Finds links and projects whose owner shows their statistics.</summary>
internal sealed class PublishedFinder(
    Database database,
    DomainDirectory domains,
    CaseRules rules,
    PublicAddress address,
    TimeProvider clock
)
{
    // An account that is being deleted shows nothing.
    private static IQueryable<Account> Owners(SignpostDb db) =>
        db.Accounts.Where(account =>
            !db.Jobs.Any(job => job.Kind == JobKind.DeleteAccount && job.Subject == account.Id && job.HeirId == null)
        );

    /// <param name="host">The host of a custom domain; null: the main domain.</param>
    /// <returns>Null: the link does not exist, does not redirect now, or its statistics are not public.</returns>
    public async Task<Published?> FindLinkAsync(string alias, string? host, CancellationToken cancel)
    {
        var domain = host is null ? 0 : domains.Find(host)?.Id;
        if (domain is not { } domainId || !Alias.TryParse(alias, out _, out _))
            return null;

        var keys = rules.Of(domainId).KeysOf(alias);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await using var db = database.Read();
        var found = await (
            from link in db.Links
            where link.DomainId == domain && keys.Contains(link.AliasKey) && link.StatisticsIsPublic && link.IsEnabled
            where !link.IsBlocked
            where link.StartAt == null || link.StartAt <= now
            join account in Owners(db) on link.AccountId equals account.Id
            join owned in db.Domains on link.DomainId equals owned.Id into owning
            from own in owning.DefaultIfEmpty()
            orderby link.AliasKey == keys[0] descending
            select new
            {
                link.Id,
                link.Alias,
                account.TimeZone,
                Title = link.StatisticsPublicTitle,
                Shows = link.StatisticsPublicShows,
                Periods = link.StatisticsPublicPeriods,
                link.StatisticsPublicPasswordHash,
                Home = own == null ? null : own.Scheme + own.Host,
                Logo = db
                    .QrLogos.Where(logo => logo.Id == link.StatisticsPublicLogo && logo.AccountId == link.AccountId)
                    .Select(logo => logo.File)
                    .FirstOrDefault(),
            }
        ).FirstOrDefaultAsync(cancel);
        return found is null
            ? null
            : new(
                new(ScopeKind.Link, found.Id),
                found.TimeZone,
                found.Title,
                $"{found.Home ?? address.Url}/{found.Alias}"
            )
            {
                Shows = found.Shows,
                Periods = found.Periods,
                PasswordHash = found.StatisticsPublicPasswordHash,
                Logo = found.Logo is null ? null : FileAddress.Prefix + found.Logo,
            };
    }

    /// <param name="key">The end of the address of the page.</param>
    /// <returns>Null: there is no such project.</returns>
    public async Task<Published?> FindProjectAsync(string key, CancellationToken cancel)
    {
        await using var db = database.Read();
        var found = await (
            from project in db.Projects
            where project.StatisticsKey == key
            join account in Owners(db) on project.AccountId equals account.Id
            select new
            {
                project.Id,
                account.TimeZone,
                Title = project.StatisticsPublicTitle,
            }
        ).FirstOrDefaultAsync(cancel);
        return found is null ? null : new(new(ScopeKind.Project, found.Id), found.TimeZone, found.Title, Url: null);
    }
}
