using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Signpost.Storage.Moving;

/// <summary>The kind of a column's values.</summary>
internal enum CellKind
{
    Boolean,
    Small,
    Integer,
    Big,
    Real,
    Text,
    Bytes,
}

/// <summary>A column of a table that is copied to another database.</summary>
internal readonly record struct MovedColumn(string Name, CellKind Kind);

/// <summary>A table that is copied to another database.</summary>
/// <param name="Key">The columns of the primary key, in its order.</param>
/// <param name="Counted">The column whose values the database may give; null: none.</param>
internal sealed record MovedTable(
    string Name,
    IReadOnlyList<MovedColumn> Columns,
    IReadOnlyList<MovedColumn> Key,
    string? Counted
)
{
    /// <summary>The columns as they stand in a statement.</summary>
    public string List { get; } = Quoted(Columns);

    /// <summary>The columns of the key as they stand in a statement.</summary>
    public string KeyList { get; } = Quoted(Key);

    /// <summary>The condition of the rows that are copied; null: all are.</summary>
    public string? Only { get; init; }

    /// <summary>The values of a row's key.</summary>
    public IEnumerable<object?> KeyOf(object?[] cells)
    {
        var columns = Columns.ToList();
        return Key.Select(key => cells[columns.IndexOf(key)]);
    }

    /// <summary>All tables of PostgreSQL, each after those that it refers to. Columns that the database computes are left out.</summary>
    public static IReadOnlyList<MovedTable> Of(SignpostDb target)
    {
        var tables = target.GetService<IDesignTimeModel>().Model.GetRelationalModel().Tables.ToList();
        List<ITable> ordered = [];
        while (tables.FindAll(table => NeedsOnly(table, ordered)) is [_, ..] next)
        {
            ordered.AddRange(next.OrderBy(table => table.Name, StringComparer.Ordinal));
            tables.RemoveAll(next.Contains);
        }

        return tables is []
            ? [.. ordered.Select(Of)]
            : throw new InvalidOperationException($"The table {tables[0].Name} refers to itself in a circle.");
    }

    private static bool NeedsOnly(ITable table, List<ITable> there) =>
        table.ForeignKeyConstraints.All(key => key.PrincipalTable == table || there.Contains(key.PrincipalTable));

    private static MovedTable Of(ITable table)
    {
        var columns = table
            .Columns.Where(column => column.ComputedColumnSql is null)
            .ToDictionary(column => column.Name, column => new MovedColumn(column.Name, KindOf(column)));
        var key = table.PrimaryKey!.Columns;
        return new(
            table.Name,
            [.. columns.Values.OrderBy(column => column.Name, StringComparer.Ordinal)],
            [.. key.Select(column => columns[column.Name])],
            key is [{ StoreType: "bigint" } id] ? id.Name : null
        );
    }

    private static CellKind KindOf(IColumn column) =>
        column.StoreType switch
        {
            "boolean" => CellKind.Boolean,
            "smallint" => CellKind.Small,
            "integer" => CellKind.Integer,
            "bigint" => CellKind.Big,
            "double precision" => CellKind.Real,
            "text" => CellKind.Text,
            "bytea" => CellKind.Bytes,
            var other => throw new InvalidOperationException($"The column {column.Name} has the type {other}."),
        };

    private static string Quoted(IReadOnlyList<MovedColumn> columns) =>
        string.Join(", ", columns.Select(column => $"\"{column.Name}\""));
}
