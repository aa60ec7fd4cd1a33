using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Addressing;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.Tests.Redirects.Interstitials;

/// <summary>The interstitials of links on a custom domain.</summary>
public sealed class DomainInterstitialTests
{
    private const string Host = "links.customer.example";

    [Theory]
    [InlineData(null)]
    [InlineData("https://main.example")]
    public async Task The_forms_work_on_a_custom_domain_and_a_grant_is_for_that_link_only(string? publicUrl)
    {
        await using var server = publicUrl is null
            ? await TestServer.StartAsync()
            : await TestServer.StartAsync(("SIGNPOST_PUBLIC_URL", publicUrl));
        server.Http.DefaultRequestHeaders.Host = publicUrl is null ? null : "main.example";
        var page = await server.CreateSplashPageAsync();
        var link = await server.CreateLinkAsync(
            ("url", "same"),
            ("splash_page_id", page),
            ("password", "sesame"),
            ("sensitive_content", "1"),
            ("location_url", "https://secret.example/")
        );
        await MoveAsync(server, link);
        await server.CreateLinkAsync(("url", "same"), ("password", "another"));
        var browser = new Browser(server);
        (string, string)[] there = [("Host", Host)];

        var asked = await browser.SendAsync(HttpMethod.Get, "/same?a=b", null, there);
        using var form = new FormUrlEncodedContent([new("password", "sesame")]);
        var posted = await browser.SendAsync(HttpMethod.Post, Browser.ActionOf(asked.Body), form, there);
        var warned = await browser.SendAsync(HttpMethod.Get, posted.Location!, null, there);
        var agreed = await browser.SendAsync(HttpMethod.Post, Browser.ActionOf(warned.Body), null, there);
        var shown = await browser.SendAsync(HttpMethod.Get, agreed.Location!, null, there);
        var opened = await browser.SendAsync(HttpMethod.Get, Browser.WayOf(shown.Body), null, there);
        var elsewhere = await browser.SendAsync(HttpMethod.Get, "/same", null, ("Host", "main.example"));

        Assert.Equal(HttpStatusCode.Unauthorized, asked.Status);
        Assert.Equal((HttpStatusCode.SeeOther, "/same?a=b"), (posted.Status, posted.Location));
        Assert.Equal(HttpStatusCode.OK, warned.Status);
        Assert.Equal(HttpStatusCode.OK, shown.Status);
        Assert.Equal("https://secret.example/", opened.Location);
        Assert.Equal(HttpStatusCode.Unauthorized, elsewhere.Status);
    }

    [Fact]
    public async Task The_destination_of_a_locked_link_is_told_on_no_host_whatever_else_the_link_does()
    {
        await using var server = await TestServer.StartAsync();
        var link = await server.CreateLinkAsync(
            ("url", "locked"),
            ("password", "sesame"),
            ("sensitive_content", "1"),
            ("clicks_limit", "3"),
            ("http_status_code", "308"),
            ("app_linking_is_enabled", "1"),
            ("forward_query_parameters_is_enabled", "1"),
            ("location_url", "https://www.youtube.com/watch?v=treasure"),
            ("targeting_type", "browser_language"),
            ("targeting_browser_language_key[0]", "fr"),
            ("targeting_browser_language_value[0]", "https://www.youtube.com/watch?v=treasure-fr")
        );
        await MoveAsync(server, link);
        string[] agents =
        [
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "WhatsApp/2.23.20.0",
        ];
        string[] paths =
        [
            "/locked",
            "/LOCKED/?v=x",
            "/locked+",
            "/locked.json",
            "/_signpost/unlock/locked",
            "/_signpost/agree/locked",
            "/_signpost/continue/locked",
            "/api/links",
        ];

        foreach (var host in (string[])[Host, Host.ToUpperInvariant(), $"{Host}.:8080", "main.example"])
        foreach (var method in (string[])["GET", "HEAD", "POST", "PUT", "OPTIONS", "FOO"])
        foreach (var agent in agents)
        foreach (var path in paths)
        {
            var seen = await new Browser(server).SendAsync(
                new(method),
                path,
                null,
                ("Host", host),
                ("User-Agent", agent),
                ("Accept-Language", "fr")
            );

            Assert.DoesNotContain("treasure", seen.Headers + seen.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("youtube", seen.Headers + seen.Body, StringComparison.OrdinalIgnoreCase);
        }
        Assert.Equal(0, await server.ReadClicksAsync(link.Id));
    }

    // By the database: what makes a domain somebody's own is no matter here.
    private static async Task MoveAsync(TestServer server, MadeLink link)
    {
        await server.Database.WriteAsync(
            async db =>
            {
                var owner = db.Links.Single(row => row.Id == link.Id);
                var domain = new DomainRow
                {
                    AccountId = owner.AccountId,
                    Scheme = "https://",
                    Host = Host,
                    Token = "token",
                    VerifiedAt = 1,
                    CreatedAt = 1,
                    UpdatedAt = 1,
                };
                db.Add(domain);
                await db.SaveChangesAsync();
                owner.DomainId = domain.Id;
                return await db.SaveChangesAsync();
            },
            TestContext.Current.CancellationToken
        );
        server.Services.GetRequiredService<DomainDirectory>().Reload();
    }
}
