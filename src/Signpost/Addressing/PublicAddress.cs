using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Signpost.Core.Links;
using Signpost.Hosting;

namespace Signpost.Addressing;

/// <summary>The public address of the main domain: the base of every absolute address that the server gives out.</summary>
internal sealed class PublicAddress(SignpostSettings settings, IServer server)
{
    private readonly Uri? _configured = settings.PublicUrl;
    private string? _url;

    /// <summary>The address in ASCII, without a trailing slash, as in <c>https://go.example.org</c>.</summary>
    public string Url => _url ??= Find();

    /// <summary>Tells whether requests for this host are ours: any host when no public address is configured.</summary>
    /// <param name="host">As in the Host header, with or without a port.</param>
    public bool IsServed(ReadOnlySpan<char> host) => _configured is null || IsConfigured(WithoutPort(host));

    /// <summary>Tells whether this is the host of the configured public address.</summary>
    public bool IsConfigured(ReadOnlySpan<char> host)
    {
        if (_configured is null)
            return false;
        var name = host.TrimEnd('.');
        return name.Equals(_configured.IdnHost, StringComparison.OrdinalIgnoreCase)
            || name.Equals(_configured.Host, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Tells whether this host is the main domain's, configured or not.</summary>
    public bool IsMain(string host) => Same(host, new Uri(Url).IdnHost);

    /// <summary>Tells whether an address leads back to this server, however its host is spelled.</summary>
    /// <param name="askedHost">The host, and port if any, of the current request.</param>
    public bool IsOwn(TargetUrl target, string? askedHost)
    {
        if (!target.IsWeb)
            return false;
        if (_configured is not null)
            // A proxy on both usual ports redirects one to the other, so they count as one address.
            return Same(target.Host, _configured.IdnHost)
                && (target.Port == _configured.Port || (_configured.IsDefaultPort && target.Port is 80 or 443));

        // Without a public address every host is served, and the current request shows that this host leads here.
        var asked = new HostString(askedHost ?? "");
        if (asked.HasValue && Same(target.Host, asked.Host))
            return asked.Port is { } port ? target.Port == port : target.Port is 80 or 443;

        return Listening()
            .Any(own => own.Port == target.Port && (Same(target.Host, own.IdnHost) || IsThisMachine(own, target)));
    }

    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> host) =>
        host.LastIndexOf(':') is >= 0 and var colon && colon > host.LastIndexOf(']') ? host[..colon] : host;

    private string Find()
    {
        var first = _configured ?? Listening().FirstOrDefault() ?? new Uri("http://localhost:8080");
        return AsciiOf(first);
    }

    /// <summary>Scheme, host and port in ASCII, as headers need them: a name of other letters becomes punycode.</summary>
    public static string AsciiOf(Uri url)
    {
        // IdnHost has no brackets.
        var host = url.HostNameType is UriHostNameType.IPv6 ? url.Host : url.IdnHost;
        return url.IsDefaultPort
            ? $"{url.Scheme}://{host}"
            : string.Create(CultureInfo.InvariantCulture, $"{url.Scheme}://{host}:{url.Port}");
    }

    private IEnumerable<Uri> Listening() =>
        (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
            .Select(address => Uri.TryCreate(Dialable(address), UriKind.Absolute, out var url) ? url : null)
            .OfType<Uri>();

    // "All addresses of this machine" cannot be used as an address.
    private static string Dialable(string address) =>
        address
            .Replace("://+", "://localhost", StringComparison.Ordinal)
            .Replace("://*", "://localhost", StringComparison.Ordinal)
            .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal)
            .Replace("://[::]", "://localhost", StringComparison.Ordinal);

    private static bool IsThisMachine(Uri own, TargetUrl target) => IsLoopback(own.IdnHost) && IsLoopback(target.Host);

    private static bool IsLoopback(string host) =>
        Same(host, "localhost")
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (
            IPAddress.TryParse(host.Trim('[', ']'), out var address)
            && (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        );

    private static bool Same(string left, string right) =>
        left.AsSpan()
            .Trim("[]")
            .TrimEnd('.')
            .Equals(right.AsSpan().Trim("[]").TrimEnd('.'), StringComparison.OrdinalIgnoreCase);
}
