using Microsoft.EntityFrameworkCore;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Core.Links;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>
/// Finds links that lead to other links of the same account. A ring is an error: visitors would never arrive. A single step is a warning.
/// Links of other accounts are not followed, and nothing tells whether they exist.
/// </summary>
internal sealed class LinkRings(ShortAddresses addresses)
{
    private const int MostSteps = 10;

    /// <summary>A limit, because each link may have hundreds of addresses.</summary>
    private const int MostLinks = 1_000;

    private const string Ring = "The address leads back to this link, over other links of yours; this would be a loop.";

    /// <summary>Adds an error for each address that leads back to the link; returns a warning for each that leads to another one.</summary>
    /// <param name="row">The link after the edit. Its alias may not be drawn yet; then nothing leads to it.</param>
    public async Task<IReadOnlyList<Warning>> CheckAsync(
        SignpostDb db,
        LinkRow row,
        LinkChanges changes,
        List<FieldError> errors
    )
    {
        List<Reached> next = ChangesAddresses(changes)
            ? [.. AddressesOf(row, changes).Select(one => Follow(one, changes.AskedHost)).OfType<Reached>()]
            : [];
        List<Warning> warnings = [];
        HashSet<long> seen = [];
        for (var step = 0; step < MostSteps && next is not [] && seen.Count < MostLinks; step++)
        {
            var found = await FindAsync(db, row, next);
            foreach (var (origin, _) in found.Where(one => one.Link is null).DistinctBy(one => one.Origin))
                if (errors.All(error => error.Field != origin.Field))
                    errors.Add(new(origin.Prefix + Ring, origin.Field));
            if (step == 0)
                warnings.AddRange(
                    // A link in the trash leads nowhere, but it may be restored: it can be a part of a ring.
                    found.Where(one => one.Link is { DeletedAt: null }).Select(one => WarningOf(one.Origin, one.Link!))
                );
            // Nothing leads to a link whose alias is drawn after this.
            if (row.AliasKey is "")
                break;

            next =
            [
                .. found
                    .Where(one => one.Link is { } link && seen.Add(link.Id))
                    .SelectMany(one => ForwardOf(one.Link!).Select(url => one.Origin with { Url = url }))
                    .Select(one => Follow(one, changes.AskedHost))
                    .OfType<Reached>(),
            ];
        }

        return warnings;
    }

    private static bool ChangesAddresses(LinkChanges changes) =>
        changes.Bulk is not null
        || changes.Location.IsPresent
        || changes.Expiration.IsPresent
        || changes.Alias.IsPresent
        || changes.DomainId.IsPresent
        || changes.TargetingType.IsPresent
        || changes.Targeting is not [];

    // The error or warning names the field that was sent.
    private static IEnumerable<Origin> AddressesOf(LinkRow row, LinkChanges changes)
    {
        foreach (var line in changes.Bulk ?? [])
            yield return new(line.Location.Text, changes.BulkAs, $"Line {line.Number}: ");
        var moved = changes.Alias.As ?? changes.DomainId.As;
        if (changes.Bulk is null)
            yield return new(row.LocationUrl, changes.Location.As ?? moved ?? "location_url", "");
        if (row.ExpirationUrl is { } expiration)
            yield return new(expiration, changes.Expiration.As ?? moved ?? "expiration_url", "");
        if (row.TargetingType is not { } type)
            yield break;

        var sent = changes.Targeting.FirstOrDefault(change => change.Type.Name == type);
        var rules = TargetingLists.Parse(row.Targeting)[type];
        for (var at = 0; at < rules.Count; at++)
            yield return new(
                rules[at].Value,
                sent?.Entries[at].ValueAs ?? changes.TargetingType.As ?? moved ?? $"targeting_{type}",
                ""
            );
    }

    private static IEnumerable<string> ForwardOf(LinkRow link)
    {
        yield return link.LocationUrl;
        if (link.ExpirationUrl is { } expiration)
            yield return expiration;
        if (link.TargetingType is { } type)
            foreach (var rule in TargetingLists.Parse(link.Targeting)[type])
                yield return rule.Value;
    }

    private Reached? Follow(Origin origin, string? askedHost) =>
        addresses.Find(TargetUrl.OfStored(origin.Url), askedHost) is { } address ? new(origin, address) : null;

    // No link: the address is that of the edited link.
    private static async Task<List<(Origin Origin, LinkRow? Link)>> FindAsync(
        SignpostDb db,
        LinkRow row,
        List<Reached> reached
    )
    {
        string[] keys =
        [
            .. reached
                .SelectMany(one => (string[])[.. one.Address.Keys, .. one.Address.TidyKeys])
                .Distinct()
                .Take(MostLinks),
        ];
        var rows = await db
            .LinksAndTrash.AsNoTracking()
            .Where(link => link.AccountId == row.AccountId && link.Id != row.Id && keys.Contains(link.AliasKey))
            .ToListAsync();
        var links = rows.ToDictionary(link => (link.DomainId, link.AliasKey));
        List<(Origin, LinkRow?)> found = [];
        foreach (var (origin, address) in reached)
        foreach (var key in (string[])[.. address.Keys, .. address.TidyKeys])
        {
            var isEdited = (address.DomainId, key) == (row.DomainId, row.AliasKey);
            if (!links.TryGetValue((address.DomainId, key), out var link) && !isEdited)
                continue;
            found.Add((origin, isEdited ? null : link));
            break;
        }

        return found;
    }

    private static Warning WarningOf(Origin origin, LinkRow link) =>
        new(
            $"{origin.Prefix}The address is the short address of your link {link.Alias}. Visitors are redirected twice.",
            origin.Field
        );

    private sealed record Origin(string Url, string Field, string Prefix);

    private sealed record Reached(Origin Origin, ShortAddress Address);
}
