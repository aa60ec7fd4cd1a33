using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Accounts.Keys;

/// <summary>Creates API keys and finds their accounts. A key is 256 random bits; only its SHA-256 is stored.</summary>
internal sealed class ApiKeys(Database database, KeyUses uses, TimeProvider clock)
{
    private const string Valid = """
        SELECT k.id, a.id, a.time_zone, k.scopes, k.last_used_at, p.is_admin, p.account_id, m.role
        FROM api_keys k JOIN accounts a ON a.id = k.account_id
        JOIN people p ON p.account_id = coalesce(k.person_id, k.account_id)
        LEFT JOIN members m ON m.team_id = k.account_id AND m.person_id = k.person_id AND m.joined_at IS NOT NULL
        WHERE NOT p.is_disabled AND (k.expires_at IS NULL OR k.expires_at > @now)
            AND (k.person_id IS NULL OR m.id IS NOT NULL)
        """;

    private const string ByHash = Valid + " AND k.hash = @key";
    private const string ById = Valid + " AND k.id = @key";

    private const string Mark = "sp_";
    private const int PrefixLength = 8;

    /// <summary>Creates a new key such as <c>sp_Zl8…</c>, 46 characters.</summary>
    public static string Draw() => Mark + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static ApiKey Row(
        long accountId,
        string key,
        string name,
        DateTimeOffset now,
        bool isFromSettings = false
    ) =>
        new()
        {
            AccountId = accountId,
            Name = name,
            Prefix = key[..PrefixLength],
            Hash = Hash(key),
            IsFromSettings = isFromSettings,
            CreatedAt = now.ToUnixTimeMilliseconds(),
        };

    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>
    /// Finds the caller of a key; null if the key is unknown or expired, or if the person is disabled or no longer in the key's team. It looks up the
    /// hash, so its duration tells nothing about other keys. It reads the database each time, so a revoked key stops at once.
    /// </summary>
    public Caller? Find(string key, Origin origin) => Find(ByHash, ("@key", Hash(key)), origin);

    /// <summary>The caller of a key by its id, for work that goes on after the request; null as in <see cref="Find(string, Origin)"/>.</summary>
    public Caller? FindAgain(long keyId) => Find(ById, ("@key", keyId), new(null, ""));

    private Caller? Find(string sql, (string Name, object? Value) key, Origin origin)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        using var connection = database.OpenRead();
        using var command = connection.Command(null, sql, key, ("@now", now));
        using var row = command.ExecuteReader();
        if (!row.Read())
            return null;

        var (keyId, accountId, personId) = (row.GetInt64(0), row.GetInt64(1), row.GetInt64(6));
        uses.Note(keyId, personId, accountId, row.IsDBNull(4) ? null : row.GetInt64(4), now);
        return new(
            personId,
            accountId,
            TimeZoneInfo.FindSystemTimeZoneById(row.GetString(2)),
            IsAdmin: row.GetBoolean(5) && personId == accountId,
            ScopeNames.FromStored(row.GetString(3)),
            new Credential.Key(keyId),
            origin
        )
        {
            Role = row.IsDBNull(7) ? Role.Owner : (Role)row.GetInt32(7),
        };
    }
}
