using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Signpost.ClickStore.Chunks;
using Signpost.Hosting;
using Signpost.Testing;

namespace Signpost.Tests.Statistics;

/// <summary>Questions about more clicks than can be counted in the time of a question.</summary>
public sealed class LargeQuestionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_API_names_the_field_and_the_pages_keep_the_form()
    {
        LookedAtClock clock = new();
        await using var server = await TestServer.StartAsync(clock, null);
        var link = (await VisitLinksAsync(server, 1))[0];
        using var ada = await SignInAsync(server);
        string[] pages = ["/dashboard/statistics", $"/dashboard/links/{link.Id}/statistics"];

        clock.Looked = () => clock.Skip(TimeSpan.FromSeconds(5));
        var asked = await AskAsync(server.Http);
        List<Sight> seen = [];
        List<Sight> files = [];
        foreach (var page in pages)
        {
            seen.Add(await ada.GetAsync($"{page}?start_date=2026-01-01&end_date=2026-12-31&country_code=null", Cancel));
            foreach (var format in (string[])["csv", "json"])
                files.Add(await ada.GetAsync($"{page}/export?type=country_code&format={format}", Cancel));
        }

        clock.Looked = null;

        Assert.Equal(HttpStatusCode.BadRequest, asked.Status);
        Assert.Contains("The question is too large: choose fewer days.", asked.Body, StringComparison.Ordinal);
        Assert.Contains("\"field\":\"start_date\"", asked.Body, StringComparison.Ordinal);
        foreach (var page in seen)
        {
            Assert.Equal(HttpStatusCode.BadRequest, page.Status);
            Assert.Contains(TooLarge, page.Body, StringComparison.Ordinal);
            Assert.Contains("href=\"#stats-from\"", page.Body, StringComparison.Ordinal);
            Assert.Contains("name=\"start_date\" value=\"2026-01-01\"", page.Body, StringComparison.Ordinal);
            Assert.Contains("name=\"country_code\" value=\"null\"", page.Body, StringComparison.Ordinal);
        }

        Assert.All(files, file => Assert.Equal((HttpStatusCode.BadRequest, TooLarge), (file.Status, file.Body)));
        foreach (var page in pages)
        {
            Assert.Equal(HttpStatusCode.OK, (await ada.GetAsync(page, Cancel)).Status);
            Assert.Equal(HttpStatusCode.OK, (await ada.GetAsync($"{page}/export?type=country_code", Cancel)).Status);
        }
    }

    [Fact]
    public async Task What_takes_too_long_is_missing_in_its_place_and_the_rest_is_shown()
    {
        LookedAtClock clock = new();
        await using var server = await TestServer.StartAsync(clock, null);
        await VisitLinksAsync(server, 3);
        using var ada = await SignInAsync(server);
        List<(HttpStatusCode Status, bool HasTotal, bool HasLinks, bool HasChange, int Notices)> seen = [];

        // The time is over one look later in each round. The first look begins the time.
        do
        {
            Assert.InRange(seen.Count, 0, 100);
            var (looks, last) = (0, seen.Count + 1);
            clock.Looked = () =>
            {
                if (looks++ == last)
                    clock.Skip(TimeSpan.FromSeconds(5));
            };
            var page = await ada.GetAsync("/dashboard/statistics", Cancel);
            seen.Add(
                (
                    page.Status,
                    page.Body.Contains("<strong>3</strong>", StringComparison.Ordinal),
                    page.Body.Split("<td class=\"number\">1</td>").Length > 6,
                    page.Body.Contains("class=\"change ", StringComparison.Ordinal),
                    page.Body.Split(TooLarge).Length - 1
                )
            );
        } while (seen[^1] is not { HasChange: true, HasLinks: true });

        Assert.Equal(
            [
                (HttpStatusCode.BadRequest, false, false, false),
                (HttpStatusCode.OK, true, false, false),
                (HttpStatusCode.OK, true, true, false),
                (HttpStatusCode.OK, true, true, true),
            ],
            seen.Select(one => (one.Status, one.HasTotal, one.HasLinks, one.HasChange)).Distinct()
        );
        Assert.All(
            seen.Where(one => one.Status is HttpStatusCode.OK),
            one => Assert.Equal((one.HasLinks ? 0 : 1) + (one.HasChange ? 0 : 1), one.Notices)
        );
    }

    [Fact]
    public async Task A_client_that_hangs_up_ends_its_question()
    {
        LookedAtClock clock = new();
        await using var server = await TestServer.StartAsync(clock, null);
        await VisitLinksAsync(server, 12);
        await server.Services.GetRequiredService<ClickCompactor>().CompactAsync(Cancel);
        var (connections, looks) = (server.Services.GetRequiredService<Drain>(), 0);
        clock.Looked = () => looks++;
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(server.Http)).Status);
        Assert.InRange(looks, 24, int.MaxValue);
        var (others, most) = (connections.Connections, looks / 2);
        TaskCompletionSource isReading = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ManualResetEventSlim mayGoOn = new();
        using CancellationTokenSource leaves = new();
        looks = 0;
        clock.Looked = () =>
        {
            if (++looks < most)
                return;
            isReading.TrySetResult();
            mayGoOn.Wait(Patience.Longest, Cancel);
        };

        using (var client = server.NewClient(TestServer.ApiKey))
        {
            var asked = client.GetAsync(Question, leaves.Token);
            await isReading.Task.OrFail("Half of the clicks");
            await leaves.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked.OrFail("The end"));
        }

        await Patience.UntilAsync(
            () => Task.FromResult(connections.Connections <= others),
            "The end of the connection"
        );
        mayGoOn.Set();
        // The thread that read takes a piece only when it has ended.
        var threads = Math.Max(1, Environment.ProcessorCount / 2);
        using Barrier all = new(threads);
        var lane = server.Services.GetRequiredService<BackgroundLanes>().Questions;
        await Task.WhenAll(
                Enumerable
                    .Range(0, threads)
                    .Select(_ => lane.RunAsync(() => all.SignalAndWait(Patience.Longest, Cancel)))
            )
            .OrFail("All threads");
        Assert.Equal(most, looks);
    }

    private const string TooLarge = "There are too many clicks to count at once. Choose fewer days.";

    // With a filter, so that the clicks themselves are read.
    private const string Question = "/api/statistics?type=kind&country_code=null";

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpClient client)
    {
        using var response = await client.GetAsync(Question, Cancel);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task<Person> SignInAsync(TestServer server)
    {
        Person ada = new(server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        return ada;
    }

    // Each link has one click.
    private static async Task<List<MadeLink>> VisitLinksAsync(TestServer server, int count)
    {
        List<MadeLink> links = [];
        for (var at = 0; at < count; at++)
        {
            links.Add(await server.CreateLinkAsync());
            using (await server.FollowAsync(links[at].Alias)) { }
        }

        await Patience.UntilAsync(
            async () => (await AskAsync(server.Http)).Body.Contains($"\"pageviews\":{count}", StringComparison.Ordinal),
            "The clicks"
        );
        return links;
    }

    /// <summary>The real time. Each look of a thread that answers questions is told, and time can be skipped.</summary>
    private sealed class LookedAtClock : TimeProvider
    {
        private long _skipped;

        public Action? Looked { get; set; }

        public void Skip(TimeSpan time) =>
            Interlocked.Add(ref _skipped, (long)(time.TotalSeconds * TimestampFrequency));

        public override long GetTimestamp()
        {
            if (Thread.CurrentThread.Name?.StartsWith("questions", StringComparison.Ordinal) is true)
                Looked?.Invoke();
            return base.GetTimestamp() + Interlocked.Read(ref _skipped);
        }
    }
}
