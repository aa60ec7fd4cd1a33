using System.Buffers;
using System.Data.Common;

namespace Signpost.Storage.Moving;

/// <summary>The number of rows and the sum of their digests, by which a table is compared with its copy.</summary>
internal sealed class RowSum
{
    private readonly ArrayBufferWriter<byte> _room = new();
    private UInt128 _digest;

    public long Rows { get; private set; }

    /// <summary>Reads a whole table.</summary>
    /// <param name="transaction">Null: the connection has it, or has none.</param>
    public static RowSum Of(DbConnection connection, DbTransaction? transaction, MovedTable table)
    {
        var sum = new RowSum();
        var only = table.Only is { } condition ? $" WHERE {condition}" : "";
        using var command = connection.Command(transaction, $"SELECT {table.List} FROM {table.Name}{only}");
        command.CommandTimeout = 0;
        using var rows = command.ExecuteReader();
        while (rows.Read())
            sum.Add(Cells.Read(rows, table));
        return sum;
    }

    public void Add(object?[] cells)
    {
        Rows++;
        _digest = unchecked(_digest + Cells.Digest(cells, _room));
    }

    /// <summary>Whether a copy has the same rows.</summary>
    public bool Is(RowSum copy) => copy.Rows == Rows && copy._digest == _digest;
}
