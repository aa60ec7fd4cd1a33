using System.Data.Common;
using Signpost.Addressing;
using Signpost.Core.Links;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>
/// Finds links that lead to themselves after a change of their domain: by their destination, their expiration or a targeting rule.
/// </summary>
internal sealed class LinkLoops(ShortAddresses addresses, CaseRules rules)
{
    private const long MostRead = 100_000;

    /// <summary>Some aliases, as typed, of links that lead to themselves if case does not matter on their domain.</summary>
    /// <remarks>It reads all links of the domain.</remarks>
    public List<string> WithoutCase(DbConnection connection, long domainId, int most) =>
        Find(Read(connection, domainId, "%", long.MaxValue), most, IsLoop);

    /// <summary>Some aliases, as typed, of links that lead to themselves if this host serves their domain, too.</summary>
    /// <param name="domainId">0 is the main domain.</param>
    /// <remarks>It reads at most 100,000 links of the domain, in the order of their aliases.</remarks>
    public List<string> WithHost(DbConnection connection, long domainId, string host, int most)
    {
        var rule = rules.Of(domainId);
        return Find(
            Read(connection, domainId, $"%{host}%", MostRead),
            most,
            link =>
                DomainDirectory.LeadsTo(link.Url, host)
                && rule.KeysOf(link.Url.AliasPath).Contains(rule.KeyOf(link.Alias))
        );
    }

    private bool IsLoop(Leading link) =>
        addresses.Find(link.Url, askedHost: null) is { } found
        && found.DomainId == link.DomainId
        && (found with { Rule = default }).Keys.Contains(Alias.KeyOf(link.Alias, AliasCase.Ignored));

    private static List<string> Find(IEnumerable<Leading> links, int most, Func<Leading, bool> isLoop) =>
        [.. links.Where(isLoop).Select(link => link.Alias).Distinct(StringComparer.Ordinal).Take(most)];

    // Hosts hold no sign that has a meaning in a pattern.
    private static IEnumerable<Leading> Read(DbConnection connection, long domainId, string pattern, long most)
    {
        using var command = connection.Command(
            null,
            """
            SELECT alias, location_url, expiration_url, targeting FROM (
                SELECT alias, location_url, expiration_url, targeting FROM links
                WHERE domain_id = @domain ORDER BY alias_key LIMIT @most) AS few
            WHERE location_url LIKE @pattern OR expiration_url LIKE @pattern OR targeting LIKE @pattern
            """,
            ("@domain", domainId),
            ("@pattern", pattern),
            ("@most", most)
        );
        using var rows = command.ExecuteReader();
        while (rows.Read())
            foreach (var url in UrlsOf(rows))
                yield return new(domainId, rows.GetString(0), TargetUrl.OfStored(url));
    }

    private static IEnumerable<string> UrlsOf(DbDataReader row)
    {
        yield return row.GetString(1);
        if (!row.IsDBNull(2))
            yield return row.GetString(2);
        if (row.IsDBNull(3))
            yield break;
        foreach (var (_, list) in TargetingLists.Parse(row.GetString(3)).ByType)
        foreach (var rule in list)
            yield return rule.Value;
    }

    /// <summary>A link with one of its addresses.</summary>
    private readonly record struct Leading(long DomainId, string Alias, TargetUrl Url);
}
