using System.Net;
using System.Net.Http.Json;
using Signpost.FaultTests.Running;
using Signpost.FaultTests.Visiting;
using Signpost.Journal;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>A full disk stops no redirect, and lost clicks are counted.</summary>
public sealed class FullDiskTests
{
    // Room for the database, the reserve and one segment of the journal, but not for two.
    private const int Megabytes = 36;
    private const int Few = 5;

    private static readonly SeededLink[] Links =
    [
        new("plain"),
        new("limited", Limit: 100_000_000),
        new("few", Limit: Few),
        new("not-asked-before"),
    ];

    [Fact]
    public async Task Redirects_go_on_while_the_disk_is_full_and_clicks_when_there_is_room_again()
    {
        await using var disk = await SmallDisk.MountAsync(Megabytes);
        await using var home = await Installation.SeededAsync(disk.Directory, Links);
        var ledger = new Ledger([home.Link("plain"), home.Link("limited")]);
        await using var server = await RunningServer.StartAsync(home);
        await using (var crowd = Crowd.Gather(server.Endpoint, ledger, visitors: 4, pipelined: 64))
        {
            await crowd.Begun.OrFail("The first answer", server.Process.Said);
            disk.Fill();
            await Patience.UntilAsync(
                async () => server.Process.HasExited || (await server.ReadinessAsync()).Unrecorded > 1_000,
                "A click that was not recorded",
                server.Process.Said
            );
            await CheckWhileFullAsync(server, home);
        }

        var lost = (await server.ReadinessAsync()).Unrecorded;
        disk.Free();
        await Patience.UntilAsync(
            async () => await server.ReadinessAsync() is { Status: 200, JournalBytes: 0 },
            "Readiness",
            server.Process.Said
        );

        ledger.IsOrderly(server);
        ledger.IsAnswered(server);
        // Visitors of limited links got 503; the others were redirected.
        Assert.Equal(0, ledger["plain"].Busy);
        Assert.Equal(ledger["limited"].Arrived, await server.ClicksAsync(home.Link("limited").Id));
        // One visit of each kind was made by hand.
        Assert.Equal(
            ledger["plain"].Arrived + 2 - (lost - ledger["limited"].Busy - 1),
            await server.ClicksAsync(home.Link("plain").Id) + await server.ClicksAsync(home.Link("not-asked-before").Id)
        );
        await CheckRecoveredAsync(server, home);
    }

    [Fact]
    public async Task Readiness_says_that_the_database_has_no_room()
    {
        await using var disk = await SmallDisk.MountAsync(Megabytes);
        await using var home = await Installation.SeededAsync(disk.Directory, Links);
        await using var server = await RunningServer.StartAsync(home);
        Assert.Equal(200, (await server.ReadinessAsync()).Status);
        disk.Fill();

        // The journal has room for clicks, but the write-ahead log grows with each edit.
        var status = HttpStatusCode.Created;
        for (var edit = 0; edit < 500 && status is HttpStatusCode.Created; edit++)
        {
            using var response = await CreateAsync(server, $"edit{edit}");
            status = response.StatusCode;
        }
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        var readiness = await server.ReadinessAsync();
        Assert.Equal(503, readiness.Status);
        Assert.Contains("The disk is full", readiness.Text, StringComparison.Ordinal);
        Assert.Contains(home.DataDirectory, readiness.Text, StringComparison.Ordinal);

        disk.Free();
        using var late = await CreateAsync(server, "room-again");
        Assert.Equal(HttpStatusCode.Created, late.StatusCode);
        Assert.Equal(200, (await server.ReadinessAsync()).Status);
    }

    [Fact]
    public async Task It_starts_on_a_full_disk_and_redirects()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var disk = await SmallDisk.MountAsync(Megabytes);
        await using var home = await Installation.SeededAsync(disk.Directory, Links);
        var few = 0;
        await using (var first = await RunningServer.StartAsync(home))
        {
            using var visitor = await Visitor.ConnectOrFailAsync(first.Endpoint, cancel);
            Assert.Equal(302, (await visitor.AskAsync(Visitor.Request("/limited"), cancel)).Status);
            few += await LimitedVisits.AskAsync(first, "/few", times: 2);
            await first.KillAsync();
        }

