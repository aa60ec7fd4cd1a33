using Microsoft.AspNetCore.Routing.Patterns;
using Signpost.Dashboard.Shell;

namespace Signpost.Dashboard;

/// <summary>The path to go to after signing in. It is always on this server, so a forged link cannot lead elsewhere.</summary>
internal static class LocalPath
{
    /// <summary>The address that the account page once had.</summary>
    public const string FormerAccount = "/account";

    private const int Longest = 2048;

    /// <summary>The path as a browser reads it if it is one of these pages, else the list of links.</summary>
    public static string Of(HttpContext http, string? path)
    {
        if (
            path is not ['/', ..] or { Length: > Longest }
            || path is ['/', '/', ..]
            || !path.All(c => c is > ' ' and < '\u007f' and not '\\')
        )
            return Navigation.Home;

        // Without dots in the middle: "/account/../x" is "/x".
        var read = new Uri(new Uri("http://localhost"), path);
        var pages = http.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints;
        return pages.Any(page => IsPage(page, read)) ? read.PathAndQuery + read.Fragment : Navigation.Home;
    }

    private static bool IsPage(Endpoint endpoint, Uri address) =>
        endpoint is RouteEndpoint { RoutePattern: var pattern }
        && endpoint.Metadata.GetMetadata<PageAfterSignIn>() is not null
        && address.Host is "localhost"
        && Beginning(pattern) is { Count: > 0 } beginning
        && address.Segments.Skip(1).Take(beginning.Count).Select(segment => segment.TrimEnd('/')) is var begun
        && begun.SequenceEqual(beginning, StringComparer.OrdinalIgnoreCase);

    // The segments before the first parameter.
    private static List<string> Beginning(RoutePattern pattern) =>
        [
            .. pattern
                .PathSegments.Select(segment => segment.Parts is [RoutePatternLiteralPart part] ? part.Content : null)
                .TakeWhile(text => text is not null)
                .OfType<string>(),
        ];
}

/// <summary>Marks the pages to which people may return after signing in.</summary>
internal sealed class PageAfterSignIn;

/// <summary>Marks the endpoints that answer only people who are signed in.</summary>
internal sealed class PageOfSignedIn;
