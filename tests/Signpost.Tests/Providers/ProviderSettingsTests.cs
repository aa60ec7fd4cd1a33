using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Dashboard.Providers;
using Signpost.Testing;
using Signpost.Web.Forms;

namespace Signpost.Tests.Providers;

/// <summary>The role claim, a provider that is required, one that is away, and none at all.</summary>
public sealed class ProviderSettingsTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new(TimeProvider.System.GetUtcNow());
    private TestProvider _provider = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _provider = await TestProvider.StartAsync(_clock);
        _provider.Person = ProviderFixture.Unknown();
    }

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    [Fact]
    public async Task The_role_claim_gives_and_takes_server_admin_but_never_from_the_last_one()
    {
        await using var server = await StartAsync(("SIGNPOST_OIDC_ROLE_CLAIM", "groups=signpost-admins"));
        using var grace = new Person(server);
        _provider.Person = ProviderFixture.Unknown() with { Groups = ["others", "signpost-admins"] };
        await SignInAsync(grace);
        var given = await RoleAsync(grace);
        _provider.Person = _provider.Person with { Groups = ["others", "Signpost-Admins"] };
        using var elsewhere = new Person(server);
        await SignInAsync(elsewhere);
        var ended = await grace.IsSignedInAsync(Cancel);
        var taken = await RoleAsync(elsewhere);
        await MakeAdminAndDisableTheFirstAsync(server);
        using var last = new Person(server);
        await SignInAsync(last);

        Assert.Equal(("admin", "user", "admin"), (given, taken, await RoleAsync(last)));
        Assert.False(ended);
        var account = await last.GetAccountAsync(Cancel);
        Assert.Contains("The role was changed: user", account.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_role_claim_counts_in_the_response_of_the_UserInfo_endpoint_too()
    {
        await using var server = await StartAsync(("SIGNPOST_OIDC_ROLE_CLAIM", "groups=signpost-admins"));
        using var grace = new Person(server);
        _provider.HasThinTokens = true;
        _provider.Person = ProviderFixture.Unknown() with { Groups = ["others", "signpost-admins"] };

        await SignInAsync(grace);

        Assert.Equal("admin", await RoleAsync(grace));
    }

    [Fact]
    public async Task Without_the_setting_the_provider_decides_nothing_about_admins()
    {
        await using var server = await StartAsync();
        using var ada = new Person(server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        var step = await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/provider/connect",
            Cancel,
            ("current", TestServer.AdminPassword)
        );
        await ada.GetAsync(await _provider.VisitAsync(ProviderFixture.AddressIn(step)), Cancel);
        using var elsewhere = new Person(server);

        await SignInAsync(elsewhere);

        Assert.Equal("admin", await RoleAsync(elsewhere));
    }

    [Fact]
    public async Task An_admin_of_the_provider_ends_the_set_up()
    {
        await using var server = await ProviderFixture.StartServerAsync(
            _clock,
            _provider.Url,
            ("SIGNPOST_OIDC_ROLE_CLAIM", "groups=signpost-admins"),
            ("SIGNPOST_ADMIN_EMAIL", ""),
            ("SIGNPOST_ADMIN_PASSWORD", ""),
            ("SIGNPOST_API_KEY", "")
        );
        using var grace = new Person(server);
        _provider.Person = ProviderFixture.Unknown() with { Groups = ["signpost-admins"] };
        var open = (await grace.GetAsync("/", Cancel)).Body;

        await SignInAsync(grace);

        Assert.Contains("Set-up is not finished", open, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "Set-up is not finished",
            (await grace.GetAsync("/", Cancel)).Body,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_required_provider_is_the_only_way_to_sign_in()
    {
        await using var server = await StartAsync(("SIGNPOST_OIDC_REQUIRED", "1"));
        using var ada = new Person(server);
        using var grace = new Person(server);
        var token = TokenFor(ada, server);

        var page = await ada.GetAsync("/login", Cancel);
        var sent = await ada.PostAsync(
            "/login",
            Cancel,
            ("form_token", token),
            ("email", TestServer.AdminEmail),
            ("password", TestServer.AdminPassword)
        );
        await SignInAsync(grace);

        Assert.Contains("people sign in with Example ID only", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("type=\"password\"", page.Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.SeeOther, "/login"), (sent.Status, sent.Location));
        Assert.False(await ada.IsSignedInAsync(Cancel));
        Assert.True(await grace.IsSignedInAsync(Cancel));
    }

    [Fact]
    public async Task A_required_provider_is_not_disconnected_by_people_who_have_a_password()
    {
        await using var server = await StartAsync(("SIGNPOST_OIDC_REQUIRED", "1"));
        using var grace = new Person(server);
        await SignInAsync(grace);
        var step = await grace.SendAsync("/dashboard/account", "/dashboard/account/provider/confirm", Cancel);
        await grace.GetAsync(await _provider.VisitAsync(ProviderFixture.AddressIn(step)), Cancel);
        await grace.SendAsync(
            "/dashboard/account",
            "/dashboard/account/password",
            Cancel,
            ("password", "a whole new one")
        );

        var last = await grace.SendAsync(
            "/dashboard/account",
            "/dashboard/account/provider/disconnect",
            Cancel,
            ("issuer", $"{_provider.Url}/"),
            ("current", "a whole new one")
        );

        Assert.Contains("This is your only way to sign in.", last.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_is_away_at_the_start_and_later_stops_no_other_way()
    {
        var port = FreePort();
        await using var server = await ProviderFixture.StartServerAsync(_clock, $"http://127.0.0.1:{port}");
        var log = LogLines.Of(server);
        using var ada = new Person(server);
        using var grace = new Person(server);

        var away = await grace.GetAsync("/login/provider", Cancel);
        var again = await grace.GetAsync("/login/provider", Cancel);
        var page = await grace.GetAsync(away.Location!, Cancel);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        var connect = await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/provider/connect",
            Cancel,
            ("current", TestServer.AdminPassword)
        );

        Assert.All([away, again], one => Assert.Equal("/login?trouble=away", one.Location));
        Assert.Contains("Example ID does not respond at the moment.", page.Body, StringComparison.Ordinal);
        Assert.Contains("type=\"password\"", page.Body, StringComparison.Ordinal);
        Assert.True(await ada.IsSignedInAsync(Cancel));
        Assert.Equal("/dashboard/account/sign-in?trouble=away", connect.Location);
        Assert.Equal(1, log.Count("The sign-in provider does not respond"));

        string callback;
        await using (var back = await TestProvider.StartAsync(_clock, port))
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
            back.Person = ProviderFixture.Unknown();
            callback = await back.VisitAsync((await grace.GetAsync("/login/provider", Cancel)).Location!);
        }
        var failed = await grace.GetAsync(callback, Cancel);

        Assert.Equal("/login?trouble=failed", failed.Location);
    }

    [Fact]
    public async Task A_provider_that_is_slow_is_given_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var server = await ProviderFixture.StartServerAsync(_clock, $"http://{silent.LocalEndpoint}");
        server.Services.GetRequiredService<ProviderDocuments>().Http.Timeout = TimeSpan.FromMilliseconds(100);
        using var grace = new Person(server);

        var away = await grace.GetAsync("/login/provider", Cancel).OrFail();

        Assert.Equal("/login?trouble=away", away.Location);
    }

    [Fact]
    public async Task Without_a_provider_there_is_no_way_to_it()
    {
        await using var server = await TestServer.StartAsync();
        using var ada = new Person(server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);

        var sights = new List<Sight>();
        foreach (var path in (string[])["/login/provider", "/login/provider/callback?code=x&state=y", "/signin-oidc"])
            sights.Add(await ada.GetAsync(path, Cancel));
        var account = await ada.GetAccountAsync(Cancel);

        Assert.All(sights, one => Assert.Equal(HttpStatusCode.NotFound, one.Status));
        Assert.DoesNotContain("provider", account.Body, StringComparison.Ordinal);
    }

    private Task<TestServer> StartAsync(params (string Name, string Value)[] more) =>
        ProviderFixture.StartServerAsync(_clock, _provider.Url, more);

    private async Task SignInAsync(Person person)
    {
        _clock.Advance(TimeSpan.FromMinutes(1));
        var begun = await person.GetAsync("/login/provider", Cancel);
        var done = await person.GetAsync(await _provider.VisitAsync(begun.Location!), Cancel);
        Assert.Equal("/dashboard/links", done.Location);
    }

    private static async Task<string> RoleAsync(Person person) =>
        (await person.GetAccountAsync(Cancel)).Body.Contains(", administrator of this server", StringComparison.Ordinal)
            ? "admin"
            : "user";

    // The claim is away already, so the person is no admin.
    private static async Task MakeAdminAndDisableTheFirstAsync(TestServer server)
    {
        using var role = new FormUrlEncodedContent([new("role", "admin")]);
        (await server.Http.PostAsync("/api/users/2", role, Cancel)).EnsureSuccessStatusCode().Dispose();
        using var disabled = new FormUrlEncodedContent([new("is_disabled", "1")]);
        (await server.Http.PostAsync("/api/users/1", disabled, Cancel)).EnsureSuccessStatusCode().Dispose();
    }

    // Without a form for passwords, no page gives a token to somebody who is not signed in.
    private static string TokenFor(Person person, TestServer server)
    {
        var http = new DefaultHttpContext { RequestServices = server.Services };
        var tokens = server.Services.GetRequiredService<FormTokens>().For(http).GetTokens(http);
        person.Cookies.Add(new Uri(server.Url), new Cookie("signpost_form", tokens.CookieToken, "/"));
        return tokens.RequestToken!;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
