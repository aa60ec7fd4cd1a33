using Microsoft.EntityFrameworkCore;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.Tests.Storage;

/// <summary>Rows that are stored without Entity Framework, and read with it.</summary>
public sealed class RowInsertsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_column_of_each_row_is_stored_and_ids_follow_the_order()
    {
        var directory = Directory.CreateTempSubdirectory("signpost-rows-").FullName;
        try
        {
            await EmptyDatabase.PutAsync(directory);
            await using var database = new Database(Path.Combine(directory, "signpost.db"));
            LinkRow[] rows = [Filled("one"), Plain("two"), Filled("three")];
            LinkVersion version = new()
            {
                LinkId = 0,
                Version = 7,
                At = 8,
                Source = VersionSource.Server,
                KeyId = 9,
                Fields = "title,note",
            };
            await database.WriteAsync(
                async db =>
                {
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
                    version.LinkId = rows[0].Id;
                    db.Insert([version]);
                    return 0;
                },
                Cancel
            );

            await using var reader = database.Read();
            var stored = await reader.LinksAndTrash.OrderBy(link => link.Id).ToListAsync(Cancel);
            Assert.Equal(["one", "two", "three"], stored.Select(link => link.Alias));
            Assert.Equal(rows.Select(ValuesOf), stored.Select(ValuesOf));
            Assert.Equal(ValuesOf(version), ValuesOf(Assert.Single(await reader.LinkVersions.ToListAsync(Cancel))));
            Assert.Equal(3, (await reader.Accounts.SingleAsync(account => account.Id == 5, Cancel)).LinkCount);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

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
