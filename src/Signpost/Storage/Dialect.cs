using System.Data.Common;
using Npgsql;
using Signpost.Storage.Postgres;
using Signpost.Storage.Sqlite;

namespace Signpost.Storage;

/// <summary>The parts of SQL that the two databases spell in different ways.</summary>
internal abstract class Dialect
{
    /// <summary>
    /// The column by which the database finds a row at once, for "delete some of these rows". With a key of several columns it
    /// would search by the first column only.
    /// </summary>
    public abstract string RowId { get; }

    /// <summary>Stands after the name of a table, so that rows are found by their ids only.</summary>
    public abstract string ById { get; }

    /// <summary>Joins two tables, of which the first is read first if the database leaves that to us.</summary>
    public abstract string Join { get; }

    /// <summary>The condition that a link is found by the parameter <c>@grams</c> in the index <see cref="LinkTexts"/>.</summary>
    public abstract string HasGrams { get; }

    /// <summary>"And", "or" and the quotes of a search in <see cref="LinkTexts"/>.</summary>
    public abstract (string And, string Or, char Quote) Grams { get; }

    /// <summary>The database of a connection.</summary>
    public static Dialect Of(DbConnection connection) =>
        connection is NpgsqlConnection ? PostgresDialect.Instance : SqliteDialect.Instance;

    /// <summary>Stands after the name of a table, and chooses the index that finds its rows.</summary>
    public abstract string By(string index);

    /// <summary>The condition that a column of bytes contains the bytes of a parameter.</summary>
    public abstract string Contains(string column, string parameter);

    /// <summary>The rows of a parameter, a JSON list with a list for each row, as a source of rows. It keeps their order.</summary>
    public abstract string RowsOf(string parameter);

    /// <summary>A value of a row of <see cref="RowsOf"/>.</summary>
    /// <param name="type">The type of the column that it is for.</param>
    public abstract string Cell(int place, string type);

    /// <summary>Adds a value to a command, as <see cref="Commands.Command"/> says.</summary>
    public abstract void Add(DbCommand command, string name, object? value);

    /// <summary>Begins a transaction that reads one moment of the database.</summary>
    public abstract DbTransaction BeginSnapshot(DbConnection connection);

    /// <summary>The query for the highest id that a table has ever given, also to a row that is gone; it may find nothing.</summary>
    /// <param name="column">The column of these ids.</param>
    public abstract string LastId(string table, string column);

    /// <summary>Tells whether a table exists.</summary>
    public abstract bool HasTable(DbConnection connection, string name);

    /// <summary>Adds a parameter as it is.</summary>
    protected static void AddParameter(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
