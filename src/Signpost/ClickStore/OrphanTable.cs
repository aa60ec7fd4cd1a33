using System.Data.Common;
using Npgsql;
using Signpost.Storage;

namespace Signpost.ClickStore;

/// <summary>The rows of one domain and day in the table of requests for unknown aliases.</summary>
internal sealed class OrphanTable(DbConnection connection, DbTransaction transaction, long domain, int day)
{
    private const string UpdateOne =
        "UPDATE orphan_visits SET count = count + @count WHERE domain_id = @domain AND day = @day AND alias = @alias";

    private const string UpdateAll = """
        UPDATE orphan_visits SET count = orphan_visits.count + added.count
        FROM unnest(@aliases, @counts) AS added (alias, count)
        WHERE domain_id = @domain AND day = @day AND orphan_visits.alias = added.alias
        RETURNING orphan_visits.alias
        """;

    private const string InsertOne =
        "INSERT INTO orphan_visits (domain_id, day, alias, count) VALUES (@domain, @day, @alias, @count)";

    private const string InsertAll = """
        INSERT INTO orphan_visits (domain_id, day, alias, count)
        SELECT @domain, @day, alias, count FROM unnest(@aliases, @counts) AS added (alias, count)
        """;

    /// <summary>Adds to the counts of aliases that have a row; returns these.</summary>
    public List<string> Update(IReadOnlyCollection<KeyValuePair<string, long>> counts)
    {
        if (connection is not NpgsqlConnection postgres)
            return RunEach(UpdateOne, counts);

        using var command = All(postgres, UpdateAll, counts);
        using var rows = command.ExecuteReader();
        List<string> known = [];
        while (rows.Read())
            known.Add(rows.GetString(0));
        return known;
    }

    /// <summary>Adds rows for aliases that have none.</summary>
    public void Insert(IEnumerable<KeyValuePair<string, long>> counts)
    {
        if (connection is not NpgsqlConnection postgres)
        {
            RunEach(InsertOne, counts);
            return;
        }

        using var command = All(postgres, InsertAll, [.. counts]);
        command.ExecuteNonQuery();
    }

    // Each command costs a way to the server and back, and a scan brings a thousand aliases.
    private NpgsqlCommand All(
        NpgsqlConnection postgres,
        string sql,
        IReadOnlyCollection<KeyValuePair<string, long>> counts
    )
    {
        var command = new NpgsqlCommand(sql, postgres);
        command.Parameters.Add(new NpgsqlParameter<long> { ParameterName = "domain", TypedValue = domain });
        command.Parameters.Add(new NpgsqlParameter<int> { ParameterName = "day", TypedValue = day });
        command.Parameters.Add(new NpgsqlParameter<string[]>("aliases", [.. counts.Select(one => one.Key)]));
        command.Parameters.Add(new NpgsqlParameter<long[]>("counts", [.. counts.Select(one => one.Value)]));
        return command;
    }

    private List<string> RunEach(string sql, IEnumerable<KeyValuePair<string, long>> counts)
    {
        using var command = connection.Command(
            transaction,
            sql,
            ("@domain", domain),
            ("@day", day),
            ("@alias", ""),
            ("@count", 0L)
        );
        command.Prepare();
        List<string> changed = [];
        foreach (var (alias, count) in counts)
        {
            command.Parameters[2].Value = alias;
            command.Parameters[3].Value = count;
            if (command.ExecuteNonQuery() > 0)
                changed.Add(alias);
        }

        return changed;
    }
}
