using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;

namespace Signpost.Benchmarks;

/// <summary>Asks a running server for statistics, one question after another, and prints how long the answers took.</summary>
internal static class AskLoad
{
    private static readonly string[] Types =
    [
        "overview",
        "hour",
        "weekday_hour",
        "continent_code",
        "country_code",
        "city_name",
        "os_name",
        "browser_name",
        "device_type",
        "browser_language",
        "referrer_host",
        "referrer_path",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "destination",
        "variant",
        "kind",
        "trigger",
    ];

    private static readonly string[] Filters =
    [
        "country_code=DE",
        "device_type=mobile",
        "browser_name=Chrome",
        "referrer_host=null",
        "utm_source=newsletter",
        "kind=robot",
    ];

    private static readonly string[] Pairs =
    [
        "country_code=DE&device_type=mobile",
        "not_country_code=DE&not_device_type=mobile",
        "utm_source=newsletter&browser_language=en",
    ];

    // As `tool group` makes them.
    private static readonly (string Name, string Scope)[] Groups =
    [
        ("all links", ""),
        ("a project", "&project_id=1"),
        ("a tag", "&tag=spring"),
        ("a domain", "&domain_id=1"),
    ];

    private static readonly int[] Days = [1, 7, 30, 90, 365];

    /// <param name="server">Where it runs.</param>
    /// <param name="apiKey">Of the account that owns the links.</param>
    /// <param name="busy">The id of the link with the most clicks; the next is taken as one of the many.</param>
    public static async Task RunAsync(Uri server, string apiKey, long busy)
    {
        var last = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        using var http = new HttpClient { BaseAddress = server };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);

        string[] all = [.. Ranges(last).SelectMany(range => Types.Select(type => $"{range}&type={type}"))];
        string[] filtered =
        [
            .. Ranges(last)
                .SelectMany(range =>
                    Types.SelectMany(type => Filters.Select(filter => $"{range}&type={type}&{filter}"))
                ),
        ];
        Console.WriteLine("questions                                  n      p50 ms   p95 ms   max ms");
        await PrintAsync(
            http,
            "the busy link, any type",
            [.. all.Select(q => $"/api/statistics/{busy}?{q}")],
            rounds: 3
        );
        await PrintAsync(http, "another link, any type", [.. all.Select(q => $"/api/statistics/{busy + 1}?{q}")], 3);
        await PrintAsync(http, "all links, any type", [.. all.Select(q => $"/api/statistics?{q}")], 3);
        await PrintAsync(
            http,
            "the busy link, one filter",
            [.. filtered.Select(q => $"/api/statistics/{busy}?{q}")],
            1
        );
        await PrintAsync(
            http,
            "another link, one filter",
            [.. filtered.Select(q => $"/api/statistics/{busy + 1}?{q}")],
            1
        );
        foreach (var (name, scope) in Groups)
        {
            await PrintAsync(http, $"{name}, one filter", [.. Some(filtered, scope)], 1);
            await PrintAsync(
                http,
                $"{name}, one filter, all year",
                [.. Some([.. filtered.Where(q => q.StartsWith(Ranges(last).Last(), StringComparison.Ordinal))], scope)],
                1
            );
            await PrintAsync(
                http,
                $"{name}, two filters, all year",
                [
                    .. Types.SelectMany(type =>
                        Pairs.Select(pair => $"/api/statistics?{Ranges(last).Last()}&type={type}&{pair}{scope}")
                    ),
                ],
                1
            );
        }

        await PrintAsync(http, "the newest clicks of the busy link", [$"/api/statistics/{busy}/clicks"], 50);
        await PrintAsync(
            http,
            "links by clicks",
            ["/api/links?order_by=clicks", "/api/links?order_by=clicks&order_type=ASC&page=3"],
            50
        );
    }

    // Every fifth one: they take turns at types and filters.
    private static IEnumerable<string> Some(string[] questions, string scope) =>
        questions.Where((_, at) => at % 5 == 0).Select(question => $"/api/statistics?{question}{scope}");

    private static IEnumerable<string> Ranges(DateOnly last) =>
        Days.Select(days =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"start_date={last.AddDays(1 - days):yyyy-MM-dd}&end_date={last:yyyy-MM-dd}"
            )
        );

    private static async Task PrintAsync(HttpClient http, string what, string[] questions, int rounds)
    {
        // One run is not measured, because the promise is for a warm server.
        foreach (var question in questions.Take(40))
            await AskAsync(http, question);

        List<double> took = [];
        for (var round = 0; round < rounds; round++)
            foreach (var question in questions)
                took.Add(await AskAsync(http, question));

        took.Sort();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what, -40} {took.Count, 5} {At(took, 0.50), 9:F1} {At(took, 0.95), 8:F1} {took[^1], 8:F1}"
            )
        );
    }

    private static double At(List<double> sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Count) - 1];

    private static async Task<double> AskAsync(HttpClient http, string question)
    {
        var start = Stopwatch.GetTimestamp();
        using var response = await http.GetAsync(question);
        var answer = await response.Content.ReadAsStringAsync();
        var took = Stopwatch.GetElapsedTime(start);
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{question}: {(int)response.StatusCode} {answer}");
        return took.TotalMilliseconds;
    }
}
