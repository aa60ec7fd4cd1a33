using System.Net.Http.Json;
using System.Text.Json;
using Signpost.Testing;

namespace Signpost.Tests.Web;

/// <summary>Headers of proxies, from somebody who is no proxy and through one that is trusted.</summary>
public sealed class ForwardedHeaderTests
{
    private static readonly (string, string)[] Spoofed =
    [
        ("X-Forwarded-For", "8.8.8.8"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Host", "evil.example"),
        ("X-Original-For", "8.8.8.8"),
        ("X-Real-IP", "8.8.8.8"),
        ("Forwarded", "for=8.8.8.8;host=evil.example;proto=https"),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // With its switch (ASPNETCORE_FORWARDEDHEADERS_ENABLED) the framework would believe everybody.
    [Theory]
    [InlineData("", "false")]
    [InlineData("", "true")]
    [InlineData("192.0.2.0/24", "false")]
    [InlineData("192.0.2.0/24", "true")]
    public async Task Nobody_is_believed_who_is_no_trusted_proxy(string proxies, string isSwitchedOn)
    {
        await using var server = await TestServer.StartAsync(
            ("SIGNPOST_TRUSTED_PROXIES", proxies),
            ("ForwardedHeaders_Enabled", isSwitchedOn)
        );

        var seen = await SignInAsync(server, Spoofed);

        Assert.Equal("127.0.0.0/24", await NetworkAsync(server));
        Assert.DoesNotContain("secure", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("__Host-", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", await ListAsync(server, Spoofed), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8.8.4.4", "8.8.4.0/24")]
    [InlineData("1.1.1.1, 8.8.4.4", "8.8.4.0/24")]
    [InlineData("1.1.1.1, 8.8.4.4, 127.0.0.2", "8.8.4.0/24")]
    public async Task Behind_trusted_proxies_the_last_address_that_is_none_counts(string forwarded, string network)
    {
        await using var server = await TestServer.StartAsync(("SIGNPOST_TRUSTED_PROXIES", "127.0.0.0/8"));

        await SignInAsync(server, ("X-Forwarded-For", forwarded));

        Assert.Equal(network, await NetworkAsync(server));
    }

    [Fact]
    public async Task Addresses_of_this_server_come_from_its_settings_and_from_no_request()
    {
        await using var server = await TestServer.StartAsync();

        var list = await ListAsync(server, [("Host", "evil.example"), .. Spoofed]);

        Assert.Contains($"\"self\":\"{server.Url}/api/links", list, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", list, StringComparison.Ordinal);
    }

    /// <summary>The headers of the form and of the response to a wrong password.</summary>
    private static async Task<string> SignInAsync(TestServer server, params (string, string)[] headers)
    {
        using var asked = await server.FollowAsync("login", null, headers);
        var form = await Sight.OfAsync(asked, Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/login")
        {
            Content = new FormUrlEncodedContent([
                new("form_token", form.Token),
                new("email", TestServer.AdminEmail),
                new("password", "wrong"),
            ]),
        };
        request.Headers.Add("Cookie", form.Cookies.Select(cookie => cookie.Split(';')[0]));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await server.Anonymous.SendAsync(request, Cancel);
        return $"{asked.Headers}{response.Headers}";
    }

    private static async Task<string?> NetworkAsync(TestServer server)
    {
        string? network = null;
        await Patience.UntilAsync(
            async () =>
            {
                var log = await server.Http.GetFromJsonAsync<JsonElement>("/api/audit-log", Cancel);
                network = log.GetProperty("data")
                    .EnumerateArray()
                    .Where(line => line.GetProperty("event").GetString() == "sign_in_failed")
                    .Select(line => line.GetProperty("network").GetString())
                    .FirstOrDefault();
                return network is not null;
            },
            "The failed attempt in the audit log"
        );
        return network;
    }

    private static async Task<string> ListAsync(TestServer server, params (string, string)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/links");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await server.Http.SendAsync(request, Cancel);
        return await response.Content.ReadAsStringAsync(Cancel);
    }
}
