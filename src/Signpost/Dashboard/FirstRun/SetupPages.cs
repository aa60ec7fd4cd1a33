using Signpost.Web;

namespace Signpost.Dashboard.FirstRun;

/// <summary>The values and errors of the set-up form. The password is never sent back.</summary>
internal sealed record SetupEntry(
    string? Email = null,
    string? EmailError = null,
    string? PasswordError = null,
    string? Error = null
)
{
    public bool IsWrong => (EmailError ?? PasswordError ?? Error) is not null;
}

/// <summary>The two pages of the set-up. Callers check the secret address first.</summary>
internal sealed class SetupPages(PageRenderer renderer)
{
    /// <summary>The form: 200, or 400 when something in it is wrong. It posts <c>email</c> and <c>password</c> to its own address.</summary>
    public Task WriteFormAsync(HttpContext http, SetupEntry entry) =>
        WriteAsync<SetupForm>(
            http,
            entry.IsWrong ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK,
            new()
            {
                [nameof(SetupForm.Email)] = entry.Email,
                [nameof(SetupForm.EmailError)] = entry.EmailError,
                [nameof(SetupForm.PasswordError)] = entry.PasswordError,
                [nameof(SetupForm.Error)] = entry.Error,
            }
        );

    /// <summary>Shows the API key of the new account, only once, in a command ready to paste.</summary>
    /// <param name="publicUrl">The address of the API, without a trailing slash.</param>
    public Task WriteDoneAsync(HttpContext http, string email, string apiKey, string publicUrl) =>
        WriteAsync<SetupDone>(
            http,
            StatusCodes.Status200OK,
            new()
            {
                [nameof(SetupDone.Email)] = email,
                [nameof(SetupDone.ApiKey)] = apiKey,
                [nameof(SetupDone.PublicUrl)] = publicUrl.TrimEnd('/'),
            }
        );

    private async Task WriteAsync<TPage>(HttpContext http, int status, Dictionary<string, object?> parameters)
        where TPage : Microsoft.AspNetCore.Components.IComponent
    {
        var body = await renderer.RenderAsync<TPage>(parameters);
        PageHeaders.Set(http.Response, status);
        await PageResponse.SendAsync(http, body);
    }
}
