using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Domains;
using Signpost.Storage;
using Signpost.Tests.Api;

namespace Signpost.Tests.Domains;

/// <summary>The DNS decides who owns a domain: it is verified, lost, released and verified again.</summary>
public sealed class ProofTests(DomainServer shared) : DomainTests(shared)
{
    [Fact]
    public async Task A_claim_is_verified_when_the_DNS_holds_its_record_and_not_before()
    {
        var host = NewHost();
        var id = await ClaimAsync(host);
        var claim = await DomainAsync(id);
        Assert.Equal($"_signpost.{host}", claim["verification"]!["name"]!.GetValue<string>());
        Assert.Matches("^signpost=[A-Za-z0-9_-]{32}$", claim["verification"]!["value"]!.GetValue<string>());

        await Dns.AddAsync(($"_signpost.{host}", "signpost=wrong"));
        var early = await VerifyAsync(id);
        Assert.Equal((HttpStatusCode.BadRequest, "host"), (early.Status, early.WrongFields.Single()));
        Assert.Contains($"_signpost.{host}", early.Body, StringComparison.Ordinal);
        Assert.False(await IsVerifiedAsync(id));
        Assert.Equal(HttpStatusCode.NotFound, await CheckAsync(host));

        await PublishAsync(id);
        var verified = await VerifyAsync(id);
        Assert.Equal(HttpStatusCode.OK, verified.Status);
        Assert.True(verified.Json["data"]!["is_verified"]!.GetValue<bool>());
        Assert.Equal(HttpStatusCode.OK, await CheckAsync(host.ToUpperInvariant() + "."));
    }

    [Fact]
    public async Task A_record_that_fits_no_datagram_is_found_over_TCP()
    {
        var host = NewHost();
        var id = await ClaimAsync(host);
        for (var i = 0; i < 20; i++)
            await Dns.AddAsync(($"_signpost.{host}", new string('x', 200) + i));
        await PublishAsync(id);

        Assert.Equal(HttpStatusCode.OK, (await VerifyAsync(id)).Status);
    }

