using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Primitives;
using Signpost.Core.Redirecting;
using Signpost.Core.Targeting;
using Signpost.Visitors;

namespace Signpost.Redirects;

/// <summary>Reads from a request what its link asks, and nothing that it does not ask.</summary>
internal sealed class VisitReader(AgentReader agents, PlaceFinder places, TimeProvider clock)
{
    public Visit Read(HttpContext http, Facts asks) =>
        Read(
            MethodOf(http.Request.Method),
            http.Request.Headers,
            http.Connection.RemoteIpAddress,
            clock.GetUtcNow(),
            asks
        );

    /// <summary>Reads a request that may never have been sent: for explaining what it would get.</summary>
    public Visit Read(
        VisitMethod method,
        IHeaderDictionary headers,
        IPAddress? address,
        DateTimeOffset at,
        Facts asks
    ) =>
        new(at.ToUnixTimeMilliseconds(), method, agents.Classify(headers.UserAgent), IsPrefetch(headers))
        {
            Place = (asks & Facts.Place) == 0 ? default : places.Find(address, headers),
            Agent = (asks & Facts.Agent) == 0 ? null : agents.Read(headers),
            AcceptLanguage = (asks & Facts.Language) == 0 ? null : Joined(headers.AcceptLanguage),
            Lot = (asks & Facts.Lot) == 0 ? 0 : Draw(),
        };

    // Several lines are one list (RFC 9110, 5.3).
    private static string? Joined(StringValues lines) => lines.Count > 1 ? string.Join(',', lines.ToArray()) : lines;

    private static ulong Draw()
    {
        var lot = 0ul;
        Random.Shared.NextBytes(MemoryMarshal.AsBytes(new Span<ulong>(ref lot)));
        return lot;
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
