using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Signpost.Storage;

/// <summary>
/// Stores many new rows of one table by one prepared command. Entity Framework would prepare and track each of them. The columns are those of
/// the model.
/// </summary>
internal static class RowInserts
{
    /// <summary>Stores rows in their order, in the transaction of the context, which does not track them. Rows get their ids if the database gives them.</summary>
    public static void Insert<TRow>(this SignpostDb db, IReadOnlyCollection<TRow> rows)
        where TRow : class
    {
        var type = db.Model.FindEntityType(typeof(TRow))!;
        var id = type.GetProperties()
            .SingleOrDefault(property => property.ValueGenerated is ValueGenerated.OnAdd && property.IsPrimaryKey());
        IProperty[] columns =
        [
            .. type.GetProperties().Where(property => property != id && property.GetComputedColumnSql() is null),
        ];
        using var command = CommandFor(db, type, columns, id);
        foreach (var row in rows)
        {
            for (var place = 0; place < columns.Length; place++)
                command.Parameters[place].Value = ValueOf(columns[place], row) ?? DBNull.Value;
            if (id is null)
                command.ExecuteNonQuery();
            else
                id.PropertyInfo!.SetValue(row, command.ExecuteScalar());
        }
    }

    private static DbCommand CommandFor(SignpostDb db, IEntityType type, IProperty[] columns, IProperty? id)
    {
        var transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        var command = transaction.Connection!.Command(
            transaction,
            $"INSERT INTO {type.GetTableName()} ({string.Join(", ", columns.Select(column => column.GetColumnName()))}) "
                + $"VALUES ({string.Join(", ", columns.Select((_, place) => $"@p{place}"))})"
                + (id is null ? "" : $" RETURNING {id.GetColumnName()}")
        );
        foreach (var (place, column) in columns.Index())
            command.Parameters.Add(
                column.GetRelationalTypeMapping().CreateParameter(command, $"@p{place}", null, nullable: true)
            );
        return command;
    }

    private static object? ValueOf(IProperty column, object row)
    {
        var value = column.GetGetter().GetClrValue(row);
        return column.GetTypeMapping().Converter is { } converter ? converter.ConvertToProvider(value) : value;
    }
}
