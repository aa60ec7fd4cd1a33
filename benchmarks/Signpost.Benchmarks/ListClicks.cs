using System.Diagnostics;
using Signpost.Clicks;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;

namespace Signpost.Benchmarks;

/// <summary>Stores clicks on very many links: slowly while lists are measured, and as fast as it can with and without searches.</summary>
internal static class ListClicks
{
    private static readonly Guid Slow = new("0190a0b1-0000-7000-8000-000000000043");
    private static readonly Guid Fast = new("0190a0b1-0000-7000-8000-000000000044");
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    /// <summary>About two hundred a second, each on another link.</summary>
    /// <returns>The number of stored clicks.</returns>
    public static async Task<int> StoreSlowlyAsync(IClickStore store, int links, CancellationToken stop)
    {
        const int Some = 50;
        var batch = 0;
        for (; !stop.IsCancellationRequested; batch++)
        {
            await StoreAsync(store, Slow, batch, Some, links);
            await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System, CancellationToken.None);
        }

        return batch * Some;
    }

    /// <summary>Prints how many clicks are stored in a second, alone and while these questions are asked one after the other.</summary>
    public static async Task CompareAsync(IClickStore store, int links, HttpClient http, string[] questions)
    {
        var (alone, batch) = await RateAsync(store, 0, links);
        using CancellationTokenSource done = new();
        var asking = AskAsync(http, questions, done.Token);
        var (asked, _) = await RateAsync(store, batch, links);
        await done.CancelAsync();
        Console.WriteLine(
            $"clicks stored a second: {alone:F0} alone, {asked:F0} while {await asking} searches were answered"
        );
    }

    private static async Task<(double Rate, int Batch)> RateAsync(IClickStore store, int batch, int links)
    {
        const int Some = 1_000;
        var (first, start) = (batch, Stopwatch.GetTimestamp());
        for (; Stopwatch.GetElapsedTime(start) < Long; batch++)
            await StoreAsync(store, Fast, batch, Some, links);
        return ((batch - first) * Some / Stopwatch.GetElapsedTime(start).TotalSeconds, batch);
    }

    private static async Task<int> AskAsync(HttpClient http, string[] questions, CancellationToken stop)
    {
        var asked = 0;
        for (; !stop.IsCancellationRequested; asked++)
        {
            using var response = await http.GetAsync(questions[asked % questions.Length], CancellationToken.None);
            response.EnsureSuccessStatusCode();
        }

        return asked;
    }

    private static async Task StoreAsync(IClickStore store, Guid journal, int batch, int some, int links)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var rows = new ClickRow[some];
        for (var i = 0; i < some; i++)
            rows[i] = new(
                1 + ((long)batch * some + i) * 7_919L % links,
                now,
                (ulong)((long)batch * some + i),
                ClickKind.Person,
                302,
                false,
                ClickPlace.Unknown,
                ClickAgent.Unknown,
                null,
                ClickReferrer.None,
                ClickUtm.None,
                new("https://example.org/", null)
            );
        var clicks = rows.Select(row => new Click(row.LinkId, 1, row.AtSeconds * 1_000, row.Kind, row.Status));
        var made = new ClickBatch(Position(batch), Position(batch + 1), [.. clicks]) { Rows = rows };
        await store.AppendAsync(journal, made, CancellationToken.None);
    }

    private static JournalPosition Position(int batch) => batch == 0 ? JournalPosition.Start : new(batch, 0);
}
