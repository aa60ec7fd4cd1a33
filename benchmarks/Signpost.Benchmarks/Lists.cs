using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Clicks;
using Signpost.Storage;

namespace Signpost.Benchmarks;

/// <summary>
/// An account with very many links on three domains and in a hundred projects is asked for lists and searches over HTTP, while clicks are
/// stored. Times are printed beside the first page by id.
/// </summary>
internal static class Lists
{
    private const string Key = "benchmark-key-0123456789abcdef0123456789";
    private const int Bulk = 1_000;
    private const int Warm = 5;
    private const int InStep = 100_000;
    private const int ByBulk = 5;

    private static readonly string[] Orders = ["link_id", "datetime", "last_datetime", "clicks", "url"];
    private static readonly string[] Filters =
    [
        "domain_id=1",
        "project_id=7",
        "project_id=0",
        "is_enabled=0",
        "project_id=101",
        "domain_id=2&is_enabled=0",
        "domain_id=1&project_id=9",
        "project_id=101&is_enabled=0",
        "datetime_start=2025-06-01&datetime_end=2025-06-03",
        "datetime_start=2025-01-01&domain_id=2",
        "datetime_start=2024-01-01&datetime_field=last_datetime&is_enabled=1",
    ];

    private static readonly string[] Searches =
    [
        "a",
        "7",
        "zq",
        "spring",
        "travel-hotel-book",
        "shop.example.com",
        "example",
        "123456",
        "MÜNCHEN",
        "%25",
        "_",
        "'",
        "本",
        "nothing%20like%20this",
        "https://",
    ];

