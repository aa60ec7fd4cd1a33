using Microsoft.IdentityModel.Protocols;
using Signpost.Hosting;

namespace Signpost.Dashboard.Providers;

/// <summary>
/// Reads the provider's discovery document and keys. After a failure it fails at once for some seconds, so that people do not wait
/// one after another for a provider that does not respond.
/// </summary>
internal sealed partial class ProviderDocuments : IDocumentRetriever, IDisposable
{
    private const int MostBytes = 1 << 20;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly HttpDocumentRetriever _documents;
    private readonly TimeProvider _clock;
    private readonly ILogger<ProviderDocuments> _logger;
    private long _pausedUntil;

    public ProviderDocuments(SignpostSettings settings, TimeProvider clock, ILogger<ProviderDocuments> logger)
    {
        (_clock, _logger) = (clock, logger);
        Http = new(
            new SocketsHttpHandler
            {
                UseCookies = false,
                AllowAutoRedirect = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            }
        )
        {
            Timeout = Longest,
            MaxResponseContentBufferSize = MostBytes,
        };
        _documents = new(Http) { RequireHttps = settings.Oidc?.Authority.Scheme is not "http" };
    }

    /// <summary>For all requests to the provider. Each takes at most five seconds.</summary>
    public HttpClient Http { get; }

    /// <exception cref="IOException">The provider does not respond, or did not a short time ago.</exception>
    public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
    {
        if (Volatile.Read(ref _pausedUntil) > _clock.GetTimestamp())
            throw new IOException("The provider did not respond a short time ago.");
        try
        {
            // Not cancelled with the request of one person: others wait for the same document.
            return await _documents.GetDocumentAsync(address, CancellationToken.None);
        }
        catch (Exception error)
        {
            Volatile.Write(
                ref _pausedUntil,
                _clock.GetTimestamp() + (long)(Pause.TotalSeconds * _clock.TimestampFrequency)
            );
            LogAway(address, ProviderEvents.ReasonOf(error));
            throw;
        }
    }

    public void Dispose() => Http.Dispose();

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The sign-in provider does not respond at {Address}: {Problem}. Other ways to sign in go on"
    )]
    private partial void LogAway(string address, string problem);
}
