using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Signpost.Accounts;
using Signpost.Accounts.SignIn;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Web;
using Signpost.Web.Forms;
using Signpost.Web.Notices;

namespace Signpost.Dashboard.Links.Form;

/// <summary>
/// The pages to create and to edit a link. The form has the names of the API's fields and is read by the same reader; an edit sends only the
/// fields that differ from the stored ones.
/// </summary>
internal static class LinkFormEndpoints
{
    private const string Explain = "/explain";
    private const string FieldOfEveryForm = "location_url";

    // Anybody can send a form without a session. Its pictures are not kept, so texts need the room only.
    private const int LargestSignedOut = 512 << 10;
    private static readonly Allowance SignedOutPerAddress = new(10, TimeSpan.FromMinutes(1));

    // The fields of a new link that an address may fill in.
    private static readonly string[] Filled = ["url", "domain_id"];

    private static readonly object[] KeepsWhatIsTyped =
    [
        new RequestSizeLimitAttribute(BodyLimit.WithFiles),
        new ShowsFormAgain(FieldOfEveryForm),
        new KeepsFormOfSignedOut(KeepFormAsync),
    ];

    public static void MapLinkForm(this IEndpointRouteBuilder dashboard)
    {
        var links = dashboard.MapGroup("/links").Scoped(Scopes.LinksWrite);
        links.MapMethods("/new", DashboardEndpoints.Reads, ShowNew);
        links.MapPost("/new", SaveNew).ForForms();
        links.MapMethods("/{id}/edit", DashboardEndpoints.Reads, ShowLink);
        links.MapPost("/{id}/edit", SaveLink).ForForms();
        links.MapMethods($"/new{Explain}", DashboardEndpoints.Reads, LeadBack);
        links.MapPost($"/new{Explain}", ExplainNew).ForForms().RequireRateLimiting(RateLimits.PerKey);
        links.MapMethods($"/{{id}}/edit{Explain}", DashboardEndpoints.Reads, LeadBack);
        links.MapPost($"/{{id}}/edit{Explain}", ExplainLink).ForForms().RequireRateLimiting(RateLimits.PerKey);
        links.MapLinkPreview();
    }

    // A form that was shown again stands at the address of its button.
    private static void LeadBack(HttpContext http) => http.SeeOther(http.Request.Path.Value![..^Explain.Length]);

    // Pictures stay in memory: the container may have no place for files. There are 100 rules of each type, each with two fields.
    private static RouteHandlerBuilder ForForms(this RouteHandlerBuilder form) =>
        form.WithMetadata(KeepsWhatIsTyped)
            .WithFormOptions(memoryBufferThreshold: BodyLimit.WithFiles, valueCountLimit: Fields.MostValues);

    private static Task ShowNew(HttpContext http, LinkForms forms, DashboardPages pages) =>
        ShowAsync(http, null, forms, pages);

    private static Task ShowLink(HttpContext http, PathId id, LinkForms forms, DashboardPages pages) =>
        ShowAsync(http, id, forms, pages);

    private static Task SaveNew(HttpContext http, LinkFormSaving saving) => SaveAsync(http, null, saving);

    private static Task SaveLink(HttpContext http, PathId id, LinkFormSaving saving) => SaveAsync(http, id, saving);

    private static async Task ShowAsync(HttpContext http, long? id, LinkForms forms, DashboardPages pages)
    {
        var caller = http.Caller();
        var found =
            id is null && long.TryParse(http.Request.Query["from"], CultureInfo.InvariantCulture, out var from)
                ? await forms.CopyAsync(caller, from, http.RequestAborted)
                : await forms.FindAsync(caller, id, http.RequestAborted);
        if (found is not { } view)
        {
            await NotFoundAsync(http);
            return;
        }

        if (id is null)
            foreach (var name in Filled)
                if (http.Request.Query[name].ToString() is not "" and var value)
                    view.Values.Set(name, value);
        view = await forms.WithChoicesAsync(caller, view, http.RequestAborted);
        await pages.WriteAsync<LinkFormPage>(http, new() { [nameof(LinkFormPage.View)] = view });
    }

    private static Task ExplainNew(HttpContext http, LinkOutcomes outcomes) => ExplainAsync(http, null, outcomes);

    private static Task ExplainLink(HttpContext http, PathId id, LinkOutcomes outcomes) =>
        ExplainAsync(http, id, outcomes);

    private static async Task ExplainAsync(HttpContext http, long? id, LinkOutcomes outcomes)
    {
        if (!await outcomes.RunAsync(http, id))
            await NotFoundAsync(http);
    }

    private static async Task SaveAsync(HttpContext http, long? id, LinkFormSaving saving)
    {
        if (!await saving.RunAsync(http, id))
            await NotFoundAsync(http);
    }

    private static async Task NotFoundAsync(HttpContext http) =>
        await http.RequestServices.GetRequiredService<VisitorPages>().WriteAsync(http, VisitorPage.NotFound);

    // Only what our own page sent is shown again.
    private static async Task<bool> KeepFormAsync(HttpContext http)
    {
        if (!AntiforgeryForms.IsFromOwnPage(http) || !http.Request.HasFormContentType || !IsSmall(http))
            return false;
        if (WaitOf(http) is { } wait)
        {
            await http.TooManyAsync(http.RequestServices.GetRequiredService<VisitorPages>(), wait);
            return true;
        }

        if (await ReadSmallAsync(http) is not { } form || !form.ContainsKey(FieldOfEveryForm))
            return false;

        await http
            .RequestServices.GetRequiredService<PeoplePages>()
            .WriteAsync<SignedOutForm>(
                http,
                StatusCodes.Status401Unauthorized,
                new()
                {
                    [nameof(SignedOutForm.Action)] = http.Request.Path.Value,
                    [nameof(SignedOutForm.Fields)] = form.Where(field =>
                            field.Key is not (AntiforgeryToken.Field or "password" or "do")
                        )
                        .SelectMany(field => field.Value.Select(value => (field.Key, value ?? "")))
                        .ToList(),
                }
            );
        return true;
    }

    // Forms have a count of their own, so that they take no attempts to sign in.
    private static TimeSpan? WaitOf(HttpContext http) =>
        http
            .RequestServices.GetRequiredService<AttemptLimiter>()
            .Take($"signed-out form {ClientNetwork.One(http.Connection.RemoteIpAddress)}", SignedOutPerAddress);

    // Sets the limit before the first byte is read.
    private static bool IsSmall(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = LargestSignedOut;
        return http.Request.ContentLength is null or <= LargestSignedOut;
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
