using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Signpost.Accounts;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Links;
using Signpost.Storage;

namespace Signpost.Domains;

/// <summary>A line of <c>shared_with</c>, as it is compared and as it was sent.</summary>
internal readonly record struct SharedName(string Key, string Name);

/// <summary>
/// The accounts with which a domain is shared. An address or an id without an account is kept and looks like any other, so nobody learns who
/// has an account. <see cref="TeamMembers"/> gives an address its account later.
/// </summary>
internal static class DomainShares
{
    public const string Field = "shared_with";
    public const int Most = 200;
    private const string Everyone = "everyone";

    /// <summary>Reads the list. Each account counts once.</summary>
    public static Optional<IReadOnlyList<SharedName>?> Read(FieldReader read)
    {
        var sent = read.List(Field);
        if (!sent.IsPresent)
            return default;

        Dictionary<string, SharedName> names = [];
        foreach (var item in FieldReader.IsEmpty(sent.Value) ? [] : sent.Value!.Where(item => !item.IsWrong))
            if (NameOf(item.Text ?? "") is { } name)
                names[name.Key] = name;
            else
                read.Add($"{Field} must be e-mail addresses, ids of teams or {Everyone}.", item.As);
        if (names.Count > Most)
            read.Add($"{Field} has at most {Most} entries.", sent.As!);
        read.Meaning.Add(Field, string.Join(' ', names.Keys.Order(StringComparer.Ordinal)));
        return new(sent.As, [.. names.Values]);
    }

    /// <summary>The lists of domains, as they were sent.</summary>
    public static async Task<ILookup<long, string>> FindAsync(
        SignpostDb db,
        IReadOnlyCollection<long> domainIds,
        CancellationToken cancel
    ) =>
        (
            await db
                .DomainShares.Where(share => domainIds.Contains(share.DomainId))
                .OrderBy(share => share.Key)
                .Select(share => new { share.DomainId, share.Name })
                .ToListAsync(cancel)
        ).ToLookup(share => share.DomainId, share => share.Name);

    /// <summary>Replaces the list, if it was sent. It warns of links of other accounts if the list loses a line.</summary>
    public static async Task SaveAsync(SignpostDb db, DomainRow domain, DomainChanges changes, CancellationToken cancel)
    {
        if (changes.SharedWith is not { Value: { } wanted, As: { } sentAs })
            return;

        string[] keys = [.. wanted.Select(name => name.Key)];
        var old = db.DomainShares.Where(share => share.DomainId == domain.Id);
        var lost = await old.Where(share => !keys.Contains(share.Key)).ExecuteDeleteAsync(cancel);
        var kept = await old.ToDictionaryAsync(share => share.Key, cancel);
        var accounts = await AccountsOfAsync(db, keys, cancel);
        foreach (var (key, name) in wanted)
        {
            if (!kept.TryGetValue(key, out var share))
                db.DomainShares.Add(
                    share = new()
                    {
                        DomainId = domain.Id,
                        Key = key,
                        Name = name,
                    }
                );
            share.Name = name;
            if (share.AccountId is null && accounts.TryGetValue(key, out var account))
                share.AccountId = account;
        }

        await db.SaveChangesAsync(cancel);
        if (lost > 0 && !keys.Contains(DomainShare.Everyone))
            await WarnAsync(db, domain, changes, sentAs, cancel);
    }

    /// <summary>Adds the list of a domain that goes to that of another domain with the same host.</summary>
    public static Task<int> JoinAsync(SignpostDb db, long goneId, long keptId, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO domain_shares (domain_id, key, name, account_id)
            SELECT {keptId}, key, name, account_id FROM domain_shares WHERE domain_id = {goneId}
            ON CONFLICT DO NOTHING
            """,
            cancel
        );

    // It counts all links of other accounts. The number of those that are not in the list would tell who has an account.
    private static async Task WarnAsync(
        SignpostDb db,
        DomainRow domain,
        DomainChanges changes,
        string sentAs,
        CancellationToken cancel
    )
    {
        var (links, accounts) = await LinkDomains.CountGuestsAsync(db, domain, cancel);
        if (links == 0)
            return;
        var title = string.Create(
            CultureInfo.InvariantCulture,
            $"Other accounts have links on this domain (links: {links:N0}, accounts: {accounts:N0}). Links of accounts that may not use it any more go on, but keep their alias and domain."
        );
        changes.Warnings.Add(new(title, sentAs));
    }

    private static SharedName? NameOf(string text) =>
        text.Equals(Everyone, StringComparison.OrdinalIgnoreCase) ? new(DomainShare.Everyone, Everyone)
        : FieldText.TryNumber(text, out var team) && team > 0
            ? new($"{team.ToString(CultureInfo.InvariantCulture)}", $"{team.ToString(CultureInfo.InvariantCulture)}")
        : AccountRules.Email(text) is null ? new(Person.Normalize(text), text)
        : null;

    private static async Task<Dictionary<string, long>> AccountsOfAsync(
        SignpostDb db,
        string[] keys,
        CancellationToken cancel
    )
    {
        long[] ids = [.. keys.Select(key => FieldText.TryNumber(key, out var id) ? id : 0)];
        var going = db.Jobs.Where(job => job.Kind == JobKind.DeleteAccount).Select(job => job.Subject);
        var people = await db
            .People.Where(person => keys.Contains(person.NormalizedEmail) && !going.Contains(person.Id))
            .ToDictionaryAsync(person => person.NormalizedEmail!, person => person.Id, cancel);
        var teams = await db
            .Accounts.Where(team => ids.Contains(team.Id) && !going.Contains(team.Id))
            .Where(team => !db.People.Any(person => person.Id == team.Id))
            .Select(team => team.Id)
            .ToListAsync(cancel);
        foreach (var team in teams)
            people[team.ToString(CultureInfo.InvariantCulture)] = team;
        return people;
    }
}
