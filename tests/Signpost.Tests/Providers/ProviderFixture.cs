using Microsoft.Extensions.DependencyInjection;
using Signpost.Dashboard.Providers;
using Signpost.Testing;

namespace Signpost.Tests.Providers;

/// <summary>A server and its sign-in provider. Both have the same clock.</summary>
public sealed class ProviderFixture : IAsyncLifetime
{
    internal ManualClock Clock { get; } = new(TimeProvider.System.GetUtcNow());
    internal TestProvider Provider { get; private set; } = null!;
    internal TestServer Server { get; private set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Provider = await TestProvider.StartAsync(Clock);
        Server = await StartServerAsync(Clock, Provider.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Provider.DisposeAsync();
    }

    internal static async Task<TestServer> StartServerAsync(
        ManualClock clock,
        string authority,
        params (string Name, string Value)[] more
    )
    {
        var server = await TestServer.StartAsync(
            clock,
            null,
            [
                ("SIGNPOST_OIDC_AUTHORITY", authority),
                ("SIGNPOST_OIDC_CLIENT_ID", TestProvider.ClientId),
                ("SIGNPOST_OIDC_CLIENT_SECRET", TestProvider.ClientSecret),
                ("SIGNPOST_OIDC_NAME", "Example ID"),
                ("SIGNPOST_OIDC_ALLOWED_DOMAINS", "example.org example.net"),
                .. more,
            ]
        );
        // The machine may be too busy to respond in time.
        server.Services.GetRequiredService<ProviderDocuments>().Http.Timeout = TimeSpan.FromMinutes(1);
        return server;
    }

    /// <summary>Makes everything usual again, with attempts left.</summary>
    internal void Reset()
    {
        Clock.Advance(TimeSpan.FromMinutes(1));
        Provider.Person = Unknown();
        (Provider.Forgery, Provider.Refuses) = (null, false);
        (Provider.IgnoresMaxAge, Provider.HasThinTokens) = (false, false);
    }

    /// <summary>Somebody with a new account at the provider, and a verified e-mail address there.</summary>
    internal static Somebody Unknown(string? email = null) =>
        new($"{Guid.NewGuid():N}") { Email = email ?? $"{Guid.NewGuid():N}@example.org" };

    /// <summary>Signs in by the button of the sign-in page; returns the response to the callback.</summary>
    internal async Task<Sight> SignInAsync(Person person, string path = "/login/provider")
    {
        var begun = await person.GetAsync(path, Cancel);
        return await person.GetAsync(await Provider.VisitAsync(begun.Location!), Cancel);
    }

    /// <summary>Sends one of the forms that lead to the provider; returns the response to the callback.</summary>
    internal async Task<Sight> GoAsync(Person person, string action, params (string, string)[] fields)
    {
        var step = await person.SendAsync("/dashboard/account", action, Cancel, fields);
        return await person.GetAsync(await Provider.VisitAsync(AddressIn(step)), Cancel);
    }

    /// <summary>The address at the provider to which a page leads.</summary>
    internal static string AddressIn(Sight step)
    {
        const string Before = "content=\"0;url=";
        var start = step.Body.IndexOf(Before, StringComparison.Ordinal);
        Assert.True(start >= 0, step.Body);
        var end = step.Body.IndexOf('"', start + Before.Length);
        return System.Net.WebUtility.HtmlDecode(step.Body[(start + Before.Length)..end]);
    }

    internal async Task<T> AskAsync<T>(string sql)
    {
        await using var connection = Server.Database.OpenRead();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
