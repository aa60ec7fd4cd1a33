using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Signpost.Api.Bodies;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Links;
using Signpost.Storage;
using SQLitePCL;

namespace Signpost.Tests.Links;

/// <summary>Random lists and searches beside the same filters in memory, and the work that lists take.</summary>
[Trait("Database", "SQLite")]
public sealed class LinkFinderTests : IAsyncLifetime
{
    private const int Links = 160;
    private const long Start = 1_700_000_000_000;
    private const long Future = 9_000_000_000_000;

    private static readonly string[] Hosts = ["example.org", "Shop.example", "münchen.example", "100%_a.example"];
    private static readonly string[] Words =
    [
        "spring",
        "sale",
        "news",
        "a",
        "zq",
        "БУЛКА",
        "日本",
        "it's",
        "\"x\"",
        "😀",
    ];
    private static readonly string[] Searches =
    [
        "",
        "a",
        "zq",
        "spr",
        "PRING",
        "булка",
        "本",
        "%",
        "_",
        "'",
        "\"",
        "😀",
        "nothing at all",
        "example.org/spring/sale",
        "/",
        "https://",
        "münchen",
        "\" OR \"",
    ];

    private readonly string _directory = Directory.CreateTempSubdirectory("signpost-lists-").FullName;
    private readonly Database _database;
    private readonly Random _chance = new(20_261_127);
    private static readonly string[] Tags = ["Spring", "Größe"];
    private static readonly string[] Flags =
    [
        "targeting",
        "password",
        "schedule",
        "limit",
        "warning",
        "cloaking",
        "expired",
    ];

    private ILookup<long, string> _tags = Array.Empty<string>().ToLookup(_ => 0L);
    private long _account;
    private long _other;

