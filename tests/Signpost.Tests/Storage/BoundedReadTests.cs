using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Audit;
using Signpost.Links;
using Signpost.Storage;
using SQLitePCL;

namespace Signpost.Tests.Storage;

/// <summary>Reads whose work does not grow with the rows that they do not return.</summary>
public sealed class BoundedReadTests : IAsyncLifetime
{
    private const int Many = 5_000;

    private readonly string _directory = Directory.CreateTempSubdirectory("signpost-bounds-").FullName;
    private readonly Database _database;

    public BoundedReadTests() => _database = new Database(Path.Combine(_directory, "signpost.db"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await Schema.ApplyAsync(_database, Cancel);

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task The_lines_about_a_person_and_by_a_person_come_in_order_without_those_of_others()
    {
        await RunAsync(
            """
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < @many)
            INSERT INTO audit_log (at, event, account_id, actor_id) SELECT 0, 'a', n, CASE WHEN n % 2 = 0 THEN n END FROM numbers;
            INSERT INTO audit_log (id, at, event, account_id, actor_id) VALUES
                (9001, 0, 'b', 9, 9), (9002, 0, 'c', 9, NULL), (9003, 0, 'd', 8, 9), (9004, 0, 'e', 8, 8), (9005, 0, 'f', 9, 8)
            """
        );
        List<long> found = [];

        var steps = await StepsAsync(async db =>
            found = await AuditLog.OfPerson(db, 9, 100, 3).Select(entry => entry.Id).ToListAsync(Cancel)
        );

        Assert.Equal([9001, 9002, 9003], found);
        Assert.InRange(steps, 1, Many / 4);
    }

    [Fact]
    public async Task The_links_of_others_on_a_domain_are_counted_without_reading_them()
    {
        var owner = new Account { CreatedAt = 0 };
        var guest = new Account { CreatedAt = 0 };
        var domain = new DomainRow
        {
            AccountId = 0,
            Scheme = "https://",
            Host = "go.example",
            Token = "t",
            CreatedAt = 0,
            UpdatedAt = 0,
        };
        await _database.WriteAsync(
            async db =>
            {
                db.AddRange(owner, guest);
                await db.SaveChangesAsync(Cancel);
                domain.AccountId = owner.Id;
                db.Add(domain);
                await db.SaveChangesAsync(Cancel);
                for (var i = 0; i < Many / 10; i++)
                    db.Links.Add(
                        new()
                        {
                            AccountId = i == 0 ? owner.Id : guest.Id,
                            DomainId = domain.Id,
                            Alias = $"a{i}",
                            AliasKey = $"a{i}",
                            LocationUrl = "https://example.org/",
                            IsGuest = i > 0,
                            CreatedAt = 0,
                            UpdatedAt = 0,
                        }
                    );
                return await db.SaveChangesAsync(Cancel);
            },
            Cancel
        );
        (long, long) counts = default;
        var all = 0L;

        var steps = await StepsAsync(async db =>
        {
            counts = await LinkDomains.CountGuestsAsync(db, domain, Cancel);
            all = await LinkRelease.CountAsync(db, domain.Id);
        });

        Assert.Equal(((Many / 10 - 1, 1), Many / 10), (counts, all));
        Assert.InRange(steps, 1, Many / 10);
    }

    [Fact]
    public async Task The_tags_of_a_page_of_links_are_read_without_those_of_others()
    {
        await RunAsync(
            """
            INSERT INTO accounts (id, time_zone, created_at) VALUES (7, 'UTC', 0);
            INSERT INTO tags (id, account_id, name, name_key, color, created_at, updated_at)
            VALUES (1, 7, 'B', 'b', '', 0, 0), (2, 7, 'A', 'a', '', 0, 0);
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < @many / 5)
            INSERT INTO links (id, account_id, domain_id, alias, alias_key, location_url, location_hash, is_enabled, position, schedule,
                http_status_code, sensitive_content, app_linking_is_enabled, cloaking_is_enabled, forward_query_parameters_is_enabled,
                version, created_at, updated_at)
            SELECT n, 7, 0, n, n, 'https://e.example/', 0, 1, 0, 0, 302, 0, 0, 0, 0, 1, 0, 0 FROM numbers;
            INSERT INTO link_tags (link_id, tag_id) SELECT links.id, tags.id FROM links CROSS JOIN tags WHERE tags.id < 3
            """
        );
        long[] page = [.. Enumerable.Range(400, 25)];
        ILookup<long, string>? tags = null;

        var steps = await StepsAsync(async db => tags = await LinkTags.NamesAsync(db, page, Cancel));

        Assert.Equal(page, tags!.Select(link => link.Key).Order());
        Assert.All(tags!, link => Assert.Equal(["A", "B"], link));
        Assert.InRange(steps, 1, Many / 2);
    }

    private Task<int> RunAsync(string sql) =>
        _database.WriteRawAsync((connection, transaction) => connection.Run(transaction, sql, ("@many", Many)), Cancel);

    private async Task<long> StepsAsync(Func<SignpostDb, Task> work)
    {
        const int Unit = 10;
        await using var db = _database.Read();
        await db.Database.OpenConnectionAsync(Cancel);
        // The first statement of a connection also reads the schema.
        await work(db);
        var handle = ((SqliteConnection)db.Database.GetDbConnection()).Handle!;
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
            await work(db);
        }
        finally
        {
            raw.sqlite3_progress_handler(handle, 0, null, null);
        }

        return units * Unit;
    }
}
