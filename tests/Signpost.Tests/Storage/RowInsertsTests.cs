using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Signpost.Storage;
using Signpost.Testing;
using SQLitePCL;

namespace Signpost.Tests.Storage;

/// <summary>Rows that are stored without Entity Framework, and read with it.</summary>
public sealed class RowInsertsTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("signpost-rows-").FullName;
    private Database _database = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await EmptyDatabase.PutAsync(_directory);
        _database = new(Path.Combine(_directory, "signpost.db"));
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Each_column_of_each_row_is_stored_and_ids_follow_the_order()
    {
        LinkRow[] rows = [Filled("one"), Plain("two"), Filled("\"thr\u00E9e\u2028\U0001F600")];
        LinkVersion version = new()
        {
            LinkId = 0,
            Version = 7,
            At = 8,
            Source = VersionSource.Server,
            KeyId = 9,
            Fields = "title,note",
        };
        await InsertAsync(
            rows,
            db =>
            {
                version.LinkId = rows[0].Id;
                db.Insert([version]);
            }
        );

        await using var reader = _database.Read();
        var stored = await reader.LinksAndTrash.OrderBy(link => link.Id).ToListAsync(Cancel);
        Assert.Equal(rows.Select(row => row.Alias), stored.Select(link => link.Alias));
        Assert.Equal(rows.Select(ValuesOf), stored.Select(ValuesOf));
        Assert.Equal(ValuesOf(version), ValuesOf(Assert.Single(await reader.LinkVersions.ToListAsync(Cancel))));
        Assert.Equal(3, (await reader.Accounts.SingleAsync(account => account.Id == 5, Cancel)).LinkCount);
    }

    [Fact]
    public async Task Many_links_are_written_into_the_index_of_texts_at_once()
    {
        const int Many = 300;
        var writes = 0;
        var handle = default(sqlite3);
        strdelegate_update count = (_, _, _, table, _) => writes += table is "link_texts_data" ? 1 : 0;

        await InsertAsync(
            [.. Enumerable.Range(0, Many).Select(number => Plain($"alias{number}"))],
            db => { },
            db =>
                raw.sqlite3_update_hook(handle = ((SqliteConnection)db.Database.GetDbConnection()).Handle!, count, null)
        );
        raw.sqlite3_update_hook(handle, default(strdelegate_update), null);

        // A statement for each link would write two rows at least.
        Assert.InRange(writes, 1, Many / 4);
    }

    [Fact]
    public async Task Bytes_are_compared_by_their_contents_and_other_ones_are_refused()
    {
        BulkLinks[] same = [Of(1, [1, 2]), Of(2, [1, 2])];
        BulkLinks[] others = [Of(1, [1, 2]), Of(2, [1, 3])];

        var stored = await _database.WriteAsync(
            async db =>
            {
                await db.Database.ExecuteSqlRawAsync("PRAGMA defer_foreign_keys = ON", Cancel);
                db.Insert(same);
                var read = await db.BulkLinks.OrderBy(links => links.BulkId).ToListAsync(Cancel);
                await db.BulkLinks.ExecuteDeleteAsync(Cancel);
                Assert.Throws<NotSupportedException>(() => db.Insert(others));
                return read;
            },
            Cancel
        );

        Assert.Equal([1, 2], stored.Select(links => links.BulkId));
        Assert.All(stored, links => Assert.Equal([1, 2], links.Ids));

        static BulkLinks Of(long bulk, byte[] ids) => new() { BulkId = bulk, Ids = ids };
    }

    private Task<int> InsertAsync(LinkRow[] rows, Action<SignpostDb> then, Action<SignpostDb>? first = null) =>
        _database.WriteAsync(
            async db =>
            {
                first?.Invoke(db);
                db.Accounts.Add(
                    new()
                    {
                        Id = 5,
                        CreatedAt = 1,
                        TimeZone = "UTC",
                    }
                );
                await db.SaveChangesAsync(Cancel);
                db.Insert(rows);
                then(db);
                return 0;
            },
            Cancel
        );

    private static LinkRow Plain(string alias) =>
        new()
        {
            AccountId = 5,
            Alias = alias,
            AliasKey = alias,
            LocationUrl = "https://example.org/",
            CreatedAt = 1,
            UpdatedAt = 2,
        };

    // Every column has a value of its own that is not the usual one.
    private static LinkRow Filled(string alias)
    {
        var row = Plain(alias);
        var number = 100;
        foreach (var property in typeof(LinkRow).GetProperties())
            if (property.Name is not (nameof(LinkRow.Id) or nameof(LinkRow.AccountId) or nameof(LinkRow.Alias)))
                property.SetValue(
                    row,
                    (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) switch
                    {
                        var type when type == typeof(bool) => !(bool)property.GetValue(row)!,
                        var type when type == typeof(int) => number++,
                        var type when type == typeof(long) => (long)number++,
                        _ => $"{property.Name} {alias}",
                    }
                );
        return row;
    }

    private static string ValuesOf(object row) =>
        string.Join(
            '\n',
            row.GetType().GetProperties().Select(property => $"{property.Name}: {property.GetValue(row)}")
        );
}
