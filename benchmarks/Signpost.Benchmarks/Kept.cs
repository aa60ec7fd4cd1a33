using Microsoft.Data.Sqlite;

namespace Signpost.Benchmarks;

/// <summary>Counts the stored clicks of a running server: read-only, without checkpoints.</summary>
internal static class Kept
{
    /// <summary>Prints "rows-in-blocks days-to-roll-up clicks bytes-of-the-database bytes-of-rollups bytes-of-columns".</summary>
    public static void Print(string directory)
    {
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = Path.Combine(directory, "signpost.db"),
                Mode = SqliteOpenMode.ReadOnly,
            }.ToString()
        );
        connection.Open();
        string[] numbers =
        [
            "SELECT ifnull(sum(count), 0) FROM click_blocks",
            "SELECT count(*) FROM click_days WHERE revision <> rolled_revision AND day < unixepoch() / 86400",
            "SELECT ifnull(sum(count), 0) FROM link_counts",
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
            "SELECT ifnull(sum(length(totals) + length(quarters)), 0) FROM rollups",
            "SELECT ifnull(sum(length(data)), 0) FROM day_columns",
        ];
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_autocheckpoint = 0";
        command.ExecuteNonQuery();
        command.CommandText = $"SELECT {string.Join(", ", numbers.Select(n => $"({n})"))}";
        using var row = command.ExecuteReader();
        row.Read();
        Console.WriteLine(string.Join(' ', numbers.Select((_, column) => row.GetInt64(column))));
    }
}
