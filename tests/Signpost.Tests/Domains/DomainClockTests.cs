using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Domains;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.Tests.Domains;

/// <summary>The days without a record are days that have passed, whatever the system's clock shows.</summary>
public sealed class DomainClockTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(500)]
    [InlineData(-500)]
    public async Task A_jump_of_the_clock_neither_takes_a_domain_away_nor_stops_its_checks(int days)
    {
        await using var dns = await DnsServer.StartAsync();
        var clock = new ManualClock();
        await using var server = await TestServer.StartAsync(clock, null, ("SIGNPOST_DNS_RESOLVER", $"{dns.Address}"));
        await AddAsync(server, clock.GetUtcNow().ToUnixTimeMilliseconds());

        for (var day = 1; day < DomainChecks.Grace; day++)
        {
            clock.Jump(day % 2 == 1 ? TimeSpan.FromDays(days) : TimeSpan.FromDays(-days));
            await server.Services.GetRequiredService<DomainChecks>().RunAsync(Cancel);
            Assert.Equal((day - 1, true), await FailedAsync(server));

            clock.Advance(Day);
            await Patience.UntilAsync(async () => await FailedAsync(server) == (day, true));
        }

        clock.Advance(Day);
        await Patience.UntilAsync(async () => await FailedAsync(server) == (0, false));
    }

    private static async Task<(int Failed, bool IsVerified)> FailedAsync(TestServer server)
    {
        await using var db = server.Database.Read();
        var domain = await db.Domains.SingleAsync(Cancel);
        return (domain.FailedChecks, domain.VerifiedAt is not null);
    }

    private static Task<int> AddAsync(TestServer server, long now) =>
        server.Database.WriteAsync(
            async db =>
            {
                db.Domains.Add(
                    new DomainRow
                    {
                        AccountId = db.Accounts.First().Id,
                        Scheme = "https://",
                        Host = "go.example",
                        IsEnabled = true,
                        Token = "t",
                        VerifiedAt = now,
                        CheckedAt = now,
                        CreatedAt = now,
                        UpdatedAt = now,
                    }
                );
                return await db.SaveChangesAsync(Cancel);
            },
            Cancel
        );
}
