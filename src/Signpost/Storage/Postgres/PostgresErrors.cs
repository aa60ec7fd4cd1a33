using System.Net.Sockets;
using Npgsql;

namespace Signpost.Storage.Postgres;

/// <summary>What errors of PostgreSQL and of its driver mean for us.</summary>
internal static class PostgresErrors
{
    private const string Full = "53100";

    /// <summary>
    /// Tells whether the server cannot be reached, is stopping, full, overloaded, read-only or damaged, or refuses us. An error
    /// without a state comes from the driver: the connection was refused, was lost or took too long.
    /// </summary>
    public static bool IsAway(Exception error) =>
        error switch
        {
            PostgresException { SqlState: var state } => IsAway(state),
            NpgsqlException => true,
            _ => false,
        };

    /// <summary>
    /// Tells whether all connections that read are in use, or the server answers that it has no room for another one or refuses it. Open
    /// connections may work then.
    /// </summary>
    public static bool IsBusy(Exception error) =>
        error is PostgresException { SqlState: var state }
            ? state[..2] is not "57"
            : error is NpgsqlException { InnerException: TimeoutException }
                && error.Message.Contains("pool has been exhausted", StringComparison.Ordinal);

    /// <summary>Says why the server takes no writes, and what to do; null: the error means something else.</summary>
    public static string? RefusalOf(Exception error, PostgresAddress address) =>
        error switch
        {
            PostgresException { SqlState: Full } =>
                $"The disk of {address.Place} is full: the database cannot be written. Make room there.",
            PostgresException { SqlState: "25006" } => IsReplica(address),
            DatabaseAwayException { IsRefusal: true } => error.Message,
            _ => null,
        };

    /// <summary>Says in one sentence why a connection could not be opened, and what to do.</summary>
    public static string Explain(Exception error, PostgresAddress address) =>
        error switch
        {
            PostgresException { SqlState: "28P01" or "28000" } refused =>
                $"{address.Place} refuses the user {address.User}: {refused.MessageText}. Check the user and the password in SIGNPOST_DATABASE_URL, and pg_hba.conf of the server.",
            PostgresException { SqlState: "3D000" } =>
                $"There is no database {address.Place}. Create it (docs/postgresql.md), or correct SIGNPOST_DATABASE_URL.",
            PostgresException { SqlState: "53300" } =>
                $"{address.Place} has no room for another connection. Raise max_connections there.",
            // The first connection to a database writes a file. If it cannot, the error has no state of its own.
            PostgresException { SqlState: Full } or PostgresException { MessageText: "could not write init file" } =>
                $"The disk of {address.Place} is full. Make room there.",
            PostgresException { SqlState: "42501" } refused =>
                $"{address.Place} lets the user {address.User} not do what Signpost needs: {refused.MessageText}. Make the user the owner of the database (docs/postgresql.md).",
            PostgresException { SqlState: "25006" } => IsReplica(address),
            PostgresException { SqlState: var state } refused =>
                $"{address.Place} answers: {refused.MessageText} ({state}).",
            _ when IsBusy(error) => $"All connections that read {address.Place} are in use.",
            NpgsqlException { InnerException: TimeoutException } =>
                $"{address.Place} does not answer in time. Check SIGNPOST_DATABASE_URL, the network and the server.",
            NpgsqlException { InnerException: SocketException { Message: var why } } =>
                $"{address.Place} cannot be reached: {why}. Check SIGNPOST_DATABASE_URL, and whether the server runs.",
            _ => $"{address.Place} cannot be used: {Reason(error)}",
        };

    /// <summary>The sentence for a server that only follows another one.</summary>
    public static string IsReplica(PostgresAddress address) =>
        $"{address.Place} is read-only: it is a replica, or default_transaction_read_only is on. Name the primary server in SIGNPOST_DATABASE_URL.";

    private static string Reason(Exception error) => error.GetBaseException().Message.ReplaceLineEndings(" ");

    // Busy (40, 55P03), away (08, 57), full or overloaded (53), read-only (25006), refusing (28, 3D000), damaged (58, XX).
    private static bool IsAway(string state) =>
        state[..2] is "08" or "28" or "40" or "53" or "57" or "58" or "XX" || state is "25006" or "3D000" or "55P03";
}
