using System.Net;
using System.Net.Sockets;

namespace Signpost.Hosting;

/// <summary>How the connection to the mail server is protected.</summary>
internal enum SmtpSecurity
{
    /// <summary>The connection begins in clear and must change to TLS before anything is sent.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Tls,

    /// <summary>No TLS. Only for a server on this machine.</summary>
    None,
}

/// <summary>The mail server that takes the mails of Signpost.</summary>
/// <param name="User">Null: Signpost does not sign in there.</param>
/// <param name="Password">Null only without a user.</param>
internal sealed record SmtpServer(string Host, int Port, SmtpSecurity Security, string? User, string? Password)
{
    public const string Allowed =
        "smtp://user:password@host:587 (STARTTLS), smtps://user:password@host:465 (TLS), or ?tls=none after a host of this machine; signs such as @ in the user or the password are escaped, as in %40";

    private const int StartTlsPort = 587;
    private const int TlsPort = 465;

    /// <summary>Reads the address of a mail server.</summary>
    public static bool TryParse(string text, out SmtpServer server)
    {
        server = null!;
        if (
            !Uri.TryCreate(text, UriKind.Absolute, out var url)
            || url is not { Scheme: "smtp" or "smtps", AbsolutePath: "" or "/", Fragment: "", Query: "" or "?tls=none" }
            || url.Host is ""
            || !TryReadUser(url.UserInfo, out var user, out var password)
        )
            return false;

        var isTls = url.Scheme is "smtps";
        var isPlain = url.Query is not "";
        if (isPlain && (isTls || !IsThisMachine(url.DnsSafeHost)))
            return false;

        var port =
            url.Port > 0 ? url.Port
            : isTls ? TlsPort
            : StartTlsPort;
        var security =
            isTls ? SmtpSecurity.Tls
            : isPlain ? SmtpSecurity.None
            : SmtpSecurity.StartTls;
        server = new(url.IdnHost.Trim('[', ']'), port, security, user, password);
        return true;
    }

    private static bool TryReadUser(string info, out string? user, out string? password)
    {
        (user, password) = (null, null);
        if (info is "")
            return true;
        if (info.Split(':') is not [{ Length: > 0 } name, { Length: > 0 } secret])
            return false;
        (user, password) = (Uri.UnescapeDataString(name), Uri.UnescapeDataString(secret));
        return !user.Any(char.IsControl) && !password.Any(char.IsControl);
    }

    private static bool IsThisMachine(string host) =>
        host is "localhost"
        || (
            IPAddress.TryParse(host, out var address)
            && address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6
            && IPAddress.IsLoopback(address)
        );
}
