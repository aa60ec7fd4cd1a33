using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Signpost.Core.Links;

/// <summary>
/// The one spelling of a host: lower case, punycode. IP addresses get their usual form from every form that
/// browsers accept (octal, hexadecimal, one number).
/// </summary>
internal static class UrlHost
{
    private const int LongestHost = 253;
    private const int LongestLabel = 63;

    private static readonly IdnMapping Idn = new();

    private static readonly SearchValues<char> LabelSigns = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyz0123456789-_"
    );

    private static readonly SearchValues<char> Ipv6Signs = SearchValues.Create("0123456789abcdefABCDEF:.");

    public static bool TryMakeCanonical(ReadOnlySpan<char> typed, [NotNullWhen(true)] out string? host)
    {
        host = TryMakeRooted(typed, out var rooted) ? rooted.TrimEnd('.') : null;
        return host is not null;
    }

    /// <summary>Like <see cref="TryMakeCanonical"/>, but a name keeps its trailing dot, as in browsers.</summary>
    public static bool TryMakeRooted(ReadOnlySpan<char> typed, [NotNullWhen(true)] out string? host)
    {
        host = typed is ['[', .. var inner, ']'] ? MakeIpv6(inner) : MakeName(typed.ToString());
        return host is not null;
    }

    // Zone ids ("%eth0") are valid on one machine only, so % is not allowed.
    private static string? MakeIpv6(ReadOnlySpan<char> typed) =>
        !typed.ContainsAnyExcept(Ipv6Signs)
        && IPAddress.TryParse(typed, out var address)
        && address.AddressFamily is AddressFamily.InterNetworkV6
            ? $"[{Spelled(address)}]"
            : null;

    // Browsers write no part in decimal, and shorten the first of the longest runs of zeros.
    private static string Spelled(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        string[] parts =
        [
            .. Enumerable
                .Range(0, 8)
                .Select(part => $"{BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(2 * part)):x}"),
        ];
        for (var length = 8; length > 1; length--)
        for (var start = 0; start + length <= 8; start++)
            if (parts[start..(start + length)].All(part => part is "0"))
                return $"{string.Join(':', parts[..start])}::{string.Join(':', parts[(start + length)..])}";
        return string.Join(':', parts);
    }

    private static string? MakeName(string typed)
    {
        if (typed is "" || MakeAscii(typed) is not { } name)
            return null;

        var root = name is [.., '.'] ? "." : "";
        name = name[..^root.Length];

        if (name.Length > LongestHost)
            return null;

        var labels = name.Split('.');
        if (!labels.All(IsLabel))
            return null;

        return IsNumber(labels[^1]) ? MakeIpv4(name) : name + root;
    }

    private static string? MakeAscii(string typed)
    {
        if (Ascii.IsValid(typed) && !typed.Contains("xn--", StringComparison.OrdinalIgnoreCase))
            return typed.ToLowerInvariant();

        try
        {
            return Idn.GetAscii(typed).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= LongestLabel && !label.AsSpan().ContainsAnyExcept(LabelSigns);

    // Browsers read a name as an IPv4 address if its last label is a number, and fail if it is not one.
    private static bool IsNumber(string label) =>
        label.All(char.IsAsciiDigit)
        || (label.StartsWith("0x", StringComparison.Ordinal) && label[2..].All(char.IsAsciiHexDigit));

    private static string? MakeIpv4(string name) =>
        IPAddress.TryParse(name, out var address) && address.AddressFamily is AddressFamily.InterNetwork
            ? address.ToString()
            : null;
}
