using Microsoft.AspNetCore.Routing.Patterns;

namespace Signpost.Dashboard;

/// <summary>The path to go to after signing in. It is always on this server, so a forged link cannot lead elsewhere.</summary>
internal static class LocalPath
{
    public const string Account = "/account";
    private const int Longest = 2048;

    /// <summary>The path as a browser reads it if it is one of these pages, else the account page.</summary>
    public static string Of(HttpContext http, string? path)
    {
        if (
            path is not ['/', ..] or { Length: > Longest }
            || path is ['/', '/', ..]
            || !path.All(c => c is > ' ' and < '\u007f' and not '\\')
        )
            return Account;

        // Without dots in the middle: "/account/../x" is "/x".
        var read = new Uri(new Uri("http://localhost"), path);
        var pages = http.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints;
        return pages.Any(page => IsPage(page, read)) ? read.PathAndQuery + read.Fragment : Account;
    }

    private static bool IsPage(Endpoint endpoint, Uri address) =>
        endpoint is RouteEndpoint { RoutePattern.PathSegments: [{ Parts: [RoutePatternLiteralPart first] }, ..] }
        && endpoint.Metadata.GetMetadata<PageOfSignedIn>() is not null
        && address.Host is "localhost"
        && address.Segments is [_, var segment, ..]
        && segment.TrimEnd('/').Equals(first.Content, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Marks the endpoints that answer only people who are signed in.</summary>
internal sealed class PageOfSignedIn;
