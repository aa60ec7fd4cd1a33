using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Hosting;
using Signpost.Testing;

namespace Signpost.Tests.Dashboard;

/// <summary>A server on which pages need all the processors that they may have.</summary>
public sealed class BusyPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_too_many_is_refused_while_redirects_and_forms_go_on()
    {
        await using var server = await TestServer.StartAsync();
        using Person ada = new(server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        var link = await server.CreateLinkAsync(("url", "busy"));
        var token = (await ada.GetAsync("/dashboard/links", Cancel)).Token;
        var pages = server.Services.GetRequiredService<PageTurns>();
        using ManualResetEventSlim end = new();
        List<Task<bool>> others = [];
        while (pages.Waiting < PageTurns.MostWaiting)
            others.Add(pages.RunAsync(() => Task.FromResult(end.Wait(Patience.Longest, Cancel))));

        var refused = await ada.GetAsync("/dashboard/links", Cancel);
        using var redirect = await server.FollowAsync(link.Alias);
        var form = await ada.PostAsync(
            "/dashboard/links",
            Cancel,
            ("form_token", token),
            ("location_url", "https://example.org/form")
        );
        end.Set();
        // On a slow machine some of them have waited for too long.
        await Task.WhenAll(others.Select(one => one.ContinueWith(_ => { }, TaskScheduler.Default))).OrFail();
        var shown = await ada.GetAsync("/dashboard/links", Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Equal(HttpStatusCode.Found, redirect.StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, form.Status);
        Assert.Equal(HttpStatusCode.OK, shown.Status);
        Assert.True(pages.Refused > 0);
    }
}
