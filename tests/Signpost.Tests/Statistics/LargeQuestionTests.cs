using System.Net;
using Signpost.Testing;

namespace Signpost.Tests.Statistics;

/// <summary>Questions about more clicks than can be counted in the time of a question.</summary>
public sealed class LargeQuestionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_API_names_the_field_and_the_pages_keep_the_form()
    {
        HurriedClock clock = new();
        await using var server = await TestServer.StartAsync(clock, null);
        var link = await server.CreateLinkAsync();
        using (await server.FollowAsync(link.Alias)) { }
        await Patience.UntilAsync(async () => (await AskAsync()).Body.Contains("\"pageviews\":1"), "The click");
        using Person ada = new(server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        string[] pages = ["/dashboard/statistics", $"/dashboard/links/{link.Id}/statistics"];

        clock.Hurries = true;
        var asked = await AskAsync();
        List<Sight> seen = [];
        foreach (var page in pages)
            seen.Add(await ada.GetAsync($"{page}?start_date=2026-01-01&end_date=2026-12-31&country_code=null", Cancel));
        clock.Hurries = false;

        Assert.Equal(HttpStatusCode.BadRequest, asked.Status);
        Assert.Contains("The question is too large: choose fewer days.", asked.Body, StringComparison.Ordinal);
        Assert.Contains("\"field\":\"start_date\"", asked.Body, StringComparison.Ordinal);
        foreach (var page in seen)
        {
            Assert.Equal(HttpStatusCode.BadRequest, page.Status);
            Assert.Contains(
                "There are too many clicks to count at once. Choose fewer days.",
                page.Body,
                StringComparison.Ordinal
            );
            Assert.Contains("href=\"#stats-from\"", page.Body, StringComparison.Ordinal);
            Assert.Contains("name=\"start_date\" value=\"2026-01-01\"", page.Body, StringComparison.Ordinal);
            Assert.Contains("name=\"country_code\" value=\"null\"", page.Body, StringComparison.Ordinal);
        }

        foreach (var page in pages)
            Assert.Equal(HttpStatusCode.OK, (await ada.GetAsync(page, Cancel)).Status);

        async Task<(HttpStatusCode Status, string Body)> AskAsync()
        {
            using var response = await server.Http.GetAsync("/api/statistics?type=kind", Cancel);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
        }
    }

    /// <summary>The real time, but while it hurries, five seconds go by between two looks.</summary>
    private sealed class HurriedClock : TimeProvider
    {
        private long _skipped;

        public bool Hurries { get; set; }

        public override long GetTimestamp() =>
            base.GetTimestamp()
            + (Hurries ? Interlocked.Add(ref _skipped, 5 * base.TimestampFrequency) : Interlocked.Read(ref _skipped));
    }
}
