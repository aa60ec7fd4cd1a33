using Microsoft.Extensions.Primitives;
using Signpost.Core.Clicks;
using Signpost.Core.Redirecting;
using Signpost.Hosting;
using Signpost.Pages;
using Signpost.Pages.Delivery;

namespace Signpost.Redirects;

/// <summary>Carries a decision out: the one place that writes a redirect's answer.</summary>
internal sealed class Responder(VisitorPages pages, DeliveryPages deliveries)
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
            Answer.Preview => WritePreviewAsync(http, plan),
            Answer.NotAhead => WritePageAsync(http, VisitorPage.Prefetch),
            Answer.NotServedYet => WritePageAsync(http, VisitorPage.NotServedYet),
            Answer.OpenApp => deliveries.WriteAppAsync(http, plan, Destination(http, decision), decision.App),
            Answer.Cloak => deliveries.WriteCloakAsync(
                http,
                plan,
                Destination(http, decision),
                isPerson: decision.Kind == ClickKind.Person
            ),
            Answer.FirePixels => deliveries.WritePixelsAsync(http, plan, Destination(http, decision)),
            Answer.MethodNotAllowed => WriteNotAllowedAsync(http, plan),
            var unknown => throw new System.Diagnostics.UnreachableException($"{unknown}"),
        };

    public Task WritePageAsync(HttpContext http, VisitorPage page) => pages.WriteAsync(http, page).AsTask();

    private static Task WriteRedirect(HttpContext http, in Decision decision)
    {
        var response = http.Response;
        response.StatusCode = decision.Status;
        response.ContentLength = 0;

        var headers = response.Headers;
        headers.Location = Destination(http, decision);
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

    private async Task WritePreviewAsync(HttpContext http, LinkPlan plan)
    {
        await SocketThread.Leave();
        await pages.WritePreviewAsync(
            http,
            plan.Preview?.Title ?? http.Request.Path.Value!.Trim('/'),
            plan.Preview?.Description
        );
    }
}
