namespace Signpost.Hosting;

/// <summary>The form of a public address: scheme, host and perhaps a port, and nothing else.</summary>
internal static class PublicUrl
{
    public const string Allowed = "scheme and host, as in https://go.example.org, without path or query";

    public static bool TryParse(string text, out Uri url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url!)
        && url is { Scheme: "http" or "https", PathAndQuery: "/", Fragment: "", UserInfo: "" }
        && !text.AsSpan().ContainsAny('?', '#', '@');

    /// <summary>The address in ASCII, without a trailing slash.</summary>
    public static string TextOf(Uri url) => $"{url.Scheme}://{HostOf(url)}{(url.IsDefaultPort ? "" : $":{url.Port}")}";

    // IdnHost has no brackets around an IPv6 address.
    private static string HostOf(Uri url) => url.HostNameType is UriHostNameType.IPv6 ? url.Host : url.IdnHost;
}
