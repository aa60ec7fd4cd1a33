using System.Data;
using System.Data.Common;
using Signpost.Core.Targeting;
using Signpost.Storage;

namespace Signpost.Clicks.Classifying;

/// <summary>
/// The destinations of links, also of former versions: an edit that changes them keeps the former ones until the clicks of the former
/// version are stored. For one thread.
/// </summary>
internal sealed partial class LinkDestinations(Database database, ILogger<LinkDestinations> logger) : IDisposable
{
    /// <summary>Deleted in one transaction, which takes a few milliseconds.</summary>
    private const int MostForgotten = 1_000;

    /// <summary>A request may be journaled a little after the link was changed.</summary>
    private static readonly TimeSpan Lateness = TimeSpan.FromMinutes(1);

    private DbConnection? _connection;
    private DbCommand? _command;
    private DateTimeOffset _forgetAgain = DateTimeOffset.MinValue;

    /// <summary>The destination as that version of the link, or its rule, had it; null: the link is gone.</summary>
    /// <exception cref="DbException">The database cannot be read just now.</exception>
    public string? Find(long linkId, int version, AppliedRule applied)
    {
        // The connection may have been lost since the last time.
        if (_connection is { State: not ConnectionState.Open })
            Dispose();
        try
        {
            var command = _command ??= Prepare();
            command.Parameters[0].Value = linkId;
            command.Parameters[1].Value = version;
            using var row = command.ExecuteReader();
            return row.Read() ? Find(row, applied) : null;
        }
        catch (DbException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Deletes what no click of the journal needs any more.</summary>
    /// <param name="stored">Every click that was journaled before this time is stored.</param>
    public async Task ForgetAsync(DateTimeOffset stored, CancellationToken cancel)
    {
        if (stored < _forgetAgain)
            return;

        _forgetAgain = stored + Lateness;
        var before = (stored - Lateness).ToUnixTimeMilliseconds();
        try
        {
            while (Any(before) && await DeleteAsync(before, cancel) == MostForgotten) { }
        }
        catch (DbException error)
        {
            LogKept(error);
        }
    }

    public void Dispose()
    {
        _command?.Dispose();
        _connection?.Dispose();
        (_command, _connection) = (null, null);
    }

    // A kept version holds for all versions since the one before it.
    private DbCommand Prepare()
    {
        _connection = database.OpenOwnRead();
        var command = _connection.Command(
            null,
            """
            SELECT location_url, targeting FROM (
                SELECT version, location_url, targeting FROM former_destinations
                WHERE link_id = @link AND version >= @version
                UNION ALL SELECT 2147483647, location_url, targeting FROM links WHERE id = @link) AS versions
            ORDER BY version LIMIT 1
            """,
            ("@link", 0L),
            ("@version", 0)
        );
        command.Prepare();
        return command;
    }

    private static string? Find(DbDataReader row, AppliedRule applied)
    {
        if (applied == AppliedRule.None)
            return row.GetString(0);
        // A later server may know more kinds.
        if (!Enum.IsDefined(applied.Kind))
            return null;

        var rules = TargetingLists.Parse(row.IsDBNull(1) ? null : row.GetString(1))[applied.Kind.Name];
        return applied.Rule < rules.Count ? rules[applied.Rule].Value : null;
    }

    private bool Any(long before)
    {
        using var connection = database.OpenOwnRead();
        using var command = connection.Command(
            null,
            "SELECT 1 FROM former_destinations WHERE replaced_at < @before LIMIT 1",
            ("@before", before)
        );
        return command.ExecuteScalar() is not null;
    }

    private Task<int> DeleteAsync(long before, CancellationToken cancel) =>
        database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    $"""
                    DELETE FROM former_destinations WHERE {Dialect.Of(connection).RowId} IN (
                        SELECT {Dialect.Of(
                        connection
                    ).RowId} FROM former_destinations WHERE replaced_at < @before LIMIT {MostForgotten})
                    """,
                    ("@before", before)
                ),
            cancel
        );

    [LoggerMessage(Level = LogLevel.Warning, Message = "Former destinations could not be deleted; trying again")]
    private partial void LogKept(Exception error);
}
