using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using Cookie = System.Net.Cookie;

namespace Signpost.Benchmarks;

/// <summary>Opens the pages of the dashboard of a running server.</summary>
internal static class DashboardLoad
{
    private const int Warm = 5;
    private const int ColdStarts = 5;

    // The largest part of a page may come a moment after the page has loaded.
    private const string Paint = """
        () => new Promise((done) => {
          const seen = { paint: 0, shift: 0 };
          const watch = (type, act) => new PerformanceObserver((list) => list.getEntries().forEach(act)).observe({ type, buffered: true });
          watch("largest-contentful-paint", (entry) => (seen.paint = entry.startTime));
          watch("layout-shift", (entry) => (seen.shift += entry.hadRecentInput ? 0 : entry.value));
          setTimeout(() => done([seen.paint, seen.shift]), 500);
        })
        """;

    /// <summary>Reads each page in turns with a file of the same server, and prints the times beside each other.</summary>
    public static async Task PagesAsync(Uri server, int rounds)
    {
        using var person = await DashboardPerson.SignInAsync(server);
        var file = person.Files[0];
        Console.WriteLine(
            "page                                          n   p50 ms   p95 ms   max ms  /file p50    bytes  compressed"
        );
        foreach (var page in person.Pages)
        {
            List<double> took = [];
            List<double> files = [];
            for (var round = -Warm; round < rounds; round++)
            {
                var (read, ofFile) = (await TimeAsync(person, page), await TimeAsync(person, file));
                if (round < 0)
                    continue;
                took.Add(read);
                files.Add(ofFile);
            }

            took.Sort();
            files.Sort();
            var body = await person.ReadAsync(page);
            Print(
                $"{page, -42} {rounds, 4} {At(took, 0.5), 8:F1} {At(took, 0.95), 8:F1} {took[^1], 8:F1} {At(took, 0.5) / At(files, 0.5), 10:F1} {body.Length, 8} {DashboardPerson.Compressed(body), 11}"
            );
        }

        var first = await person.ReadAsync(DashboardPerson.Home);
        var assets = 0L;
        foreach (var asset in person.Files)
            assets += (await person.ReadAsync(asset)).Length;
        var compressed = DashboardPerson.Compressed(first);
        Print(
            $"first view: {first.Length / 1024.0:F1} KiB of page ({compressed / 1024.0:F1} compressed) and {assets / 1024.0:F1} of {person.Files.Count} files: {(compressed + assets) / 1024.0:F1} KiB, as sent without a proxy {(first.Length + assets) / 1024.0:F1}"
        );
    }

    /// <summary>People open a page each second or so, until the time is over. The first line says that they have begun.</summary>
    public static async Task BrowseAsync(Uri server, int people, int seconds)
    {
        using var person = await DashboardPerson.SignInAsync(server);
        Console.WriteLine("BROWSING");
        var start = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, people).Select(OneAsync));
        List<double> took = [.. all.SelectMany(one => one).Order()];
        Print($"{took.Count} pages, p50 {At(took, 0.5):F1} ms, p95 {At(took, 0.95):F1} ms");

        async Task<List<double>> OneAsync(int number)
        {
            Random chance = new(number);
            List<double> mine = [];
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
            {
                await Task.Delay(TimeSpan.FromSeconds(0.5 + chance.NextDouble()));
                mine.Add(await TimeAsync(person, person.Pages[chance.Next(person.Pages.Count)]));
            }

            return mine;
        }
    }

    /// <summary>Opens pages in a browser that has just started, and prints when the largest part was painted and how far parts moved.</summary>
    public static async Task PaintAsync(Uri server, string browser)
    {
        using var person = await DashboardPerson.SignInAsync(server);
        Cookie[] cookies = [.. person.Cookies.GetCookies(server).Cast<Cookie>()];
        using var playwright = await Playwright.CreateAsync();
        Console.WriteLine("cold browser                         width   LCP ms, median   layout shift, largest");
        foreach (
            var page in (string[])[DashboardPerson.Home, $"{DashboardPerson.Home}/new", $"{DashboardPerson.Home}/1"]
        )
        foreach (var width in (int[])[390, 1440])
        {
            List<double> paints = [];
            var shift = 0.0;
            for (var start = 0; start < ColdStarts; start++)
            {
                var seen = await PaintAsync(playwright, browser, new(server, page), width, cookies);
                paints.Add(seen[0]);
                shift = Math.Max(shift, seen[1]);
            }

            paints.Sort();
            Print($"{page, -36} {width, 5} {At(paints, 0.5), 16:F0} {shift, 23:F3}");
        }
    }

    private static async Task<double[]> PaintAsync(
        IPlaywright playwright,
        string browser,
        Uri page,
        int width,
        Cookie[] cookies
    )
    {
        await using var started = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = browser, Args = ["--no-sandbox", "--disable-gpu"] }
        );
        var context = await started.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = width, Height = 900 },
            }
        );
        await context.AddCookiesAsync(
            cookies.Select(one => new Microsoft.Playwright.Cookie
            {
                Name = one.Name,
                Value = one.Value,
                Url = page.GetLeftPart(UriPartial.Authority),
            })
        );
        var view = await context.NewPageAsync();
        await view.GotoAsync(page.AbsoluteUri, new() { WaitUntil = WaitUntilState.Load });
        return await view.EvaluateAsync<double[]>(Paint);
    }

    private static async Task<double> TimeAsync(DashboardPerson person, string path)
    {
        var start = Stopwatch.GetTimestamp();
        await person.ReadAsync(path);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double At(List<double> sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Count) - 1];

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
