using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.ClickStore;
using Signpost.Links;
using Signpost.Storage;

namespace Signpost.Domains;

/// <summary>A domain as the API returns it.</summary>
/// <param name="IsCaseSensitive">Whether aliases that differ only in case are different links.</param>
/// <param name="IsChangingCase">Whether links still get the keys of that rule. Until then, both rules find them.</param>
/// <param name="IsMoving">Whether its links are being moved to the main domain, after which it is deleted.</param>
internal sealed record DomainResponse(
    long Id,
    string Scheme,
    string Host,
    string? CustomIndexUrl,
    string? CustomNotFoundUrl,
    bool IsEnabled,
    bool IsCaseSensitive,
    bool IsChangingCase,
    bool IsVerified,
    bool IsMoving,
    string LastDatetime,
    string Datetime,
    VerificationResponse Verification
) : WarnedResponse
{
    /// <summary>The domain whose links this one serves; 0: the main domain; null: it serves its own.</summary>
    public long? AliasOf { get; init; }

    /// <summary>
    /// The clicks of the last 30 days that came by another case than the alias's own; absent in lists. A case-sensitive domain has no link
    /// for such addresses.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? OtherCaseClicks { get; init; }

    /// <summary>The file for iOS, as it was sent; empty: none; absent in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AppleAppSiteAssociation { get; init; }

    /// <summary>The file for Android, as it was sent; empty: none; absent in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AssetLinks { get; init; }

    /// <summary>The others that may make links on it: e-mail addresses, ids of teams, or everyone.</summary>
    public IReadOnlyList<string> SharedWith { get; init; } = [];

    /// <summary>The number of links of other accounts on it; absent in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? LinksCount { get; init; }

    /// <summary>The number of other accounts that have links on it; absent in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? AccountsCount { get; init; }

    public static DomainResponse Of(DomainRow row, bool isMoving, bool isChangingCase, TimeZoneInfo zone) =>
        new(
            row.Id,
            row.Scheme,
            row.Host,
            row.CustomIndexUrl,
            row.CustomNotFoundUrl,
            row.IsEnabled,
            row.IsCaseSensitive,
            isChangingCase,
            row.VerifiedAt is not null,
            isMoving,
            LocalTime.Format(row.UpdatedAt, zone),
            LocalTime.Format(row.CreatedAt, zone),
            new(
                "TXT",
                DomainProof.NameOf(row),
                DomainProof.ValueOf(row),
                LocalTime.Format(row.VerifiedAt, zone),
                LocalTime.Format(row.CheckedAt, zone),
                row.FailedChecks
            )
        )
        {
            AliasOf = row.AliasOf,
        };
}

/// <summary>The record that proves a domain, and the results of its checks.</summary>
/// <param name="VerifiedDatetime">The time since which the domain is verified.</param>
/// <param name="CheckedDatetime">The time of the DNS's last answer.</param>
/// <param name="FailedChecks">The number of daily checks in a row that did not find the record.</param>
internal sealed record VerificationResponse(
    string Type,
    string Name,
    string Value,
    string? VerifiedDatetime,
    string? CheckedDatetime,
    int FailedChecks
);

/// <summary>A domain of any account, as server admins see it.</summary>
/// <param name="Email">The address of the person whose own account has it; null: a team has it.</param>
internal sealed record DomainOfServer(
    long Id,
    string Host,
    long AccountId,
    string AccountName,
    string? Email,
    bool IsVerified,
    bool IsEnabled,
    long Links
);

/// <summary>The only reader of domains for people and programs.</summary>
internal sealed class DomainCatalog(Database database, TimeProvider clock) : IResourceCatalog<DomainResponse>
{
    public async Task<DomainResponse?> FindAsync(Caller caller, long id, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await FindAsync(db, caller, id, cancel);
    }

    public async Task<DomainResponse?> FindAsync(SignpostDb db, Caller caller, long id, CancellationToken cancel)
    {
        if (await db.Domains.OwnAsync(caller, id, cancel) is not { } row)
            return null;
        var (links, accounts) = await LinkDomains.CountGuestsAsync(db, row, cancel);
        return DomainResponse.Of(
            row,
            await Subjects(db, JobKind.MoveDomain).ContainsAsync(id, cancel),
            await Subjects(db, JobKind.ChangeCase).ContainsAsync(id, cancel),
            caller.TimeZone
        ) with
        {
            OtherCaseClicks = CaseVisits.Count(db, id, clock.GetUtcNow()),
            AppleAppSiteAssociation = await DomainFiles.FindAsync(db, id, DomainFiles.Apple, cancel) ?? "",
            AssetLinks = await DomainFiles.FindAsync(db, id, DomainFiles.Android, cancel) ?? "",
            SharedWith = [.. (await DomainShares.FindAsync(db, [id], cancel))[id]],
            LinksCount = links,
            AccountsCount = accounts,
        };
    }

    public async Task<(IReadOnlyList<DomainResponse> Items, long Total)> ListAsync(
        Caller caller,
        ResourceQuery query,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var (rows, total) = await query.PageAsync(db.Domains.Of(caller), cancel);
        var moving = await Subjects(db, JobKind.MoveDomain).ToListAsync(cancel);
        var changing = await Subjects(db, JobKind.ChangeCase).ToListAsync(cancel);
        var shares = await DomainShares.FindAsync(db, [.. rows.Select(row => row.Id)], cancel);
        return (
            [
                .. rows.Select(row =>
                    DomainResponse.Of(row, moving.Contains(row.Id), changing.Contains(row.Id), caller.TimeZone) with
                    {
                        SharedWith = [.. shares[row.Id]],
                    }
                ),
            ],
            total
        );
    }

    /// <summary>A page of the domains of all accounts, by host, and their number. For server admins.</summary>
    public async Task<(IReadOnlyList<DomainOfServer> Domains, long Total)> ListAllAsync(
        long offset,
        int count,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var all =
            from domain in db.Domains
            join account in db.Accounts on domain.AccountId equals account.Id
            orderby domain.Host
            select new DomainOfServer(
                domain.Id,
                domain.Host,
                account.Id,
                account.Name,
                db.People.Where(person => person.Id == account.Id).Select(person => person.Email).FirstOrDefault(),
                domain.VerifiedAt != null,
                domain.IsEnabled,
                db.LinkGroups.Where(one => one.DomainId == domain.Id).Sum(one => one.Links)
            );
        return (await all.Skip((int)offset).Take(count).ToListAsync(cancel), await db.Domains.LongCountAsync(cancel));
    }

    // The domains that have a job of this kind.
    private static IQueryable<long> Subjects(SignpostDb db, JobKind kind) =>
        db.Jobs.Where(job => job.Kind == kind).Select(job => job.Subject);
}
