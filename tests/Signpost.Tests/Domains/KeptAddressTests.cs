using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Addressing;
using Signpost.Operations;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Domains;

/// <summary>Where short addresses lead when no setting tells the public address.</summary>
public sealed class KeptAddressTests : IDisposable
{
    private const string Kept = "https://go.example";

    private readonly string _directory = Directory.CreateTempSubdirectory("signpost-test-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_that_is_asked_before_the_server_listens_is_not_kept()
    {
        await EmptyDatabase.PutAsync(_directory);
        var server = await Program.CreateAsync(
            [],
            builder =>
                builder.Configuration.AddInMemoryCollection(
                    new Dictionary<string, string?>
                    {
                        ["urls"] = "http://127.0.0.1:0",
                        ["SIGNPOST_DATA_DIR"] = _directory,
                        ["Logging:LogLevel:Default"] = "Warning",
                    }
                ),
            Cancel
        );
        await using var _ = server;
        var address = server.App.Services.GetRequiredService<PublicAddress>();
        Assert.Equal("http://localhost:8080", address.Url);

        await server.App.StartAsync(Cancel);
        Assert.Matches("^http://127\\.0\\.0\\.1:[1-9][0-9]*$", address.Url);
        await server.App.StopAsync(Cancel);
    }

    [Fact]
    public async Task A_guessed_address_is_told_wherever_an_operator_looks()
    {
        await using var server = await TestServer.StartAsync();

        var same = await CreateAsync(server, new Uri(server.Url).Authority);
        Assert.False(same.TryGetProperty("warnings", out _));
        Assert.Empty(await WarningsAsync(server));
        Assert.Contains(
            $"No public address is set: short addresses begin with {server.Url}.",
            Banner(server),
            StringComparison.Ordinal
        );

        var other = await CreateAsync(server, "go.example:8443");
        var warning = Assert.Single(other.GetProperty("warnings").EnumerateArray()).GetProperty("title").GetString()!;
        Assert.Contains(server.Url, warning, StringComparison.Ordinal);
        Assert.Contains("go.example:8443", warning, StringComparison.Ordinal);
        Assert.Contains("SIGNPOST_PUBLIC_URL", warning, StringComparison.Ordinal);
        Assert.Contains(server.Url, Assert.Single(await WarningsAsync(server)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_page_under_another_host_shows_that_the_address_is_wrong()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var path in (string[])["docs", "login", "readyz", "api/links"])
        {
            // Somebody told the address and took it back.
            Assert.Null(await KeepAsync(server, Kept));
            Assert.Null(await KeepAsync(server, ""));
            Assert.Empty(await WarningsAsync(server));

            using var response = await server.FollowAsync(path, null, ("Host", "go.example"));

            Assert.Single(await WarningsAsync(server));
        }
    }

    [Fact]
    public async Task The_same_machine_under_another_name_is_no_other_host()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var host in (string[])["localhost", "127.0.0.1", "[::1]"])
        {
            var made = await CreateAsync(server, $"{host}:{new Uri(server.Url).Port}");

            Assert.False(made.TryGetProperty("warnings", out _), host);
            Assert.Empty(await WarningsAsync(server));
        }
    }

    [Fact]
    public async Task A_kept_address_is_in_every_absolute_address_at_once_and_after_a_restart()
    {
        await using (var server = await TestServer.StartAsync(null, _directory))
        {
            await CreateAsync(server, "go.example");
            Assert.Single(await WarningsAsync(server));
            Assert.Null(await KeepAsync(server, " HTTPS://GO.example/ "));
            await IsUsedAsync(server);
        }

        await using var again = await TestServer.StartAsync(null, _directory);
        await IsUsedAsync(again);
        Assert.Null(await KeepAsync(again, ""));
        Assert.StartsWith(again.Url, await ShortUrlAsync(again), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_setting_wins_over_a_kept_address()
    {
        await using (var server = await TestServer.StartAsync(null, _directory))
            Assert.Null(await KeepAsync(server, Kept));

        await using var again = await TestServer.StartAsync(
            null,
            _directory,
            ("SIGNPOST_PUBLIC_URL", "https://set.example")
        );
        Assert.Null(await KeepAsync(again, "https://later.example"));

        Assert.StartsWith(
            "https://set.example/",
            (await CreateAsync(again, "set.example")).GetProperty("short_url").GetString(),
            StringComparison.Ordinal
        );
        using var refused = await again.FollowAsync("x", null, ("Host", "go.example"));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, refused.StatusCode);
    }

    [Fact]
    public async Task An_address_with_a_host_beyond_ASCII_is_told_in_ASCII()
    {
        await using var server = await TestServer.StartAsync();

        Assert.Null(await KeepAsync(server, "https://b\u00fccher.example:8443"));

        Assert.StartsWith("https://xn--bcher-kva.example:8443/", await ShortUrlAsync(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_else_than_an_address_is_not_kept()
    {
        await using var server = await TestServer.StartAsync();
        foreach (
            var text in (string[])
                [
                    "go.example",
                    "ftp://go.example",
                    "https://go.example?x",
                    "https://ada:secret@go.example",
                    "https://",
                    "javascript:alert(1)",
                    "https://" + new string('a', 512),
                ]
        )
            Assert.Contains("https://go.example.org", await KeepAsync(server, text), StringComparison.Ordinal);

        Assert.StartsWith(server.Url, await ShortUrlAsync(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loop_through_the_kept_address_is_refused_and_its_host_is_no_custom_domain()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Null(await KeepAsync(server, Kept));

        foreach (
            var (path, form) in new[]
            {
                ("/api/links", Bodies.Form(("url", "loop"), ("location_url", Kept + "/loop"))),
                ("/api/domains", Bodies.Form(("host", "go.example"))),
            }
        )
        {
            using var response = await server.Http.PostAsync(path, form, Cancel);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task IsUsedAsync(TestServer server)
    {
        Assert.StartsWith(Kept + "/", await ShortUrlAsync(server), StringComparison.Ordinal);
        Assert.Empty(await WarningsAsync(server));
        Assert.DoesNotContain("No public address", Banner(server), StringComparison.Ordinal);
        var list = await server.Http.GetFromJsonAsync<JsonElement>("/api/links", Cancel);
        Assert.StartsWith(Kept, list.GetProperty("links").GetProperty("self").GetString(), StringComparison.Ordinal);
        using var elsewhere = await server.FollowAsync("docs", null, ("Host", "other.example"));
        Assert.Equal(HttpStatusCode.OK, elsewhere.StatusCode);
    }

    private static async Task<string> ShortUrlAsync(TestServer server)
    {
        var made = await CreateAsync(server, new Uri(server.Url).Authority);
        return made.GetProperty("short_url").GetString()!;
    }

    private static Task<string?> KeepAsync(TestServer server, string text) =>
        server.Services.GetRequiredService<PublicAddressEditor>().KeepAsync(text, Cancel);

    private static async Task<JsonElement> CreateAsync(TestServer server, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/links")
        {
            Content = Bodies.Form(("location_url", "https://example.org/")),
            Headers = { Host = host },
        };
        using var response = await server.Http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("data");
    }

    private static async Task<string[]> WarningsAsync(TestServer server)
    {
        var ready = await server.Anonymous.GetFromJsonAsync<JsonElement>("/readyz", Cancel);
        Assert.Equal("ready", ready.GetProperty("status").GetString());
        return [.. ready.GetProperty("warnings").EnumerateArray().Select(one => one.GetString()!)];
    }

    private static string Banner(TestServer server)
    {
        using var output = new StringWriter();
        server.Services.PrintBanner(output);
        return output.ToString();
    }
}
