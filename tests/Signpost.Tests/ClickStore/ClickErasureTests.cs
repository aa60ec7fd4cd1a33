using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Clicks;
using Signpost.ClickStore;
using Signpost.ClickStore.Chunks;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Journal;
using Signpost.Testing;

namespace Signpost.Tests.ClickStore;

/// <summary>After a link is deleted, no data of its visitors is left anywhere on the disk.</summary>
public sealed class ClickErasureTests
{
    private static readonly Guid Journal = new("0190a0b1-0000-7000-8000-000000000077");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Trait("Database", "SQLite")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Deleting_a_link_leaves_no_word_of_its_visitors_in_any_file(bool isCompacted)
    {
        await using var server = await TestServer.StartAsync();
        var gone = await server.CreateLinkAsync();
        var kept = await server.CreateLinkAsync();
        await StoreAsync(server, 0, gone.Id, kept.Id);
        if (isCompacted)
            await server.Services.GetRequiredService<ClickCompactor>().CompactAsync(Cancel);
        await StoreAsync(server, 1, gone.Id, kept.Id);
        Assert.NotEmpty(FilesWith(server, Marker(gone.Id)));

        using var answer = await server.Http.DeleteAsync($"/api/links/{gone.Id}?permanent=1", Cancel);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        await server.Services.GetRequiredService<ClickCompactor>().CompactAsync(Cancel);

        await UntilGoneAsync(server, Marker(gone.Id));
        Assert.NotEmpty(FilesWith(server, Marker(kept.Id)));
        using var view = server.Services.GetRequiredService<ClickArchive>().Open();
        Assert.Empty(view.Read(gone.Id, 0, long.MaxValue));
        Assert.Equal([kept.Id], view.LinksSince(0));
        Assert.Equal(40, RowsFixture.RowsOf(view.Read(kept.Id, 0, long.MaxValue), 1).Count);
    }

