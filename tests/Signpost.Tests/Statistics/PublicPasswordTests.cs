using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Changes;
using Signpost.Redirects.Interstitials;
using Signpost.Storage;
using Signpost.Testing;
using Signpost.Tests.QrCodes;
using Signpost.Tests.Redirects.Interstitials;

namespace Signpost.Tests.Statistics;

/// <summary>The password and the logo of the page with a link's public statistics.</summary>
public sealed class PublicPasswordTests(VisitedServer shared) : StatisticsTests(shared)
{
    [Fact]
    public async Task It_is_asked_before_anything_is_shown_and_a_new_one_locks_the_page_again()
    {
        var link = await LinkAsync(
            ("statistics_is_public", "1"),
            ("statistics_public_title", "Our poster"),
            ("statistics_public_password", "open sesame")
        );
        var path = $"/l/stats/{link.Alias}";
        var settings = (await ReadAsync(link.Id))["settings"]!;
        Assert.Equal(("********", null), ((string)settings["statistics_public_password"]!, settings["password"]));
        var visitor = new Browser(Server);

        var asked = await visitor.GetAsync($"{path}?days=7");
        Assert.Equal(HttpStatusCode.Unauthorized, asked.Status);
        Assert.Contains($"action=\"{path}?days=7\"", asked.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Our poster", asked.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("open sesame", asked.Body, StringComparison.Ordinal);

        var wrong = await visitor.PostAsync(path, ("password", "sesame"));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.Status);
        Assert.Contains("role=\"alert\"", wrong.Body, StringComparison.Ordinal);
        var right = await visitor.PostAsync($"{path}?days=7", ("password", "open sesame"));
        Assert.Equal((HttpStatusCode.SeeOther, $"{path}?days=7"), (right.Status, right.Location));
        var page = await visitor.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Our poster", page.Body, StringComparison.Ordinal);
        // The link itself asks nobody.
        Assert.Equal(HttpStatusCode.Found, (await visitor.GetAsync($"/{link.Alias}")).Status);

        // Other edits, and the text that stands for it, leave the password.
        await Server.UpdateLinkAsync(
            link.Id,
            ("statistics_public_title", "Other"),
            ("statistics_public_password", "********")
        );
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync(path)).Status);
        await Server.UpdateLinkAsync(link.Id, ("statistics_public_password", "another one"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.GetAsync(path)).Status);
        await Server.UpdateLinkAsync(link.Id, ("statistics_public_password", ""));
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync(path)).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await visitor.PostAsync(path, ("password", "x"))).Status);
    }

    [Fact]
    public async Task A_password_of_the_link_opens_no_statistics_and_theirs_opens_no_link()
    {
        var link = await LinkAsync(
            ("password", "of the link"),
            ("statistics_is_public", "1"),
            ("statistics_public_password", "of the page")
        );
        var visitor = new Browser(Server);

        await visitor.PostAsync($"/_signpost/unlock/{link.Alias}", ("password", "of the link"));
        Assert.Equal(HttpStatusCode.Found, (await visitor.GetAsync($"/{link.Alias}")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.GetAsync($"/l/stats/{link.Alias}")).Status);

        var other = new Browser(Server);
        await other.PostAsync($"/l/stats/{link.Alias}", ("password", "of the page"));
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync($"/l/stats/{link.Alias}")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync($"/{link.Alias}")).Status);
    }

    [Fact]
    public async Task Wrong_ones_are_limited_and_leave_the_attempts_at_the_link_alone()
    {
        var link = await LinkAsync(
            ("password", "of the link"),
            ("statistics_is_public", "1"),
            ("statistics_public_password", "of the page")
        );
        var visitor = new Browser(Server);
        for (var at = 0; at < PasswordAttemptLimiter.PerAddress; at++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await TryAsync()).Status);

        var refused = await TryAsync();
        var unlocked = await visitor.PostAsync($"/_signpost/unlock/{link.Alias}", ("password", "of the link"));

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Equal(HttpStatusCode.SeeOther, unlocked.Status);

        Task<Seen> TryAsync() => visitor.PostAsync($"/l/stats/{link.Alias}", ("password", "wrong"));
    }

    [Fact]
    public async Task It_opens_the_page_of_a_link_on_a_custom_domain_and_no_other()
    {
        var host = $"{Guid.NewGuid():N}.example";
        var domain = (long)(await PostAsync("/api/domains", ("host", host))).Json["data"]!["id"]!;
        await Server.Database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(transaction, "UPDATE domains SET verified_at = 1 WHERE id = @id", ("@id", domain)),
            Cancel
        );
        Server.Services.GetRequiredService<ChangeFeed>().PublishDomain(new(host));
        (string, string)[] published = [("statistics_is_public", "1"), ("statistics_public_password", "open sesame")];
        var link = await LinkAsync([("domain_id", $"{domain}"), .. published]);
        // The same alias on the main domain.
        var other = await LinkAsync([("url", link.Alias), .. published]);
        var url = new Uri((string)(await ReadAsync(link.Id))["statistics_url"]!);
        Assert.Equal(
            (Server.Url, $"/l/stats/{link.Alias}?domain={host}"),
            (url.GetLeftPart(UriPartial.Authority), url.PathAndQuery)
        );
        var visitor = new Browser(Server);

        var asked = await visitor.GetAsync($"{url.PathAndQuery}&days=7");
        var answer = await visitor.PostAsync(Browser.ActionOf(asked.Body), ("password", "open sesame"));
        var opened = await visitor.GetAsync(answer.Location!);

        Assert.Equal(HttpStatusCode.Unauthorized, asked.Status);
        Assert.Equal((HttpStatusCode.SeeOther, $"{url.PathAndQuery}&days=7"), (answer.Status, answer.Location));
        Assert.Contains("path=/; ", answer.Headers, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(
            "domain=",
            answer.Headers[answer.Headers.IndexOf("Set-Cookie", StringComparison.Ordinal)..],
            StringComparison.OrdinalIgnoreCase
        );
        Assert.Equal(HttpStatusCode.OK, opened.Status);
        Assert.Contains($">{host}/{link.Alias}<", opened.Body, StringComparison.Ordinal);
        Assert.Contains($"href=\"?days=30&amp;domain={host}\"", opened.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync($"{url.PathAndQuery}&domain=nowhere.example")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.GetAsync($"/l/stats/{other.Alias}")).Status);
        // Custom domains serve links only.
        var there = await visitor.SendAsync(HttpMethod.Get, url.PathAndQuery, null, ("Host", host));
        Assert.Equal(HttpStatusCode.NotFound, there.Status);
    }

    [Fact]
    public async Task Another_site_cannot_send_it()
    {
        var link = await LinkAsync(("statistics_is_public", "1"), ("statistics_public_password", "open sesame"));
        var visitor = new Browser(Server);
        using var form = new FormUrlEncodedContent([new("password", "open sesame")]);

        await visitor.SendAsync(HttpMethod.Post, $"/l/stats/{link.Alias}", form, ("Sec-Fetch-Site", "cross-site"));

        Assert.Empty(visitor.Cookies);
        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.GetAsync($"/l/stats/{link.Alias}")).Status);
    }

    [Fact]
    public async Task It_is_asked_again_after_a_day()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch.AddYears(60));
        await using var server = await TestServer.StartAsync(clock, null);
        var link = await server.CreateLinkAsync(
            ("statistics_is_public", "1"),
            ("statistics_public_password", "open sesame")
        );
        var visitor = new Browser(server);
        await visitor.PostAsync($"/l/stats/{link.Alias}", ("password", "open sesame"));

        clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync($"/l/stats/{link.Alias}")).Status);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.GetAsync($"/l/stats/{link.Alias}")).Status);
    }

    [Fact]
    public async Task A_logo_of_ones_own_is_shown_until_it_is_deleted()
    {
        var logo = await Logos.AddAsync(this, Logos.Chequered(100, 100));
        var link = await LinkAsync(("statistics_is_public", "1"), ("statistics_public_logo", $"{logo}"));
        var picture = new Uri((string)(await GetAsync($"/api/qr-logos/{logo}")).Json["data"]!["picture"]!);

        Assert.Equal(logo, (long)(await ReadAsync(link.Id))["settings"]!["statistics_public_logo"]!);
        Assert.Contains($"src=\"{picture.AbsolutePath}\"", await PageAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync($"/api/links/{link.Id}/versions/1")).Status);

        await SendAsync(HttpMethod.Delete, $"/api/qr-logos/{logo}");
        Assert.Null((await ReadAsync(link.Id))["settings"]!["statistics_public_logo"]);
        Assert.DoesNotContain("<img", await PageAsync(), StringComparison.Ordinal);
        await Server.UpdateLinkAsync(link.Id, ("statistics_public_logo", ""));
        var restored = await PostAsync($"/api/links/{link.Id}/versions/1/restore");
        Assert.Equal(HttpStatusCode.OK, restored.Status);
        Assert.Equal(
            "statistics_public_logo",
            (string)restored.Json["data"]!["warnings"]!.AsArray().Single()!["field"]!
        );

        async Task<string> PageAsync()
        {
            using var page = await Server.FollowAsync($"l/stats/{link.Alias}");
            return await page.Content.ReadAsStringAsync(Cancel);
        }
    }
}
