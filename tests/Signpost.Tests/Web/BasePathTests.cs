using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Web;

/// <summary>A server with a base path, behind a proxy that keeps it in requests or takes it off.</summary>
public sealed partial class BasePathTests : IAsyncLifetime
{
    private const string Base = "/links/go";
    private const string Public = "http://127.0.0.1" + Base;

    private TestServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _server = await TestServer.StartAsync(("SIGNPOST_PUBLIC_URL", Public + "/"));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(Base)]
    [InlineData("")]
    public async Task Every_address_on_every_page_has_the_base_path_and_leads_somewhere(string kept)
    {
        using var ada = new Person(_server);
        await ada.SendAsync(
            kept + "/login",
            kept + "/login",
            Cancel,
            ("email", TestServer.AdminEmail),
            ("password", TestServer.AdminPassword)
        );
        var link = await _server.CreateLinkAsync(("password", "secret"), ("statistics_is_public", "1"));
        var splash = await _server.CreateLinkAsync(("splash_page_id", await _server.CreateSplashPageAsync()));
        Queue<string> open = new([
            "/",
            "/dashboard/account",
            "/dashboard/account/activity",
            "/dashboard/account/data",
            "/dashboard/account/keys",
            "/dashboard/account/sign-in",
            "/dashboard/account/teams",
            "/dashboard/links",
            "/dashboard/links/new",
            "/docs",
            "/logout",
            "/none",
            $"/{link.Alias}",
            $"/{splash.Alias}",
            $"/l/stats/{link.Alias}",
        ]);
        HashSet<string> seen = [.. open];
        while (open.TryDequeue(out var path))
        {
            var page = await ada.GetAsync(kept + path, Cancel);
            Assert.True(page.Status is not HttpStatusCode.NotFound || path is "/none", path);
            // The address of a form leads back to its page, and the team's page without a chosen team to the list of teams.
            if (page.Location is { } location)
            {
                Assert.StartsWith(Base + "/dashboard/", location, StringComparison.Ordinal);
                var target = location[Base.Length..].Split('#', '?')[0];
                if (seen.Add(target))
                    open.Enqueue(target);
            }
            foreach (
                var match in ScriptAddresses().Matches(page.Body).Where(match => seen.Add(match.Groups["name"].Value))
            )
                Assert.StartsWith(Base + "/", match.Groups["path"].Value, StringComparison.Ordinal);
            foreach (var address in Addresses().Matches(page.Body).Select(match => match.Groups["path"].Value))
            {
                Assert.StartsWith(Base + "/", address, StringComparison.Ordinal);
                // A reader posts a form, so its address alone is a 405 or leads back.
                var next = WebUtility.HtmlDecode(address[Base.Length..]).Split('#')[0];
                // An export is of something, and a page has a view of its own without a query.
                if (!next.Contains("/export?", StringComparison.Ordinal))
                    next = next.Split('?')[0];
                if (!IsForm(next) && seen.Add(next))
                    open.Enqueue(next.StartsWith("/_signpost/", StringComparison.Ordinal) ? "/" : next);
            }
        }

        foreach (
            var found in (string[])
                [
                    "/docs/docs.js",
                    "/docs/swagger-ui.js",
                    "data-preview",
                    "data-live",
                    $"/_signpost/unlock/{link.Alias}",
                    $"/_signpost/continue/{splash.Alias}",
                ]
        )
            Assert.Contains(found, seen);
        using var shown = await _server.FollowAsync($"{kept}/{splash.Alias}"[1..]);
        Assert.StartsWith(
            $"10; url={Base}/_signpost/continue/{splash.Alias}?token=",
            shown.Headers.GetValues("Refresh").Single(),
            StringComparison.Ordinal
        );
    }

    private static bool IsForm(string path) =>
        path.StartsWith("/dashboard/account/", StringComparison.Ordinal)
        || path.StartsWith("/dashboard/links/", StringComparison.Ordinal);

    [Theory]
    [InlineData(Base)]
    [InlineData("")]
    public async Task Redirects_between_own_pages_have_the_base_path(string kept)
    {
        using var ada = new Person(_server);
        Assert.Equal(
            $"{Base}/login?returnUrl=%2Fdashboard%2Faccount",
            (await ada.GetAsync(kept + "/dashboard/account", Cancel)).Location
        );
        var signedIn = await ada.SendAsync(
            kept + "/login",
            kept + "/login",
            Cancel,
            ("email", TestServer.AdminEmail),
            ("password", TestServer.AdminPassword),
            ("returnUrl", "/dashboard/account")
        );
        Assert.Equal($"{Base}/dashboard/account", signedIn.Location);

        var locked = await _server.CreateLinkAsync(("password", "secret"));
        var unlocked = await ada.PostAsync(
            $"{kept}/_signpost/unlock/{locked.Alias}?a=1",
            Cancel,
            ("password", "secret")
        );
        Assert.Equal($"{Base}/{locked.Alias}?a=1", unlocked.Location);
        Assert.Equal("https://example.org/", (await ada.GetAsync($"{kept}/{locked.Alias}", Cancel)).Location);
    }

    [Fact]
    public async Task Absolute_addresses_have_the_base_path()
    {
        using var made = await _server.Http.PostAsync(
            Base + "/api/links",
            Bodies.Form(
                ("url", "x"),
                ("location_url", "https://example.org/"),
                ("cloaking_is_enabled", "1"),
                ("cloaking_title", "X")
            ),
            Cancel
        );
        var link = (await made.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("data");
        Assert.Equal(Public + "/x", link.GetProperty("short_url").GetString());
        var list = await _server.Http.GetFromJsonAsync<JsonElement>(Base + "/api/links/", Cancel);
        Assert.StartsWith(
            Public + "/api/links",
            list.GetProperty("links").GetProperty("self").GetString(),
            StringComparison.Ordinal
        );
        var document = await _server.Http.GetFromJsonAsync<JsonElement>(Base + "/openapi/v1.json", Cancel);
        Assert.Equal(Public, document.GetProperty("servers")[0].GetProperty("url").GetString());
        var card = await ReadAsync("/x", ("User-Agent", "Slackbot-LinkExpanding 1.0"));
        Assert.Contains(Public + "/x", card, StringComparison.Ordinal);

        var picture = await _server.Http.PostAsync(
            Base + "/api/links",
            Bodies
                .Multipart(("location_url", "https://example.org/"), ("cloaking_is_enabled", "1"))
                .WithFile("cloaking_favicon", Bodies.Png),
            Cancel
        );
        var id = (await picture.Content.ReadFromJsonAsync<JsonElement>(Cancel))
            .GetProperty("data")
            .GetProperty("id")
            .GetInt64();
        var icon = (await _server.ReadLinkAsync(id))
            .GetProperty("settings")
            .GetProperty("cloaking_favicon")
            .GetString()!;
        Assert.StartsWith(Public + "/files/", icon, StringComparison.Ordinal);
        using var served = await _server.Anonymous.GetAsync(new Uri(icon).AbsolutePath, Cancel);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Theory]
    [InlineData(Public + "/loop", HttpStatusCode.BadRequest)]
    [InlineData("http://127.0.0.1/loop", HttpStatusCode.BadRequest)]
    [InlineData(Public + "x/loop", HttpStatusCode.Created)]
    public async Task A_loop_is_found_with_the_base_path(string target, HttpStatusCode status)
    {
        using var made = await _server.Http.PostAsync(
            "/api/links",
            Bodies.Form(("url", "loop"), ("location_url", target)),
            Cancel
        );

        Assert.Equal(status, made.StatusCode);
    }

    [Theory]
    [InlineData(Base, 200)]
    [InlineData(Base + "/", 200)]
    [InlineData(Base + "/healthz", 200)]
    [InlineData("/healthz", 200)]
    [InlineData("/LINKS/GO/healthz", 404)]
    [InlineData(Base + "x/healthz", 404)]
    public async Task Only_the_whole_base_path_is_taken_off(string path, int status)
    {
        using var response = await _server.Anonymous.GetAsync(path, Cancel);

        Assert.Equal(status, (int)response.StatusCode);
    }

    private async Task<string> ReadAsync(string path, params (string Name, string Value)[] headers)
    {
        using var response = await _server.FollowAsync((Base + path)[1..], null, headers);
        return await response.Content.ReadAsStringAsync(Cancel);
    }

    [GeneratedRegex(" (?:href|src|action)=\"(?<path>/[^/\"][^\"]*|/)\"")]
    private static partial Regex Addresses();

    // Scripts fetch them.
    [GeneratedRegex(" (?<name>data-[a-z-]+)=\"(?<path>/[^/\"][^\"]*)\"")]
    private static partial Regex ScriptAddresses();
}
