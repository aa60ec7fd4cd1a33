using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Signpost.Outbound;

/// <summary>
/// Fetches addresses that an account names, and protects our own network: each name is resolved once, all its addresses must be
/// public, and the connection goes to one of these addresses. Redirects are followed here, each with the same checks.
/// </summary>
internal sealed class OutboundClient : IDisposable
{
    private const int MostRedirects = 5;
    private const int MostHeaderKilobytes = 32;

    // A certificate names addresses of its issuer and of revocation lists. .NET would fetch them without our checks.
    private static readonly X509ChainPolicy FetchNothing = new()
    {
        DisableCertificateDownloads = true,
        RevocationMode = X509RevocationMode.NoCheck,
    };

    private readonly OutboundReach _reach;
    private readonly HttpMessageInvoker _http;

    public OutboundClient(OutboundReach reach)
    {
        _reach = reach;
        _http = new(
            new SocketsHttpHandler
            {
                // A proxy would resolve names by itself.
                UseProxy = false,
                UseCookies = false,
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                MaxResponseHeadersLength = MostHeaderKilobytes,
                // A kept connection would use an address that was checked long ago.
                PooledConnectionLifetime = TimeSpan.Zero,
                ConnectCallback = ConnectAsync,
                SslOptions = { CertificateChainPolicy = FetchNothing },
            }
        );
    }

    /// <summary>Reads the headers of the page at <paramref name="url"/>, or of the page it redirects to; no body is read.</summary>
    /// <exception cref="OutboundException">The page cannot or must not be fetched. The two are not distinguished.</exception>
    public async Task<OutboundResponse> ReadHeadersAsync(Uri url, CancellationToken cancel)
    {
        for (var hop = 0; hop <= MostRedirects; hop++)
        {
            using var response = await SendAsync(url, cancel);
            if (
                (int)response.StatusCode is < 300 or > 399
                || response.Headers.Location is not { } next
                || !Uri.TryCreate(url, next, out var further)
            )
                return OutboundResponse.Of(url, response);

            url = further;
        }

        throw new OutboundException("Too many redirects.");
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Uri url, CancellationToken cancel)
    {
        if (url.Scheme is not ("http" or "https") || !_reach.IsPortAllowed(url.Port) || url.UserInfo is not "")
            throw new OutboundException("No address to fetch.");

        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (compatible; Signpost)");
        request.Headers.TryAddWithoutValidation("Accept", "text/html,*/*;q=0.5");
        try
        {
            return await _http.SendAsync(request, cancel);
        }
        // The last two: the host of a redirect has no form in ASCII, such as a lone zero width joiner.
        catch (Exception error)
            when (error
                    is HttpRequestException
                        or IOException
                        or SocketException
                        or UriFormatException
                        or ArgumentException
            )
        {
            throw new OutboundException("No answer.", error);
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var end = context.DnsEndPoint;
        var addresses = IPAddress.TryParse(end.Host, out var literal)
            ? [literal]
            : await _reach.Resolve(end.Host, cancel);
        // A private address among public ones is suspicious.
        if (addresses is [] || !addresses.All(_reach.IsAllowed) || !_reach.IsPortAllowed(end.Port))
            throw new OutboundException("No address to fetch.");

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, end.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The response, as far as it is read.</summary>
/// <param name="Url">The address after all redirects.</param>
internal sealed record OutboundResponse(
    Uri Url,
    int Status,
    IReadOnlyList<string> FrameOptions,
    IReadOnlyList<string> ContentSecurityPolicies
)
{
    public static OutboundResponse Of(Uri url, HttpResponseMessage response) =>
        new(
            url,
            (int)response.StatusCode,
            [.. ValuesOf(response, "X-Frame-Options")],
            [.. ValuesOf(response, "Content-Security-Policy")]
        );

    private static IEnumerable<string> ValuesOf(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values : [];
}

/// <summary>Nothing was fetched. The message is for the log only: it would tell the caller about our network.</summary>
internal sealed class OutboundException(string message, Exception? inner = null) : Exception(message, inner);
