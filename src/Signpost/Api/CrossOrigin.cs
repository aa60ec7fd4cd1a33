using Microsoft.Extensions.Primitives;

namespace Signpost.Api;

/// <summary>
/// Lets pages of any origin use the API with a key (CORS). There are no credentials of browsers: the API ignores cookies. Proxies
/// alone ask <c>/api/domains/check</c>, so it is left out.
/// </summary>
internal static class CrossOrigin
{
    private const string AllMethods = "GET, HEAD, POST, PUT, PATCH, DELETE";
    private const string UsualHeaders = "Authorization, Content-Type, Idempotency-Key";
    private const int LongestHeaders = 1024;

    public static bool Covers(PathString path) =>
        ApiEdge.Covers(path)
        && !path.Value!.TrimEnd('/').Equals("/api/domains/check", StringComparison.OrdinalIgnoreCase);

    /// <summary>A browser asks whether a page may send a request.</summary>
    public static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method)
        && request.Headers.Origin.Count > 0
        && request.Headers.AccessControlRequestMethod.Count > 0
        && Covers(request.Path);

    public static void SetHeaders(HttpContext http)
    {
        if (!Covers(http.Request.Path))
            return;
        var headers = http.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = "Location, Retry-After";
    }

    /// <summary>Turns the response to a preflight, which routing gave, into permission.</summary>
    public static void Permit(HttpContext http)
    {
        var (request, response) = (http.Request, http.Response);
        // The router tells the methods of an address when it refuses OPTIONS. An unknown address permits all: the page shall read
        // the 404.
        var methods = response.Headers.Allow;
        response.Headers.Remove("Allow");
        response.StatusCode = StatusCodes.Status204NoContent;
        response.Headers.AccessControlAllowMethods = methods.Count > 0 ? methods : AllMethods;
        response.Headers.AccessControlAllowHeaders = HeadersOf(request.Headers.AccessControlRequestHeaders);
        response.Headers.AccessControlMaxAge = "600";
    }

    private static string HeadersOf(StringValues asked)
    {
        var text = asked.ToString();
        return
            text.Length is > 0 and <= LongestHeaders
            && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or ',' or ' ')
            ? text
            : UsualHeaders;
    }
}
