using Microsoft.Extensions.Primitives;
using Signpost.Addressing;
using Signpost.Core.Redirecting;
using Signpost.Files;
using Signpost.Redirects.Interstitials;
using Signpost.Redirects.Pages;
using Signpost.Web;
using Signpost.Web.Notices;

namespace Signpost.Redirects;

/// <summary>Carries a decision out. Only this class writes the response of a redirect.</summary>
internal sealed class Responder(
    VisitorPages pages,
    InterstitialPages interstitials,
    DeliveryPages deliveries,
    SplashTokens tokens,
    DomainDirectory domains,
    PublicAddress address
)
{
    private static readonly StringValues NotKept = "private, max-age=0, no-store";
    private static readonly StringValues NoIndex = "noindex";
    private static readonly StringValues Referrer = "no-referrer-when-downgrade";
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues AnyMethods = "GET, HEAD, POST, PUT, PATCH, DELETE";

    // Chromium sends these hints from the next visit on; other browsers do not know them.
    private static readonly StringValues AskedHints =
        "Sec-CH-UA-Model, Sec-CH-UA-Platform-Version, Sec-CH-UA-Full-Version-List";

    public Task WriteAsync(HttpContext http, in Decision decision, LinkPlan plan)
    {
        if (http.Request.Headers.ContainsKey("Sec-CH-UA"))
            http.Response.Headers["Accept-CH"] = AskedHints;

        return decision.Answer switch
        {
            Answer.Redirect => WriteRedirect(http, decision),
            Answer.NotFound => WriteNotFoundAsync(http),
            Answer.Gone => WritePageAsync(http, VisitorPage.Expired),
            Answer.Preview => WritePreviewAsync(http, plan.Preview),
            Answer.AskPassword => interstitials.WritePasswordAsync(
                http,
                InterstitialEndpoints.Unlock + AddressOf(http)
            ),
            Answer.Warn => interstitials.WriteWarningAsync(
                http,
                InterstitialEndpoints.Agree + AddressOf(http),
                HostOf(plan)
            ),
            Answer.Splash => interstitials.WriteSplashAsync(
                http,
                plan.Splash!,
                tokens.AddTo(InterstitialEndpoints.Continue + AddressOf(http), plan)
            ),
            Answer.NotAhead => WritePageAsync(http, VisitorPage.Prefetch),
            Answer.OpenApp => deliveries.WriteAppAsync(http, plan, Destination(http, decision), decision),
            Answer.Cloak => deliveries.WriteCloakAsync(
                http,
                plan,
                Destination(http, decision),
                new(
                    FileAddress.Of(address.Url, plan.Preview?.Icon),
                    FileAddress.Of(address.Url, plan.Preview?.Picture)
                ),
                decision.FiresPixels
            ),
            Answer.FirePixels => deliveries.WritePixelsAsync(http, plan, Destination(http, decision)),
            Answer.MethodNotAllowed => WriteNotAllowedAsync(http, plan),
            var unknown => throw new System.Diagnostics.UnreachableException($"{unknown}"),
        };
    }

    public Task WritePageAsync(HttpContext http, VisitorPage page) => pages.WriteAsync(http, page).AsTask();

    /// <summary>Refuses a network that has asked for too many unknown aliases.</summary>
    public Task WriteTooManyAsync(HttpContext http, TimeSpan wait) => MissLimiter.WriteTooManyAsync(http, pages, wait);

    /// <summary>The status of the response of <see cref="WriteNotFoundAsync"/>.</summary>
    public int NotFoundStatus(HttpContext http) =>
        domains.Find(http)?.NotFoundUrl is not null && IsRead(http)
            ? StatusCodes.Status302Found
            : StatusCodes.Status404NotFound;

    /// <summary>Responds if there is no link to show: as the request's domain wishes, or else with our page.</summary>
    public Task WriteNotFoundAsync(HttpContext http) =>
        domains.Find(http)?.NotFoundUrl is { } url && IsRead(http)
            ? WriteRedirect(http.Response, StatusCodes.Status302Found, url)
            : WritePageAsync(http, VisitorPage.NotFound);

    /// <summary>Responds for a custom domain's bare host.</summary>
    public Task WriteIndexAsync(HttpContext http, ServedDomain domain) =>
        domain.IndexUrl is { } url && IsRead(http)
            ? WriteRedirect(http.Response, StatusCodes.Status302Found, url)
            : WriteNotFoundAsync(http);

    private static bool IsRead(HttpContext http) =>
        HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);

    private static Task WriteRedirect(HttpContext http, in Decision decision) =>
        WriteRedirect(http.Response, decision.Status, Destination(http, decision));

    private static Task WriteRedirect(HttpResponse response, int status, string location)
    {
        response.StatusCode = status;
        response.ContentLength = 0;

        var headers = response.Headers;
        headers.Location = location;
        headers.CacheControl = NotKept;
        headers.XContentTypeOptions = NoSniff;
        headers["Referrer-Policy"] = Referrer;
        headers["X-Robots-Tag"] = NoIndex;
        return Task.CompletedTask;
    }

    private static string Destination(HttpContext http, in Decision decision)
    {
        var query = http.Request.QueryString;
        return decision.MergesQuery && query.HasValue
            ? DestinationBuilder.WithQuery(decision.Location!, query.Value.AsSpan(1))
            : decision.Location!;
    }

    private Task WriteNotAllowedAsync(HttpContext http, LinkPlan plan)
    {
        if (plan.TakesBodies)
            http.Response.Headers.Allow = AnyMethods;
        return WritePageAsync(http, VisitorPage.MethodNotAllowed);
    }

    // Any request may name any host: it is repeated only if it is a proven domain.
    private string HomeOf(HttpContext http) =>
        domains.Find(http) is null ? address.Url : $"{http.Request.Scheme}://{http.Request.Headers.Host}";

    private static string AddressOf(HttpContext http) => InterstitialLinks.AddressOf(http, http.Request.Path);

    // Shown only if it is the same for everybody, and not the destination of a limited link before its click is consumed.
    private static string? HostOf(LinkPlan plan) =>
        plan is { Rules: null, IsLimited: false }
        && Uri.TryCreate(plan.Location, UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https"
            ? url.IdnHost
            : null;

    private Task WritePreviewAsync(HttpContext http, LinkPreview? preview) =>
        pages.WritePreviewAsync(
            http,
            new(
                preview?.Title ?? http.Request.Path.Value!.Trim('/'),
                preview?.Description,
                FileAddress.Of(address.Url, preview?.Picture),
                FileAddress.Of(address.Url, preview?.Icon),
                HomeOf(http) + http.Request.Path.ToUriComponent(),
                InterstitialEndpoints.Open + AddressOf(http)
            )
        );
}