    [Fact]
    public async Task A_DNS_that_refuses_proves_nothing()
    {
        var id = await ClaimAsync($"go.elsewhere{Guid.NewGuid():N}.org");

        var reply = await VerifyAsync(id);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "30"), (reply.Status, reply.Headers["Retry-After"]));
    }

    [Fact]
    public async Task The_first_to_prove_a_host_has_it()
    {
        var host = NewHost();
        using var other = await StrangerAsync();
        var (mine, theirs) = (await ClaimAsync(host), await ClaimAsync(host, other));
        await PublishAsync(theirs, other);
        await PublishAsync(mine);

        Assert.Equal(HttpStatusCode.OK, (await VerifyAsync(theirs, other)).Status);
        var late = await VerifyAsync(mine);
        using var third = await StrangerAsync();
        var later = await SendAsync(HttpMethod.Post, "/api/domains", Bodies.Form(("host", host)), third);

        Assert.Equal((HttpStatusCode.Conflict, "host"), (late.Status, late.WrongFields.Single()));
        Assert.Equal((HttpStatusCode.Conflict, "host"), (later.Status, later.WrongFields.Single()));
        Assert.False(await IsVerifiedAsync(mine));
    }

    [Fact]
    public async Task Of_many_who_prove_at_once_one_has_it()
    {
        var host = NewHost();
        List<(HttpClient Http, long Id)> claims = [];
        for (var i = 0; i < 5; i++)
        {
            var http = await StrangerAsync();
            claims.Add((http, await ClaimAsync(host, http)));
            await PublishAsync(claims[^1].Id, http);
        }

        var replies = await Task.WhenAll(claims.Select(claim => VerifyAsync(claim.Id, claim.Http)));

        Assert.Single(replies, reply => reply.Status == HttpStatusCode.OK);
        Assert.Equal(4, replies.Count(reply => reply.Status == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task The_database_too_has_one_owner_for_a_host()
    {
        var host = NewHost();
        await DomainAsync(host);

        await Assert.ThrowsAsync<DbUpdateException>(() =>
            Server.Database.WriteAsync(
                async db =>
                {
                    db.Domains.Add(
                        new DomainRow
                        {
                            AccountId = db.Accounts.OrderByDescending(account => account.Id).First().Id,
                            Scheme = "https://",
                            Host = host,
                            Token = "t",
                            VerifiedAt = 1,
                            CreatedAt = 0,
                            UpdatedAt = 0,
                        }
                    );
                    return await db.SaveChangesAsync(Cancel);
                },
                Cancel
            )
        );
    }

    [Fact]
    public async Task A_released_host_is_proven_anew_with_another_record()
    {
        var host = NewHost();
        var first = await DomainAsync(host);
        var record = (await DomainAsync(first))["verification"]!["value"]!.GetValue<string>();

        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, $"/api/domains/{first}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, await CheckAsync(host));
        using var other = await StrangerAsync();
        var again = await ClaimAsync(host, other);

        Assert.NotEqual(record, (await DomainAsync(again, other))["verification"]!["value"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.BadRequest, (await VerifyAsync(again, other)).Status);
    }

    [Fact]
    public async Task A_record_may_be_gone_for_two_days_and_on_the_third_the_domain_is_lost()
    {
        var host = NewHost();
        var id = await DomainAsync(host);
        var checks = Server.Services.GetRequiredService<DomainChecks>();

        await Dns.RemoveAsync($"_signpost.{host}");
        for (var day = 1; day <= 2; day++)
        {
            await DayAsync(id);
            Assert.Equal(day, (await DomainAsync(id))["verification"]!["failed_checks"]!.GetValue<int>());
            Assert.Equal(HttpStatusCode.OK, await CheckAsync(host));
        }

        // Checks on request also count only once a day.
        Assert.Equal(HttpStatusCode.BadRequest, (await VerifyAsync(id)).Status);
        await checks.RunAsync(Cancel);
        Assert.True(await IsVerifiedAsync(id));

        await DayAsync(id);
        Assert.False(await IsVerifiedAsync(id));
        Assert.Equal(HttpStatusCode.NotFound, await CheckAsync(host));

        await PublishAsync(id);
        Assert.Equal(HttpStatusCode.OK, (await VerifyAsync(id)).Status);
    }

    [Fact]
    public async Task A_record_that_comes_back_in_time_counts_as_never_gone()
    {
        var host = NewHost();
        var id = await DomainAsync(host);
        await Dns.RemoveAsync($"_signpost.{host}");
        await DayAsync(id);
        await DayAsync(id);

        await PublishAsync(id);
        await DayAsync(id);

        Assert.Equal(0, (await DomainAsync(id))["verification"]!["failed_checks"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_DNS_that_does_not_answer_takes_nothing_away()
    {
        var host = NewHost();
        var id = await DomainAsync(host);

        await Dns.StopAsync();
        for (var day = 0; day < DomainChecks.Grace; day++)
            await DayAsync(id);

        Assert.True(await IsVerifiedAsync(id));
        Assert.Equal(0, (await DomainAsync(id))["verification"]!["failed_checks"]!.GetValue<int>());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await VerifyAsync(id)).Status);
        await Dns.AddAsync();
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("go")]
    [InlineData("127.0.0.1")]
    [InlineData("127.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("::1")]
    [InlineData("１２７.０.０.１")]
    [InlineData("my.localhost")]
    [InlineData("go.example:8080")]
    [InlineData("https://go.example")]
    [InlineData("go.example/path")]
    [InlineData("user@go.example")]
    [InlineData("*.example.org")]
    [InlineData("_dmarc.example.org")]
    [InlineData("-a.example")]
    [InlineData("a-.example")]
    [InlineData("a..example")]
    [InlineData(".example.org")]
    [InlineData("go example.org")]
    [InlineData("xn--a.example")]
    [InlineData("go.example\0.org")]
    [InlineData("go.example%2f")]
    public async Task This_is_no_host(string host)
    {
        var reply = await PostAsync("/api/domains", ("host", host));

        Assert.Equal((HttpStatusCode.BadRequest, "host"), (reply.Status, reply.WrongFields.Single()));
        Assert.Equal(HttpStatusCode.NotFound, await CheckAsync(Uri.EscapeDataString(host)));
    }

    [Fact]
    public async Task A_host_has_240_characters_at_most()
    {
        var label = new string('a', 59);
        var longest = $"{label}.{label}.{label}.{new string('b', 52)}.example";
        Assert.Equal(240, longest.Length);

        Assert.Equal(HttpStatusCode.Created, (await PostAsync("/api/domains", ("host", longest))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/api/domains", ("host", $"a{longest}"))).Status);
    }

    [Theory]
    [InlineData("GO.Bücher-{0}.EXAMPLE.", "go.xn--bcher-{0}-")]
    [InlineData("Go-{0}。example", "go-{0}.example")]
    public async Task A_host_has_one_spelling(string typed, string stored)
    {
        var mark = Guid.NewGuid().ToString("N")[..8];

        var id = await ClaimAsync(typed.Replace("{0}", mark, StringComparison.Ordinal));

        Assert.StartsWith(
            stored.Replace("{0}", mark, StringComparison.Ordinal),
            (await DomainAsync(id))["host"]!.GetValue<string>(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_account_has_a_host_once_and_cannot_change_it()
    {
        var host = NewHost();
        var id = await ClaimAsync(host);

        var twice = await PostAsync("/api/domains", ("host", host.ToUpperInvariant()));
        var same = await PostAsync($"/api/domains/{id}", ("host", host), ("scheme", "http://"));
        var other = await PostAsync($"/api/domains/{id}", ("host", NewHost()));

        Assert.Equal((HttpStatusCode.Conflict, "host"), (twice.Status, twice.WrongFields.Single()));
        Assert.Equal(HttpStatusCode.OK, same.Status);
        Assert.Equal("http://", (await DomainAsync(id))["scheme"]!.GetValue<string>());
        Assert.Equal((HttpStatusCode.BadRequest, "host"), (other.Status, other.WrongFields.Single()));
    }

    [Fact]
    public async Task A_foreign_claim_cannot_be_verified()
    {
        var id = await ClaimAsync(NewHost());
        await PublishAsync(id);
        using var stranger = await StrangerAsync();

        var foreign = await VerifyAsync(id, stranger);
        var missing = await VerifyAsync(999_999_999, stranger);

        Assert.Equal((HttpStatusCode.NotFound, foreign.Body), (missing.Status, missing.Body));
        Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
        Assert.False(await IsVerifiedAsync(id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?domain=")]
    [InlineData("?domain[]=go.example")]
    [InlineData("?domain=a.example&domain=b.example")]
    [InlineData("?domain=nobody.example")]
    [InlineData("?domain=%00")]
    [InlineData("?domain=127.0.0.1")]
    public async Task Whether_a_host_is_served_needs_no_key_and_says_no_in_the_APIs_shape(string query)
    {
        foreach (var path in (string[])["/api/domains/check", "/api/domains/check/"])
        {
            var reply = await SendAsync(HttpMethod.Get, path + query, null, Server.Anonymous);

            Assert.Equal(HttpStatusCode.NotFound, reply.Status);
            Assert.Equal("404", reply.Json["errors"]![0]!["status"]!.GetValue<string>());
        }
    }

    // As if the last answer had come a day earlier.
    private async Task DayAsync(long id)
    {
        await Server.Database.WriteAsync(
            db =>
                db.Domains.Where(domain => domain.Id == id)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(domain => domain.CheckedAt, domain => domain.CheckedAt - 86_400_000),
                        Cancel
                    ),
            Cancel
        );
        await Server.Services.GetRequiredService<DomainChecks>().RunAsync(Cancel);
    }
}
