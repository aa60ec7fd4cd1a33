using System.Net;
using Signpost.Testing;
using Signpost.Tests.Links;
using Signpost.Tests.Mail;
using Signpost.Tests.Teams;

namespace Signpost.Tests.Domains;

/// <summary>A server that asks a DNS server of ours and sends mails to us. Its main domain is for server admins only.</summary>
public sealed class SharedDomainServer : SharedServer
{
    internal DnsServer Dns { get; private set; } = null!;

    internal Mailbox Box { get; private set; } = null!;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Dns.DisposeAsync();
        await Box.DisposeAsync();
    }

    private protected override async Task<TestServer> StartAsync()
    {
        Dns = await DnsServer.StartAsync();
        Box = await Mailbox.OpenAsync();
        return await TestServer.StartAsync([
            ("SIGNPOST_DNS_RESOLVER", $"{Dns.Address}"),
            ("SIGNPOST_MAIN_DOMAIN", "admins"),
            .. Box.Settings,
        ]);
    }
}

/// <summary>Helpers for domains that accounts share.</summary>
public abstract class SharingTests(SharedDomainServer shared) : TeamTests(shared), IClassFixture<SharedDomainServer>
{
    private static int _hosts;

    internal Mailbox Box => shared.Box;

    /// <summary>A verified domain, shared with some.</summary>
    internal async Task<SharedDomain> NewDomainAsync(HttpClient owner, params string[] sharedWith)
    {
        var host = $"shared{Interlocked.Increment(ref _hosts)}.example";
        var made = await PostAsAsync(owner, "/api/domains", [("host", host), .. Fields(sharedWith)]);
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        var proof = made.Json["data"]!["verification"]!;
        await shared.Dns.AddAsync(((string)proof["name"]!, (string)proof["value"]!));
        var domain = new SharedDomain(IdOf(made), host, owner);
        Assert.Equal(HttpStatusCode.OK, (await PostAsAsync(owner, $"{domain.Path}/verify")).Status);
        return domain;
    }

    internal Task<Reply> ShareAsync(SharedDomain domain, params string[] sharedWith) =>
        PostAsAsync(domain.Owner, domain.Path, Fields(sharedWith));

    internal Task<Reply> TryLinkAsync(HttpClient http, SharedDomain domain, string alias = "") =>
        PostAsAsync(
            http,
            "/api/links",
            ("location_url", "https://example.org/shared"),
            ("domain_id", $"{domain.Id}"),
            ("url", alias)
        );

    internal async Task<long> LinkAsync(HttpClient http, SharedDomain domain, string alias = "")
    {
        var made = await TryLinkAsync(http, domain, alias);
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return IdOf(made);
    }

    internal async Task<HttpStatusCode> VisitAsync(SharedDomain domain, string alias)
    {
        using var response = await Server.FollowAsync(alias, null, ("Host", domain.Host));
        return response.StatusCode;
    }

    // A form sends one empty value for an empty list.
    private static (string, string)[] Fields(string[] sharedWith) =>
        sharedWith is [] ? [("shared_with", "")] : [.. sharedWith.Select(name => ("shared_with[]", name))];
}

/// <summary>A verified domain, with a client of its owner.</summary>
internal sealed record SharedDomain(long Id, string Host, HttpClient Owner)
{
    public string Path => $"/api/domains/{Id}";
}
