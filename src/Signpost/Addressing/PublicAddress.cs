using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Signpost.Core.Links;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Addressing;

/// <summary>
/// The public address of the main domain: the base of every absolute address that the server gives out. It is the setting, or else
/// the address that <see cref="PublicAddressEditor"/> keeps, or else the first listening address.
/// </summary>
internal sealed class PublicAddress
{
    public const string Setting = "public_url";

    private readonly Uri? _configured;
    private readonly IServer? _server;
    private volatile Known? _known;
    private volatile bool _isAskedElsewhere;
    private string? _listening;

    /// <param name="server">Null: a command, which listens nowhere.</param>
    public PublicAddress(SignpostSettings settings, IServer? server, Database database)
    {
        (_configured, _server) = (settings.PublicUrl, server);
        Know(_configured is null ? Kept(database) : null);
    }

    /// <summary>The address without a trailing slash, as in <c>https://go.example.org</c>.</summary>
    public string Url => _known?.Text ?? _listening ?? Guessed();

    /// <summary>Whether somebody has told the address. If not, it is a guess.</summary>
    public bool IsSet => _known is not null;

    /// <summary>The path before all paths of the main domain, as in <c>/go</c>; empty: none.</summary>
    public PathString BasePath => _known?.BasePath ?? default;

    /// <summary>A warning for the operator if the address is a guess and requests come to other hosts; null: there is none.</summary>
    public string? Warning =>
        _isAskedElsewhere && _known is null ? $"{Guess}, but requests come to other hosts. {Remedy}" : null;

    /// <summary>A notice if nobody has told the address; null: somebody has.</summary>
    public string? Notice => _known is null ? $"{Guess}. {Remedy}" : null;

    private string Guess => $"No public address is set: short addresses begin with {Url}";

    private const string Remedy = "Set SIGNPOST_PUBLIC_URL to the address that visitors use.";

    /// <summary>Tells whether requests for this host are ours: any host when no public address is configured.</summary>
    /// <param name="host">As in the Host header, with or without a port.</param>
    public bool IsServed(ReadOnlySpan<char> host) => _configured is null || IsHost(_configured, WithoutPort(host));

    /// <summary>Tells whether this is the host of the configured or kept public address.</summary>
    public bool IsConfigured(ReadOnlySpan<char> host) => _known is { Url: var url } && IsHost(url, host);

    /// <summary>Tells whether this host is the main domain's, configured or not.</summary>
    public bool IsMain(string host) => Same(host, new Uri(Url).IdnHost);

    /// <summary>A warning for a request to another host than that of a guessed address; null: there is none.</summary>
    /// <param name="askedHost">As in the Host header.</param>
    public string? WarningFor(string? askedHost)
    {
        if (_known is not null || string.IsNullOrEmpty(askedHost) || IsFirstListening(askedHost))
            return null;

        _isAskedElsewhere = true;
        return $"{Guess}, but this request came to {askedHost}. {Remedy}";
    }

    /// <summary>Takes over the kept address, after its commit. The configured one wins.</summary>
    public void Know(Uri? kept)
    {
        _known = (_configured ?? kept) is { } url
            ? new(url, PublicUrl.TextOf(url), new(PublicUrl.BasePathOf(url)))
            : null;
        _isAskedElsewhere = false;
    }

    /// <summary>Tells whether an address leads back to this server, however its host is spelled.</summary>
    /// <param name="askedHost">The host, and port if any, of the current request.</param>
    public bool IsOwn(TargetUrl target, string? askedHost)
    {
        if (!target.IsWeb)
            return false;
        // A proxy on both usual ports redirects one to the other, so they count as one address.
        if (
            _known is { Url: var known }
            && Same(target.Host, known.IdnHost)
            && (target.Port == known.Port || (known.IsDefaultPort && target.Port is 80 or 443))
        )
            return true;
        if (_configured is not null)
            return false;

        // Without a public address every host is served, and the current request shows that this host leads here.
        var asked = new HostString(askedHost ?? "");
        if (asked.HasValue && Same(target.Host, asked.Host))
            return asked.Port is { } port ? target.Port == port : target.Port is 80 or 443;

        return Listening()
            .Any(own => own.Port == target.Port && (Same(target.Host, own.IdnHost) || IsThisMachine(own, target)));
    }

    /// <summary>The path of an address on the main domain without the base path; neither has a leading slash.</summary>
    public ReadOnlySpan<char> WithoutBase(ReadOnlySpan<char> path) =>
        BasePath is { HasValue: true, Value: ['/', .. var first] }
        && path.StartsWith(first, StringComparison.Ordinal)
        && path[first.Length..] is ['/', .. var rest]
            ? rest
            : path;

    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> host) =>
        host.LastIndexOf(':') is >= 0 and var colon && colon > host.LastIndexOf(']') ? host[..colon] : host;

    /// <summary>Reads the kept address; null: there is none.</summary>
    public static Uri? Kept(Database database)
    {
        using var connection = database.OpenOwnRead();
        using var command = connection.Command(
            null,
            "SELECT value FROM kept_settings WHERE name = @name",
            ("@name", Setting)
        );
        return command.ExecuteScalar() is string text && PublicUrl.TryParse(text, out var url) ? url : null;
    }

    private static bool IsHost(Uri address, ReadOnlySpan<char> host)
    {
        var name = host.TrimEnd('.');
        return name.Equals(address.IdnHost, StringComparison.OrdinalIgnoreCase)
            || name.Equals(address.Host, StringComparison.OrdinalIgnoreCase);
    }

    // Before the server listens there is no address, or one whose port is not chosen yet.
    private string Guessed()
    {
        var (own, isListening) = (FirstListening(), Listening().Any());
        var text = PublicUrl.TextOf(own);
        if (isListening && own.Port != 0)
            _listening = text;
        return text;
    }

    private Uri FirstListening() => Listening().FirstOrDefault() ?? new Uri("http://localhost:8080");

    private bool IsFirstListening(string askedHost)
    {
        var (asked, own) = (new HostString(askedHost), FirstListening());
        return (Same(asked.Host, own.IdnHost) || (IsLoopback(asked.Host) && IsLoopback(own.IdnHost)))
            && (asked.Port ?? (own.IsDefaultPort ? own.Port : 80)) == own.Port;
    }

    private IEnumerable<Uri> Listening() =>
        (_server?.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
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

    private sealed record Known(Uri Url, string Text, PathString BasePath);
}
