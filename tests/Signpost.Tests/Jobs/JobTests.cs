using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Changes.Jobs;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.Tests.Jobs;

/// <summary>Large deletions and moves are many short transactions, and end correctly after any interruption.</summary>
public sealed class JobTests
{
    private const int Most = 3;

    public static TheoryData<string> All => ["link", "project", "pixel", "domain", "move", "account", "transfer"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(All))]
    public async Task Interrupted_after_each_slice_it_ends_as_if_it_had_not_been(string what)
    {
        await using var whole = await JobsFixture.MakeAsync();
        Assert.Equal(HttpStatusCode.NoContent, await FinishAsync(whole, what));
        Assert.Equal("0", whole.Ask("SELECT count(*) FROM jobs"));

        await using var broken = await JobsFixture.MakeAsync();
        ConcurrentQueue<int> rows = [];
        broken.Slices.Most = Most;
        broken.Slices.AfterSlice = touched =>
        {
            rows.Enqueue(touched);
            throw new InvalidOperationException("Stopped by the test.");
        };
        broken.Server.Services.GetRequiredService<JobRunner>().Pause = TimeSpan.Zero;
        Assert.Equal(HttpStatusCode.NoContent, await FinishAsync(broken, what));

        Assert.True(rows.Count > 1, $"Only {rows.Count} slices");
        // One link more, with its two days in one group.
        Assert.All(rows, touched => Assert.InRange(touched, 1, Most + 2));
        Assert.Equal(whole.Everything(), broken.Everything());
        Assert.Equal(0, await broken.DifferingAsync());
    }

    [Theory]
    [InlineData("link", 1)]
    [InlineData("domain", 1)]
    [InlineData("domain", 6)]
    [InlineData("move", 2)]
    [InlineData("move", 6)]
    [InlineData("account", 4)]
    public async Task A_new_server_goes_on_where_the_last_one_was_stopped(string what, int after)
    {
        await using var whole = await JobsFixture.MakeAsync();
        await FinishAsync(whole, what);

        await using var broken = await JobsFixture.MakeAsync();
        var left = after;
        broken.Slices.Most = Most;
        broken.Slices.AfterSlice = _ =>
        {
            if (Interlocked.Decrement(ref left) <= 0)
                throw new InvalidOperationException("Stopped by the test.");
        };
        // The clock stands: nothing is tried again before the next start.
        var http = what is "account" ? broken.Server.Http : broken.Owner;
        var asked = http.DeleteAsync(PathOf(broken, what), Cancel);
        await Patience.UntilAsync(() => Task.FromResult(Volatile.Read(ref left) <= 0), "The interruption");
        Assert.NotEqual("0", broken.Ask("SELECT count(*) FROM jobs"));
        await broken.RestartAsync();
        await asked
            .ContinueWith(_ => { }, Cancel, TaskContinuationOptions.None, TaskScheduler.Default)
            .OrFail("The end of the request");
        await broken.UntilDoneAsync();
        // A start rebuilds stale rollups.
        await whole.CloseAsync();
        await broken.CloseAsync();

        Assert.Equal(whole.Everything(), broken.Everything());
    }

    [Fact]
    public async Task A_domain_that_is_deleted_is_gone_at_once_and_a_request_does_not_wait_for_the_last_link()
    {
        await using var jobs = await JobsFixture.MakeAsync();
        using ManualResetEventSlim go = new();
        jobs.Slices.Most = 1;
        jobs.Slices.AfterSlice = _ => go.Wait(Patience.Longest, Cancel);

        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(jobs, "domain"));

        Assert.Equal(
            $"{JobsFixture.OnDomain}",
            jobs.Ask($"SELECT count(*) FROM links WHERE domain_id = {jobs.Domain}")
        );
        Assert.Null(await jobs.GetAsync($"/api/domains/{jobs.Domain}"));
        Assert.Null(await jobs.GetAsync($"/api/links/{jobs.Links[0]}"));
        var list = (await jobs.GetAsync("/api/links"))!.Value;
        Assert.Equal(JobsFixture.OnMain, list.GetProperty("data").GetArrayLength());
        Assert.NotEqual("found", await jobs.FollowAsync("a0", JobsFixture.Host));
        go.Set();
        await jobs.UntilDoneAsync();
        Assert.Equal("0", jobs.Ask($"SELECT count(*) FROM links WHERE domain_id = {jobs.Domain}"));
    }

    [Fact]
    public async Task An_account_that_is_deleted_and_its_links_are_gone_at_once()
    {
        await using var jobs = await JobsFixture.MakeAsync();
        Assert.Equal("found", await jobs.FollowAsync("a10", null));
        using ManualResetEventSlim go = new();
        jobs.Slices.Most = 1;
        jobs.Slices.AfterSlice = _ => go.Wait(Patience.Longest, Cancel);

        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(jobs, "account"));

        Assert.Equal("404", await jobs.FollowAsync("a10", null));
        Assert.Equal("404", await jobs.FollowAsync("a11", null));
        using (var user = await jobs.Server.Http.GetAsync($"/api/users/{jobs.OwnerId}", Cancel))
            Assert.Equal(HttpStatusCode.NotFound, user.StatusCode);
        var again = await jobs.PostAsync($"/api/users/{jobs.OwnerId}", jobs.Server.Http, ("is_disabled", "0"));
        Assert.Equal(HttpStatusCode.NotFound, again.Status);
        go.Set();
        await jobs.UntilDoneAsync();
        Assert.Equal("0", jobs.Ask($"SELECT count(*) FROM accounts WHERE id = {jobs.OwnerId}"));
    }

    [Fact]
    public async Task A_job_whose_commit_looked_failed_is_found_within_a_minute()
    {
        await using var jobs = await JobsFixture.MakeAsync();
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
            () => jobs.Ask("SELECT count(*) FROM jobs") == "0",
            TimeSpan.FromSeconds(10),
            "The end of the job"
        );

        Assert.Equal("0", jobs.Ask("SELECT count(*) FROM links WHERE project_id IS NOT NULL"));
    }

    [Fact]
    public async Task Of_several_jobs_one_slice_at_a_time_waits_to_write()
    {
        await using var jobs = await JobsFixture.MakeAsync();
        using ManualResetEventSlim go = new();
        var slices = 0;
        // Everything below waits for this write. At most one of the slices may stand in the line before the other write.
        using ManualResetEventSlim started = new();
        var write = Task.Run(
            () =>
                jobs.Server.Database.WriteRawAsync(
                    (_, _) =>
                    {
                        started.Set();
                        return go.Wait(Patience.Longest, Cancel);
                    },
                    Cancel
                ),
            Cancel
        );
        Assert.True(started.Wait(Patience.Longest, Cancel));
        var deletions = Enumerable
            .Range(0, 6)
            .Select(_ => jobs.Slices.RunAsync(_ => Interlocked.Increment(ref slices) <= 12 ? 1 : 0, Cancel))
            .ToList();
        var other = jobs.Server.Database.WriteRawAsync((_, _) => Volatile.Read(ref slices), Cancel);
        go.Set();
        await write.OrFail("The first write");

        Assert.InRange(await other.OrFail("The other write"), 0, 1);
        await Task.WhenAll(deletions).OrFail("All slices");
    }

    [Fact]
    public async Task A_deleted_project_or_pixel_is_on_no_link_at_once()
    {
        await using var jobs = await JobsFixture.MakeAsync();
        using ManualResetEventSlim go = new();
        jobs.Slices.Most = 1;
        jobs.Slices.AfterSlice = _ => go.Wait(Patience.Longest, Cancel);

        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(jobs, "project"));
        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(jobs, "pixel"));

        Assert.Null(await jobs.GetAsync($"/api/projects/{jobs.Project}"));
        Assert.Null(await jobs.GetAsync($"/api/pixels/{jobs.Pixel}"));
        var data = (await jobs.GetAsync($"/api/links/{jobs.Links[10]}"))!.Value.GetProperty("data");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, data.GetProperty("project_id").ValueKind);
        Assert.Equal(0, data.GetProperty("pixels_ids").GetArrayLength());
        var list = (await jobs.GetAsync($"/api/links?project_id={jobs.Project}"))!.Value;
        Assert.Equal(0, list.GetProperty("data").GetArrayLength());
        go.Set();
        await jobs.UntilDoneAsync();
    }

    [Fact]
    public async Task While_links_move_each_answers_at_one_place_and_nobody_takes_its_alias()
    {
        await using var jobs = await JobsFixture.MakeAsync();
        List<(string Old, string New)> seen = [];
        var renames = 0;
        var isReserved = false;
        jobs.Slices.Most = 2;
        jobs.Slices.AfterSlice = _ =>
        {
            if (!isReserved)
                isReserved = jobs.Ask("SELECT cursor FROM jobs") == "reserved";
            if (isReserved && jobs.Ask("SELECT count(*) FROM domains") == "1")
                LookAsync().GetAwaiter().GetResult();
        };

        Assert.Equal(HttpStatusCode.NoContent, await FinishAsync(jobs, "move"));

        Assert.Contains(("found", "404"), seen);
        Assert.Contains(("404", "found"), seen);
        Assert.DoesNotContain(("404", "404"), seen);
        Assert.NotEqual(0, renames);
        Assert.Equal("found", await jobs.FollowAsync("a0", null));

        async Task LookAsync()
        {
            for (var i = 0; i < JobsFixture.OnDomain; i++)
                seen.Add((await OldAsync(i), await jobs.FollowAsync($"a{i}", null)));
            var domain = (await jobs.GetAsync($"/api/domains/{jobs.Domain}"))!.Value.GetProperty("data");
            Assert.True(domain.GetProperty("is_moving").GetBoolean());
            var taken = await jobs.PostAsync("/api/links", jobs.Server.Http, NewLink("a8", 0));
            Assert.Equal(HttpStatusCode.Conflict, taken.Status);
            var late = await jobs.PostAsync("/api/links", null, NewLink("new", jobs.Domain));
            Assert.Equal(HttpStatusCode.BadRequest, late.Status);
            // The key stays the same here, and can be another one on the main domain.
            var waiting = jobs.Ask($"SELECT coalesce(max(id), 0) FROM links WHERE domain_id = {jobs.Domain}");
            var name = jobs.Ask($"SELECT coalesce(max(upper(alias)), '') FROM links WHERE id = {waiting}");
            var renamed = await jobs.PostAsync($"/api/links/{waiting}", null, ("url", name));
            Assert.Equal(waiting is "0" ? HttpStatusCode.NotFound : HttpStatusCode.Conflict, renamed.Status);
            renames += renamed.Status is HttpStatusCode.Conflict ? 1 : 0;
            var list = (await jobs.GetAsync("/api/links"))!.Value;
            Assert.Equal(JobsFixture.OnDomain + JobsFixture.OnMain, list.GetProperty("data").GetArrayLength());
        }

        async Task<string> OldAsync(int link) =>
            await jobs.FollowAsync($"a{link}", JobsFixture.Host) is "found" ? "found" : "404";
    }

    [Fact]
    public async Task A_move_that_meets_an_alias_taken_meanwhile_is_a_409_and_leaves_all_as_it_was()
    {
        await using var jobs = await JobsFixture.MakeAsync();
        var before = "";
        jobs.Slices.Most = 1;
        jobs.Slices.AfterSlice = _ =>
        {
            if (before != "")
                return;
            var taken = jobs.PostAsync("/api/links", jobs.Server.Http, NewLink("a8", 0)).GetAwaiter().GetResult();
            Assert.Equal(HttpStatusCode.Created, taken.Status);
            before = jobs.Ask("SELECT id, domain_id, alias_key, version FROM links ORDER BY id");
        };

        Assert.Equal(HttpStatusCode.Conflict, await FinishAsync(jobs, "move"));

        Assert.Equal(before, jobs.Ask("SELECT id, domain_id, alias_key, version FROM links ORDER BY id"));
        Assert.Equal("0", jobs.Ask("SELECT count(*) FROM reserved_aliases"));
        Assert.Equal("0", jobs.Ask("SELECT count(*) FROM jobs"));
        var domain = (await jobs.GetAsync($"/api/domains/{jobs.Domain}"))!.Value.GetProperty("data");
        Assert.False(domain.GetProperty("is_moving").GetBoolean());
        Assert.Equal("found", await jobs.FollowAsync("a0", JobsFixture.Host));
    }

    private static (string, string)[] NewLink(string alias, long domain) =>
        [("url", alias), ("domain_id", $"{domain}"), ("location_url", "https://example.org/")];

    private static Task<HttpStatusCode> DeleteAsync(JobsFixture jobs, string what) =>
        jobs.DeleteAsync(what is "account" or "transfer" ? jobs.Server.Http : jobs.Owner, PathOf(jobs, what));

    // The clock stands, so the request waits to the end.
    private static async Task<HttpStatusCode> FinishAsync(JobsFixture jobs, string what)
    {
        var http = what is "account" or "transfer" ? jobs.Server.Http : jobs.Owner;
        using var answer = await http.DeleteAsync(PathOf(jobs, what), Cancel);
        return answer.StatusCode;
    }

    private static string PathOf(JobsFixture jobs, string what) =>
        what switch
        {
            "link" => $"/api/links/{jobs.Links[0]}",
            "project" => $"/api/projects/{jobs.Project}",
            "pixel" => $"/api/pixels/{jobs.Pixel}",
            "domain" => $"/api/domains/{jobs.Domain}?links=delete",
            "move" => $"/api/domains/{jobs.Domain}?links=move",
            "account" => $"/api/users/{jobs.OwnerId}?links=delete",
            _ => $"/api/users/{jobs.OwnerId}?links=transfer&to={jobs.HeirId}",
        };
}
