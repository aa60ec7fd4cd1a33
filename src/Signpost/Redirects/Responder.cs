using Microsoft.Extensions.Primitives;
using Signpost.Core.Redirecting;
using Signpost.Hosting;
using Signpost.Links.Uploads;
using Signpost.Pages;
using Signpost.Redirects.Gates;

namespace Signpost.Redirects;

/// <summary>Carries a decision out: the one place that writes a redirect's answer.</summary>
internal sealed class Responder(VisitorPages pages, GatePages gates, PublicAddress address)
{
    private static readonly StringValues NotKept = "private, max-age=0, no-store";
    private static readonly StringValues NoIndex = "noindex";
    private static readonly StringValues Referrer = "no-referrer-when-downgrade";
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues AnyMethods = "GET, HEAD, POST, PUT, PATCH, DELETE";

    public Task WriteAsync(HttpContext http, in Decision decision, LinkPlan plan) =>
        decision.Answer switch
        {
            Answer.Redirect => WriteRedirect(http, decision),
            Answer.NotFound => WritePageAsync(http, VisitorPage.NotFound),
            Answer.Gone => WritePageAsync(http, VisitorPage.Expired),
            Answer.Preview => WritePreviewAsync(http, plan.Preview),
            Answer.AskPassword => gates.WritePasswordAsync(http, GateEndpoints.Unlock + AddressOf(http)),
            Answer.Warn => gates.WriteWarningAsync(http, GateEndpoints.Agree + AddressOf(http), HostOf(plan)),
            Answer.NotAhead => WritePageAsync(http, VisitorPage.Prefetch),
            Answer.NotServedYet => WritePageAsync(http, VisitorPage.NotServedYet),
            Answer.MethodNotAllowed => WriteNotAllowedAsync(http, plan),
            var unknown => throw new System.Diagnostics.UnreachableException($"{unknown}"),
        };

    public Task WritePageAsync(HttpContext http, VisitorPage page) => pages.WriteAsync(http, page).AsTask();

    private static Task WriteRedirect(HttpContext http, in Decision decision)
    {
        var response = http.Response;
        var query = http.Request.QueryString;
        response.StatusCode = decision.Status;
        response.ContentLength = 0;

        var headers = response.Headers;
        headers.Location =
            decision.MergesQuery && query.HasValue
                ? DestinationBuilder.WithQuery(decision.Location!, query.Value.AsSpan(1))
                : decision.Location;
        headers.CacheControl = NotKept;
        headers.XContentTypeOptions = NoSniff;
        headers["Referrer-Policy"] = Referrer;
        headers["X-Robots-Tag"] = NoIndex;
        return Task.CompletedTask;
    }

    private Task WriteNotAllowedAsync(HttpContext http, LinkPlan plan)
    {
        if (plan.TakesBodies)
            http.Response.Headers.Allow = AnyMethods;
        return WritePageAsync(http, VisitorPage.MethodNotAllowed);
    }

    private static string AddressOf(HttpContext http) => GateLinks.AddressOf(http, http.Request.Path);

    // Told only where it is the same for everybody, and not a click of a limited link's that is still to be paid.
    private static string? HostOf(LinkPlan plan) =>
        plan is { Pairs: null, IsLimited: false }
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
                address.Url + http.Request.Path.ToUriComponent()
            )
        );
}
