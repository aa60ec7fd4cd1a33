using Npgsql;

namespace Signpost.Storage.Postgres;

/// <summary>The address of a database on a PostgreSQL server.</summary>
/// <param name="Password">Null: the server asks for none, or the driver finds it in the user's own password file.</param>
internal sealed record PostgresAddress(
    string Host,
    int Port,
    string Database,
    string User,
    string? Password,
    SslMode Security
)
{
    public const string Allowed =
        "postgres://user:password@host:5432/database, also without the password or the port, and with ?sslmode=disable, prefer, require, verify-ca or verify-full; signs such as @ in the user or the password are escaped, as in %40";

    private const int UsualPort = 5432;

    /// <summary>Without the password.</summary>
    public override string ToString() => Place;

    /// <summary>The place for messages, without the password.</summary>
    public string Place =>
        $"{Database} on {(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";

    /// <summary>Reads an address. Without <c>sslmode</c>, the connection is encrypted if the server can do it.</summary>
    public static bool TryParse(string text, out PostgresAddress address)
    {
        address = null!;
        if (
            !Uri.TryCreate(text, UriKind.Absolute, out var url)
            || url is not { Scheme: "postgres" or "postgresql", Fragment: "" }
            || url.Host is ""
            || Uri.UnescapeDataString(url.AbsolutePath) is not ['/', .. { Length: > 0 } database]
            || database.Any(sign => sign is '/' || char.IsControl(sign))
            || url.UserInfo.Split(':') is not [{ Length: > 0 } name, .. { Length: <= 1 } rest]
            || !TryReadSecurity(url.Query, out var security)
        )
            return false;

        var user = Uri.UnescapeDataString(name);
        var password = rest is [{ Length: > 0 } secret] ? Uri.UnescapeDataString(secret) : null;
        if (user.Any(char.IsControl) || password?.Any(char.IsControl) == true)
            return false;

        var host = url.IdnHost.Trim('[', ']');
        address = new(host, url.Port > 0 ? url.Port : UsualPort, database, user, password, security);
        return true;
    }

    private static bool TryReadSecurity(string query, out SslMode security)
    {
        SslMode? known = query switch
        {
            "" or "?sslmode=prefer" => SslMode.Prefer,
            "?sslmode=disable" => SslMode.Disable,
            "?sslmode=allow" => SslMode.Allow,
            "?sslmode=require" => SslMode.Require,
            "?sslmode=verify-ca" => SslMode.VerifyCA,
            "?sslmode=verify-full" => SslMode.VerifyFull,
            _ => null,
        };
        security = known ?? SslMode.Prefer;
        return known is not null;
    }
}