        disk.Fill();
        await using var server = await RunningServer.StartAsync(home);
        few += await LimitedVisits.AskAsync(server, "/few", times: 2);
        // If the first process had stored its click, its segment is free now, and a new one has room.
        var hasRoom = await IsServedAsync(server, "/limited");
        if (!hasRoom)
            await CheckWhileFullAsync(server, home);
        Assert.True(await IsServedAsync(server, "/plain"));
        Assert.True(await IsServedAsync(server, "/not-asked-before"));

        disk.Free();
        await Patience.UntilAsync(
            async () => await server.ReadinessAsync() is { Status: 200, JournalBytes: 0 },
            "Readiness",
            server.Process.Said
        );
        Assert.Equal(Few, few + await LimitedVisits.UntilGoneAsync(server, "/few"));
        Assert.Equal(hasRoom ? 2 : 1, await server.ClicksAsync(home.Link("limited").Id));
        await CheckRecoveredAsync(server, home);
    }

    [Fact]
    public async Task When_the_journal_has_filled_the_disk_it_becomes_empty_by_itself()
    {
        await using var disk = await SmallDisk.MountAsync(Megabytes);
        await using var home = await Installation.SeededAsync(disk.Directory, Links);
        var ledger = new Ledger([home.Link("plain"), home.Link("limited")]);
        await using var server = await RunningServer.StartAsync(home);
        var few = await LimitedVisits.AskAsync(server, "/few", times: 2);
        using (home.HoldDatabase())
        {
            await using var crowd = Crowd.Gather(server.Endpoint, ledger, visitors: 4, pipelined: 64);
            await crowd.Begun.OrFail("The first answer", server.Process.Said);
            await Patience.UntilAsync(
                async () => (await server.ReadinessAsync()).Unrecorded > 1_000,
                "A full journal",
                server.Process.Said
            );
            disk.Fill();
            few += await LimitedVisits.AskAsync(server, "/few", times: 2);
        }

        var before = await server.ReadinessAsync();
        await Patience.UntilAsync(
            async () => (await server.ReadinessAsync()).JournalBytes == 0,
            "An empty journal",
            server.Process.Said
        );

        Assert.True(before.JournalBytes > 10 << 20, before.Text);
        ledger.IsOrderly(server);
        var stored = home.StoredClicks(home.Link("plain").Id) + home.StoredClicks(home.Link("limited").Id);
        var arrived = ledger["plain"].Arrived + ledger["limited"].Arrived;
        // While nothing can be recorded, the visits of limited links get 503.
        var refused = 4 - few;
        Assert.Equal(arrived, stored + before.Unrecorded - ledger["limited"].Busy - refused);
        disk.Free();
        await Patience.UntilAsync(
            async () => (await server.ReadinessAsync()).Status == 200,
            "Readiness",
            server.Process.Said
        );
        Assert.Equal(Few, few + await LimitedVisits.UntilGoneAsync(server, "/few"));
        Assert.Equal(DiskReserve.Size, new FileInfo(Path.Combine(home.DataDirectory, "reserve")).Length);
    }

    [Theory]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public async Task Blocks_shared_with_a_copy_end_no_process_on_a_full_disk(string type)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var disk = await SmallDisk.MountSharingAsync(type);
        await using var home = await Installation.SeededAsync(disk.Directory, Links);
        var few = 0;
        await using (var server = await RunningServer.StartAsync(home))
        {
            using var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, cancel);
            few += await LimitedVisits.AskAsync(server, "/few", times: 1);
            await disk.SyncAsync();
            await SmallDisk.ShareAsync(home.DataDirectory, Path.Combine(home.Root, "copy"));
            // The server sees the copy within a second.
            await Patience.PassAsync(TimeSpan.FromSeconds(3));
            await disk.SyncAsync();
            disk.Fill();
            await disk.SyncAsync();
            for (var i = 0; i < 5; i++)
            {
                for (var visit = 0; visit < 20; visit++)
                    Assert.Equal(302, (await visitor.AskAsync(Visitor.Request("/plain"), cancel)).Status);
                using var edited = await CreateAsync(server, $"full-{i}");
                Assert.True(
                    edited.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.Created,
                    server.Process.Said()
                );
                if (i < 2)
                    few += await LimitedVisits.AskAsync(server, "/few", times: 1);
                await disk.SyncAsync();
            }

            Assert.False(server.Process.HasExited, server.Process.Said());
        }

        disk.Free();
        await using var again = await RunningServer.StartAsync(home);
        Assert.Equal(few, await again.ClicksAsync(home.Link("few").Id));
        Assert.Equal(Few, few + await LimitedVisits.UntilGoneAsync(again, "/few"));
    }

    [Theory]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public async Task It_starts_on_a_full_disk_that_shares_blocks_and_redirects(string type)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var disk = await SmallDisk.MountSharingAsync(type);
        await using var home = await Installation.SeededAsync(disk.Directory, Links);
        var few = 0;
        await using (var first = await RunningServer.StartAsync(home))
        {
            few += await LimitedVisits.AskAsync(first, "/few", times: 2);
            await first.KillAsync();
        }

        await disk.SyncAsync();
        disk.Fill();
        await disk.SyncAsync();
        await using var server = await RunningServer.StartAsync(home);
        using var late = await Visitor.ConnectOrFailAsync(server.Endpoint, cancel);
        Assert.Equal(302, (await late.AskAsync(Visitor.Request("/plain"), cancel)).Status);
        few += await LimitedVisits.AskAsync(server, "/few", times: 2);
        Assert.Equal(few, await server.ClicksAsync(home.Link("few").Id));
        disk.Free();
        Assert.Equal(Few, few + await LimitedVisits.UntilGoneAsync(server, "/few"));
        Assert.False(server.Process.HasExited, server.Process.Said());
    }

    [Fact]
    public async Task A_first_start_on_a_full_disk_is_refused_in_one_line()
    {
        await using var disk = await SmallDisk.MountAsync(1);
        await using var home = Installation.Empty(disk.Directory);
        disk.Fill();

        var ended = await SignpostProcess.RunAsync(home, ["--urls", "http://127.0.0.1:0"]);

        Assert.True(ended.ExitCode == 1, ended.ToString());
        Assert.Single(ended.Errors);
    }

    private static async Task<bool> IsServedAsync(RunningServer server, string path)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, cancel);
        var status = (await visitor.AskAsync(Visitor.Request(path), cancel)).Status;
        Assert.True(status is 302 or 503, $"{path}: {status}");
        return status == 302;
    }

    private static async Task CheckWhileFullAsync(RunningServer server, Installation home)
    {
        var cancel = TestContext.Current.CancellationToken;
        Assert.False(server.Process.HasExited, server.Process.Said());
        using var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, cancel);
        Assert.Equal(302, (await visitor.AskAsync(Visitor.Request("/plain"), cancel)).Status);
        Assert.Equal(302, (await visitor.AskAsync(Visitor.Request("/not-asked-before"), cancel)).Status);
        Assert.Equal(503, (await visitor.AskAsync(Visitor.Request("/limited"), cancel)).Status);
        Assert.Equal(200, (await visitor.AskAsync(Visitor.Request("/healthz"), cancel)).Status);

        var readiness = await server.ReadinessAsync();
        Assert.Equal(503, readiness.Status);
        Assert.True(readiness.Unrecorded >= 3, readiness.Text);
        Assert.Contains("No space left", readiness.Text, StringComparison.OrdinalIgnoreCase);

        using var refused = await CreateAsync(server, "too-much");
        // The write-ahead log may still have room; the test needs only a true response.
        Assert.True(refused.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.Created);
        Assert.Equal(
            refused.StatusCode == HttpStatusCode.Created ? 1L : 0L,
            home.Ask("SELECT count(*) FROM links WHERE alias = 'too-much'")
        );
    }

    private static async Task CheckRecoveredAsync(RunningServer server, Installation home)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var created = await CreateAsync(server, "room-again");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        using (var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, cancel))
            Assert.Equal(302, (await visitor.AskAsync(Visitor.Request("/limited"), cancel)).Status);
        var clicks = await server.ClicksAsync(home.Link("limited").Id);

        await server.StopAsync();

        Assert.Equal(clicks, home.StoredClicks(home.Link("limited").Id));
        Assert.Equal("ok", home.Ask("PRAGMA integrity_check"));
        await using var again = await RunningServer.StartAsync(home);
        Assert.Equal(clicks, await again.ClicksAsync(home.Link("limited").Id));
    }

    // Large, so that it does not fit into an existing page.
    private static Task<HttpResponseMessage> CreateAsync(RunningServer server, string alias) =>
        server.Http.PostAsJsonAsync(
            "/api/links",
            new
            {
                url = alias,
                location_url = "https://example.org/",
                cloaking_custom_js = new string('x', 60_000),
            },
            TestContext.Current.CancellationToken
        );
}
