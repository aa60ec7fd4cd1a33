using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Clicks;

namespace Signpost.Tests.Redirects;

/// <summary>Addresses that were copied with their surroundings still lead to their link.</summary>
public sealed class TidyPathTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer _server = shared.Server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/{0}.", "")]
    [InlineData("/{0})", "")]
    [InlineData("/{0}).", "")]
    [InlineData("/{0}%E2%80%9D", "")]
    [InlineData("/{0}%E2%80%9C", "")]
    [InlineData("/{0}%C2%BB", "")]
    [InlineData("/{0}%E3%80%82", "")]
    [InlineData("/{0}%22", "")]
    [InlineData("/{0}'", "")]
    [InlineData("/{0}%3E", "")]
    [InlineData("/{0},", "")]
    [InlineData("/{0}!", "")]
    [InlineData("/{0}%20", "")]
    [InlineData("/%20{0}", "")]
    [InlineData("/{0}%C2%A0", "")]
    [InlineData("/{0}%E2%80%8B", "")]
    [InlineData("/{0}%0A", "")]
    [InlineData("//{0}", "")]
    [InlineData("//{0}//", "")]
    [InlineData("/{0}/.", "")]
    [InlineData("/{1}).", "")]
    [InlineData("/{0}&utm_source=x", "utm_source=x")]
    [InlineData("/{0}.&a=b%26c?d=1", "a=b&c&d=1")]
    [InlineData("/{0})?d=1", "d=1")]
    public async Task The_link_answers_in_place(string path, string query)
    {
        var link = await _server.CreateLinkAsync(
            ("location_url", "https://example.org/"),
            ("forward_query_parameters_is_enabled", "1")
        );
        var asked = string.Format(null, path, link.Alias, link.Alias.ToUpperInvariant());

        foreach (var method in (string[])["GET", "HEAD"])
            Assert.Equal(
                (HttpStatusCode.Found, query is "" ? "https://example.org/" : $"https://example.org/?{query}"),
                await AskAsync(method, asked)
            );
        Assert.Equal(1, (await _server.RowsAsync(link)).Count(row => row.Kind is Core.Clicks.ClickKind.Person));
    }

    [Fact]
    public async Task An_alias_that_really_ends_so_wins_also_when_it_comes_later()
    {
        var plain = await _server.CreateLinkAsync(("location_url", "https://example.org/plain"));
        Assert.Equal("https://example.org/plain", (await AskAsync("GET", $"/{plain.Alias}.")).Location);

        await _server.CreateLinkAsync(("url", plain.Alias + "."), ("location_url", "https://example.org/dot"));

        Assert.Equal("https://example.org/plain", (await AskAsync("GET", $"/{plain.Alias}.)")).Location);
    }

    [Theory]
    [InlineData("/none-{0}.")]
    [InlineData("/none-{0})")]
    [InlineData("//none-{0}")]
    [InlineData("/api)")]
    [InlineData("/login.")]
    [InlineData("//healthz")]
    [InlineData("/.well-known/x)")]
    public async Task What_is_found_nowhere_is_a_404(string path)
    {
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await AskAsync("GET", string.Format(null, path, Guid.NewGuid().ToString("N")))).Status
        );
    }

    [Fact]
    public async Task Forms_of_its_pages_lead_on()
    {
        var link = await _server.CreateLinkAsync(("sensitive_content", "1"));
        using var person = new Person(_server);

        var page = await person.GetAsync($"/{link.Alias}).&a=1", Cancel);

        Assert.Contains($"/_signpost/agree/{link.Alias}?a=1\"", page.Body, StringComparison.Ordinal);
        Assert.Equal(
            $"/{link.Alias}?a=1",
            (await person.PostAsync($"/_signpost/agree/{link.Alias}?a=1", Cancel)).Location
        );
    }

    [Fact]
    public async Task Explain_says_how_a_path_is_read()
    {
        var link = await _server.CreateLinkAsync(("forward_query_parameters_is_enabled", "1"));
        var other = await _server.CreateLinkAsync(("url", link.Alias + "."));

        var own = await ExplainAsync(link, "/" + link.Alias.ToUpperInvariant());
        var tidy = await ExplainAsync(link, $"{link.Alias}%20)&a=1");
        var taken = await ExplainAsync(link, other.Alias);
        var nowhere = await ExplainAsync(link, "elsewhere");

        Assert.StartsWith("The visitor follows", Because(own), StringComparison.Ordinal);
        Assert.Equal($"There is no link for /{link.Alias} )&a=1. It is read as /{link.Alias}?a=1.", Because(tidy));
        Assert.Equal("https://example.org/?a=1", tidy.GetProperty("decision").GetProperty("location").GetString());
        Assert.Equal($"There is a link for /{other.Alias} itself. It wins.", Because(taken));
        Assert.Equal("/elsewhere does not lead to this link.", Because(nowhere));
        Assert.Equal(404, nowhere.GetProperty("decision").GetProperty("status").GetInt32());
    }

    private static string? Because(JsonElement explanation) =>
        explanation.GetProperty("steps")[0].GetProperty("because").GetString();

    private async Task<JsonElement> ExplainAsync(MadeLink link, string path)
    {
        using var response = await _server.Http.PostAsync(
            $"/api/links/{link.Id}/explain",
            Bodies.Form(("path", path)),
            Cancel
        );
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("data");
    }

    // HttpClient would change some of these paths.
    private async Task<(HttpStatusCode Status, string? Location)> AskAsync(string method, string target)
    {
        using var request = new HttpRequestMessage(
            new(method),
            new Uri(
                _server.Url + target,
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
            )
        );
        using var response = await _server.Anonymous.SendAsync(request, Cancel);
        return (
            response.StatusCode,
            response.Headers.NonValidated.TryGetValues("Location", out var location) ? location.ToString() : null
        );
    }
}
