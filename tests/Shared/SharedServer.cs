namespace Signpost.Testing;

/// <summary>One server with default settings for a whole class of tests, each of which makes its own links.</summary>
public class SharedServer : IAsyncLifetime
{
    internal TestServer Server { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync() => Server = await StartAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected virtual Task<TestServer> StartAsync() => TestServer.StartAsync();
}
