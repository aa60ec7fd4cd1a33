using Signpost.Core.Redirecting;
using Signpost.Web;
using Signpost.Web.Forms;
using Signpost.Web.Notices;

namespace Signpost.Redirects.Interstitials;

/// <summary>
/// The addresses to which the forms of the interstitials and of the page for robots are posted, on every domain. They have their own routes, because a
/// link's address may pass a POST with its password on to the destination (307).
/// </summary>
/// <remarks>
/// These forms have no antiforgery token. Another site that makes a visitor's browser post one needs the password already, gains
/// nothing and sees no response. Such posts are refused all the same if the browser says that another site made them: nobody
/// may try passwords from the addresses of others, or hide a warning from them.
/// </remarks>
internal static class InterstitialEndpoints
{
    public const string Unlock = "/_signpost/unlock";
    public const string Agree = "/_signpost/agree";
    public const string Open = "/_signpost/open";
    public const string Continue = "/_signpost/continue";

    private const string Alias = "/{**alias}";
    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    private const int LargestForm = 16 << 10;

    public static void MapInterstitials(this IEndpointRouteBuilder routes)
    {
        var interstitials = routes
            .MapGroup("")
            .ExcludeFromDescription()
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(LargestForm));
        interstitials.MapPost(Unlock + Alias, TryPassword);
        interstitials.MapPost(Agree + Alias, TakeAgreement);
        interstitials.MapPost(Open + Alias, OpenAsPerson);
        interstitials.MapMethods(Continue + Alias, Reads, ContinueAfterSplash);
        // The visitor reloads the page that came in response to the form.
        foreach (var form in new[] { Unlock, Agree, Open })
            interstitials.MapMethods(
                form + Alias,
                Reads,
                (HttpContext http, VisitorPages pages) => Return(http, form, pages)
            );
    }

    private static async Task TryPassword(
        HttpContext http,
        InterstitialLinks links,
        TypedPasswords passwords,
        LinkAccessCookie access,
        MissLimiter misses,
        VisitorPages notices
    )
    {
        var password = $"{(await PostedForm.ReadAsync(http))?["password"]}";
        if (await links.FindAsync(http, Unlock) is not { Decision.Answer: not Answer.NotFound } link)
        {
            // These addresses, too, tell whether there is a link.
            await misses.WriteNotFoundAsync(http, notices);
            return;
        }
        if (link.Decision.Answer is not Answer.AskPassword || !AntiforgeryForms.IsFromOwnPage(http))
        {
            SeeOther(http, link.Address);
            return;
        }
        if (!await passwords.TryAsync(http, link.Plan.LinkId, link.Plan.PasswordHash!, password, Unlock + link.Address))
            return;
        access.Give(http, LinkAccessKind.Unlocked, link.Plan);
        SeeOther(http, link.Address);
    }

    private static async Task TakeAgreement(
        HttpContext http,
        InterstitialLinks links,
        LinkAccessCookie access,
        MissLimiter misses,
        VisitorPages notices
    )
    {
        if (await links.FindAsync(http, Agree) is not { Decision.Answer: not Answer.NotFound } link)
        {
            // These addresses, too, tell whether there is a link.
            await misses.WriteNotFoundAsync(http, notices);
            return;
        }

        if (link.Decision.Answer is Answer.Warn && AntiforgeryForms.IsFromOwnPage(http))
            access.Give(http, LinkAccessKind.Agreed, link.Plan);
        SeeOther(http, link.Address);
    }

    // A person whose agent is a robot's goes on. A redirect comes at once; pages come at the link's own address, which
    // knows the person by the cookie from now on.
    private static async Task OpenAsPerson(
        HttpContext http,
        InterstitialLinks links,
        LinkVisits visits,
        LinkAccessCookie access,
        MissLimiter misses,
        VisitorPages notices
    )
    {
        if (await links.FindAsync(http, Open) is not { Decision.Answer: not Answer.NotFound } link)
        {
            await misses.WriteNotFoundAsync(http, notices);
            return;
        }
        if (!AntiforgeryForms.IsFromOwnPage(http))
        {
            SeeOther(http, link.Address);
            return;
        }

        access.Give(http, LinkAccessKind.Person, link.Plan);
        if (link.Decision is { Answer: Answer.Redirect, SendsOn: true })
            await visits.AnswerAsync(http, link.Domain, link.Plan, link.Visit, isPosted: true);
        else
            SeeOther(http, link.Address);
    }

    // From here on the request is one to the link's own address, with the query of the visitor. So it is decided, counted and
    // answered like any other: a visitor without a good token gets the page again.
    private static async Task ContinueAfterSplash(
        HttpContext http,
        InterstitialLinks links,
        LinkVisits visits,
        SplashTokens tokens,
        MissLimiter misses,
        VisitorPages notices
    )
    {
        var token = SplashTokens.TakeFrom(http.Request);
        if (await links.FindAsync(http, Continue, isForm: false) is not { Decision.Answer: not Answer.NotFound } link)
        {
            await misses.WriteNotFoundAsync(http, notices);
            return;
        }

        // The page was taken off the link meanwhile.
        if (link.Plan.Splash is null)
        {
            SeeOther(http, link.Address);
            return;
        }

        http.Request.Path = link.Path;
        var visit = link.Visit with { HasContinued = tokens.Holds(token, link.Plan) };
        await visits.AnswerAsync(http, link.Domain, link.Plan, visit);
    }

    private static Task Return(HttpContext http, string prefix, VisitorPages pages)
    {
        if (InterstitialLinks.PathBehind(http, prefix) is not { HasValue: true } path)
            return pages.WriteAsync(http, VisitorPage.NotFound).AsTask();

        SeeOther(http, InterstitialLinks.AddressOf(http, path));
        return Task.CompletedTask;
    }

    // 303: the browser continues with GET, without the password and the form.
    private static void SeeOther(HttpContext http, string address)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.ContentLength = 0;
        http.Response.Headers.Location = address;
        http.Response.Headers.CacheControl = "private, max-age=0, no-store";
        http.Response.Headers["X-Robots-Tag"] = "noindex";
    }
}
