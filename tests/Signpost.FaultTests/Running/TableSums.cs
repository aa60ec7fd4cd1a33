using System.Data.Common;
using Signpost.Storage.Moving;
using Signpost.Storage.Postgres;
using Signpost.Storage.Sqlite;
using Signpost.Testing;

namespace Signpost.FaultTests.Running;

/// <summary>The counts and digests of all tables, by which databases are compared.</summary>
internal static class TableSums
{
    private static readonly Lazy<IReadOnlyList<MovedTable>> Tables = new(() =>
    {
        using var db = new PostgresDb.ForMigrations().CreateDbContext([]);
        return MovedTable.Of(db);
    });

    /// <summary>The tables of a file.</summary>
    public static Dictionary<string, RowSum> Of(string file)
    {
        using var connection = SqliteFile.OpenUnchanged(file);
        return Of(connection);
    }

    /// <summary>The tables of a database on PostgreSQL.</summary>
    public static async Task<Dictionary<string, RowSum>> OnServerAsync(string url)
    {
        await using var connection = await TestPostgres.OpenAsync(url);
        return Of(connection);
    }

    /// <summary>The tables that are not the same in both.</summary>
    public static IReadOnlyList<string> Differences(Dictionary<string, RowSum> one, Dictionary<string, RowSum> other) =>
        [.. one.Where(table => !table.Value.Is(other[table.Key])).Select(table => table.Key).Order()];

    private static Dictionary<string, RowSum> Of(DbConnection connection) =>
        Tables.Value.ToDictionary(table => table.Name, table => RowSum.Of(connection, null, table));
}
