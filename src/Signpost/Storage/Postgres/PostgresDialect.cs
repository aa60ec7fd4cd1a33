using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Signpost.Storage.Postgres;

/// <summary>The SQL of PostgreSQL. It chooses indexes itself.</summary>
internal sealed class PostgresDialect : Dialect
{
    public static readonly PostgresDialect Instance = new();

    public override string RowId => "ctid";

    public override string ById => "";

    public override string Join => "JOIN";

    public override string HasGrams => "link_texts.grams @@ CAST(@grams AS tsquery)";

    public override (string And, string Or, char Quote) Grams => ("&", "|", '\'');

    public override string By(string index) => "";

    public override string Contains(string column, string parameter) => $"position({parameter} IN {column}) > 0";

    public override string RowsOf(string parameter) => $"json_array_elements(CAST({parameter} AS json)) AS rows(value)";

    public override string Cell(int place, string type) =>
        string.Create(CultureInfo.InvariantCulture, $"CAST(value ->> {place} AS {type})");

    // A parameter without a value has no type, which PostgreSQL needs to know: so it stands in the text.
    public override void Add(DbCommand command, string name, object? value)
    {
        object? list = value switch
        {
            IEnumerable<long> numbers => numbers.ToArray(),
            IEnumerable<string> texts => texts.ToArray(),
            _ => null,
        };
        if (list is not null)
            command.CommandText = command
                .CommandText.Replace($"NOT IN ({name})", $"<> ALL ({name})", StringComparison.Ordinal)
                .Replace($"IN ({name})", $"= ANY ({name})", StringComparison.Ordinal);
        if ((list ?? value) is { } given)
            AddParameter(command, name, given);
        else
            command.CommandText = Regex.Replace(command.CommandText, $@"{name}\b", "NULL");
    }

    public override DbTransaction BeginSnapshot(DbConnection connection) =>
        connection.BeginTransaction(IsolationLevel.RepeatableRead);

    public override string LastId(string table, string column) =>
        $"SELECT pg_sequence_last_value(CAST(pg_get_serial_sequence('{table}', '{column}') AS regclass))";

    public override bool HasTable(DbConnection connection, string name)
    {
        using var command = connection.Command(
            null,
            "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = @name",
            ("@name", name)
        );
        return command.ExecuteScalar() is not null;
    }
}
