using Signpost.Core.Links;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Addressing;

/// <summary>
/// The rule of the main domain for case. It stands in the database; the setting chooses it for a new installation, and afterwards only
/// confirms it.
/// </summary>
internal static class MainDomainCase
{
    /// <param name="isSensitive">The setting; null: it is absent, and the stored rule holds.</param>
    /// <exception cref="StartException">The main domain has links or gets some, and has another rule.</exception>
    public static async Task ApplyAsync(Database database, bool? isSensitive, CancellationToken cancel)
    {
        if (isSensitive is not { } sensitive || IsStored(database, sensitive))
            return;
        if (HasAliases(database))
            throw new StartException(
                $"SIGNPOST_CASE_SENSITIVE_ALIASES={NameOf(sensitive)} does not fit the database, where it is "
                    + $"{NameOf(!sensitive)}. To change the links, run: signpost change-case {NameOf(sensitive)}"
            );

        await database.WriteRawAsync(
            (connection, transaction) =>
            {
                CaseRules.Store(connection, transaction, 0, sensitive ? AliasCase.Kept : AliasCase.Ignored);
                return true;
            },
            cancel
        );
    }

    private static string NameOf(bool isSensitive) => isSensitive ? "on" : "off";

    private static bool IsStored(Database database, bool isSensitive)
    {
        using var connection = database.OpenRead();
        return CaseRules.Stored(connection, null, 0) is AliasCase.Kept == isSensitive;
    }

    private static bool HasAliases(Database database)
    {
        using var connection = database.OpenRead();
        using var command = connection.Command(
            null,
            """
            SELECT 1 WHERE EXISTS (SELECT 1 FROM links WHERE domain_id = 0)
                OR EXISTS (SELECT 1 FROM retired_aliases WHERE domain_id = 0)
                OR EXISTS (SELECT 1 FROM reserved_aliases WHERE domain_id = 0)
                OR EXISTS (SELECT 1 FROM jobs WHERE (kind = @change AND subject = 0) OR kind IN (@move, @giveup))
            """,
            ("@change", (int)JobKind.ChangeCase),
            ("@move", (int)JobKind.MoveDomain),
            ("@giveup", (int)JobKind.GiveUpMove)
        );
        return command.ExecuteScalar() is not null;
    }
}
