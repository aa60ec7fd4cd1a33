using System.Data.Common;

namespace Signpost.Storage;

/// <summary>Plain commands, for work that must be fast.</summary>
internal static class Commands
{
    /// <summary>
    /// A command with its values. A list of numbers or of strings is one value, alone in its parentheses:
    /// <c>id IN (@links)</c>. It may be empty. Only a value that is not null can be changed for the next run.
    /// </summary>
    public static DbCommand Command(
        this DbConnection connection,
        DbTransaction? transaction,
        string sql,
        params ReadOnlySpan<(string Name, object? Value)> values
    )
    {
        var dialect = Dialect.Of(connection);
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in values)
            dialect.Add(command, name, value);
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
}
