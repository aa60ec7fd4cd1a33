using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Signpost.Benchmarks;

/// <summary>
/// Watches links over server-sent events, each link by one watcher, as pages with statistics do. It visits these links in turns, each
/// visit with a referrer of its own, and takes the time until the watcher has the event.
/// </summary>
internal sealed partial class LiveLoad(HttpClient http, TimeSpan length)
{
    private const int StreamsOfKey = 10;
    private static readonly TimeSpan Visit = TimeSpan.FromMilliseconds(20);

    /// <summary>How long an event of the last visit may take.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<int, long> _sent = new();
    private readonly ConcurrentBag<double> _took = [];
    private long _events;
    private int _watching;

    /// <summary>Prints WATCHING when all watch, and then the number of events, and the times from a click to its event.</summary>
    public static async Task RunAsync(Uri server, string apiKey, int watchers, int seconds)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server };
        await new LiveLoad(http, TimeSpan.FromSeconds(seconds)).RunAsync(apiKey, watchers);
    }

    private async Task RunAsync(string apiKey, int watchers)
    {
        using CancellationTokenSource stop = new();
        List<Task> all = [];
        var links = (await LinksAsync(apiKey, watchers)).Chunk(StreamsOfKey).ToList();
        List<long> keys = [];
        foreach (var some in links)
        {
            var (id, key) = await NewKeyAsync(apiKey);
            keys.Add(id);
            all.AddRange(some.Select(link => WatchAsync(key, link.Id, stop.Token)));
        }

        while (Volatile.Read(ref _watching) < watchers)
        {
            if (all.Find(one => one.IsCompleted) is { } ended)
                await ended;
            await Task.Delay(Visit);
        }

        Console.WriteLine("WATCHING");
        await VisitAsync([.. links.SelectMany(some => some).Select(link => link.Alias)]);
        await Task.Delay(Rest);
        await stop.CancelAsync();
        await Task.WhenAll(all);
        // An account has few keys, and there are more rounds.
        foreach (var id in keys)
            await AskAsync(apiKey, HttpMethod.Delete, $"/api/api-keys/{id}");
        var took = _took.Order().ToList();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{_events} events; from a click to its event: {took.Count} of {_sent.Count} clicks, median {At(took, 0.5):F0} ms, p99 {At(took, 0.99):F0} ms, at most {At(took, 1):F0} ms"
            )
        );
    }

    private async Task WatchAsync(string key, long link, CancellationToken cancel)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"/api/statistics/live?link_id={link}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            response.EnsureSuccessStatusCode();
            using StreamReader lines = new(await response.Content.ReadAsStreamAsync(cancel));
            while (await lines.ReadLineAsync(cancel) is { } line)
            {
                var now = Stopwatch.GetTimestamp();
                if (line.StartsWith("retry:", StringComparison.Ordinal))
                    Interlocked.Increment(ref _watching);
                if (!line.StartsWith("data:", StringComparison.Ordinal))
                    continue;
                Interlocked.Increment(ref _events);
                if (
                    Number().Match(line) is { Success: true } found
                    && _sent.TryGetValue(int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture), out var at)
                )
                    _took.Add(Stopwatch.GetElapsedTime(at, now).TotalMilliseconds);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The watcher leaves.
        }
    }

    private async Task VisitAsync(string[] aliases)
    {
        var began = Stopwatch.GetTimestamp();
        using PeriodicTimer ticks = new(Visit);
        for (var at = 0; Stopwatch.GetElapsedTime(began) < length && await ticks.WaitForNextTickAsync(); at++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, $"/{aliases[at % aliases.Length]}");
            request.Headers.TryAddWithoutValidation(
                "User-Agent",
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
            );
            request.Headers.TryAddWithoutValidation("Referer", $"https://visit-{at}.example/");
            _sent[at] = Stopwatch.GetTimestamp();
            using var response = await http.SendAsync(request);
        }
    }

    private async Task<List<(long Id, string Alias)>> LinksAsync(string apiKey, int count)
    {
        const int atOnce = 100;
        List<(long, string)> links = [];
        for (var page = 1; links.Count < count; page++)
        {
            var answer = await AskAsync(apiKey, HttpMethod.Get, $"/api/links?results_per_page={atOnce}&page={page}");
            links.AddRange(
                answer
                    .GetProperty("data")
                    .EnumerateArray()
                    .Select(link => (link.GetProperty("id").GetInt64(), link.GetProperty("url").GetString()!))
            );
        }

        return links[..count];
    }

    private async Task<(long Id, string Key)> NewKeyAsync(string apiKey)
    {
        Dictionary<string, string> fields = new() { ["name"] = "watch", ["scopes"] = "stats:read" };
        var made = (await AskAsync(apiKey, HttpMethod.Post, "/api/api-keys", fields)).GetProperty("data");
        return (made.GetProperty("id").GetInt64(), made.GetProperty("key").GetString()!);
    }

    private async Task<JsonElement> AskAsync(
        string apiKey,
        HttpMethod method,
        string path,
        Dictionary<string, string>? fields = null
    )
    {
        using HttpRequestMessage request = new(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        request.Content = fields is null ? null : new FormUrlEncodedContent(fields);
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return method == HttpMethod.Delete ? default : await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static double At(List<double> sorted, double share) =>
        sorted.Count == 0 ? double.NaN : sorted[(int)Math.Ceiling(share * sorted.Count) - 1];

    [GeneratedRegex("visit-([0-9]+)\\.example")]
    private static partial Regex Number();
}
