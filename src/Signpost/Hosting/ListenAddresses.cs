using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Signpost.Hosting;

/// <summary>
/// Checks the listening addresses before anything is opened. Kestrel would check late and print several lines, and with a
/// port that is no number, or a host that is neither an IP address nor localhost, it would listen on every address.
/// </summary>
internal static class ListenAddresses
{
    private const string Address =
        "http:// or https:// with an IP address, localhost or *, and a port from 0 to 65535, without path";

    private const string Addresses =
        $"{Address}, several with semicolons, as in http://localhost:8080;http://[::1]:8080";

    private const string Ports = "ports from 0 to 65535, several with semicolons, as in 8080;8081";

    /// <exception cref="StartException">An address or a port is wrong.</exception>
    public static void Check(IConfiguration configuration)
    {
        Check(configuration[WebHostDefaults.ServerUrlsKey], "--urls or ASPNETCORE_URLS", IsAddress, Addresses);
        Check(configuration[WebHostDefaults.HttpPortsKey], "--http_ports or ASPNETCORE_HTTP_PORTS", IsPort, Ports);
        Check(configuration[WebHostDefaults.HttpsPortsKey], "--https_ports or ASPNETCORE_HTTPS_PORTS", IsPort, Ports);
        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
            Check(endpoint["Url"], $"{endpoint.Path}:Url", IsAddress, Address);
    }

    private static void Check(string? value, string name, Func<string, bool> isRight, string allowed)
    {
        foreach (var one in (value ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
            if (!isRight(one.Trim()))
                throw StartException.Wrong(name, one, allowed);
    }

    private static bool IsAddress(string text)
    {
        try
        {
            var address = BindingAddress.Parse(text);
            return address.Scheme.ToLowerInvariant() is "http" or "https"
                && address.PathBase is ""
                && (
                    address.IsUnixPipe
                    || address.IsNamedPipe
                    || (IsHost(address.Host) && address.Port is >= 0 and <= ushort.MaxValue)
                );
        }
        // The second one is for addresses such as x://unix:/.
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            return false;
        }
    }

    // A port that is no number is parsed as a part of the host.
    private static bool IsHost(string host) =>
        host is "*" or "+"
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IsWritten(host, address));

    // "1" and "127.1" are IPv4 addresses for old programs, and most likely mistakes.
    private static bool IsWritten(string host, IPAddress address) =>
        address.AddressFamily is AddressFamily.InterNetworkV6
            ? host.StartsWith('[') && host.EndsWith(']')
            : host.Count(letter => letter == '.') == 3;

    private static bool IsPort(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
