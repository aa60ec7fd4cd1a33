using Microsoft.Data.Sqlite;

namespace Signpost.ClickStore;

/// <summary>Plain commands, for what must be fast.</summary>
internal static class Commands
{
    /// <summary>A command with its values.</summary>
    public static SqliteCommand Command(
        this SqliteConnection connection,
        SqliteTransaction? transaction,
        string sql,
        params ReadOnlySpan<(string Name, object? Value)> values
    )
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    /// <summary>Runs a command with its values; answers how many rows it changed.</summary>
    public static int Run(
        this SqliteConnection connection,
        SqliteTransaction transaction,
        string sql,
        params ReadOnlySpan<(string Name, object? Value)> values
    )
    {
        using var command = connection.Command(transaction, sql, values);
        return command.ExecuteNonQuery();
    }
}
