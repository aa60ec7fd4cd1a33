using Signpost.Storage;

namespace Signpost.Benchmarks;

/// <summary>The links of one account on three domains and in a hundred projects, the same at each run.</summary>
internal static class ListSeed
{
    private const int InTransaction = 1_000;
    private const long Day = 86_400_000;

    private static readonly string[] Hosts = ["shop.example.com", "news.example.net", "www.xn--mnchen-3ya.example"];
    private static readonly string[] Words =
    [
        "spring",
        "summer",
        "autumn",
        "winter",
        "sale",
        "news",
        "book",
        "music",
        "travel",
        "hotel",
        "flight",
        "sport",
        "video",
        "photo",
        "offer",
        "garden",
        "kitchen",
        "office",
        "school",
        "family",
    ];

    public static string Address(int n) =>
        $"https://{Hosts[n % Hosts.Length]}/{Of(n, 1)}/{Of(n, 20)}-{Of(n, 400)}-{Of(n, 8_000)}?id={(long)n * 7_919 % 1_000_003}";

    private static string Of(int n, int part) => Words[(int)((long)n * 48_271 % 2_147_483_647 / part % Words.Length)];

    /// <summary>Stores the links from one number to another, of all that there will be.</summary>
    public static async Task StoreAsync(Database database, int from, int until, int all)
    {
        var account = AccountOf(database);
        foreach (var numbers in Enumerable.Range(from, until - from).Chunk(InTransaction))
            await database.WriteAsync(db => Store(db, [.. numbers.Select(n => RowOf(n, all, account))]), default);
    }

    private static Task<int> Store(SignpostDb db, IReadOnlyList<LinkRow> rows)
    {
        db.Insert(rows);
        return Task.FromResult(rows.Count);
    }

    private static long AccountOf(Database database)
    {
        using var connection = database.OpenRead();
        using var command = connection.Command(null, "SELECT min(account_id) FROM api_keys");
        return (long)command.ExecuteScalar()!;
    }

    // The newest tenth is in a project of its own, as after an import.
    private static LinkRow RowOf(int n, int all, long account)
    {
        var address = Address(n);
        // Three years; one link in five was changed later.
        var created = 1_672_531_200_000 + 1_095 * Day * n / all;
        return new()
        {
            AccountId = account,
            DomainId = n % 5 % 3,
            ProjectId =
                n > all - all / 10 ? 101
                : n % 4 == 0 ? null
                : 1 + n / 7 % 100,
            Alias = AliasOf(n),
            AliasKey = AliasOf(n),
            LocationUrl = address,
            LocationHash = AddressHash.Of(address),
            IsEnabled = n % 10 != 3,
            CreatedAt = created,
            UpdatedAt = n % 5 == 0 ? created + Day * (n % 300) : created,
            RankedClicks = n % 3 == 0 ? 0 : n % 1_009 * (n % 7),
        };
    }

    // Drawn aliases are shorter, so none of them can be made twice. The first one is asked for by the benchmark of the start.
    private static string AliasOf(int n) => n == 0 ? Seed.Alias(n) : Seed.Alias(n) + "x";
}
