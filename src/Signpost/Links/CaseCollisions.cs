using System.Data.Common;
using Signpost.Core.Links;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>Finds aliases of a domain that differ only in case. They cannot be on a domain that ignores case.</summary>
internal static class CaseCollisions
{
    /// <summary>Some of these aliases, as typed, equal ones one after the other; empty: there are none.</summary>
    /// <remarks>It reads all links of the domain, and holds 8 bytes of each in memory.</remarks>
    public static List<string> Find(DbConnection connection, long domainId, int most)
    {
        HashSet<long> seen = [];
        HashSet<long> twice = [];
        foreach (var alias in Read(connection, domainId))
            if (HashOf(alias) is var hash && !seen.Add(hash))
                twice.Add(hash);
        if (twice.Count == 0)
            return [];

        // Two hashes may be equal by chance, so the keys decide.
        return
        [
            .. Read(connection, domainId)
                .Where(alias => twice.Contains(HashOf(alias)))
                .Take(1_000)
                .GroupBy(KeyOf, StringComparer.Ordinal)
                .Where(group => group.Skip(1).Any())
                .SelectMany(group => group)
                .Take(most),
        ];
    }

    private static string KeyOf(string alias) => Alias.KeyOf(alias, AliasCase.Ignored);

    private static long HashOf(string alias) => AddressHash.Of(KeyOf(alias));

    private static IEnumerable<string> Read(DbConnection connection, long domainId)
    {
        using var command = connection.Command(
            null,
            "SELECT alias FROM links WHERE domain_id = @domain",
            ("@domain", domainId)
        );
        using var rows = command.ExecuteReader();
        while (rows.Read())
            yield return rows.GetString(0);
    }
}
