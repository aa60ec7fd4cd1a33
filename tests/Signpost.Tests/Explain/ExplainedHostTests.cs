using System.Net;
using System.Text;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Links;

namespace Signpost.Tests.Explain;

/// <summary>A made-up visit may name any host: it is one, or the answer says that it is none.</summary>
public sealed class ExplainedHostTests(SharedServer shared) : ApiTests(shared)
{
    [Theory]
    [InlineData("http://[2001:db8::1]", "[2001:db8::1]")]
    [InlineData("http://[2001:db8::1]:8443", "[2001:DB8:0::1]:8443")]
    public async Task A_public_address_that_is_an_IPv6_literal_is_served(string publicUrl, string host)
    {
        await using var server = await TestServer.StartAsync(("SIGNPOST_PUBLIC_URL", publicUrl));
        using var http = server.NewClient(TestServer.ApiKey);
        http.DefaultRequestHeaders.Host = "[2001:db8::1]";
        var made = await SendAsync(
            HttpMethod.Post,
            "/api/links",
            Bodies.Form(("location_url", "https://example.org/")),
            http
        );
        var path = $"/api/links/{made.Json["data"]!["id"]}/explain";

        foreach (
            var fields in (List<(string, string)[]>)
                [
                    [],
                    [("domain", host)],
                ]
        )
        {
            var reply = await SendAsync(HttpMethod.Post, path, Bodies.Form(fields), http);
            Assert.True(reply.Status == HttpStatusCode.OK, reply.Body);
            Assert.Equal(302, reply.Json["data"]!["decision"]!["status"]!.GetValue<int>());
        }

        var stranger = await SendAsync(HttpMethod.Post, path, Bodies.Form(("domain", "[2001:db8::2]")), http);
        Assert.Equal(421, stranger.Json["data"]!["decision"]!["status"]!.GetValue<int>());
    }

    [Fact]
    public async Task Any_character_in_any_place_of_a_host_is_answered()
    {
        var id = await CreateAsync();
        int[] odd =
        [
            .. Enumerable.Range(1, 0x2F),
            .. Enumerable.Range(0x7F, 0x22),
            0xAD,
            0x34F,
            0x5D0,
            0x661,
            .. Enumerable.Range(0x2000, 0x70),
            0x3002,
            0xFE0F,
            0xFEFF,
            0xFFFD,
            0x1F600,
            0xE0001,
        ];
        foreach (var sign in odd.Select(code => new Rune(code).ToString()))
        foreach (var host in (string[])[$"{sign}.com", $"a{sign}b.com", $"{sign}", $"xn--{sign}.com", $"a.com:{sign}"])
        {
            var reply = await PostAsync($"/api/links/{id}/explain", ("domain", host));
            Assert.True(
                reply.Status is HttpStatusCode.OK or HttpStatusCode.BadRequest,
                $"{reply.Status} for {Convert.ToHexString(Encoding.UTF8.GetBytes(host))}"
            );
        }

        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await PostAsync($"/api/links/{id}/explain", ("domain", "\u200d.com"))).Status
        );
    }
}
