using Signpost.Accounts;
using Signpost.Accounts.Keys;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Dashboard.SignIn;
using Signpost.Web.Forms;
using Signpost.Web.Notices;

namespace Signpost.Dashboard.FirstRun;

/// <summary>The set-up in the browser. Its secret address is shown only in the server's terminal.</summary>
internal static class SetUpEndpoints
{
    private const int LargestForm = 16 << 10;

    public static void MapSetUp(this IEndpointRouteBuilder routes)
    {
        var setUp = routes
            .MapGroup("/setup/{token}")
            .ExcludeFromDescription()
            .RequireRateLimiting(RateLimits.PerAddress)
            .RequireHttps()
            .RequireOwnPage();
        setUp.MapMethods("", ["GET", "HEAD"], Show);
        setUp.MapPost("", Make).WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(LargestForm));
    }

    private static async Task Show(
        string token,
        HttpContext http,
        SetUp setUp,
        SetupPages pages,
        VisitorPages visitorPages
    )
    {
        if (setUp.Opens(token))
            await pages.WriteFormAsync(http, new());
        else
            await visitorPages.WriteAsync(http, VisitorPage.NotFound);
    }

    private static async Task Make(
        string token,
        HttpContext http,
        SetUp setUp,
        SetupPages pages,
        VisitorPages visitorPages,
        PublicAddress address
    )
    {
        if (!setUp.Opens(token))
        {
            await visitorPages.WriteAsync(http, VisitorPage.NotFound);
            return;
        }
        if (await PostedForm.ReadAsync(http) is not { } form)
        {
            await pages.WriteFormAsync(http, new(Error: "Fill in the form."));
            return;
        }

        var (email, password, key) = ($"{form["email"]}".Trim(), $"{form["password"]}", ApiKeys.Draw());
        var result = await setUp.MakeAsync(email, password, key, http.RequestAborted);
        await (
            result switch
            {
                EditResult<ResourceId>.Done => pages.WriteDoneAsync(http, email, key, address.Url),
                EditResult<ResourceId>.Refused(Refusal.Invalid(var errors)) => pages.WriteFormAsync(
                    http,
                    new(email, TitleOf(errors, "email"), TitleOf(errors, "password"))
                ),
                _ => visitorPages.WriteAsync(http, VisitorPage.NotFound).AsTask(),
            }
        );
    }

    private static string? TitleOf(IReadOnlyList<FieldError> errors, string field) =>
        errors.FirstOrDefault(error => error.Field == field)?.Title;
}
