using Signpost.Accounts;
using Signpost.Accounts.SignIn;
using Signpost.Addressing;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Dashboard.Links;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Hosting;
using Signpost.Web.Forms;
using Signpost.Web.Languages;
using Signpost.Web.Notices;

namespace Signpost.Dashboard.FirstRun;

/// <summary>The first run in the browser. Its secret address is shown only in the server's terminal.</summary>
internal static class SetUpEndpoints
{
    private const int LargestForm = 16 << 10;
    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    public static void MapSetUp(this IEndpointRouteBuilder routes)
    {
        var setUp = routes
            .MapGroup("/setup/{token}")
            .ExcludeFromDescription()
            .WithMetadata(new InAccountLanguage())
            .RequireRateLimiting(RateLimits.PerAddress)
            .RequireHttps()
            .RequireOwnPage();
        setUp.MapMethods("", Reads, Show);
        setUp.MapPost("", Make).WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(LargestForm));
    }

    private static Task Show(string token, HttpContext http, SetUp setUp) =>
        setUp.Opens(token)
            ? WriteFormAsync(
                http,
                email: null,
                $"{http.Request.Scheme}://{http.Request.Headers.Host}{http.Request.PathBase}",
                []
            )
            : WriteNoFormAsync(http, setUp);

    private static async Task Make(
        string token,
        HttpContext http,
        SetUp setUp,
        SignpostSettings settings,
        PublicAddressEditor editor,
        OneTimeNotice notice,
        OwnLanguages languages
    )
    {
        if (!setUp.Opens(token))
        {
            await WriteNoFormAsync(http, setUp);
            return;
        }

        var form = await PostedForm.ReadAsync(http) ?? FormCollection.Empty;
        AccountChanges wanted = new()
        {
            Email = $"{form["email"]}".Trim(),
            Password = $"{form["password"]}",
            Language = languages.TagFor(http),
        };
        var typed = $"{form["address"]}".Trim();
        var texts = languages.For(http);
        List<(string, string?)> errors =
        [
            .. wanted.Errors.Select(error => (languages.Translate(error.Title, texts), error.Field)),
        ];
        if (settings.PublicUrl is null && await editor.KeepAsync(typed, http.RequestAborted) is not null)
            errors.Add((texts["error.address"], "address"));
        if (errors.Count > 0)
        {
            await WriteFormAsync(http, wanted.Email, typed, errors);
            return;
        }

        if (
            await setUp.MakeAsync(wanted, texts["keys.first"], http.Origin(), http.RequestAborted)
            is not EditResult<FirstSession>.Done
            (var first)
        )
        {
            await WriteNoFormAsync(http, setUp);
            return;
        }

        SessionAuthentication.SignIn(http, first.Secret);
        notice.Leave(http, LinksEndpoints.FirstKeyNotice, first.Key, first.Secret);
        http.SeeOther(Navigation.Home);
    }

    /// <param name="address">The public address that was typed, or the one of this request.</param>
    private static Task WriteFormAsync(
        HttpContext http,
        string? email,
        string address,
        List<(string Text, string? Field)> errors
    )
    {
        var services = http.RequestServices;
        return services
            .GetRequiredService<PeoplePages>()
            .WriteAsync<SetupForm>(
                http,
                isWrong: errors.Count > 0,
                new()
                {
                    [nameof(SetupForm.Email)] = email,
                    [nameof(SetupForm.Address)] = services.GetRequiredService<SignpostSettings>().PublicUrl is null
                        ? address
                        : null,
                    [nameof(SetupForm.Errors)] = errors,
                }
            );
    }

    // While the set-up is open, a wrong address is a missing page. Afterwards, each address says that the set-up is over.
    private static Task WriteNoFormAsync(HttpContext http, SetUp setUp)
    {
        var services = http.RequestServices;
        return setUp.Path is null
            ? services.GetRequiredService<PeoplePages>().WriteAsync<SetupClosed>(http, StatusCodes.Status410Gone, [])
            : services.GetRequiredService<VisitorPages>().WriteAsync(http, VisitorPage.NotFound).AsTask();
    }
}
