using Microsoft.AspNetCore.Http.Features;
using Signpost.Accounts;
using Signpost.Accounts.SignIn;
using Signpost.Dashboard.SignIn;
using Signpost.Links.Versions;
using Signpost.Web;
using Signpost.Web.Forms;
using Signpost.Web.Notices;

namespace Signpost.Dashboard.Shell;

/// <summary>
/// Keeps the form of a person whose session or token has ended: first a page that leads to signing in, then the form again with a new token.
/// Nothing is saved until the person presses the button.
/// </summary>
internal static class KeptForms
{
    // Anybody can send a form without a session. Files are not kept, so texts need the room only.
    private const int LargestSignedOut = 512 << 10;
    private static readonly Allowance SignedOutPerAddress = new(10, TimeSpan.FromMinutes(1));

    private static readonly string[] NeverKept =
    [
        AntiforgeryToken.Field,
        ChosenAccount.Field,
        "password",
        LinkVersionFields.StatisticsPassword,
        "current",
        "code",
        "do",
    ];

    /// <summary>Keeps the form. Its endpoint shows it again when the token is stale.</summary>
    /// <param name="field">A field that the form always has. Without it, the form is refused.</param>
    public static RouteHandlerBuilder KeepsForm(this RouteHandlerBuilder form, string field) =>
        form.WithMetadata(new ShowsFormAgain(field), new KeepsFormOfSignedOut(KeepAsync));

    /// <summary>Keeps the form. A page shows what was typed, and sends it with a new token.</summary>
    /// <inheritdoc cref="KeepsForm"/>
    public static RouteHandlerBuilder KeepsSimpleForm(this RouteHandlerBuilder form, string field) =>
        form.KeepsForm(field)
            .AddEndpointFilter(
                async (context, next) =>
                {
                    var http = context.HttpContext;
                    if (http.Features.Get<StaleToken>() is null)
                        return await next(context);
                    await http
                        .RequestServices.GetRequiredService<DashboardPages>()
                        .WriteAsync<KeptFormPage>(
                            http,
                            new()
                            {
                                [nameof(KeptFormPage.Action)] = AddressOf(http),
                                [nameof(KeptFormPage.Fields)] = FieldsOf(http.Request.Form),
                            },
                            StatusCodes.Status400BadRequest
                        );
                    return Results.Empty;
                }
            );

    // Only what our own page sent is shown again.
    private static async Task<bool> KeepAsync(HttpContext http)
    {
        if (!AntiforgeryForms.IsFromOwnPage(http) || !http.Request.HasFormContentType || !IsSmall(http))
            return false;
        if (WaitOf(http) is { } wait)
        {
            await http.TooManyAsync(http.RequestServices.GetRequiredService<VisitorPages>(), wait);
            return true;
        }

        var field = http.GetEndpoint()!.Metadata.GetRequiredMetadata<ShowsFormAgain>().Field;
        if (await ReadSmallAsync(http) is not { } form || !form.ContainsKey(field))
            return false;

        List<(string, string)> fields = FieldsOf(form);
        if (form.TryGetValue(ChosenAccount.Field, out var account))
            fields.Add((ChosenAccount.Field, $"{account}"));
        await http
            .RequestServices.GetRequiredService<PeoplePages>()
            .WriteAsync<SignedOutForm>(
                http,
                StatusCodes.Status401Unauthorized,
                new() { [nameof(SignedOutForm.Action)] = AddressOf(http), [nameof(SignedOutForm.Fields)] = fields }
            );
        return true;
    }

    private static string AddressOf(HttpContext http) => http.Request.Path + http.Request.QueryString;

    private static List<(string Name, string Value)> FieldsOf(IFormCollection form) =>
        [
            .. form.Where(field => !NeverKept.Contains(field.Key))
                .SelectMany(field => field.Value.Select(value => (field.Key, value ?? ""))),
        ];

    // Forms have a count of their own, so that they take no attempts to sign in.
    private static TimeSpan? WaitOf(HttpContext http) =>
        http
            .RequestServices.GetRequiredService<AttemptLimiter>()
            .Take($"signed-out form {ClientNetwork.One(http.Connection.RemoteIpAddress)}", SignedOutPerAddress);

    // Sets the limit before the first byte is read. An empty body is no form, and does not count.
    private static bool IsSmall(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = LargestSignedOut;
        return http.Request.ContentLength is null or (> 0 and <= LargestSignedOut);
    }

    // Null: the body is no form, or it is too large and did not say so before.
    private static async Task<IFormCollection?> ReadSmallAsync(HttpContext http)
    {
        try
        {
            return await PostedForm.ReadAsync(http);
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
    }
}
