using System.Data.Common;
using System.Text.Json;

namespace Signpost.Storage;

/// <summary>Gives links and retired aliases of a domain other keys, each time many by one statement.</summary>
internal static class AliasKeys
{
    /// <summary>Changes the keys of links, also of those in the trash. No other link of the domain may have one of the new keys.</summary>
    public static void ChangeLinks(
        DbConnection connection,
        DbTransaction transaction,
        IEnumerable<(long Id, string Key)> links
    )
    {
        var sql = Dialect.Of(connection);
        connection.Run(
            transaction,
            $"""
            UPDATE links SET alias_key = changed.new_key
            FROM (SELECT {sql.Cell(0, "bigint")} AS link, {sql.Cell(1, "text")} AS new_key FROM {sql.RowsOf(
                "@rows"
            )}) AS changed
            WHERE links.id = changed.link
            """,
            ("@rows", JsonSerializer.Serialize(links.Select(link => (object[])[link.Id, link.Key])))
        );
    }

    /// <summary>
    /// Changes the keys of retired aliases; each new key once. Where an alias has a new key already, the one that stays retired for longer is kept.
    /// </summary>
    public static void ChangeRetired(
        DbConnection connection,
        DbTransaction transaction,
        long domainId,
        IEnumerable<(string Key, string NewKey)> aliases
    )
    {
        var sql = Dialect.Of(connection);
        connection.Run(
            transaction,
            $"""
            INSERT INTO retired_aliases (domain_id, alias_key, alias, account_id, until)
            SELECT domain_id, new_key, alias, account_id, until
            FROM (SELECT {sql.Cell(0, "text")} AS old_key, {sql.Cell(1, "text")} AS new_key FROM {sql.RowsOf(
                "@rows"
            )}) AS changed
            JOIN retired_aliases ON domain_id = @domain AND alias_key = old_key
            WHERE domain_id = @domain
            ON CONFLICT (domain_id, alias_key) DO UPDATE
            SET alias = excluded.alias, account_id = excluded.account_id, until = excluded.until
            WHERE excluded.until > retired_aliases.until
            """,
            ("@rows", JsonSerializer.Serialize(aliases.Select(alias => (string[])[alias.Key, alias.NewKey]))),
            ("@domain", domainId)
        );
    }
}
