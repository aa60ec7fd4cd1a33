using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Storage;

namespace Signpost.Benchmarks;

/// <summary>
/// Bulks of 1,000 links are made over HTTP, by one client and by two at the same time, in an account with more and more links. It prints how fast, and how long
/// each bulk kept other writes waiting.
/// </summary>
internal static class ManyLinks
{
    private const string Key = "benchmark-key-0123456789abcdef0123456789";
    private const int Bulk = 1_000;

    /// <summary>The code of the server is compiled again after some calls, when it is known which parts are used much.</summary>
    private const int Warm = 60;

    public static async Task RunAsync(string directory, int bulks, int[] sizes)
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
                        ["SIGNPOST_LINKS_PER_ACCOUNT"] = "1000000000",
                        ["Logging:LogLevel:Default"] = "Warning",
                    }
                )
        );
        await server.App.StartAsync();
        using var http = new HttpClient
        {
            BaseAddress = new Uri(
                server
                    .App.Services.GetRequiredService<IServer>()
                    .Features.GetRequiredFeature<IServerAddressesFeature>()
                    .Addresses.First()
            ),
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        var database = server.App.Services.GetRequiredService<Database>();
        Console.WriteLine(
            "links       clients   links/s   processor us   hold ms p50   p95   max   bulk ms p50   p95   log MB"
        );
        await MeasureAsync(http, database, directory, 0, 1, Warm);
        var made = 0;
        foreach (var size in sizes)
        {
            await ListSeed.StoreAsync(database, made, size, sizes[^1]);
            made = size;
            foreach (var clients in (int[])[1, 2])
                await MeasureAsync(http, database, directory, size, clients, bulks);
        }

        await server.App.StopAsync();
    }

    private static async Task MeasureAsync(
        HttpClient http,
        Database database,
        string directory,
        int links,
        int clients,
        int bulks
    )
    {
        byte[][] bodies = [.. Enumerable.Range(0, bulks).Select(BodyOf)];
        ConcurrentQueue<byte[]> waiting = new(bodies);
        ConcurrentQueue<double> holds = [];
        ConcurrentQueue<double> took = [];
        // Other writes of the server are short.
        database.Held = held => holds.Enqueue(held.TotalMilliseconds);
        var (start, processor) = (Stopwatch.GetTimestamp(), Processor());
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(() => SendAsync(http, waiting, took))));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        processor = Processor() - processor;
        database.Held = static _ => { };
        double[] longest = [.. holds.OrderDescending().Take(bulks).Order()];
        double[] whole = [.. took.Order()];
        var log = new FileInfo(Path.Combine(directory, "signpost.db-wal")).Length / 1e6;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{links, -12}{clients, 6} {bulks * Bulk / seconds, 10:F0} {processor.TotalMicroseconds / (bulks * Bulk), 13:F0} {At(longest, 0.5), 13:F1} {At(longest, 0.95), 5:F0} {longest[^1], 5:F0} {At(whole, 0.5), 13:F0} {At(whole, 0.95), 5:F0} {log, 8:F0}"
            )
        );
    }

    private static async Task SendAsync(HttpClient http, ConcurrentQueue<byte[]> waiting, ConcurrentQueue<double> took)
    {
        while (waiting.TryDequeue(out var bytes))
        {
            var start = Stopwatch.GetTimestamp();
            using ByteArrayContent body = new(bytes);
            body.Headers.ContentType = new("application/x-www-form-urlencoded");
            using var response = await http.PostAsync("/api/links", body);
            response.EnsureSuccessStatusCode();
            took.Enqueue(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    private static byte[] BodyOf(int bulk)
    {
        var lines = string.Join('\n', Enumerable.Range(bulk * Bulk, Bulk).Select(ListSeed.Address));
        return Encoding.ASCII.GetBytes($"is_bulk=1&location_urls={Uri.EscapeDataString(lines)}");
    }

    private static double At(double[] sorted, double part) => sorted[(int)Math.Ceiling(part * sorted.Length) - 1];

    private static TimeSpan Processor() => Process.GetCurrentProcess().TotalProcessorTime;
}
