using System.Data.Common;
using System.Text.Json;
using Signpost.Storage.Sqlite;

namespace Signpost.Storage;

/// <summary>Plain commands, for work that must be fast.</summary>
internal static class Commands
{
    /// <summary>
    /// A command with its values. A list of numbers or of strings is one value, alone in its parentheses:
    /// <c>id IN (@links)</c>. It may be empty.
    /// </summary>
    public static DbCommand Command(
        this DbConnection connection,
        DbTransaction? transaction,
        string sql,
        params ReadOnlySpan<(string Name, object? Value)> values
    )
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in values)
            command.Add(name, value);
        return command;
    }

    /// <summary>Runs a command with its values; returns how many rows it changed.</summary>
    public static int Run(
        this DbConnection connection,
        DbTransaction transaction,
        string sql,
        params ReadOnlySpan<(string Name, object? Value)> values
    )
    {
        using var command = connection.Command(transaction, sql, values);
        return command.ExecuteNonQuery();
    }

    private static void Add(this DbCommand command, string name, object? value)
    {
        var list = value switch
        {
            IEnumerable<long> numbers => JsonSerializer.Serialize(numbers),
            IEnumerable<string> texts => JsonSerializer.Serialize(texts),
            _ => null,
        };
        if (list is not null)
            command.CommandText = command.CommandText.Replace(
                $"({name})",
                SqliteEngine.ValuesOf(name),
                StringComparison.Ordinal
            );

        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = list ?? value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }
}