    public static async Task RunAsync(string directory, int links, int rounds)
    {
        await using var server = await Signpost.Program.CreateAsync(
            [],
            builder =>
                builder.Configuration.AddInMemoryCollection(
                    new Dictionary<string, string?>
                    {
                        ["urls"] = "http://127.0.0.1:0",
                        ["SIGNPOST_DATA_DIR"] = directory,
                        ["SIGNPOST_ADMIN_EMAIL"] = "ada@example.org",
                        ["SIGNPOST_ADMIN_PASSWORD"] = "correct horse battery staple",
                        ["SIGNPOST_API_KEY"] = Key,
                        ["SIGNPOST_API_REQUESTS_PER_MINUTE"] = "0",
                        // More than the made links, which are as many as the usual limit.
                        ["SIGNPOST_LINKS_PER_ACCOUNT"] = "1000000000",
                        ["Logging:LogLevel:Default"] = "Warning",
                    }
                )
        );
        await server.App.StartAsync();
        var services = server.App.Services;
        using var http = new HttpClient
        {
            BaseAddress = new Uri(
                services
                    .GetRequiredService<IServer>()
                    .Features.GetRequiredFeature<IServerAddressesFeature>()
                    .Addresses.First()
            ),
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        var database = services.GetRequiredService<Database>();
        await MakeAsync(http, "warm", Warm);
        await MakeAsync(http, "empty account", InStep / ByBulk / Bulk);
        Console.WriteLine($"longest hold of the writer until now: {database.LongestHold.TotalMilliseconds:F0} ms");
        for (var made = 0; made < links; made += InStep)
            await StepAsync(http, database, made, links);
        Console.WriteLine(
            $"{new FileInfo(Path.Combine(directory, "signpost.db")).Length / (double)(links + Warm * Bulk + InStep / ByBulk):F0} bytes a link"
        );
        using CancellationTokenSource done = new();
        var store = services.GetRequiredService<IClickStore>();
        await ListClicks.CompareAsync(
            store,
            links,
            http,
            [.. Searches.Select(search => $"/api/links?search={search}")]
        );
        var clicks = ListClicks.StoreSlowlyAsync(store, links, done.Token);
        await AskAsync(http, rounds);
        await Versions.AskAsync(http, database, rounds);
        await done.CancelAsync();
        Console.WriteLine($"{await clicks} clicks were stored meanwhile");
        await server.App.StopAsync();
    }

    private static async Task AskAsync(HttpClient http, int rounds)
    {
        Console.WriteLine(
            "kind                                                   n   p50 ms   p95 ms   max ms  p95 ÷ first page; processor ms, client included"
        );
        string[] directions = ["ASC", "DESC"];
        var one = await PrintAsync(http, "first page by id", ["/api/links"], 20 * rounds, null);
        foreach (var order in Orders)
            await PrintAsync(
                http,
                $"by {order}, pages 1 to 100",
                [
                    .. directions.SelectMany(way =>
                        ((int[])[1, 2, 10, 100]).Select(page =>
                            $"/api/links?order_by={order}&order_type={way}&page={page}"
                        )
                    ),
                ],
                rounds,
                one
            );
        await PrintAsync(
            http,
            "1,000 a page, page 1 and 100, by url",
            ["/api/links?results_per_page=1000&order_by=url", "/api/links?results_per_page=1000&order_by=url&page=100"],
            rounds,
            one
        );
        foreach (var filter in Filters)
            await PrintAsync(
                http,
                filter,
                [
                    .. Orders.SelectMany(order =>
                        directions.Select(way => $"/api/links?{filter}&order_by={order}&order_type={way}")
                    ),
                ],
                rounds,
                one
            );
        await PrintAsync(
            http,
            "any filter, page 100 by clicks",
            [.. Filters.Select(filter => $"/api/links?{filter}&order_by=clicks&page=100")],
            rounds,
            one
        );
        foreach (var by in (string[])["url", "location_url"])
        foreach (var search in Searches)
            await PrintAsync(
                http,
                $"{by} {Uri.UnescapeDataString(search)}",
                [.. Orders.Select(order => $"/api/links?search={search}&search_by={by}&order_by={order}")],
                rounds,
                one
            );
        await PrintAsync(
            http,
            "search and filter",
            [.. Filters.Select(filter => $"/api/links?{filter}&search=travel&search_by=location_url")],
            rounds,
            one
        );
        await PrintAsync(
            http,
            "search, page 20",
            [.. Searches.Select(search => $"/api/links?search={search}&search_by=location_url&page=20")],
            rounds,
            one
        );
    }

    public static async Task<double> PrintAsync(
        HttpClient http,
        string what,
        string[] questions,
        int rounds,
        double? first
    )
    {
        List<double> took = [];
        var processor = Processor();
        // The first round is not measured, because the promise is for a warm server.
        for (var round = 0; round <= rounds; round++)
            foreach (var question in questions)
            {
                var start = Stopwatch.GetTimestamp();
                using var response = await http.GetAsync(question);
                await response.Content.ReadAsByteArrayAsync();
                if (!response.IsSuccessStatusCode)
                    throw new InvalidOperationException($"{question}: {(int)response.StatusCode}");
                if (round > 0)
                    took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

        processor = Processor() - processor;
        took.Sort();
        var (middle, late) = (took[took.Count / 2], took[(int)Math.Ceiling(0.95 * took.Count) - 1]);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what, -50} {took.Count, 5} {middle, 8:F1} {late, 8:F1} {took[^1], 8:F1} {late / (first ?? late), 8:F1} {processor.TotalMilliseconds / took.Count * rounds / (rounds + 1), 8:F1}"
            )
        );
        return late;
    }

    private static async Task MakeAsync(HttpClient http, string what, int requests)
    {
        var (start, processor) = (Stopwatch.GetTimestamp(), Processor());
        for (var request = 0; request < requests; request++)
        {
            var lines = string.Join('\n', Enumerable.Range(0, Bulk).Select(n => ListSeed.Address(request * Bulk + n)));
            using var body = new FormUrlEncodedContent(
                new Dictionary<string, string> { ["is_bulk"] = "1", ["location_urls"] = lines }
            );
            using var response = await http.PostAsync("/api/links", body);
            response.EnsureSuccessStatusCode();
        }

        var used = (Processor() - processor).TotalMicroseconds / (requests * Bulk);
        var made = requests * Bulk / Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine($"bulk creation, {what}: {made:F0} links a second, {used:F0} µs of processors each");
    }

    private static TimeSpan Processor() => Process.GetCurrentProcess().TotalProcessorTime;

    // A part of each step is made over the API, so that the speed shows whether it falls as the links become more.
    private static async Task StepAsync(HttpClient http, Database database, int made, int links)
    {
        var some = Math.Min(InStep, links - made);
        var end = made + some - some / ByBulk;
        var start = Stopwatch.GetTimestamp();
        await ListSeed.StoreAsync(database, made, end, links);
        var rate = (end - made) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine($"{end} links: the last {end - made} were stored at {rate:F0} a second, without the API");
        await MakeAsync(http, $"{end} links", some / ByBulk / Bulk);
    }
}