    [Trait("Database", "SQLite")]
    [Theory]
    [InlineData("/api/users/{user}?links=delete")]
    [InlineData("/api/links/{link}?permanent=1")]
    [InlineData("/api/links/{link}")]
    public async Task Of_real_visits_nothing_is_left_a_minute_after_their_link_or_account_went(string deletes)
    {
        var isAccount = deletes.Contains("{user}", StringComparison.Ordinal);
        var clock = new ManualClock();
        await using var server = await TestServer.StartAsync(clock, null);
        var user = await MakeAsync(
            server,
            "/api/users",
            ("email", isAccount ? "planted-eve@example.org" : "eve@example.org"),
            ("name", isAccount ? "planted-name" : "Eve"),
            ("password", TestServer.AdminPassword)
        );
        var userId = user.GetProperty("id").GetInt64();
        var key = await MakeAsync(server, $"/api/users/{userId}/api-keys", ("name", "hers"));
        using var owner = server.NewClient(key.GetProperty("key").GetString()!);
        owner.DefaultRequestHeaders.Add("Idempotency-Key", "of-eve");
        using var made = await owner.PostAsync(
            "/api/links",
            new FormUrlEncodedContent([new("location_url", "https://example.org/planted-destination")]),
            Cancel
        );
        var link = (await made.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("data");
        var (id, alias) = (link.GetProperty("id").GetInt64(), link.GetProperty("url").GetString()!);
        for (var day = 0; day < 2; day++)
        {
            for (var visit = 0; visit < 5; visit++)
                using (
                    await server.FollowAsync(
                        alias + "?utm_source=planted-source&utm_campaign=planted-campaign",
                        null,
                        ("User-Agent", "planted-agent/1.0 (Windows NT 10.0) Firefox/130.0"),
                        ("Referer", "https://planted-referrer.example/planted-path"),
                        ("Accept-Language", "fr")
                    )
                ) { }
            clock.Advance(TimeSpan.FromSeconds(2));
            await clock.UntilAsync(
                () => server.Services.GetRequiredService<ClickJournal>().State.BytesPending == 0,
                TimeSpan.FromSeconds(0.1)
            );
            if (day == 0)
            {
                clock.Advance(TimeSpan.FromDays(1));
                await server.Services.GetRequiredService<ClickCompactor>().CompactAsync(Cancel);
            }
        }

        Assert.NotEmpty(FilesWith(server, "planted-source"));
        Assert.NotEmpty(FilesWith(server, "planted-destination"));
        var path = deletes.Replace("{user}", $"{userId}", StringComparison.Ordinal);
        using var answer = await (isAccount ? server.Http : owner).DeleteAsync(
            path.Replace("{link}", $"{id}", StringComparison.Ordinal),
            Cancel
        );
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        if (!deletes.Contains('?', StringComparison.Ordinal))
        {
            // It waits in the trash.
            clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(2));
            Assert.NotEmpty(FilesWith(server, "planted-source"));
            Assert.NotEmpty(FilesWith(server, "planted-destination"));
            clock.Advance(TimeSpan.FromMinutes(2));
        }

        await clock.UntilAsync(() => FilesWith(server, "planted-") is [], TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_link_that_goes_in_the_middle_of_a_fold_stays_gone()
    {
        await using var rows = await RowsFixture.MakeAsync();
        var chance = new Random(5);
        await rows.AppendAsync(rows.Some(chance, 2_100));
        await rows.AppendAsync(rows.Some(chance, 2_100));
        rows.Compactor.LinksAtOnce = 4;
        var erasure = rows.Erasure(most: 1);
        var next = 0;
        rows.Compactor.AfterStep = () =>
        {
            var link = next++ * 7 + 1;
            if (link > RowsFixture.Links)
                return;
            rows.EraseAsync(erasure, new(link, 1, null, 0), new(link + 1, 1, null, 0)).GetAwaiter().GetResult();
            rows.Expect(link).Clear();
            rows.Expect(link + 1).Clear();
        };

        await rows.Compactor.CompactAsync(Cancel);

        Assert.True(next > 3);
        rows.Check();
        rows.Boot();
        await rows.Compactor.LoadAsync(Cancel);
        rows.Check();
    }

    [Fact]
    public async Task Clicks_that_are_stored_after_their_link_went_are_dropped()
    {
        await using var rows = await RowsFixture.MakeAsync();
        var chance = new Random(5);
        await rows.AppendAsync(rows.Row(1, chance), rows.Row(77, chance), rows.Row(2, chance));
        rows.Check();
        Assert.Equal(2, rows.Ask("SELECT sum(count) FROM click_blocks"));
    }

    private static async Task<JsonElement> MakeAsync(
        TestServer server,
        string path,
        params (string Name, string Value)[] fields
    )
    {
        var form = fields.Select(field => KeyValuePair.Create(field.Name, field.Value));
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Add("Idempotency-Key", "of-test");
        using var made = await server.Http.SendAsync(request, Cancel);
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync(Cancel));
        return (await made.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("data");
    }

    private static string Marker(long link) => $"marker-of-{link}-";

    private static async Task StoreAsync(TestServer server, int number, params long[] links)
    {
        List<ClickRow> rows = [];
        foreach (var link in links)
            for (var i = 0; i < 20; i++)
            {
                var marker = Marker(link) + i;
                rows.Add(
                    new(
                        link,
                        1_772_366_400 + i,
                        (ulong)i,
                        ClickKind.Person,
                        302,
                        false,
                        new("EU", "FR", marker),
                        new("Windows", marker, "desktop"),
                        "en",
                        new(marker, marker),
                        new(marker, marker, marker),
                        new(marker, null)
                    )
                );
            }

        var clicks = rows.Select(row => new Click(row.LinkId, 1, row.AtSeconds * 1_000, row.Kind, row.Status)).ToList();
        var batch = new ClickBatch(Position(number), Position(number + 1), clicks) { Rows = rows };
        Assert.True(await server.Services.GetRequiredService<IClickStore>().AppendAsync(Journal, batch, Cancel));
    }

    private static JournalPosition Position(int number) => number == 0 ? JournalPosition.Start : new(number, 0);

    private static Task UntilGoneAsync(TestServer server, string marker) =>
        Patience.UntilAsync(
            () => Task.FromResult(FilesWith(server, marker) is []),
            $"A data directory without {marker}"
        );

    private static List<string> FilesWith(TestServer server, string marker)
    {
        // The log is a file too, so the test reads it without closing anything.
        var bytes = Encoding.UTF8.GetBytes(marker);
        return
        [
            .. Directory
                .EnumerateFiles(server.DataDirectory, "*", SearchOption.AllDirectories)
                .Where(path =>
                    Path.GetFileName(path) != "lock" && File.Exists(path) && ReadAll(path).AsSpan().IndexOf(bytes) >= 0
                ),
        ];
    }

    private static byte[] ReadAll(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }
}
