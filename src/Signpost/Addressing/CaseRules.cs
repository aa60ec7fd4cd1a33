using System.Collections.Frozen;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Storage;
using Signpost.Core.Links;
using Signpost.Storage;
using Database = Signpost.Storage.Database;

namespace Signpost.Addressing;

/// <summary>How the aliases of a domain are compared.</summary>
/// <param name="Case">The rule for the keys of new links.</param>
/// <param name="IsChanging">The links of the domain may still have the keys of the other rule.</param>
internal readonly record struct CaseRule(AliasCase Case, bool IsChanging)
{
    /// <summary>The key under which a link with this alias is stored from now on.</summary>
    public string KeyOf(string alias) => Alias.KeyOf(alias, Case);

    /// <summary>
    /// The keys that a link with this alias may have: one, or two during a change. A link with the first one, which keeps the case, is
    /// the right one. Empty: no alias can have this path.
    /// </summary>
    /// <param name="path">Decoded, without its leading slash.</param>
    public string[] KeysOf(string path)
    {
        if (KeyOf(path, IsChanging ? AliasCase.Kept : Case) is not { } first)
            return [];
        return IsChanging && KeyOf(path, AliasCase.Ignored) is { } folded && folded != first
            ? [first, folded]
            : [first];
    }

    private static string? KeyOf(string path, AliasCase rule)
    {
        Span<char> buffer = stackalloc char[Alias.LongestText];
        return Alias.TryGetKey(path, rule, buffer, out var key) ? key.ToString() : null;
    }
}

/// <summary>
/// The rules of all domains in memory, because every redirect asks for one. A change is here before the next write to the database, so
/// inside a write they are the stored ones.
/// </summary>
internal sealed class CaseRules
{
    private const long MainDomain = 0;
    private const string Setting = "case_sensitive_aliases";
    private const string On = "on";

    private readonly Database _database;
    private readonly Lock _reading = new();

    // Domains that ignore case are left out.
    private volatile FrozenDictionary<long, CaseRule> _rules = FrozenDictionary<long, CaseRule>.Empty;

    public CaseRules(Database database)
    {
        _database = database;
        Reload();
    }

    /// <summary>The domains that keep case, and do not change.</summary>
    public long[] Keeping => [.. _rules.Where(rule => !rule.Value.IsChanging).Select(rule => rule.Key)];

    /// <param name="domainId">0 is the main domain.</param>
    public CaseRule Of(long domainId)
    {
        var rules = _rules;
        return rules.Count != 0 && rules.TryGetValue(domainId, out var rule) ? rule : default;
    }

    /// <summary>Reads all rules again. Call it after a commit that changed one.</summary>
    /// <exception cref="DbException">The database cannot be read just now.</exception>
    public void Reload()
    {
        // One at a time, so that the later read stays.
        lock (_reading)
            _rules = Read().ToFrozenDictionary();
    }

    /// <summary>The stored rule for new links of a domain; null: there is no such domain.</summary>
    public static AliasCase? Stored(DbConnection connection, DbTransaction? transaction, long domainId)
    {
        using var command = connection.Command(
            transaction,
            domainId == MainDomain
                ? "SELECT coalesce((SELECT value = @on FROM kept_settings WHERE name = @name), false)"
                : "SELECT is_case_sensitive FROM domains WHERE id = @domain",
            domainId == MainDomain ? [("@on", On), ("@name", Setting)] : [("@domain", domainId)]
        );
        using var row = command.ExecuteReader();
        return row.Read() ? CaseOf(row.GetBoolean(0)) : null;
    }

    /// <summary>Stores the rule for new links of a domain.</summary>
    public static void Store(DbConnection connection, DbTransaction transaction, long domainId, AliasCase rule)
    {
        if (domainId == MainDomain)
            connection.Run(
                transaction,
                """
                INSERT INTO kept_settings (name, value) VALUES (@name, @value)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """,
                ("@name", Setting),
                ("@value", rule is AliasCase.Kept ? On : "off")
            );
        else
            connection.Run(
                transaction,
                "UPDATE domains SET is_case_sensitive = @kept WHERE id = @domain",
                ("@kept", rule is AliasCase.Kept),
                ("@domain", domainId)
            );
    }

    /// <summary>As the other overload, in the transaction of a context.</summary>
    public static void Store(SignpostDb db, long domainId, AliasCase rule)
    {
        var transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        Store(transaction.Connection!, transaction, domainId, rule);
    }

    private List<KeyValuePair<long, CaseRule>> Read()
    {
        using var connection = _database.OpenOwnRead();
        using var command = connection.Command(
            null,
            """
            SELECT id, is_case_sensitive, EXISTS (SELECT 1 FROM jobs WHERE kind = @change AND subject = domains.id)
            FROM domains WHERE is_case_sensitive OR id IN (SELECT subject FROM jobs WHERE kind = @change)
            UNION ALL
            SELECT 0, coalesce((SELECT value = @on FROM kept_settings WHERE name = @name), false),
                EXISTS (SELECT 1 FROM jobs WHERE kind = @change AND subject = 0)
            """,
            ("@change", (int)JobKind.ChangeCase),
            ("@on", On),
            ("@name", Setting)
        );
        using var row = command.ExecuteReader();
        List<KeyValuePair<long, CaseRule>> found = [];
        while (row.Read())
            if (new CaseRule(CaseOf(row.GetBoolean(1)), row.GetBoolean(2)) is var rule && rule != default)
                found.Add(new(row.GetInt64(0), rule));
        return found;
    }

    private static AliasCase CaseOf(bool isSensitive) => isSensitive ? AliasCase.Kept : AliasCase.Ignored;
}
