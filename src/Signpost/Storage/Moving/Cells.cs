using System.Buffers;
using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace Signpost.Storage.Moving;

/// <summary>The values of rows: how both databases give them, and how they are written, remembered and compared.</summary>
internal static class Cells
{
    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    /// <summary>Reads the columns of a row, which are selected in their order.</summary>
    /// <exception cref="DatabaseDamagedException">A text is no text in UTF-8.</exception>
    public static object?[] Read(DbDataReader row, MovedTable table)
    {
        var cells = new object?[table.Columns.Count];
        for (var column = 0; column < cells.Length; column++)
            cells[column] = row.IsDBNull(column)
                ? null
                : table.Columns[column].Kind switch
                {
                    CellKind.Boolean => row.GetBoolean(column),
                    CellKind.Small => row.GetInt16(column),
                    CellKind.Integer => row.GetInt32(column),
                    CellKind.Big => row.GetInt64(column),
                    CellKind.Real => row.GetDouble(column),
                    CellKind.Text when row is SqliteDataReader => TextOf(row, table, column),
                    CellKind.Text => row.GetString(column),
                    _ => row.GetFieldValue<byte[]>(column),
                };
        return cells;
    }

    /// <summary>Passes when PostgreSQL can hold all texts of a row.</summary>
    /// <exception cref="DatabaseDamagedException">A text has a NUL character; the message names it.</exception>
    public static void RequireTexts(MovedTable table, object?[] cells)
    {
        for (var column = 0; column < cells.Length; column++)
            if (cells[column] is string text && text.Contains('\0', StringComparison.Ordinal))
                throw Refused(table, column, "a NUL character", table.KeyOf(cells));
    }

    /// <summary>Writes a row into PostgreSQL.</summary>
    /// <returns>The number of its bytes, about.</returns>
    public static int Write(NpgsqlBinaryImporter into, object?[] cells)
    {
        into.StartRow();
        var bytes = 0;
        foreach (var cell in cells)
        {
            bytes += cell switch
            {
                string text => text.Length,
                byte[] data => data.Length,
                _ => sizeof(long),
            };
            switch (cell)
            {
                case null:
                    into.WriteNull();
                    break;
                case bool value:
                    into.Write(value, NpgsqlDbType.Boolean);
                    break;
                case short value:
                    into.Write(value, NpgsqlDbType.Smallint);
                    break;
                case int value:
                    into.Write(value, NpgsqlDbType.Integer);
                    break;
                case long value:
                    into.Write(value, NpgsqlDbType.Bigint);
                    break;
                case double value:
                    into.Write(value, NpgsqlDbType.Double);
                    break;
                case string value:
                    into.Write(value, NpgsqlDbType.Text);
                    break;
                default:
                    into.Write((byte[])cell, NpgsqlDbType.Bytea);
                    break;
            }
        }

        return bytes;
    }

    /// <summary>The digest of a row. Those of all rows are added up, so their order does not matter.</summary>
    public static UInt128 Digest(object?[] cells, ArrayBufferWriter<byte> room)
    {
        room.ResetWrittenCount();
        foreach (var cell in cells)
            switch (cell)
            {
                case null:
                    room.Write("n"u8);
                    break;
                case string text:
                    Add(room, "t"u8, Encoding.UTF8.GetBytes(text));
                    break;
                case byte[] bytes:
                    Add(room, "b"u8, bytes);
                    break;
                case double real:
                    Add(room, "r"u8, BitConverter.GetBytes(real));
                    break;
                default:
                    Add(room, "i"u8, BitConverter.GetBytes(Convert.ToInt64(cell, provider: null)));
                    break;
            }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(room.WrittenSpan, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>Writes a key as text.</summary>
    public static string Remember(IEnumerable<object?> key) => JsonSerializer.Serialize(key);

    /// <summary>Reads what <see cref="Remember"/> has written.</summary>
    public static object[] Recall(string key, IReadOnlyList<MovedColumn> columns)
    {
        using var values = JsonDocument.Parse(key);
        return
        [
            .. columns.Select<MovedColumn, object>(
                (column, at) =>
                    values.RootElement[at] is var value && column.Kind is CellKind.Text ? value.GetString()!
                    : column.Kind is CellKind.Bytes ? value.GetBytesFromBase64()
                    : column.Kind is CellKind.Boolean ? value.GetBoolean()
                    : value.GetInt64()
            ),
        ];
    }

    // The driver would put another sign in the place of one that is no UTF-8, such as half of a pair.
    private static string TextOf(DbDataReader row, MovedTable table, int column)
    {
        try
        {
            return Strict.GetString(row.GetFieldValue<byte[]>(column));
        }
        catch (DecoderFallbackException)
        {
            var key = table.Key.Select(key => row.GetValue(table.Columns.ToList().IndexOf(key)));
            throw Refused(table, column, "half of a character", key);
        }
    }

    private static DatabaseDamagedException Refused(
        MovedTable table,
        int column,
        string what,
        IEnumerable<object?> key
    ) =>
        new(
            $"PostgreSQL cannot hold a text of the table {table.Name}: the column {table.Columns[column].Name} of the row {table.KeyList} = {Shown(key)} has {what}. "
                + "Change that text first, on SQLite."
        );

    // Some keys are secrets.
    private static string Shown(IEnumerable<object?> key) =>
        string.Join(", ", key.Select(part => part is string or byte[] ? "(not shown)" : $"{part}"));

    private static void Add(ArrayBufferWriter<byte> room, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> value)
    {
        room.Write(kind);
        room.Write(BitConverter.GetBytes(value.Length));
        room.Write(value);
    }
}
