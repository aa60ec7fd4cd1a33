namespace Signpost.Core.Statistics;

/// <summary>Reads the referring page from a header: only its host and path are ever kept.</summary>
public static class Referrers
{
    /// <summary>A path is cut after so many UTF-16 units: strangers can invent long ones.</summary>
    public const int LongestPath = 256;

    private const int LongestHost = 253;
    private const string App = "android-app://";

    /// <summary>Whether an address is of this host.</summary>
    /// <param name="host">As in the Host header, with or without a port.</param>
    public static bool IsOf(ReadOnlySpan<char> address, ReadOnlySpan<char> host) =>
        HostOf(address) is { IsEmpty: false } own && own.Equals(WithoutPort(host), StringComparison.OrdinalIgnoreCase);

    /// <summary>Host and path of a web page, or an app's name as the host; nothing for other texts.</summary>
    public static ClickReferrer Read(ReadOnlySpan<char> address)
    {
        var host = HostOf(address);
        if (host.Length is 0 or > LongestHost || !IsHost(host))
            return ClickReferrer.None;

        var name = host.ToString().ToLowerInvariant();
        if (address.StartsWith(App, StringComparison.OrdinalIgnoreCase))
            return new(name, null);
        if (
            !address.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            && !address.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        )
            return ClickReferrer.None;

        var rest = AfterScheme(address);
        var path = rest[EndOf(rest, @"/\?#")..];
        path = path[..EndOf(path, "?#")];
        return new(name, path is ['/', ..] ? PlainText.Clean(path, LongestPath) : "/");
    }

    // In any script: browsers send punycode, other clients may not.
    private static bool IsHost(ReadOnlySpan<char> host)
    {
        foreach (var letter in host)
            if (!char.IsLetterOrDigit(letter) && letter is not ('.' or '-' or '_' or '[' or ']' or ':'))
                return false;
        return true;
    }

    private static ReadOnlySpan<char> HostOf(ReadOnlySpan<char> address)
    {
        var authority = AfterScheme(address);
        authority = authority[..EndOf(authority, @"/\?#")];
        return WithoutPort(authority[(authority.LastIndexOf('@') + 1)..]);
    }

    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> authority) =>
        authority is ['[', ..]
            ? authority[..(authority.IndexOf(']') + 1)]
            : authority[..EndOf(authority, ":")].TrimEnd('.');

    private static ReadOnlySpan<char> AfterScheme(ReadOnlySpan<char> address) =>
        address.IndexOf("://") is >= 0 and var end ? address[(end + 3)..] : default;

    private static int EndOf(ReadOnlySpan<char> text, ReadOnlySpan<char> ends) =>
        text.IndexOfAny(ends) is >= 0 and var end ? end : text.Length;
}
