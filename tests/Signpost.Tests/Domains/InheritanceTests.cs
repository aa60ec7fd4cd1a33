using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Accounts;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Storage;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Links;

namespace Signpost.Tests.Domains;

/// <summary>The account that receives a deleted account's resources gets working domains, with everything that their links use.</summary>
public sealed class InheritanceTests(DomainServer shared) : DomainTests(shared)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task An_heirs_links_keep_all_they_use_though_the_deletion_was_interrupted(int parts)
    {
        var (ownerId, owner) = await NewPersonAsync();
        var (heirId, heir) = await NewPersonAsync();
        using var _ = owner;
        using var __ = heir;
        var host = NewHost();
        var domain = await DomainAsync(host, owner);
        var pixel = await MakeAsync(
            owner,
            "/api/pixels",
            ("type", "facebook"),
            ("name", "Shop"),
            ("pixel", "1234567890123")
        );
        var link = await MakeLinkAsync(owner, "a", domain, ("pixels_ids[]", $"{pixel}"));

        await InterruptAsync(ownerId, heirId, parts);
        Assert.Equal(HttpStatusCode.NotFound, (await DeleteAsync($"/api/users/{ownerId}")).Status);
        await Server.Services.GetRequiredService<JobRunner>().ResumeAsync(Cancel);

        var read = (await SendAsync(HttpMethod.Get, $"/api/links/{link}", http: heir)).Json["data"]!;
        Assert.Equal(domain, (long)read["domain_id"]!);
        Assert.Equal(pixel, (long)Assert.Single(read["pixels_ids"]!.AsArray())!);
        Assert.True(await IsVerifiedAsync(domain, heir));
        Assert.StartsWith("200", await FollowAsync(host, "/a"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_claims_to_one_host_the_proven_one_gets_the_links_of_both()
    {
        var (ownerId, owner) = await NewPersonAsync();
        var (heirId, heir) = await NewPersonAsync();
        using var _ = owner;
        using var __ = heir;
        var host = NewHost();
        var lost = await DomainAsync(host, heir);
        var moved = await MakeLinkAsync(heir, "a", lost);
        var inTheWay = await MakeLinkAsync(heir, "b", lost);
        await LoseProofAsync(lost);
        var proven = await DomainAsync(host, owner);
        var stays = await MakeLinkAsync(owner, "b", proven);

        var deleted = await DeleteAsync($"/api/users/{ownerId}?links=transfer&to={heirId}");

        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await SendAsync(HttpMethod.Get, $"/api/domains/{lost}", http: heir)).Status
        );
        foreach (var id in (long[])[moved, inTheWay, stays])
        {
            var link = (await SendAsync(HttpMethod.Get, $"/api/links/{id}", http: heir)).Json["data"]!;
            Assert.Equal(proven, (long)link["domain_id"]!);
            Assert.Equal("302 https://example.org/", await FollowAsync(host, $"/{link["url"]}"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_proven_claim_that_is_an_alias_goes_on_and_its_domain_gets_the_links(bool isOfMain)
    {
        var (ownerId, owner) = await NewPersonAsync();
        var (heirId, heir) = await NewPersonAsync();
        using var _ = owner;
        using var __ = heir;
        var (host, aliasHost, other) = (NewHost(), NewHost(), NewHost());
        var name = $"a{Guid.NewGuid():N}";
        var lost = await DomainAsync(host, owner);
        await MakeLinkAsync(owner, name, lost);
        var reserved = await MakeLinkAsync(owner, "docs", lost);
        var alias = await DomainAsync(aliasHost, owner, ("alias_of", $"{lost}"));
        await LoseProofAsync(lost);
        var target = isOfMain ? 0 : await DomainAsync(other, heir);
        var proven = await DomainAsync(host, heir);
        // Only a server admin can set 0.
        await Server.Database.WriteAsync(
            db =>
                db.Domains.Where(domain => domain.Id == proven)
                    .ExecuteUpdateAsync(set => set.SetProperty(domain => domain.AliasOf, target), Cancel),
            Cancel
        );

        var deleted = await DeleteAsync($"/api/users/{ownerId}?links=transfer&to={heirId}");

        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        foreach (var id in (long[])[alias, proven])
            Assert.Equal(target, (long?)(await DomainAsync(id, heir))["alias_of"]);
        foreach (var asked in (string[])[host, aliasHost, isOfMain ? "main.example" : other])
            Assert.Equal("302 https://example.org/", await FollowAsync(asked, $"/{name}"));
        var link = (await SendAsync(HttpMethod.Get, $"/api/links/{reserved}", http: heir)).Json["data"]!;
        Assert.Equal(isOfMain, (string)link["url"]! != "docs");
        Assert.Equal("302 https://example.org/", await FollowAsync(host, $"/{link["url"]}"));
    }

    [Fact]
    public async Task An_alias_follows_its_domain_into_the_proven_claim_of_the_heir()
    {
        var (ownerId, owner) = await NewPersonAsync();
        var (heirId, heir) = await NewPersonAsync();
        using var _ = owner;
        using var __ = heir;
        var (host, aliasHost) = (NewHost(), NewHost());
        var lost = await DomainAsync(host, owner);
        await MakeLinkAsync(owner, "a", lost);
        var alias = await DomainAsync(aliasHost, owner, ("alias_of", $"{lost}"));
        await LoseProofAsync(lost);
        var proven = await DomainAsync(host, heir);

        var deleted = await DeleteAsync($"/api/users/{ownerId}?links=transfer&to={heirId}");

        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        Assert.Equal(proven, (long?)(await DomainAsync(alias, heir))["alias_of"]);
        foreach (var asked in (string[])[host, aliasHost])
            Assert.Equal("302 https://example.org/", await FollowAsync(asked, "/a"));
    }

    // Does this number of parts of a deletion, and then stops it.
    private async Task InterruptAsync(long ownerId, long heirId, int parts)
    {
        var left = parts;
        var job = new Job
        {
            Kind = JobKind.DeleteAccount,
            Subject = ownerId,
            AccountId = ownerId,
            HeirId = heirId,
        };
        await Server.Database.WriteAsync(
            db =>
            {
                db.Jobs.Add(job);
                return db.SaveChangesAsync(Cancel);
            },
            Cancel
        );
        var jobs = new AccountJobs(
            Server.Services.GetServices<IAccountResources>().Select(part => new Cut(part, () => left-- == 0)),
            Server.Services.GetRequiredService<Slices>()
        );
        try
        {
            await jobs.RunAsync(job, Cancel);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        Assert.Fail("There are fewer parts than were to be done.");
    }

    private Task<int> LoseProofAsync(long id) =>
        Server.Database.WriteAsync(
            db =>
                db.Domains.Where(domain => domain.Id == id)
                    .ExecuteUpdateAsync(set => set.SetProperty(domain => domain.VerifiedAt, (long?)null), Cancel),
            Cancel
        );

    private async Task<(long Id, HttpClient Http)> NewPersonAsync()
    {
        var made = await PostAsync(
            "/api/users",
            ("email", $"{Guid.NewGuid():N}@example.org"),
            ("password", TestServer.AdminPassword)
        );
        var id = (long)made.Json["data"]!["id"]!;
        var key = await PostAsync($"/api/users/{id}/api-keys");
        return (id, Server.NewClient((string)key.Json["data"]!["key"]!));
    }

    private async Task<long> MakeLinkAsync(
        HttpClient http,
        string alias,
        long domain,
        params (string Name, string Value)[] fields
    ) =>
        await MakeAsync(
            http,
            "/api/links",
            [("url", alias), ("domain_id", $"{domain}"), ("location_url", "https://example.org/"), .. fields]
        );

    private async Task<long> MakeAsync(HttpClient http, string path, params (string Name, string Value)[] fields)
    {
        var made = await SendAsync(HttpMethod.Post, path, Bodies.Form(fields), http);
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return (long)made.Json["data"]!["id"]!;
    }

    private Task<Reply> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    private sealed class Cut(IAccountResources part, Func<bool> isReached) : IAccountResources
    {
        public Task<bool> AnyAsync(long accountId, CancellationToken cancel) => part.AnyAsync(accountId, cancel);

        public Task DeleteAsync(long accountId, CancellationToken cancel) =>
            isReached() ? throw new OperationCanceledException() : part.DeleteAsync(accountId, cancel);

        public Task TransferAsync(long fromAccountId, long toAccountId, CancellationToken cancel) =>
            isReached()
                ? throw new OperationCanceledException()
                : part.TransferAsync(fromAccountId, toAccountId, cancel);
    }
}
