using System.Data.Common;
using Signpost.Storage;

namespace Signpost.Benchmarks;

/// <summary>Makes data directories with many plain links, the same at each run, in seconds instead of hours of requests.</summary>
internal static class Seed
{
    private const string Signs = "23456789abcdefghjkmnpqrstuvwxyz";
    private const int Length = 7;

    /// <summary>As many as people write; a hundred for each of 10,000 links would be more than the cache of plans holds.</summary>
    private const int SeededRules = 10;
    private const long All = 27_512_614_111; // 31^7

    // Shares no factor with 31, so the first All numbers make All different aliases, in no order that an index likes.
    private const long Stride = 10_368_889_801;

    /// <summary>The alias of a link; numbers that are not links make aliases that do not exist.</summary>
    public static string Alias(long number) =>
        string.Create(
            Length,
            (long)((Int128)number * Stride % All),
            static (signs, rest) =>
            {
                foreach (ref var sign in signs)
                    (sign, rest) = (Signs[(int)(rest % Signs.Length)], rest / Signs.Length);
            }
        );

    /// <summary>Prints lines "alias(tab)address".</summary>
    public static void PrintAliases(long first, long count)
    {
        using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 1 << 16);
        for (var number = first; number < first + count; number++)
            output.Write($"{Alias(number)}\t{Address(number)}\n");
    }

    // Targeting is a type that each link gets, with a hundred rules; null: plain links.
    public static async Task RunAsync(string directory, int count, string? targeting = null)
    {
        Directory.CreateDirectory(directory);
        await using var database = new Database(Path.Combine(directory, "signpost.db"));
        await Schema.ApplyAsync(database, CancellationToken.None);
        await database.WriteRawAsync(
            (connection, transaction) =>
            {
                var account = InsertAccount(connection, transaction);
                InsertLinks(connection, transaction, account, count, targeting);
                return count;
            },
            CancellationToken.None
        );
    }

    public static string Address(long number) => $"https://example.org/articles/{number}/a-title-of-usual-length";

    private static long InsertAccount(DbConnection connection, DbTransaction transaction)
    {
        using var command = connection.Command(
            transaction,
            "INSERT INTO accounts (time_zone, created_at) VALUES ('UTC', 0) RETURNING id"
        );
        return (long)command.ExecuteScalar()!;
    }

    private static void InsertLinks(
        DbConnection connection,
        DbTransaction transaction,
        long account,
        int count,
        string? targeting
    )
    {
        using var command = connection.Command(
            transaction,
            """
            INSERT INTO links (account_id, domain_id, alias, alias_key, location_url, is_enabled, position, schedule,
                http_status_code, sensitive_content, app_linking_is_enabled, cloaking_is_enabled,
                forward_query_parameters_is_enabled, targeting_type, targeting, version, created_at, updated_at)
            VALUES ($account, 0, $alias, $alias, $address, 1, 0, 0, 302, 0, 0, 0, 0, $type, $pairs, 1, 0, 0)
            """,
            ("$alias", ""),
            ("$address", ""),
            ("$account", account),
            ("$type", targeting),
            ("$pairs", Rules(targeting))
        );
        var (alias, address) = (command.Parameters[0], command.Parameters[1]);
        command.Prepare();
        for (var number = 0; number < count; number++)
        {
            (alias.Value, address.Value) = (Alias(number), Address(number));
            command.ExecuteNonQuery();
        }
    }

    private static string? Rules(string? targeting) =>
        targeting is null
            ? null
            : TargetingLists
                .None.With(
                    targeting,
                    [
                        .. TargetingBenchmarks
                            .Keys(targeting)
                            .Take(SeededRules)
                            .Select((key, pair) => new StoredTargetingRule(key, Address(pair))),
                    ]
                )
                .ToJson();
}
