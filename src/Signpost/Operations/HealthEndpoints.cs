using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Signpost.Operations;

/// <summary>The endpoints for balancers and operators.</summary>
internal static class HealthEndpoints
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("").WithTags("Operations");
        health.MapMethods("/healthz", ["GET", "HEAD"], Alive).WithName("getHealth").WithSummary("The process lives");
        health
            .MapMethods("/readyz", ["GET", "HEAD"], Ready)
            .WithName("getReadiness")
            .WithSummary("It can serve; else 503 and the reasons");
    }

    private static ContentHttpResult Alive(HttpContext http)
    {
        SetHeaders(http.Response.Headers);
        return TypedResults.Text("alive\n");
    }

    private static void SetHeaders(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
    }

    private static JsonHttpResult<Readiness> Ready(HttpContext http, Health health)
    {
        var readiness = health.Read(isPublic: true);
        SetHeaders(http.Response.Headers);
        var status = readiness.Reasons is [] ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return TypedResults.Json(readiness, Json, statusCode: status);
    }
}
