using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration.Memory;
using Signpost.Storage;

namespace Signpost.Hosting;

/// <summary>Holds the host, the database and the lock while the server runs, and closes them in this order.</summary>
internal sealed class Server(WebApplication app, Database database, DataDirectory directory) : IAsyncDisposable
{
    private const string DefaultUrl = "http://localhost:8080";
    private const int LargestBody = 16 << 20;
    private const int LongestRequestLine = 32 << 10;
    private const int LongestAddressWithoutKey = 8 << 10;
    private const int LargestHeaders = 32 << 10;
    private const int MostHeaders = 100;
    private const int MostStreams = 100;

    public WebApplication App => app;

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await database.DisposeAsync();
        directory.Dispose();
    }

    /// <summary>Makes a builder with our defaults; configuration can override each.</summary>
    public static WebApplicationBuilder NewBuilder(string[] args)
    {
        // A file that may change is watched with everything below its directory: each write to the database there would take processor time.
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
        builder.Configuration.Sources.Insert(
            0,
            new MemoryConfigurationSource
            {
                InitialData =
                [
                    new("Logging:LogLevel:Default", "Information"),
                    new("Logging:LogLevel:Microsoft", "Warning"),
                    // If this category is on, each request gets an activity and a logging scope, and a redirect takes a
                    // twelfth longer. Traces, if they are on, still make their activities; other code logs faults.
                    new("Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", "None"),
                    // A line for each wrong key and each refused connection: anybody could fill the disk with them.
                    // The metrics count both.
                    new("Logging:LogLevel:Signpost.Accounts.Keys.ApiKeyAuthentication", "Warning"),
                    // Anybody can make it fail. Each failure has a line of our own.
                    new("Logging:LogLevel:Signpost.Dashboard.Providers.ProviderHandler", "None"),
                    new("Logging:LogLevel:Microsoft.AspNetCore.Server.Kestrel.Connections", "Error"),
                    // It warns of unencrypted keys in the database, which docs/operations.md explains.
                    new("Logging:LogLevel:Microsoft.AspNetCore.DataProtection", "Error"),
                    // A refused form gets a response, and no line in the log.
                    new("Logging:LogLevel:Microsoft.AspNetCore.Antiforgery", "None"),
                    new("Logging:LogLevel:Signpost.Accounts.SignIn.SessionAuthentication", "Warning"),
                    // The time to wait for responses after SIGTERM. Storing the last clicks takes up to 3 s more.
                    new("shutdownTimeoutSeconds", "7"),
                    // The handler of a failing request reports it.
                    new("Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Command", "None"),
                ],
            }
        );
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd HH:mm:ss ";
            console.UseUtcTimestamp = true;
        });
        if (
            string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey])
            && !HasOtherEndpoints(builder.Configuration)
        )
            builder.WebHost.UseUrls(DefaultUrl);
        return builder;
    }

    /// <summary>Whether path and query are too long for a request without an API key. Programs look links up by long addresses.</summary>
    public static bool HasTooLongAddress(HttpRequest request) =>
        (request.Path.Value?.Length ?? 0) + (request.QueryString.Value?.Length ?? 0) > LongestAddressWithoutKey
        && request.Headers.Authorization.Count == 0;

    /// <summary>Sets the limits that keep one client from harming others.</summary>
    public static void ConfigureKestrel(WebApplicationBuilder builder, Drain drain)
    {
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.MaxRequestLineSize = LongestRequestLine;
            kestrel.Limits.MaxRequestHeadersTotalSize = LargestHeaders;
            kestrel.Limits.MaxRequestHeaderCount = MostHeaders;
            kestrel.Limits.Http2.MaxStreamsPerConnection = MostStreams;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
            kestrel.Limits.MaxConcurrentConnections = OpenFiles.MostConnections;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(drain.Count));
        });
        // A start that fails is one line on the error output, and the host's own line would add a stack trace.
        builder.Logging.AddFilter(
            "Microsoft.Extensions.Hosting.Internal.Host",
            level => level >= LogLevel.Warning && drain.HasStarted
        );
        builder.Services.Configure<SocketTransportOptions>(sockets => Sockets.Configure(sockets, drain));
    }

    private static bool HasOtherEndpoints(ConfigurationManager configuration) =>
        configuration.GetSection("Kestrel:Endpoints").GetChildren().Any()
        || !string.IsNullOrEmpty(configuration[WebHostDefaults.HttpPortsKey])
        || !string.IsNullOrEmpty(configuration[WebHostDefaults.HttpsPortsKey]);
}
