using Microsoft.EntityFrameworkCore;
using Signpost.Testing;
using Signpost.Tests.Dashboard;

namespace Signpost.Tests.Passkeys;

/// <summary>A server on localhost, where passkeys work without HTTPS.</summary>
public sealed class PasskeyFixture : IAsyncLifetime
{
    internal ManualClock Clock { get; } = new(TimeProvider.System.GetUtcNow());
    internal TestServer Server { get; private set; } = null!;
    internal Uri Url { get; private set; } = null!;
    internal string Origin => Url.GetLeftPart(UriPartial.Authority);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Server = await TestServer.StartAsync(Clock, null, ("SIGNPOST_PUBLIC_URL", "http://localhost"));
        Url = new UriBuilder(Server.Url) { Host = "localhost" }.Uri;
        Server.Http.BaseAddress = Url;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>A person with an account who is signed in.</summary>
    internal async Task<Somebody> NewPersonAsync()
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        using var body = new FormUrlEncodedContent([new("email", email), new("password", TestServer.AdminPassword)]);
        (await Server.Http.PostAsync("/api/users", body, Cancel)).EnsureSuccessStatusCode().Dispose();
        await using var db = Server.Database.Read();
        var id = await db.People.Where(person => person.Email == email).Select(person => person.Id).SingleAsync(Cancel);
        var browser = new Person(Url);
        await browser.SignInAsync(email, TestServer.AdminPassword, Cancel);
        return new(id, email, browser);
    }

    /// <summary>Adds a new passkey on the account page.</summary>
    internal async Task<SoftPasskey> AddAsync(Person browser)
    {
        var passkey = new SoftPasskey(Origin);
        var done = await AddAsync(browser, passkey);
        Assert.Equal("/dashboard/account/sign-in?done=passkey-added", done.Location);
        return passkey;
    }

    internal static async Task<Sight> AddAsync(Person browser, SoftPasskey passkey)
    {
        var options = await browser.SendAsync("/dashboard/account", "/dashboard/account/passkeys/options", Cancel);
        Assert.Equal(System.Net.HttpStatusCode.OK, options.Status);
        var response = passkey.Create(options.Body);
        return await browser.SendAsync(
            "/dashboard/account",
            "/dashboard/account/passkeys",
            Cancel,
            ("credential", response)
        );
    }

    /// <summary>The options for the sign-in page's button. Time goes on first: a challenge must be younger than the last use.</summary>
    internal async Task<string> BeginAsync(Person browser)
    {
        Clock.Advance(TimeSpan.FromSeconds(1));
        return (await browser.SendAsync("/login", "/login/passkey/options", Cancel)).Body;
    }

    internal async Task<Sight> SignInAsync(Person browser, SoftPasskey passkey) =>
        await EndAsync(browser, passkey.Sign(await BeginAsync(browser)));

    internal static Task<Sight> EndAsync(Person browser, string response) =>
        browser.SendAsync("/login", "/login/passkey", Cancel, ("credential", response));

    /// <summary>Takes the password away, as of somebody who always signed in through a provider.</summary>
    internal Task TakePasswordAsync(Somebody person) =>
        Server.Database.WriteAsync(
            db =>
                db.People.Where(one => one.Id == person.Id)
                    .ExecuteUpdateAsync(one => one.SetProperty(p => p.PasswordHash, (string?)null), Cancel),
            Cancel
        );

    internal static async Task SecondFactorOnAsync(Person browser)
    {
        await browser.SendAsync(
            "/dashboard/account",
            "/dashboard/account/second-factor/start",
            Cancel,
            ("current", TestServer.AdminPassword)
        );
        var page = await browser.GetAsync("/dashboard/account/second-factor", Cancel);
        var secret = SecondFactorSteps.Secret().Match(page.Body).Groups[1].Value;
        await browser.SendAsync(
            "/dashboard/account/second-factor",
            "/dashboard/account/second-factor",
            Cancel,
            ("code", Authenticator.Code(secret))
        );
        Assert.Contains("Recovery codes left", (await browser.GetAccountAsync(Cancel)).Body, StringComparison.Ordinal);
    }

    internal sealed record Somebody(long Id, string Email, Person Browser) : IDisposable
    {
        public void Dispose() => Browser.Dispose();
    }
}
