using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Hosting;
using Signpost.Testing;

namespace Signpost.Tests.Dashboard;

/// <summary>A server on which pages need all the processors that they may have.</summary>
public sealed class BusyPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // The clock stands, so no page waits for too long.
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task A_page_too_many_is_refused_while_redirects_and_forms_go_on()
    {
        await using var server = await TestServer.StartAsync(_clock, null);
        using var ada = await SignInAsync(server, TestServer.AdminEmail);
        var link = await server.CreateLinkAsync(("url", "busy"));
        var token = (await ada.GetAsync("/dashboard/links", Cancel)).Token;
        var pages = server.Services.GetRequiredService<PageTurns>();
        using ManualResetEventSlim end = new();
        var others = Fill(pages, end, PageTurns.MostWaiting);

        var refused = await ada.GetAsync("/dashboard/links", Cancel);
        using var redirect = await server.FollowAsync(link.Alias);
        var form = await ada.PostAsync(
            "/dashboard/links",
            Cancel,
            ("form_token", token),
            ("location_url", "https://example.org/form")
        );
        end.Set();
        await Task.WhenAll(others).OrFail();
        var shown = await ada.GetAsync("/dashboard/links", Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Equal(HttpStatusCode.Found, redirect.StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, form.Status);
        Assert.Equal(HttpStatusCode.OK, shown.Status);
        Assert.Equal(1, pages.Refused);
    }

    [Fact]
    public async Task A_person_who_asks_for_many_pages_takes_none_from_others_and_one_who_goes_away_leaves_at_once()
    {
        await using var server = await TestServer.StartAsync(_clock, null);
        using var ada = await SignInAsync(server, TestServer.AdminEmail);
        using var made = await server.Http.PostAsync(
            "/api/users",
            new FormUrlEncodedContent([new("email", "grace@example.org"), new("password", TestServer.AdminPassword)]),
            Cancel
        );
        made.EnsureSuccessStatusCode();
        using var grace = await SignInAsync(server, "grace@example.org");
        var pages = server.Services.GetRequiredService<PageTurns>();
        using ManualResetEventSlim end = new();
        var others = Fill(pages, end, 0);

        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var asked = Enumerable
            .Range(0, PageTurns.MostWaitingOfPerson)
            .Select(_ => ada.GetAsync("/dashboard/links", gone.Token))
            .ToList();
        await WaitAsync(pages, PageTurns.MostWaitingOfPerson);
        var refused = await ada.GetAsync("/dashboard/links", Cancel);
        var hers = grace.GetAsync("/dashboard/links", Cancel);
        await WaitAsync(pages, PageTurns.MostWaitingOfPerson + 1);
        await gone.CancelAsync();
        await WaitAsync(pages, 1);
        var next = ada.GetAsync("/dashboard/links", Cancel);
        await WaitAsync(pages, 2);
        end.Set();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Equal(HttpStatusCode.OK, (await hers.OrFail()).Status);
        Assert.Equal(HttpStatusCode.OK, (await next.OrFail()).Status);
        foreach (var page in asked)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => page.OrFail());
        Assert.Equal(1, pages.Refused);
        await Task.WhenAll(others).OrFail();
    }

    // Pages of other people compute on all processors that pages may have, and so many more wait.
    private static List<Task<bool>> Fill(PageTurns pages, ManualResetEventSlim end, int waiting)
    {
        var count = Math.Max(1, Environment.ProcessorCount - 1) + waiting;
        using CountdownEvent begun = new(count - waiting);
        List<Task<bool>> all = [];
        for (var person = 0; person < count; person++)
        {
            all.Add(
                pages.RunAsync(
                    -person,
                    () =>
                    {
                        if (!begun.IsSet)
                            begun.Signal();
                        return Task.FromResult(end.Wait(Patience.Longest, Cancel));
                    },
                    Cancel
                )
            );
            if (all.Count == count - waiting)
                Assert.True(begun.Wait(Patience.Longest, Cancel));
        }

        return all;
    }

    private static Task WaitAsync(PageTurns pages, int count) =>
        Patience.UntilAsync(() => Task.FromResult(pages.Waiting == count), $"{count} pages that wait");

    private static async Task<Person> SignInAsync(TestServer server, string email)
    {
        Person person = new(server);
        await person.SignInAsync(email, TestServer.AdminPassword, Cancel);
        return person;
    }
}
