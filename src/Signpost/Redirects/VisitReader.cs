using Microsoft.Extensions.Primitives;
using Signpost.Core.Redirecting;
using Signpost.Visitors;

namespace Signpost.Redirects;

/// <summary>Reads from a request what its link may ask.</summary>
internal sealed class VisitReader(AgentReader agents, TimeProvider clock)
{
    public Visit Read(HttpContext http)
    {
        var headers = http.Request.Headers;
        return new(
            clock.GetUtcNow().ToUnixTimeMilliseconds(),
            MethodOf(http.Request.Method),
            agents.Classify(headers.UserAgent),
            IsPrefetch(headers)
        );
    }

    // By the letter: HTTP methods have case.
    private static VisitMethod MethodOf(string method) =>
        method switch
        {
            "GET" => VisitMethod.Get,
            "HEAD" => VisitMethod.Head,
            "POST" or "PUT" or "PATCH" or "DELETE" => VisitMethod.WithBody,
            _ => VisitMethod.Unknown,
        };

    // https://wicg.github.io/nav-speculation/prefetch.html#sec-purpose-header; the other two are its elders.
    private static bool IsPrefetch(IHeaderDictionary headers) =>
        SaysPrefetch(headers["Sec-Purpose"]) || SaysPrefetch(headers["Purpose"]) || SaysPrefetch(headers["X-Moz"]);

    private static bool SaysPrefetch(StringValues value) =>
        value.Count > 0 && value[0] is { } text && text.StartsWith("prefetch", StringComparison.OrdinalIgnoreCase);
}
