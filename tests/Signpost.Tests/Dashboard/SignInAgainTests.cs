using System.Net;
using Signpost.Testing;

namespace Signpost.Tests.Dashboard;

/// <summary>A browser has one session: signing in again ends the former one.</summary>
public sealed class SignInAgainTests : IAsyncLifetime
{
    private TestServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Signing_in_again_ends_the_session_before_and_no_other()
    {
        using var ada = new Person(_server);
        using var other = new Person(_server);
        await SecondFactorSteps.SignInAsync(other);
        var form = await ada.GetAsync("/login", Cancel);
        await SecondFactorSteps.SignInAsync(ada);
        using var copy = await SignInAgainAsync(ada, form, TestServer.AdminEmail);

        Assert.False(await copy.IsSignedInAsync(Cancel));
        Assert.True(await ada.IsSignedInAsync(Cancel));
        Assert.True(await other.IsSignedInAsync(Cancel));
    }

    [Fact]
    public async Task Signing_in_as_somebody_else_ends_the_session_before()
    {
        const string Email = "grace@example.org";
        using var body = new FormUrlEncodedContent([new("email", Email), new("password", TestServer.AdminPassword)]);
        (await _server.Http.PostAsync("/api/users", body, Cancel)).EnsureSuccessStatusCode().Dispose();
        using var ada = new Person(_server);
        var form = await ada.GetAsync("/login", Cancel);
        await SecondFactorSteps.SignInAsync(ada);
        using var copy = await SignInAgainAsync(ada, form, Email);

        Assert.False(await copy.IsSignedInAsync(Cancel));
        Assert.Contains(Email, (await ada.GetAccountAsync(Cancel)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_in_again_with_a_code_ends_the_session_before()
    {
        using var ada = new Person(_server);
        var form = await ada.GetAsync("/login", Cancel);
        var (secret, _) = await SecondFactorSteps.TurnOnAsync(ada);
        using var copy = await SignInAgainAsync(ada, form, TestServer.AdminEmail);
        Assert.True(await copy.IsSignedInAsync(Cancel));

        var welcome = await SecondFactorSteps.CodeAsync(ada, Authenticator.Code(secret, 1));

        Assert.Equal("/dashboard/links", welcome.Location);
        Assert.False(await copy.IsSignedInAsync(Cancel));
    }

    // The form was loaded before: to a person who is signed in, /login shows none.
    private async Task<Person> SignInAgainAsync(Person person, Sight form, string email)
    {
        var copy = new Person(_server);
        copy.Cookies.Add(person.Cookies.GetAllCookies());
        var sent = await person.PostAsync(
            "/login",
            Cancel,
            ("form_token", form.Token),
            ("email", email),
            ("password", TestServer.AdminPassword)
        );
        Assert.True(sent.Status == HttpStatusCode.SeeOther, sent.Body);
        return copy;
    }
}
