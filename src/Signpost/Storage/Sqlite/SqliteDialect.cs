using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Signpost.Storage.Sqlite;

/// <summary>The SQL of SQLite.</summary>
internal sealed class SqliteDialect : Dialect
{
    public static readonly SqliteDialect Instance = new();

    public override string RowId => "rowid";

    public override string ById => "NOT INDEXED";

    // SQLite keeps the order of tables in a cross join.
    public override string Join => "CROSS JOIN";

    public override string HasGrams => "link_texts MATCH @grams";

    public override (string And, string Or, char Quote) Grams => ("AND", "OR", '"');

    public override string By(string index) => $"INDEXED BY {index}";

    public override string Contains(string column, string parameter) => $"instr({column}, {parameter}) > 0";

    public override string RowsOf(string parameter) => $"json_each({parameter})";

    public override string Cell(int place, string type) =>
        string.Create(CultureInfo.InvariantCulture, $"value ->> {place}");

    // SQLite has no arrays, and one parameter for each value of a list would need another statement for each length.
    public override void Add(DbCommand command, string name, object? value)
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
                $"(SELECT value FROM json_each({name}))",
                StringComparison.Ordinal
            );
        AddParameter(command, name, list ?? value ?? DBNull.Value);
    }

    public override DbTransaction BeginSnapshot(DbConnection connection) =>
        ((SqliteConnection)connection).BeginTransaction(deferred: true);

    public override string LastId(string table, string column) =>
        $"SELECT seq FROM sqlite_sequence WHERE name = '{table}'";

    public override bool HasTable(DbConnection connection, string name) => SqliteFile.HasTable(connection, name);
}
