using System.Data.Common;

namespace Signpost.Storage.Moving;

/// <summary>One moment of a database, from which tables are copied.</summary>
internal sealed class Original(DbTransaction moment)
{
    private readonly DbConnection _connection = moment.Connection!;

    /// <summary>The number of rows of a table.</summary>
    public long Count(MovedTable table)
    {
        using var command = Command($"SELECT count(*) FROM {table.Name}");
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>The rows of a table in the order of their keys.</summary>
    /// <param name="after">The key before the first one, as <see cref="Cells.Remember"/> writes it; empty: all rows.</param>
    public IEnumerable<object?[]> Rows(MovedTable table, string after = "")
    {
        object[] key = after is "" ? [] : Cells.Recall(after, table.Key);
        (string Name, object? Value)[] values = [.. key.Select((value, at) => ($"@key{at}", (object?)value))];
        var names = string.Join(", ", values.Select(value => value.Name));
        string?[] conditions = [table.Only, key is [] ? null : $"({table.KeyList}) > ({names})"];
        var only = conditions.OfType<string>().ToList() is [_, ..] some ? $" WHERE {string.Join(" AND ", some)}" : "";
        using var command = Command($"SELECT {table.List} FROM {table.Name}{only} ORDER BY {table.KeyList}", values);
        using var rows = command.ExecuteReader();
        while (rows.Read())
            yield return Cells.Read(rows, table);
    }

    /// <summary>The highest id that a table has ever given, also to a row that is gone; 0: none.</summary>
    public long LastId(MovedTable table) => LastId(_connection, moment, table);

    /// <inheritdoc cref="LastId(MovedTable)"/>
    public static long LastId(DbConnection connection, DbTransaction? transaction, MovedTable table)
    {
        if (table.Counted is not { } column)
            return 0;
        using var command = connection.Command(transaction, Dialect.Of(connection).LastId(table.Name, column));
        return command.ExecuteScalar() as long? ?? 0;
    }

    /// <summary>Reads a whole table, to compare it with a copy.</summary>
    public RowSum Sum(MovedTable table) => RowSum.Of(_connection, moment, table);

    // Some take minutes.
    private DbCommand Command(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = _connection.Command(moment, sql, values);
        command.CommandTimeout = 0;
        return command;
    }
}