    public LinkFinderTests() => _database = new Database(Path.Combine(_directory, "signpost.db"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await Schema.ApplyAsync(_database, Cancel);
        await _database.WriteAsync(
            async db =>
            {
                Account[] accounts = [new() { CreatedAt = 0 }, new() { CreatedAt = 0 }];
                db.AddRange(accounts);
                await db.SaveChangesAsync(Cancel);
                (_account, _other) = (accounts[0].Id, accounts[1].Id);
                for (var i = 0; i < Links; i++)
                    db.Links.Add(Some(i));
                foreach (var account in (long[])[_account, _other])
                foreach (var name in Tags)
                    db.Tags.Add(
                        new()
                        {
                            AccountId = account,
                            Name = name,
                            NameKey = TagRow.KeyOf(name),
                            Color = "",
                            CreatedAt = 0,
                            UpdatedAt = 0,
                        }
                    );
                return await db.SaveChangesAsync(Cancel);
            },
            Cancel
        );
        await TagAsync(50);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Any_list_is_the_filter_in_memory_whatever_the_plan_and_whatever_changed()
    {
        // Small bounds take every plan; the usual ones read and sort.
        LinkFinder[] finders =
        [
            new(_database, TimeProvider.System)
            {
                Few = 4,
                FewTagged = 6,
                MostCounted = 12,
                ReadCost = 1,
                MostRead = 20,
            },
            new(_database, TimeProvider.System)
            {
                Few = 30,
                FewTagged = 40,
                MostCounted = 60,
                ReadCost = 100,
            },
            new(_database, TimeProvider.System),
        ];
        var (inexact, empty) = (0, 0);
        for (var round = 0; round < 8; round++)
        {
            await ChangeAsync(round);
            await using var db = _database.Read();
            var rows = await db.Links.Where(link => link.AccountId == _account).ToListAsync(Cancel);
            await ReadTagsAsync(db);
            for (var list = 0; list < 60; list++)
            {
                var text = SomeQuery();
                var expected = Expect(rows, Read(text));
                var finder = finders[_chance.Next(finders.Length)];
                CheckPages(finder, text, expected, ref inexact);
                Assert.True(expected.SequenceEqual(Walk(finder, text)), text);
                empty += expected.Count == 0 ? 1 : 0;
            }
        }

        Assert.True(inexact > 20, $"Only {inexact} totals were bounds.");
        Assert.InRange(empty, 20, 400);
    }

    [Theory]
    [InlineData("order_by=link_id")]
    [InlineData("order_by=url&order_type=ASC")]
    [InlineData("order_by=datetime&search=a&search_by=location_url")]
    [InlineData("order_by=link_id&order_type=ASC&search=example&search_by=location_url")]
    public async Task A_walk_by_cursor_meets_every_link_that_stays_once(string text)
    {
        LinkFinder finder = new(_database, TimeProvider.System)
        {
            Few = 4,
            MostCounted = 12,
            ReadCost = 1,
            MostRead = 20,
        };
        await using var db = _database.Read();
        var before = Expect(await db.Links.Where(link => link.AccountId == _account).ToListAsync(Cancel), Read(text));

        List<long> met = [];
        var query = Read(text + "&results_per_page=7");
        for (var pages = 0; ; pages++)
        {
            var page = finder.Find(_account, query, Cancel);
            met.AddRange(page.Ids);
            if (page.Next is not { } next)
                break;
            await ChangeAsync(pages, onlyAddAndDelete: true);
            query = query with { Cursor = next };
        }

        await using var later = _database.Read();
        var stayed = await later
            .Links.Where(link => before.Contains(link.Id))
            .Select(link => link.Id)
            .ToListAsync(Cancel);
        Assert.True(stayed.Count is > 20 && stayed.Count < before.Count, $"{stayed.Count} of {before.Count} stayed.");
        Assert.Equal(met.Distinct(), met);
        Assert.Equal(before.Where(stayed.Contains), met.Where(stayed.Contains));
    }

    [Fact]
    public async Task Lists_read_indexes_and_few_links()
    {
        const int Many = 2_000;
        await _database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    """
                    INSERT INTO links (account_id, domain_id, project_id, alias, alias_key, location_url, location_hash, is_enabled,
                        position, schedule, http_status_code, sensitive_content, app_linking_is_enabled, cloaking_is_enabled,
                        forward_query_parameters_is_enabled, version, created_at, updated_at, ranked_clicks)
                    WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < @many)
                    SELECT @account, n % 3, CASE WHEN n < 10 THEN 7 ELSE 8 END, 'k' || n, 'k' || n, 'https://e.example/' || n, n,
                        n % 2, 0, 0, 302, 0, 0, 0, 0, 1, n, n, n FROM n
                    """,
                    ("@many", Many),
                    ("@account", _other)
                )
                + connection.Run(
                    transaction,
                    """
                    UPDATE links SET title = 'title ' || alias, targeting_type = CASE WHEN created_at < 10 THEN 'os_name' END,
                        clicks_limit = CASE WHEN created_at % 2 = 0 THEN 9 END, schedule = created_at % 3 = 0, end_at = created_at
                    WHERE account_id = @account;
                    INSERT INTO tags (id, account_id, name, name_key, color, created_at, updated_at)
                    VALUES (71, @account, 'few', 'few', '', 0, 0), (72, @account, 'many', 'many', '', 0, 0);
                    INSERT INTO link_tags (link_id, tag_id) SELECT id, 71 FROM links WHERE account_id = @account AND created_at < 20;
                    INSERT INTO link_tags (link_id, tag_id) SELECT id, 72 FROM links WHERE account_id = @account AND id % 3 = 0
                    """,
                    ("@account", _other)
                ),
            Cancel
        );
        LinkFinder finder = new(_database, TimeProvider.System)
        {
            Few = 50,
            FewTagged = 50,
            MostCounted = 200,
        };
        string[] filters =
        [
            "",
            "project_id=7",
            "project_id=8",
            "project_id=7&is_enabled=0",
            "domain_id=2",
            "is_enabled=1&domain_id=1",
            "domain_id=9",
            "datetime_start=1970-01-01T00:00:00Z",
            "datetime_start=1970-01-02",
            "url=k77",
            "search=k1999",
            "search=zzz",
            "search=k77&search_by=location_url&domain_id=1",
            "search=e.example&search_by=location_url",
            "tag=few",
            "tag=few&search=k1&is_enabled=1",
            "tag=many",
            "tag=many&domain_id=2",
            "tag=few&tag=many",
            "tag=few&tag=other&is_enabled=1",
            "not_tag=few",
            "tag=null",
            "tag=many&not_tag=few",
            "flag=targeting",
            "flag=limit",
            "flag=limit&flag=targeting&is_enabled=1",
            "flag=cloaking",
            "flag=expired",
            "flag=targeting&search=example&search_by=location_url",
            "search=zzz&search_by=note",
            "search=title%201999&search_by=title",
        ];
        Check(filters);
        // Nearly all links end in the future.
        await _database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    "UPDATE links SET end_at = @future WHERE account_id = @account AND created_at >= 10",
                    ("@future", Future),
                    ("@account", _other)
                ),
            Cancel
        );
        Check("flag=expired", "flag=expired&is_enabled=1");

        void Check(params string[] filters)
        {
            foreach (var filter in filters)
            foreach (var order in LinkQuery.Orders)
            foreach (var direction in (string[])["ASC", "DESC"])
            {
                var text = $"{filter}&order_by={order}&order_type={direction}";
                var steps = Steps(connection => finder.Find(connection, _other, Read(text), Cancel));
                // Reading all links takes more than 100,000 steps, and sorting them twice as many.
                Assert.True(steps < 15_000, $"{text}: {steps} steps");
            }
        }
    }

    [Fact]
    public async Task Links_older_than_the_index_are_found_before_and_after_they_are_added()
    {
        await _database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    """
                    INSERT INTO link_texts (link_texts, rowid, grams)
                    SELECT 'delete', id, signpost_link_grams(account_id, alias_key, location_url, location_sent, title, note)
                    FROM links WHERE id <= 100;
                    INSERT INTO jobs (id, kind, subject, account_id, domain_id) VALUES (1, 9, 100, 0, 0)
                    """
                ),
            Cancel
        );
        await ChangeAsync(3);
        await using var db = _database.Read();
        var rows = await db.Links.Where(link => link.AccountId == _account).ToListAsync(Cancel);
        var job = await db.Jobs.SingleAsync(Cancel);
        LinkFinder finder = new(_database, TimeProvider.System) { Few = 4 };
        const string Text = "search=spring&search_by=location_url";
        var expected = Expect(rows, Read(Text));

        Assert.True(expected.SequenceEqual(Walk(finder, Text)), "before");
        using var slices = new Slices(_database, new ChangeFeed(), TimeProvider.System) { Most = 7 };
        await new LinkIndexing(slices).RunAsync(job, Cancel);

        Assert.True(expected.SequenceEqual(Walk(finder, Text)), "after");
        Assert.Empty(await db.Jobs.ToListAsync(Cancel));
        // Each link is in the index exactly once, so that nothing is left of it when all are deleted.
        await _database.WriteAsync(db => db.LinksAndTrash.ExecuteDeleteAsync(Cancel), Cancel);
        using var connection = _database.OpenRead();
        using var command = connection.Command(
            null,
            "SELECT count(*) FROM link_texts WHERE link_texts MATCH 'lh OR ls OR a1'"
        );
        Assert.Equal(0L, command.ExecuteScalar());
    }

    private long Steps(Action<DbConnection> work)
    {
        const int Unit = 100;
        using var connection = _database.OpenRead();
        var handle = ((SqliteConnection)connection).Handle!;
        var units = 0L;
        raw.sqlite3_progress_handler(
            handle,
            Unit,
            _ =>
            {
                units++;
                return 0;
            },
            null
        );
        try
        {
            work(connection);
        }
        finally
        {
            raw.sqlite3_progress_handler(handle, 0, null, null);
        }

        return units * Unit;
    }

    private void CheckPages(LinkFinder finder, string text, List<long> expected, ref int inexact)
    {
        var size = _chance.Next(1, 20);
        var last = (expected.Count + size - 1) / size;
        foreach (var number in (int[])[1, Math.Max(1, last), last + 1, _chance.Next(1, last + 2)])
        {
            var page = finder.Find(_account, Read($"{text}&results_per_page={size}&page={number}"), Cancel);
            var what = $"{text}, page {number} of {size}";
            Assert.True(expected.Skip((number - 1) * size).Take(size).SequenceEqual(page.Ids), what);
            Assert.True(page.IsExact ? page.Total == expected.Count : page.Total <= expected.Count, what);
            Assert.True(page.Next is not null == (number * size < expected.Count), what);
            inexact += page.IsExact ? 0 : 1;
        }
    }

    private List<long> Walk(LinkFinder finder, string text)
    {
        List<long> met = [];
        var query = Read($"{text}&results_per_page={_chance.Next(5, 60)}");
        while (true)
        {
            var page = finder.Find(_account, query, Cancel);
            met.AddRange(page.Ids);
            if (page.Next is not { } next)
                return met;
            // Written and read as a client sends it.
            Assert.True(LinkCursor.TryRead(next.Write(query.NameOf(_account)), query.NameOf(_account), out var read));
            query = query with { Cursor = read };
        }
    }

    private static LinkQuery Read(string text)
    {
        var read = new FieldReader(FormBody.ParseQuery(text), TimeZoneInfo.Utc);
        var query = LinkQuery.Read(read);
        Assert.Empty(read.Errors);
        return query;
    }

    private List<long> Expect(List<LinkRow> rows, LinkQuery query)
    {
        var search = LinkSearch.Of(query);
        var found = rows.Where(row =>
            (query.ProjectId is null || (row.ProjectId ?? 0) == query.ProjectId)
            && (query.DomainId is null || row.DomainId == query.DomainId)
            && (query.IsEnabled is null || row.IsEnabled == query.IsEnabled)
            && (query.Url is null || row.AliasKey == query.Url)
            && (query.Window.From is not { } from || (query.Window.ByLastEdit ? row.UpdatedAt : row.CreatedAt) >= from)
            && (
                query.Window.Until is not { } until || (query.Window.ByLastEdit ? row.UpdatedAt : row.CreatedAt) < until
            )
            && query.Flags.All(flag => Has(row, flag))
            && query.Tags.All(filter => HasOne(row.Id, filter) != filter.IsExcluding)
            && (search is null || TextsOf(row, query.SearchBy).OfType<string>().Any(search.Finds))
        );
        var sorted = query.Window.OrderBy switch
        {
            "datetime" => found.OrderBy(row => row.CreatedAt),
            "last_datetime" => found.OrderBy(row => row.UpdatedAt),
            "clicks" => found.OrderBy(row => row.RankedClicks),
            "url" => found.OrderBy(
                row => Convert.ToHexString(Encoding.UTF8.GetBytes(row.AliasKey)),
                StringComparer.Ordinal
            ),
            _ => found.OrderBy(row => 0),
        };
        List<long> ids = [.. sorted.ThenBy(row => row.Id).Select(row => row.Id)];
        if (!query.Window.Ascending)
            ids.Reverse();
        return ids;
    }

    private bool HasOne(long link, TagFilter filter) =>
        _tags[link].Intersect(filter.Named).Any() || (filter.NamesNone && !_tags[link].Any());

    private static bool Has(LinkRow row, string flag) =>
        flag switch
        {
            "targeting" => row.TargetingType is not null,
            "password" => row.PasswordHash is not null,
            "schedule" => row.Schedule,
            "limit" => row.ClicksLimit is not null,
            "warning" => row.SensitiveContent,
            "cloaking" => row.CloakingIsEnabled,
            _ => row.Schedule && row.EndAt is Start,
        };

    private static string?[] TextsOf(LinkRow row, string field) =>
        field switch
        {
            LinkQuery.ByDestination => [row.LocationUrl, row.LocationSent],
            LinkQuery.ByTitle => [row.Title],
            LinkQuery.ByNote => [row.Note],
            _ => [row.AliasKey],
        };

    private async Task ReadTagsAsync(SignpostDb db)
    {
        var rows =
            from linkTag in db.LinkTags
            join tag in db.Tags on linkTag.TagId equals tag.Id
            select new { linkTag.LinkId, tag.NameKey };
        _tags = (await rows.ToListAsync(Cancel)).ToLookup(row => row.LinkId, row => row.NameKey);
        // Triggers count the links of each tag that are in use.
        foreach (var tag in await db.Tags.ToListAsync(Cancel))
            Assert.Equal(
                await db.LinkTags.CountAsync(
                    one => one.TagId == tag.Id && db.Links.Any(link => link.Id == one.LinkId),
                    Cancel
                ),
                tag.Links
            );
    }

    // Gives some links some tags of their account, and takes some off.
    private Task<int> TagAsync(int percent) =>
        _database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    """
                    DELETE FROM link_tags WHERE (link_id * 7919 + tag_id * 31 + @seed) % 100 < @percent
                        OR tag_id NOT IN (SELECT tags.id FROM tags JOIN links ON links.account_id = tags.account_id WHERE links.id = link_id);
                    INSERT INTO link_tags (link_id, tag_id)
                    SELECT links.id, tags.id FROM links JOIN tags ON tags.account_id = links.account_id
                    WHERE (links.id * 7873 + tags.id * 61 + @seed) % 100 < @percent * (tags.id % 2 + 1) / 2 ON CONFLICT DO NOTHING
                    """,
                    ("@seed", _chance.Next(100)),
                    ("@percent", percent)
                ),
            Cancel
        );

    private string SomeQuery()
    {
        List<string> parts = [$"order_by={Of(LinkQuery.Orders)}", $"order_type={Of("ASC", "DESC")}"];
        if (_chance.Next(3) == 0)
            parts.Add($"project_id={_chance.Next(5)}");
        if (_chance.Next(3) == 0)
            parts.Add($"domain_id={_chance.Next(4)}");
        if (_chance.Next(3) == 0)
            parts.Add($"is_enabled={_chance.Next(2)}");
        if (_chance.Next(20) == 0)
            parts.Add($"url=a{_chance.Next(Links)}");
        if (_chance.Next(3) == 0)
            parts.Add($"datetime_start={Day()}&datetime_field={Of("datetime", "last_datetime")}");
        if (_chance.Next(5) == 0)
            parts.Add($"datetime_end={Day()}");
        if (_chance.Next(2) == 0)
            parts.Add($"search={Uri.EscapeDataString(Of(Searches))}&search_by={Of(LinkQuery.Searched)}");
        if (_chance.Next(3) == 0)
            parts.Add(SomeTags("tag"));
        if (_chance.Next(6) == 0)
            parts.Add(SomeTags("not_tag"));
        if (_chance.Next(4) == 0)
            parts.Add(string.Join('&', Flags.Take(_chance.Next(1, 3)).Select(_ => $"flag={Of(Flags)}")));
        return string.Join('&', parts);
    }

    private string SomeTags(string filter) =>
        string.Join(
            '&',
            Enumerable
                .Range(0, _chance.Next(1, 4))
                .Select(_ => $"{filter}={Uri.EscapeDataString(Of("spring", "GRÖSSE", "größe", "nobody's", "null"))}")
        );

    private string Day() =>
        DateTimeOffset
            .FromUnixTimeMilliseconds(Start + TimeSpan.MillisecondsPerDay * _chance.Next(-1, 40))
            .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private string Of(params string[] values) => values[_chance.Next(values.Length)];

    private LinkRow Some(int number)
    {
        var sent = $"https://{Of(Hosts)}/{Of(Words)}/{Of(Words)}?n={number}";
        var url = Uri.EscapeDataString(sent).Replace("%2F", "/", StringComparison.Ordinal);
        var alias = $"{Of("a", "ß", "日", "zq/", "news_")}{number}";
        return new()
        {
            AccountId = _chance.Next(8) == 0 ? _other : _account,
            DomainId = _chance.Next(4),
            ProjectId = _chance.Next(2) == 0 ? null : _chance.Next(1, 4),
            Alias = alias,
            AliasKey = alias,
            LocationUrl = url,
            LocationSent = _chance.Next(2) == 0 ? sent : null,
            LocationHash = AddressHash.Of(url),
            IsEnabled = _chance.Next(4) > 0,
            CreatedAt = Start + TimeSpan.MillisecondsPerDay * (number / 4),
            UpdatedAt = Start + TimeSpan.MillisecondsPerDay * _chance.Next(40),
            RankedClicks = _chance.Next(6),
            DeletedAt = _chance.Next(8) == 0 ? Start : null,
            TargetingType = _chance.Next(4) == 0 ? "country_code" : null,
            PasswordHash = _chance.Next(4) == 0 ? "hash" : null,
            Schedule = _chance.Next(3) == 0,
            EndAt = _chance.Next(3) switch
            {
                0 => Start,
                1 => Future,
                _ => null,
            },
            ClicksLimit = _chance.Next(4) == 0 ? 9 : null,
            SensitiveContent = _chance.Next(4) == 0,
            CloakingIsEnabled = _chance.Next(4) == 0,
            Title = _chance.Next(3) == 0 ? null : $"{Of(Words)} {Of(Words)} {number}",
            Note = _chance.Next(3) == 0 ? $"{Of(Words)} {Of(Words)}" : null,
        };
    }

    private async Task ChangeAsync(int round, bool onlyAddAndDelete = false)
    {
        await _database.WriteAsync(
            async db =>
            {
                var rows = await db.LinksAndTrash.ToListAsync(Cancel);
                for (var i = 0; i < 6; i++)
                {
                    var row = rows[_chance.Next(rows.Count)];
                    var some = Some(1_000 + round * 10 + i);
                    if (i < 2)
                        db.Links.Add(some);
                    else if (i < 4)
                        db.Links.Remove(row);
                    else if (!onlyAddAndDelete && db.Entry(row).State == EntityState.Unchanged)
                    {
                        (row.AccountId, row.ProjectId, row.DomainId) = (some.AccountId, some.ProjectId, some.DomainId);
                        (row.Alias, row.AliasKey, row.IsEnabled) = (some.Alias, some.AliasKey, some.IsEnabled);
                        (row.LocationUrl, row.LocationSent) = (some.LocationUrl, some.LocationSent);
                        (row.LocationHash, row.UpdatedAt) = (some.LocationHash, some.UpdatedAt);
                        row.DeletedAt = some.DeletedAt;
                        (row.TargetingType, row.Schedule, row.EndAt) = (some.TargetingType, some.Schedule, some.EndAt);
                        (row.PasswordHash, row.ClicksLimit) = (some.PasswordHash, some.ClicksLimit);
                        (row.Title, row.Note) = (some.Title, some.Note);
                    }
                }

                return await db.SaveChangesAsync(Cancel);
            },
            Cancel
        );
        if (!onlyAddAndDelete)
            await TagAsync(15);
    }
}
