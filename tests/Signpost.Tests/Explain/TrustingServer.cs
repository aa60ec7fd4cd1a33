using Signpost.Testing;

namespace Signpost.Tests.Explain;

/// <summary>A server that believes its neighbours' X-Forwarded-For, so that a test can come from anywhere.</summary>
public sealed class TrustingServer : IAsyncLifetime
{
    internal TestServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Server = await TestServer.StartAsync(("SIGNPOST_TRUSTED_PROXIES", "127.0.0.0/8,::1"));

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
