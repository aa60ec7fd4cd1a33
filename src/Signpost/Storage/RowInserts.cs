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
    /// <summary>Stores rows in their order, in the transaction of the context, which does not track them. Rows get their ids if the database gives them.</summary>
    /// <exception cref="NotSupportedException">A column of bytes differs between the rows.</exception>
    public static void Insert<TRow>(this SignpostDb db, IReadOnlyList<TRow> rows)
        where TRow : class => db.Ready(rows).Insert(db);

    /// <summary>Does all of <see cref="Insert"/> that needs no transaction. The rows must not change after this.</summary>
    /// <param name="db">Any context: only its model is used.</param>
    /// <inheritdoc cref="Insert"/>
    public static ReadyRows<TRow> Ready<TRow>(this SignpostDb db, IReadOnlyList<TRow> rows)
        where TRow : class => new(db.Model.FindEntityType(typeof(TRow))!, rows);
}

/// <summary>New rows that are ready to be stored.</summary>
internal sealed class ReadyRows<TRow>
    where TRow : class
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly string? _table;
    private readonly IReadOnlyList<TRow> _rows;
    private readonly IProperty? _id;

    // A value that all rows have is a parameter. The others are one list for each row, in JSON.
    private readonly Column[] _shared;
    private readonly Column[] _own;
    private readonly string _json;

    public ReadyRows(IEntityType type, IReadOnlyList<TRow> rows)
    {
        (_table, _rows) = (type.GetTableName(), rows);
        _id = type.GetProperties()
            .SingleOrDefault(property => property.ValueGenerated is ValueGenerated.OnAdd && property.IsPrimaryKey());
        Column[] columns =
        [
            .. type.GetProperties()
                .Where(property => property != _id && property.GetComputedColumnSql() is null)
                .Select(property => new Column(property, ValuesOf(property, rows))),
        ];
        _shared = [.. columns.Where(column => column.IsShared)];
        _own = [.. columns.Except(_shared)];
        _json = Json(_own, rows.Count);
    }

    /// <summary>Stores the rows in the transaction of the context. They get their ids if the database gives them.</summary>
    public void Insert(SignpostDb db)
    {
        if (_rows is [])
            return;
        using var command = CommandFor(db.Database.CurrentTransaction!.GetDbTransaction());
        if (_id is null)
        {
            command.ExecuteNonQuery();
            return;
        }

        var ids = Ids(command);
        if (ids.Count != _rows.Count)
            throw new InvalidOperationException($"{_rows.Count} rows were to be stored, but {ids.Count} were.");
        foreach (var (row, given) in _rows.Zip(ids))
            _id.PropertyInfo!.SetValue(row, given);
    }

    private DbCommand CommandFor(DbTransaction transaction)
    {
        var names = _shared.Concat(_own).Select(column => column.Property.GetColumnName());
        var dialect = Dialect.Of(transaction.Connection!);
        var cells = _shared
            .Select((_, place) => $"@p{place}")
            .Concat(_own.Select((column, place) => dialect.Cell(place, column.Property.GetColumnType())));
        var command = transaction.Connection!.Command(
            transaction,
            $"INSERT INTO {_table} ({string.Join(", ", names)}) "
                + $"SELECT {string.Join(", ", cells)} FROM {dialect.RowsOf("@rows")}"
                + (_id is null ? "" : $" RETURNING {_id.GetColumnName()}"),
            ("@rows", _json)
        );
        foreach (var (place, column) in _shared.Index())
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

    private static object?[] ValuesOf(IProperty column, IReadOnlyList<TRow> rows)
    {
        var (getter, converter) = (column.GetGetter(), column.GetTypeMapping().Converter);
        return
        [
            .. rows.Select(getter.GetClrValue)
                .Select(value => converter is null ? value : converter.ConvertToProvider(value)),
        ];
    }

    /// <param name="Values">One for each row.</param>
    private sealed record Column(IProperty Property, object?[] Values)
    {
        public bool IsShared { get; } = Array.TrueForAll(Values, value => IsSame(value, Values[0]));

        private static bool IsSame(object? one, object? other) =>
            one is byte[] bytes && other is byte[] others ? bytes.AsSpan().SequenceEqual(others) : Equals(one, other);
    }
}
