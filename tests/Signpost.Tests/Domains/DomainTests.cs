using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Links;

namespace Signpost.Tests.Domains;

/// <summary>Helpers for domains that a real DNS verifies.</summary>
public abstract class DomainTests(DomainServer shared) : ApiTests(shared), IClassFixture<DomainServer>
{
    private static int _hosts;

    internal DnsServer Dns => shared.Dns;

    /// <summary>A host that no other test uses.</summary>
    protected static string NewHost() => $"go{Interlocked.Increment(ref _hosts)}.example";

    internal async Task<long> ClaimAsync(
        string host,
        HttpClient? http = null,
        params (string Name, string Value)[] fields
    )
    {
        var made = await SendAsync(HttpMethod.Post, "/api/domains", Bodies.Form([("host", host), .. fields]), http);
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return made.Json["data"]!["id"]!.GetValue<long>();
    }

    /// <summary>Puts the record into the DNS that proves the claim.</summary>
    internal async Task PublishAsync(long id, HttpClient? http = null)
    {
        var proof = (await DomainAsync(id, http))["verification"]!;
        await Dns.AddAsync((proof["name"]!.GetValue<string>(), proof["value"]!.GetValue<string>()));
    }

    internal Task<Reply> VerifyAsync(long id, HttpClient? http = null) =>
        SendAsync(HttpMethod.Post, $"/api/domains/{id}/verify", null, http);

    /// <summary>A domain that serves.</summary>
    internal async Task<long> DomainAsync(
        string host,
        HttpClient? http = null,
        params (string Name, string Value)[] fields
    )
    {
        var id = await ClaimAsync(host, http, fields);
        await PublishAsync(id, http);
        var verified = await VerifyAsync(id, http);
        Assert.True(verified.Status == HttpStatusCode.OK, verified.Body);
        return id;
    }

    internal async Task<JsonNode> DomainAsync(long id, HttpClient? http = null) =>
        (await SendAsync(HttpMethod.Get, $"/api/domains/{id}", http: http)).Json["data"]!;

    internal async Task<bool> IsVerifiedAsync(long id, HttpClient? http = null) =>
        (await DomainAsync(id, http))["is_verified"]!.GetValue<bool>();

    internal async Task<HttpStatusCode> CheckAsync(string host) =>
        (await SendAsync(HttpMethod.Get, $"/api/domains/check?domain={host}", null, Server.Anonymous)).Status;

    /// <summary>Follows a path on a host; returns status and destination, as in <c>302 https://example.org/</c>.</summary>
    internal async Task<string> FollowAsync(string host, string path, string method = "GET")
    {
        using var response = await Server.FollowAsync(path.TrimStart('/'), new HttpMethod(method), ("Host", host));
        return $"{(int)response.StatusCode} {response.Headers.Location?.OriginalString}".TrimEnd();
    }
}
