using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Hosting;
using Signpost.Outbound;
using Signpost.Storage;
using Signpost.Visitors;
using Account = Signpost.Storage.Person;

namespace Signpost.Testing;

/// <summary>The whole server in this process, on a real port and a data directory of its own.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string AdminEmail = "ada@example.org";
    public const string AdminPassword = "correct horse battery staple";

    private readonly Server _server;
    private readonly bool _ownsDirectory;

    private TestServer(Server server, string directory, bool ownsDirectory)
    {
        (_server, DataDirectory, _ownsDirectory) = (server, directory, ownsDirectory);
        Url = server
            .App.Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses.First();
        Anonymous = NewClient(null);
        Http = NewClient(ApiKey);
    }

    /// <summary>The first admin's key in every test server that has an admin.</summary>
    public static string ApiKey { get; } = "sp_test_" + new string('k', 40);

    public string Url { get; }

    public string DataDirectory { get; }

    /// <summary>Sends the admin's key; follows no redirect.</summary>
    public HttpClient Http { get; }

    /// <summary>Sends no key; follows no redirect.</summary>
    public HttpClient Anonymous { get; }

    public IServiceProvider Services => _server.App.Services;

    public Database Database => Services.GetRequiredService<Database>();

    public static Task<TestServer> StartAsync(params (string Name, string Value)[] settings) =>
        StartAsync(null, null, settings);

    /// <param name="clock">Null: real time.</param>
    /// <param name="directory">A data directory to go on with; null: a fresh one, deleted at the end.</param>
    /// <param name="settings">Override the defaults: a first admin with <see cref="ApiKey"/>, no rate limit.</param>
    public static async Task<TestServer> StartAsync(
        TimeProvider? clock,
        string? directory,
        params (string Name, string Value)[] settings
    )
    {
        var path = directory ?? Directory.CreateTempSubdirectory("signpost-test-").FullName;
        if (directory is null && !TestPostgres.IsChosen)
            await EmptyDatabase.PutAsync(path);
        Dictionary<string, string?> all = new()
        {
            ["urls"] = "http://127.0.0.1:0",
            ["SIGNPOST_DATA_DIR"] = path,
            ["SIGNPOST_ADMIN_EMAIL"] = AdminEmail,
            ["SIGNPOST_ADMIN_PASSWORD"] = AdminPassword,
            ["SIGNPOST_API_KEY"] = ApiKey,
            ["SIGNPOST_API_REQUESTS_PER_MINUTE"] = "0",
            ["Logging:LogLevel:Default"] = "Warning",
        };
        if (TestPostgres.IsChosen)
            all["SIGNPOST_DATABASE_URL"] = await TestPostgres.OfDirectoryAsync(path);
        foreach (var (name, value) in settings)
            all[name] = value;

        var server = await Program.CreateAsync(
            [],
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(all);
                if (clock is not null)
                    builder.Services.AddSingleton(clock);
                builder.Services.AddSingleton<IPasswordHasher<Account>, RememberingHasher>();
                // Tests talk to this machine only, and no name leads anywhere.
                builder.Services.AddSingleton(
                    new OutboundReach
                    {
                        IsAllowed = IPAddress.IsLoopback,
                        IsPortAllowed = _ => true,
                        Resolve = (_, _) => Task.FromResult<IPAddress[]>([]),
                    }
                );
            }
        );
        // The machine may be too busy to read an agent in time.
        server.App.Services.GetRequiredService<AgentReader>().Patience = TimeSpan.FromMinutes(1);
        await server.App.StartAsync();
        return new TestServer(server, path, directory is null);
    }

    /// <summary>A client with another key, or none.</summary>
    public HttpClient NewClient(string? key)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // Headers that are not ASCII are sent all the same.
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        };
        var client = new HttpClient(handler) { BaseAddress = new Uri(Url) };
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", Person.Unknown);
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>Stops as after SIGTERM, and keeps the data directory if the caller gave one.</summary>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Anonymous.Dispose();
        // No client is left to be told.
        Services.GetRequiredService<Drain>().Notice = TimeSpan.Zero;
        await _server.App.StopAsync();
        await _server.DisposeAsync();
        if (!_ownsDirectory)
            return;
        await TestPostgres.DropAsync(DataDirectory);
        Directory.Delete(DataDirectory, recursive: true);
    }
}
