using System.Buffers;

namespace Signpost.Hosting;

/// <summary>
/// The form of a public address: scheme, host, perhaps a port, and perhaps a base path, under which a proxy publishes the server
/// beside others.
/// </summary>
internal static class PublicUrl
{
    public const string Allowed =
        "scheme and host, perhaps with a base path, as in https://go.example.org or https://example.org/go, without query";

    private const int LongestPath = 256;

    // They stand in headers and pages as they are.
    private static readonly SearchValues<char> PathSigns = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/"
    );

    public static bool TryParse(string text, out Uri url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url!)
        && url is { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" }
        && !text.AsSpan().ContainsAny('?', '#', '@')
        && IsPath(url.AbsolutePath);

    /// <summary>The address in ASCII, without a trailing slash.</summary>
    public static string TextOf(Uri url) =>
        $"{url.Scheme}://{HostOf(url)}{(url.IsDefaultPort ? "" : $":{url.Port}")}{BasePathOf(url)}";

    /// <summary>The base path with a leading and without a trailing slash, as in <c>/go</c>; empty: none.</summary>
    public static string BasePathOf(Uri url) => url.AbsolutePath.TrimEnd('/');

    private static bool IsPath(string path) =>
        path.Length <= LongestPath
        && !path.AsSpan().ContainsAnyExcept(PathSigns)
        && !path.Contains("//", StringComparison.Ordinal);

    // IdnHost has no brackets around an IPv6 address.
    private static string HostOf(Uri url) => url.HostNameType is UriHostNameType.IPv6 ? url.Host : url.IdnHost;
}
