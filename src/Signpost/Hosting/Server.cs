using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration.Memory;
using Signpost.Storage;

namespace Signpost.Hosting;

/// <summary>What is open for as long as the server runs, closed in the right order: the host, the database, the lock.</summary>
internal sealed class Server(WebApplication app, Database database, DataDirectory directory) : IAsyncDisposable
{
    private const string DefaultUrl = "http://localhost:8080";
    private const int LargestBody = 16 << 20;

    public WebApplication App => app;

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await database.DisposeAsync();
        directory.Dispose();
    }

    /// <summary>A builder with our defaults, each of which configuration can override.</summary>
    public static WebApplicationBuilder NewBuilder(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Configuration.Sources.Insert(
            0,
            new MemoryConfigurationSource
            {
                InitialData =
                [
                    new("Logging:LogLevel:Default", "Information"),
                    new("Logging:LogLevel:Microsoft", "Warning"),
                    // Were anybody to listen, each request would get an activity and a logging scope, and a redirect a
                    // twelfth slower. Traces, when they are on, still make their activities; faults are logged elsewhere.
                    new("Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", "None"),
                    // A line for each wrong key and each connection too many: whoever sends them could fill the disk.
                    // The metrics count both.
                    new("Logging:LogLevel:Signpost.Accounts.Keys.ApiKeyAuthentication", "Warning"),
                    new("Logging:LogLevel:Microsoft.AspNetCore.Server.Kestrel.Connections", "Error"),
                    // It warns of keys that lie unencrypted beside what they protect, which docs/operations.md says.
                    new("Logging:LogLevel:Microsoft.AspNetCore.DataProtection", "Error"),
                    // A form that is not ours is answered, not logged.
                    new("Logging:LogLevel:Microsoft.AspNetCore.Antiforgery", "None"),
                    new("Logging:LogLevel:Signpost.Accounts.SignIn.SessionAuthentication", "Warning"),
                    // Failing requests are reported by whoever answers them.
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

    /// <summary>Sets the limits that keep one client from harming others.</summary>
    public static void ConfigureKestrel(WebApplicationBuilder builder, Drain drain)
    {
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
            kestrel.Limits.MaxConcurrentConnections = OpenFiles.MostConnections;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(drain.Count));
        });
        builder.Services.Configure<SocketTransportOptions>(sockets => Sockets.Configure(sockets, drain));
    }

    private static bool HasOtherEndpoints(ConfigurationManager configuration) =>
        configuration.GetSection("Kestrel:Endpoints").GetChildren().Any()
        || !string.IsNullOrEmpty(configuration[WebHostDefaults.HttpPortsKey])
        || !string.IsNullOrEmpty(configuration[WebHostDefaults.HttpsPortsKey]);
}
