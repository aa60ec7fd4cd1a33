using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Signpost.Storage;

/// <summary>
/// Stores many new rows of one table by one statement. Entity Framework would prepare and track each of them. The columns are those of the
/// model.
/// </summary>
/// <remarks>
/// Triggers make each statement costly: the database copies every page before the statement changes it, to be able to undo the statement
/// alone, and the index of texts writes what it has to the disk before each statement.
/// </remarks>
internal static class RowInserts
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Stores rows in their order, in the transaction of the context, which does not track them. Rows get their ids if the database gives them.</summary>
    /// <exception cref="NotSupportedException">A column of bytes differs between the rows.</exception>
    public static void Insert<TRow>(this SignpostDb db, IReadOnlyList<TRow> rows)
        where TRow : class
    {
        if (rows is [])
            return;
        var type = db.Model.FindEntityType(typeof(TRow))!;
        var id = type.GetProperties()
            .SingleOrDefault(property => property.ValueGenerated is ValueGenerated.OnAdd && property.IsPrimaryKey());
        Column[] columns =
        [
            .. type.GetProperties()
                .Where(property => property != id && property.GetComputedColumnSql() is null)
                .Select(property => new Column(property, [.. rows.Select(row => ValueOf(property, row))])),
        ];
        using var command = CommandFor(db, type, columns, id);
        if (id is null)
            command.ExecuteNonQuery();
        else
        {
            var ids = Ids(command);
            if (ids.Count != rows.Count)
                throw new InvalidOperationException($"{rows.Count} rows were to be stored, but {ids.Count} were.");
            foreach (var (row, given) in rows.Zip(ids))
                id.PropertyInfo!.SetValue(row, given);
        }
    }

    // A value that all rows have is a parameter. The others are one list for each row, in JSON.
    private static DbCommand CommandFor(SignpostDb db, IEntityType type, Column[] columns, IProperty? id)
    {
        Column[] shared = [.. columns.Where(column => column.IsShared)];
        Column[] own = [.. columns.Except(shared)];
        var names = shared.Concat(own).Select(column => column.Property.GetColumnName());
        var transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        var dialect = Dialect.Of(transaction.Connection!);
        var cells = shared
            .Select((_, place) => $"@p{place}")
            .Concat(own.Select((column, place) => dialect.Cell(place, column.Property.GetColumnType())));
        var command = transaction.Connection!.Command(
            transaction,
            $"INSERT INTO {type.GetTableName()} ({string.Join(", ", names)}) "
                + $"SELECT {string.Join(", ", cells)} FROM {dialect.RowsOf("@rows")}"
                + (id is null ? "" : $" RETURNING {id.GetColumnName()}"),
            ("@rows", Json(own, columns[0].Values.Length))
        );
        foreach (var (place, column) in shared.Index())
        {
            var parameter = column
                .Property.GetRelationalTypeMapping()
                .CreateParameter(command, $"@p{place}", null, nullable: true);
            parameter.Value = column.Values[0] ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static string Json(Column[] columns, int rows) =>
        Array.Exists(columns, column => Array.Exists(column.Values, value => value is byte[]))
            ? throw new NotSupportedException("Bytes that differ between rows cannot be stored together.")
            : JsonSerializer.Serialize(
                Enumerable.Range(0, rows).Select(row => Array.ConvertAll(columns, column => column.Values[row])),
                Plain
            );

    // Ids rise in the order of the rows. The database may return them in another order.
    private static List<long> Ids(DbCommand command)
    {
        using var given = command.ExecuteReader();
        List<long> ids = [];
        while (given.Read())
            ids.Add(given.GetInt64(0));
        ids.Sort();
        return ids;
    }

    private static object? ValueOf(IProperty column, object row)
    {
        var value = column.GetGetter().GetClrValue(row);
        return column.GetTypeMapping().Converter is { } converter ? converter.ConvertToProvider(value) : value;
    }

    /// <param name="Values">One for each row.</param>
    private sealed record Column(IProperty Property, object?[] Values)
    {
        public bool IsShared { get; } = Array.TrueForAll(Values, value => Equals(value, Values[0]));
    }
}
