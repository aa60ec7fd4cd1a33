using Microsoft.AspNetCore.Components;
using Signpost.Dashboard.Account;
using Signpost.Dashboard.SignIn;
using Signpost.Web;

namespace Signpost.Dashboard;

/// <summary>The pages for signing in and for the account. Callers check who is signed in first.</summary>
internal sealed class PeoplePages(PageRenderer renderer)
{
    public Task WriteLoginAsync(
        HttpContext http,
        string token,
        string? returnUrl,
        string? email = null,
        string? error = null,
        int status = StatusCodes.Status200OK
    ) =>
        WriteAsync<Login>(
            http,
            status,
            new()
            {
                [nameof(Login.Token)] = token,
                [nameof(Login.ReturnUrl)] = returnUrl,
                [nameof(Login.Email)] = email,
                [nameof(Login.Error)] = error,
            }
        );

    public Task WriteLoginCodeAsync(HttpContext http, string token, string? returnUrl, string? error = null) =>
        WriteAsync<LoginCode>(
            http,
            error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            new()
            {
                [nameof(LoginCode.Token)] = token,
                [nameof(LoginCode.ReturnUrl)] = returnUrl,
                [nameof(LoginCode.Error)] = error,
            }
        );

    /// <param name="address">The same page over HTTPS.</param>
    public Task WritePlainHttpAsync(HttpContext http, string address) =>
        WriteAsync<PlainHttp>(http, StatusCodes.Status400BadRequest, new() { [nameof(PlainHttp.Address)] = address });

    public Task WriteLogoutAsync(HttpContext http, string token) =>
        WriteAsync<Logout>(http, StatusCodes.Status200OK, new() { [nameof(Logout.Token)] = token });

    public Task WriteAccountAsync(HttpContext http, AccountPage.Content view) =>
        WriteAsync<AccountPage>(
            http,
            view.Error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            new() { [nameof(AccountPage.View)] = view }
        );

    /// <param name="secret">In Base32.</param>
    /// <param name="issuer">The name of this server in the app.</param>
    public Task WriteSecondFactorAsync(
        HttpContext http,
        string token,
        string secret,
        string issuer,
        string email,
        string? error = null
    )
    {
        var address =
            $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(email)}"
            + $"?secret={secret}&issuer={Uri.EscapeDataString(issuer)}";
        var code = QrCode.Of(address);
        return WriteAsync<SecondFactorSetup>(
            http,
            error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            new()
            {
                [nameof(SecondFactorSetup.Token)] = token,
                [nameof(SecondFactorSetup.Secret)] = string.Join(' ', secret.Chunk(4).Select(four => new string(four))),
                [nameof(SecondFactorSetup.Address)] = address,
                [nameof(SecondFactorSetup.Path)] = code.Path,
                [nameof(SecondFactorSetup.Size)] = code.Size,
                [nameof(SecondFactorSetup.Error)] = error,
            }
        );
    }

    public Task WriteRecoveryCodesAsync(HttpContext http, IReadOnlyList<string> codes) =>
        WriteAsync<RecoveryCodes>(http, StatusCodes.Status200OK, new() { [nameof(RecoveryCodes.Codes)] = codes });

    public Task WriteKeyAsync(HttpContext http, string name, string key) =>
        WriteAsync<KeyMade>(
            http,
            StatusCodes.Status200OK,
            new() { [nameof(KeyMade.Name)] = name, [nameof(KeyMade.Key)] = key }
        );

    private async Task WriteAsync<TPage>(HttpContext http, int status, Dictionary<string, object?> parameters)
        where TPage : IComponent
    {
        var body = await renderer.RenderAsync<TPage>(parameters);
        PageHeaders.Set(http.Response, status, policy: PageHeaders.People);
        await PageResponse.SendAsync(http, body);
    }
}
