using System.Net;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Links;

/// <summary>Links of another account get the same bytes as missing links.</summary>
public sealed class OwnershipTests(SharedServer shared) : ApiTests(shared)
{
    public static readonly TheoryData<string> Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_link_of_another_account_gets_the_response_of_a_missing_one(string method)
    {
        var id = await CreateAsync();
        using var stranger = await StrangerAsync();

        var foreign = await AskAsync(method, $"{id}", stranger);
        var missing = await AskAsync(method, "999999999", stranger);

        Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
        Assert.Equal((foreign.Status, foreign.Body), (missing.Status, missing.Body));
        Assert.Equal(
            foreign.Headers.Keys.Order(StringComparer.Ordinal),
            missing.Headers.Keys.Order(StringComparer.Ordinal)
        );
        Assert.Equal("https://example.org/", (await ReadAsync(id))["location_url"]!.GetValue<string>());
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task An_invalid_id_gets_the_response_of_a_missing_link(string method)
    {
        await CreateAsync();
        var missing = await AskAsync(method, "999999999", Server.Http);

        foreach (
            var id in (string[])
                [
                    "0",
                    "-1",
                    "+1",
                    "1.0",
                    "0x1",
                    "abc",
                    "%201",
                    "1%20OR%201=1",
                    "1;x=1",
                    "9223372036854775808",
                    "٣",
                    "1%00",
                ]
        )
        {
            var reply = await AskAsync(method, id, Server.Http);
            // The server itself refuses a NUL.
            if (id.EndsWith("%00", StringComparison.Ordinal))
                Assert.Contains((int)reply.Status, (int[])[400, 404]);
            else
                Assert.Equal((missing.Status, missing.Body), (reply.Status, reply.Body));
        }
    }

    [Fact]
    public async Task A_list_holds_only_ones_own()
    {
        await CreateAsync();
        using var stranger = await StrangerAsync();

        var list = await SendAsync(HttpMethod.Get, "/api/links?search=&is_enabled=1", http: stranger);

        Assert.Equal(
            """{"page":1,"results_per_page":25,"total":0,"total_pages":0,"total_is_exact":true}""",
            list.Json["meta"]!.ToJsonString()
        );
        Assert.Equal(
            $"{Server.Url}/api/links?search=&is_enabled=1&page=1",
            list.Json["links"]!["last"]!.GetValue<string>()
        );
    }

    [Theory]
    [InlineData("GET", "/api/links")]
    [InlineData("POST", "/api/links")]
    [InlineData("DELETE", "/api/links/1")]
    public async Task Without_a_key_the_response_is_401(string method, string path)
    {
        var reply = await SendAsync(new HttpMethod(method), path, null, Server.Anonymous);

        Assert.Equal(HttpStatusCode.Unauthorized, reply.Status);
        Assert.Equal("Bearer", reply.Headers["WWW-Authenticate"]);
        Assert.Equal("401", reply.Json["errors"]![0]!["status"]!.GetValue<string>());
    }

    private Task<Reply> AskAsync(string method, string id, HttpClient http) =>
        SendAsync(
            new HttpMethod(method),
            $"/api/links/{id}",
            method is "GET" or "DELETE" ? null : Bodies.Form(("location_url", "https://evil.example/")),
            http
        );
}
