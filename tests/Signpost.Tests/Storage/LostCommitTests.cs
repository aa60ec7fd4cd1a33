using System.Net;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.ClickStore;
using Signpost.Tests.Links;

namespace Signpost.Tests.Storage;

/// <summary>Edits that were committed although the commit returned an error: no visitor may get the old state.</summary>
public sealed class LostCommitTests(SharedServer shared) : ApiTests(shared), IClassFixture<SharedServer>
{
    [Fact]
    public async Task A_link_that_was_made_is_no_longer_unknown()
    {
        var alias = $"lost-{Guid.NewGuid():N}";
        Assert.Equal(HttpStatusCode.NotFound, (await FollowAsync(alias)).Status);

        await LoseAsync(HttpMethod.Post, "/api/links", ("location_url", "https://example.org/"), ("url", alias));

        Assert.Equal((HttpStatusCode.Found, "https://example.org/"), await FollowAsync(alias));
    }

    [Fact]
    public async Task A_link_that_was_changed_leads_to_where_it_leads_now()
    {
        var link = await Server.CreateLinkAsync();
        Assert.Equal((HttpStatusCode.Found, "https://example.org/"), await FollowAsync(link.Alias));

        await LoseAsync(HttpMethod.Post, $"/api/links/{link.Id}", ("location_url", "https://example.com/"));

        Assert.Equal((HttpStatusCode.Found, "https://example.com/"), await FollowAsync(link.Alias));
    }

    [Fact]
    public async Task A_link_that_was_deleted_is_gone()
    {
        var link = await Server.CreateLinkAsync();
        Assert.Equal(HttpStatusCode.Found, (await FollowAsync(link.Alias)).Status);

        await LoseAsync(HttpMethod.Delete, $"/api/links/{link.Id}?permanent=1");

        Assert.Equal(HttpStatusCode.NotFound, (await FollowAsync(link.Alias)).Status);
    }

    [Fact]
    public async Task Clicks_that_were_stored_are_found_soon_though_no_other_comes()
    {
        await using var rows = await RowsFixture.MakeAsync();
        await rows.Compactor.StartAsync(Cancel);
        var click = rows.Row(1, new Random(1));

        using (await rows.Database.LoseAnswersAsync())
            await Assert.ThrowsAnyAsync<Exception>(() => rows.StoreAsync([click]));

        rows.Expect(1).Add(click);
        await Patience.UntilAsync(() => Task.FromResult(HasClick(rows)), "Finding the click");
        rows.Check();
        await rows.Compactor.StopAsync(Cancel);
    }

    [Fact]
    public async Task Clicks_whose_change_in_memory_failed_are_read_again()
    {
        await using var rows = await RowsFixture.MakeAsync();
        await rows.Compactor.StartAsync(Cancel);
        var (wake, failures) = (rows.Recent.WhenDue, 1);
        rows.Recent.CompactAt = 1;
        rows.Recent.WhenDue = () =>
        {
            if (failures-- > 0)
                throw new InvalidOperationException("Not now.");
            wake();
        };

        await rows.AppendAsync(rows.Row(1, new Random(1)));

        await Patience.UntilAsync(
            () => Task.FromResult(!rows.Recent.IsLost && rows.Ask("SELECT count(*) FROM click_blocks") == 0),
            "Reading the clicks again"
        );
        rows.Check();
        await rows.Compactor.StopAsync(Cancel);
    }

    private static bool HasClick(RowsFixture rows)
    {
        using var view = rows.Archive.Open();
        return view.LinksSince(0).Count > 0;
    }

    private async Task LoseAsync(HttpMethod method, string path, params (string Name, string Value)[] fields)
    {
        using var lost = await Server.Database.LoseAnswersAsync();
        var reply = await SendAsync(method, path, fields is [] ? null : Bodies.Form(fields));
        Assert.True(reply.Status >= HttpStatusCode.InternalServerError, reply.Body);
    }

    private async Task<(HttpStatusCode Status, string? To)> FollowAsync(string alias)
    {
        using var answer = await Server.FollowAsync(alias);
        return (answer.StatusCode, answer.Headers.Location?.ToString());
    }
}
