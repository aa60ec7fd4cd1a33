using System.Net;
using System.Text.RegularExpressions;
using Signpost.Testing;

namespace Signpost.Tests.Redirects;

/// <summary>People whose agents are those of robots, on a link with a limit.</summary>
public sealed partial class MisjudgedPersonTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Robot = "SomethingNobodyKnowsBot/0.1";
    private const string Destination = "https://secret.example/";

    private readonly TestServer _server = shared.Server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_for_robots_has_a_form_that_goes_on_takes_the_use_and_counts()
    {
        var link = await _server.CreateLinkAsync(
            ("clicks_limit", "1"),
            ("location_url", Destination),
            ("forward_query_parameters_is_enabled", "1")
        );
        using var person = new Person(_server, Robot);

        var page = await person.GetAsync($"/{link.Alias}?a=1", Cancel);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotContain("secret.example", page.Body, StringComparison.Ordinal);
        Assert.Equal(0, await _server.ReadClicksAsync(link.Id));

        var sent = await person.PostAsync(ActionOf(page.Body), Cancel);
        Assert.Equal(HttpStatusCode.SeeOther, sent.Status);
        Assert.Equal($"{Destination}?a=1", sent.Location);
        Assert.Equal(1, await _server.ReadClicksAsync(link.Id));

        // The only use is taken, also for the same person.
        var again = await person.PostAsync(ActionOf(page.Body), Cancel);
        Assert.Equal((HttpStatusCode.SeeOther, $"/{link.Alias}?a=1"), (again.Status, again.Location));
        Assert.Equal(HttpStatusCode.Gone, (await person.GetAsync($"/{link.Alias}", Cancel)).Status);
        Assert.Equal(1, await _server.ReadClicksAsync(link.Id));
    }

    [Fact]
    public async Task The_person_is_known_from_then_on_and_others_are_not()
    {
        var link = await _server.CreateLinkAsync(("clicks_limit", "5"), ("location_url", Destination));
        using var person = new Person(_server, Robot);
        using var other = new Person(_server, Robot);

        await person.PostAsync(ActionOf((await person.GetAsync($"/{link.Alias}", Cancel)).Body), Cancel);

        Assert.Equal(HttpStatusCode.Found, (await person.GetAsync($"/{link.Alias}", Cancel)).Status);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync($"/{link.Alias}", Cancel)).Status);
        Assert.Equal(2, await _server.ReadClicksAsync(link.Id));
    }

    [Fact]
    public async Task Behind_the_form_the_warning_still_comes()
    {
        var link = await _server.CreateLinkAsync(
            ("clicks_limit", "5"),
            ("location_url", Destination),
            ("sensitive_content", "1")
        );
        using var person = new Person(_server, Robot);

        var action = ActionOf((await person.GetAsync($"/{link.Alias}", Cancel)).Body);
        var sent = await person.PostAsync(action, Cancel);
        Assert.Equal((HttpStatusCode.SeeOther, $"/{link.Alias}"), (sent.Status, sent.Location));
        Assert.Contains(
            "/_signpost/agree/",
            (await person.GetAsync($"/{link.Alias}", Cancel)).Body,
            StringComparison.Ordinal
        );
        Assert.Equal(0, await _server.ReadClicksAsync(link.Id));
    }

    [Fact]
    public async Task Another_site_cannot_send_the_form()
    {
        var link = await _server.CreateLinkAsync(("clicks_limit", "5"), ("location_url", Destination));

        using var response = await _server.FollowAsync(
            $"_signpost/open/{link.Alias}",
            HttpMethod.Post,
            ("User-Agent", Robot),
            ("Sec-Fetch-Site", "cross-site")
        );

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal($"/{link.Alias}", response.Headers.Location?.OriginalString);
        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.Equal(0, await _server.ReadClicksAsync(link.Id));
    }

    private static string ActionOf(string page) =>
        WebUtility.HtmlDecode(Assert.Single(Forms().Matches(page)).Groups[1].Value);

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]+)\"")]
    private static partial Regex Forms();
}
