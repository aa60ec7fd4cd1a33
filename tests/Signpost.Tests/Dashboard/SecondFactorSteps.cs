using System.Net;
using System.Text.RegularExpressions;
using Signpost.Testing;

namespace Signpost.Tests.Dashboard;

/// <summary>Turns the second factor on and signs in with it. Everybody here has the password of the server's admin.</summary>
internal static partial class SecondFactorSteps
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Turns it on; signs the admin in first if nobody is.</summary>
    public static async Task<(string Secret, string[] Codes)> TurnOnAsync(Person ada)
    {
        if (!await ada.IsSignedInAsync(Cancel))
            await SignInAsync(ada);
        await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/second-factor/start",
            Cancel,
            ("current", TestServer.AdminPassword)
        );
        var page = await ada.GetAsync("/dashboard/account/second-factor", Cancel);
        var secret = Secret().Match(page.Body).Groups[1].Value;
        var done = await ada.SubmitAsync(
            "/dashboard/account/second-factor",
            "/dashboard/account/second-factor",
            Cancel,
            ("code", Authenticator.Code(secret))
        );
        Assert.True(done.Status == HttpStatusCode.OK, done.Body);
        return (secret, [.. RecoveryCode().Matches(done.Body).Select(match => match.Value).Distinct()]);
    }

    public static Task<Sight> SignInAsync(Person person) =>
        person.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);

    public static Task<Sight> CodeAsync(Person person, string code) =>
        person.SendAsync("/login/code", "/login/code", Cancel, ("code", code));

    [GeneratedRegex("id=\"secret\">([A-Z2-7 ]+)<")]
    public static partial Regex Secret();

    [GeneratedRegex("[2-9B-Z]{5}-[2-9B-Z]{5}")]
    public static partial Regex RecoveryCode();
}
