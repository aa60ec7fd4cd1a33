using Signpost.Api.Bodies;
using Signpost.Hosting;
using Signpost.Storage;
using Signpost.Web.Notices;

namespace Signpost.Api;

/// <summary>
/// The outermost layer of everything under <c>/api</c>: its headers, and the common body of all errors, caused by
/// routing, a body, a full disk or a bug.
/// </summary>
internal sealed class ApiEdge(RequestDelegate next, FaultLog faults)
{
    private const int SecondsToRetry = 5;

    public static bool Covers(PathString path) => path.StartsWithSegments("/api");

    public async Task InvokeAsync(HttpContext http)
    {
        if (!Covers(http.Request.Path))
        {
            await next(http);
            return;
        }

        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        CrossOrigin.SetHeaders(http);
        var isPreflight = CrossOrigin.IsPreflight(http.Request);
        if (isPreflight)
            // A preflight needs no key, and counts in no limit.
            http.Request.Headers.Authorization = default;

        var fault = Server.HasTooLongAddress(http.Request)
            ? ForStatus(StatusCodes.Status414UriTooLong)
            : await RunAsync(http);
        if (http.Response.HasStarted)
            return;

        if (isPreflight && fault is null)
        {
            CrossOrigin.Permit(http);
            return;
        }

        var answer = fault ?? (IsBare(http.Response) ? ForStatus(http.Response.StatusCode) : null);
        if (answer is not null)
            await answer.ExecuteAsync(http);
    }

    /// <summary>The error for a response that has only a status.</summary>
    public static ApiResult ForStatus(int status) =>
        status switch
        {
            401 => ApiResult.Error(status, "Send a valid API key: Authorization: Bearer {api_key}."),
            403 => ApiResult.Error(status, "The key lacks the scope for this, or its account lacks the role."),
            404 => ApiResult.NotFound,
            405 => ApiResult.Error(status, "This address does not support this method."),
            413 => ApiResult.Error(status, "The body is too large."),
            414 => ApiResult.Error(status, "The address of the request is too long. With a key it may be longer."),
            415 => ApiResult.Error(status, "The server cannot read this type of body."),
            429 => ApiResult.Error(status, "Too many requests. Try again later."),
            503 => new(status, ApiResult.Error(status, "The server cannot do this now. Try again later.").Body)
            {
                RetryAfter = SecondsToRetry,
            },
            _ => ApiResult.Error(
                status,
                status >= 500 ? "An error occurred in the server." : "The server cannot understand the request."
            ),
        };

    private async Task<ApiResult?> RunAsync(HttpContext http)
    {
        try
        {
            await next(http);
            return null;
        }
        catch (BodyException error)
        {
            return ApiResult.Error(error.Status, error.Message);
        }
        catch (BadHttpRequestException error)
        {
            return ForStatus(error.StatusCode);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client is gone.
            return null;
        }
        catch (TooBusyException) when (!http.Response.HasStarted)
        {
            return ForStatus(StatusCodes.Status503ServiceUnavailable);
        }
        catch (Exception error) when (!http.Response.HasStarted && Database.IsAway(error))
        {
            faults.Add("An API request, because the database could not serve it,", http, error);
            return ForStatus(StatusCodes.Status503ServiceUnavailable);
        }
        catch (Exception error) when (!http.Response.HasStarted)
        {
            faults.Add($"An API request by {http.Request.Method}", http, error);
            return ApiResult.Error(
                StatusCodes.Status500InternalServerError,
                $"An error occurred in the server. Its log names this request {http.TraceIdentifier}."
            );
        }
    }

    private static bool IsBare(HttpResponse response) =>
        response.StatusCode >= 400 && response.ContentLength is null && string.IsNullOrEmpty(response.ContentType);
}
