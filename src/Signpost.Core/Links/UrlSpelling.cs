using System.Buffers;
using System.Globalization;
using System.Text;

namespace Signpost.Core.Links;

/// <summary>
/// Writes an address as a browser does after reading it (WHATWG URL, without a base). Some addresses that browsers repair are
/// refused: a host that cannot be in the DNS, a backslash right after the host, missing or additional slashes before it.
/// </summary>
internal static class UrlSpelling
{
    private const string BadHost = "The host of the address is not valid.";
    private const string BadPort = "The port of the address must be a number from 1 to 65535.";
    private const string Incomplete = "The address is not complete.";

    private static readonly SearchValues<char> NotInOpaqueHosts = SearchValues.Create(" :<>@[\\]^|");

    /// <summary>The port where none is written; 0 for schemes that have no special form.</summary>
    public static int DefaultPort(string scheme) =>
        scheme switch
        {
            "https" => 443,
            "http" => 80,
            "ftp" => 21,
            _ => 0,
        };

    /// <summary>Appends the address; returns its error, or null.</summary>
    /// <param name="rest">The part after the colon, without control characters.</param>
    public static string? Append(StringBuilder result, string scheme, ReadOnlySpan<char> rest)
    {
        if (rest.IsEmpty)
            return Incomplete;

        result.Append(scheme).Append(':');
        var path = rest[..EndOf(rest, "?#")];
        var tail = rest[path.Length..];
        var isSpecial = DefaultPort(scheme) > 0;
        if (path is ['/', '/', .. var address])
        {
            if (AppendAuthority(result, scheme, ref address) is { } problem)
                return problem;
            if (isSpecial || !address.IsEmpty)
                AppendPath(result, address, isSpecial);
        }
        else if (path is ['/', ..])
            AppendRootedPath(result, path);
        else
            AppendOpaquePath(result, path, endsHere: tail.IsEmpty);

        AppendQueryAndFragment(result, tail, isSpecial);
        return null;
    }

    // Afterwards the address is the path.
    private static string? AppendAuthority(StringBuilder result, string scheme, ref ReadOnlySpan<char> address)
    {
        var defaultPort = DefaultPort(scheme);
        var isSpecial = defaultPort > 0;
        var authority = address[..EndOf(address, isSpecial ? @"/\" : "/")];
        address = address[authority.Length..];

        // Some readers take a backslash right after the host for a slash, others for a part of the host.
        var hostLength = authority is ['[', ..] ? authority.IndexOf(']') + 1 : EndOf(authority, ":");
        var typed = authority[..hostLength];
        if (isSpecial && address is ['\\', ..] || !TryReadHost(typed, isSpecial, out var host))
            return BadHost;
        if (!TryReadPort(authority[hostLength..], defaultPort, out var port))
            return BadPort;
        if (host is "" && hostLength < authority.Length)
            return BadHost;

        result.Append("//").Append(host).Append(port);
        return null;
    }

    private static bool TryReadHost(ReadOnlySpan<char> typed, bool isSpecial, out string host)
    {
        host = "";
        if (isSpecial || typed is ['[', ..])
            return UrlHost.TryMakeRooted(typed, out host!);
        if (typed.ContainsAny(NotInOpaqueHosts))
            return false;

        host = new StringBuilder().AppendEscaped(typed, UrlEscaping.Opaque).ToString();
        return true;
    }

    private static bool TryReadPort(ReadOnlySpan<char> typed, int defaultPort, out string port)
    {
        port = "";
        if (typed is "" or ":")
            return true;

        if (
            typed is not [':', .. var digits]
            || !ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        )
            return false;

        if (number != defaultPort)
            port = string.Create(CultureInfo.InvariantCulture, $":{number}");

        return number > 0;
    }

    private static void AppendPath(StringBuilder result, ReadOnlySpan<char> path, bool isSpecial)
    {
        var slashed = isSpecial ? path.ToString().Replace('\\', '/') : path.ToString();
        result.Append(
            UrlPath.RemoveDotSegments(new StringBuilder().AppendEscaped(slashed, UrlEscaping.Path).ToString())
        );
    }

    // Without a host, a path with two slashes at its start would be read as a host.
    private static void AppendRootedPath(StringBuilder result, ReadOnlySpan<char> path)
    {
        var start = result.Length;
        AppendPath(result, path, isSpecial: false);
        if (result.Length > start + 1 && result[start + 1] == '/')
            result.Insert(start, "/.");
    }

    private static void AppendOpaquePath(StringBuilder result, ReadOnlySpan<char> path, bool endsHere)
    {
        if (!endsHere && path is [.. var front, ' '])
            result.AppendEscaped(front, UrlEscaping.Opaque).Append("%20");
        else
            result.AppendEscaped(path, UrlEscaping.Opaque);
    }

    private static void AppendQueryAndFragment(StringBuilder result, ReadOnlySpan<char> tail, bool isSpecial)
    {
        var query = tail[..EndOf(tail, "#")];
        result.AppendEscaped(query, isSpecial ? UrlEscaping.SpecialQuery : UrlEscaping.Query);
        if (query.Length < tail.Length)
            result.Append('#').AppendEscaped(tail[(query.Length + 1)..], UrlEscaping.Fragment);
    }

    private static int EndOf(ReadOnlySpan<char> text, ReadOnlySpan<char> ends) =>
        text.IndexOfAny(ends) is >= 0 and var end ? end : text.Length;
}
