using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Hosting;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.Tests.Redirects.Gates;

/// <summary>The gates of links on a custom domain.</summary>
public sealed class DomainGateTests
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
        var link = await server.CreateLinkAsync(
            ("url", "same"),
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
        var opened = await browser.SendAsync(HttpMethod.Get, agreed.Location!, null, there);
        var elsewhere = await browser.SendAsync(HttpMethod.Get, "/same", null, ("Host", "main.example"));

        Assert.Equal(HttpStatusCode.Unauthorized, asked.Status);
        Assert.Equal((HttpStatusCode.SeeOther, "/same?a=b"), (posted.Status, posted.Location));
        Assert.Equal(HttpStatusCode.OK, warned.Status);
        Assert.Equal("https://secret.example/", opened.Location);
        Assert.Equal(HttpStatusCode.Unauthorized, elsewhere.Status);
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
