using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Links.Bulk;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.Tests.Jobs;

/// <summary>A change of many links that a stop interrupts.</summary>
public sealed class BulkJobTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_restart_no_link_is_changed_twice_or_left_out()
    {
        await using var jobs = await JobsFixture.MakeAsync();
        var main = jobs.Links[JobsFixture.OnDomain..];
        await MakeAsync(jobs, "a10", jobs.Domain);
        await MakeAsync(jobs, "a12", jobs.Domain);
        StopAfter(jobs, 2);

        // The alias of two of the four links is taken on the other domain. Moved links do not match the filter any more.
        var moved = await BeginAsync(jobs, "?domain_id=0", ("domain_id", $"{jobs.Domain}"));
        await UntilAsync(jobs, $"running 4 1 1");
        // Made after the beginning, and changed after the beginning.
        var late = await MakeAsync(jobs, "late", 0);
        Assert.Equal(
            HttpStatusCode.OK,
            (await jobs.PostAsync($"/api/links/{main[2]}", null, ("is_enabled", "0"))).Status
        );
        await jobs.RestartAsync();
        await jobs.UntilDoneAsync();

        var end = (await jobs.GetAsync(moved))!.Value.GetProperty("data");
        Assert.Equal("done 4 2 2", SumOf(end));
        Assert.Equal(
            [$"{main[1]} The alias already exists.", $"{main[3]} The alias already exists."],
            end.GetProperty("failures")
                .EnumerateArray()
                .Select(one => $"{one.GetProperty("link_id")} {one.GetProperty("title")}")
        );
        Assert.Equal(
            $"{main[0]} {jobs.Domain} 2\n{main[1]} 0 1\n{main[2]} {jobs.Domain} 3\n{main[3]} 0 1\n{late} 0 1",
            jobs.Ask(
                $"SELECT id, domain_id, version FROM links WHERE id IN ({string.Join(',', main)}, {late}) ORDER BY id"
            )
        );
        Assert.Equal("", jobs.Ask("SELECT bulk_id FROM bulk_links"));
        Assert.Equal("", jobs.Ask("SELECT fields FROM bulk_changes"));

        StopAfter(jobs, 3);
        var total = int.Parse(jobs.Ask("SELECT count(*) FROM links"), null);
        var deleted = await BeginAsync(jobs, "?all=1", ("delete", "1"));
        await UntilAsync(jobs, $"running {total} 3 0");
        await jobs.RestartAsync();
        await jobs.UntilDoneAsync();

        Assert.Equal($"done {total} {total} 0", SumOf((await jobs.GetAsync(deleted))!.Value.GetProperty("data")));
        Assert.Equal("0", jobs.Ask("SELECT count(*) FROM links"));
        Assert.Equal("0", jobs.Ask("SELECT coalesce(sum(count), 0) FROM click_blocks"));
    }

    [Fact]
    public async Task While_a_long_change_runs_a_job_whose_commit_looked_failed_is_found()
    {
        await using var jobs = await JobsFixture.MakeAsync();
        using ManualResetEventSlim go = new();
        jobs.Server.Services.GetRequiredService<BulkWorker>().AfterLink = _ => go.Wait(Patience.Longest, Cancel);
        await BeginAsync(jobs, "?all=1", ("utm_source", "x"));
        // A round of the runner meets the job that runs.
        jobs.Clock.Advance(TimeSpan.FromMinutes(2));
        Job lost = new()
        {
            Kind = JobKind.DeleteProject,
            Subject = jobs.Project,
            AccountId = jobs.OwnerId,
        };
        await jobs.Server.Database.WriteAsync(
            db =>
            {
                db.Jobs.Add(lost);
                return db.SaveChangesAsync(Cancel);
            },
            Cancel
        );

        await jobs.Clock.UntilAsync(
            () => jobs.Ask("SELECT count(*) FROM jobs") == "1",
            TimeSpan.FromSeconds(10),
            "The end of the lost job"
        );

        Assert.Equal("0", jobs.Ask("SELECT count(*) FROM links WHERE project_id IS NOT NULL"));
        go.Set();
        await jobs.UntilDoneAsync();
    }

    // The clock stands: nothing is tried again before the next start.
    private static void StopAfter(JobsFixture jobs, int links) =>
        jobs.Server.Services.GetRequiredService<BulkWorker>().AfterLink = _ =>
        {
            if (--links == 0)
                throw new InvalidOperationException("Stopped by the test.");
        };

    private static async Task<string> BeginAsync(JobsFixture jobs, string query, params (string, string)[] change)
    {
        var (status, body) = await jobs.PostAsync("/api/links/bulk" + query, null, change);
        Assert.True(status == HttpStatusCode.Accepted, body);
        return $"/api/jobs/{IdOf(body)}";
    }

    private static async Task<long> MakeAsync(JobsFixture jobs, string alias, long domain)
    {
        var made = await jobs.PostAsync(
            "/api/links",
            null,
            ("url", alias),
            ("domain_id", $"{domain}"),
            ("location_url", "https://example.org/")
        );
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return IdOf(made.Body);
    }

    private static Task UntilAsync(JobsFixture jobs, string sum) =>
        Patience.UntilAsync(
            () =>
                Task.FromResult(
                    jobs.Ask(
                        "SELECT CASE status WHEN 1 THEN 'running' END, total, done, failed FROM bulk_changes ORDER BY id DESC LIMIT 1"
                    ) == sum
                ),
            sum
        );

    private static long IdOf(string body) =>
        JsonDocument.Parse(body).RootElement.GetProperty("data").GetProperty("id").GetInt64();

    private static string SumOf(JsonElement bulk) =>
        string.Join(' ', ((string[])["status", "total", "done", "failed"]).Select(name => $"{bulk.GetProperty(name)}"));
}
