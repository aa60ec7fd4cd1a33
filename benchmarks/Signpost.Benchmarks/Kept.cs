using Microsoft.Data.Sqlite;

namespace Signpost.Benchmarks;

/// <summary>What a server keeps of clicks, beside it: read-only, and it never checkpoints.</summary>
internal static class Kept
{
    /// <summary>Prints "rows-in-blocks days-to-roll-up clicks bytes-of-chunks bytes-of-rollups".</summary>
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
            "SELECT ifnull(sum(pgsize), 0) FROM dbstat WHERE name = 'click_chunks' AND aggregate = TRUE",
            "SELECT ifnull(sum(pgsize), 0) FROM dbstat WHERE name = 'rollups' AND aggregate = TRUE",
        ];
        using var command = connection.CreateCommand();
        command.CommandText =
            $"PRAGMA wal_autocheckpoint = 0; SELECT {string.Join(", ", numbers.Select(n => $"({n})"))}";
        using var row = command.ExecuteReader();
        row.Read();
        Console.WriteLine(string.Join(' ', numbers.Select((_, column) => row.GetInt64(column))));
    }
}
