using Microsoft.AspNetCore.Mvc;
using Signpost.Hosting;
using Signpost.Redirects.Interstitials;
using Signpost.Redirects.Pages;
using Signpost.Web;
using Signpost.Web.Forms;
using Signpost.Web.Notices;

namespace Signpost.Statistics.Publishing;

/// <summary>The pages of public statistics, for everybody: of a link under its alias, of a project under an address that nobody can guess.</summary>
internal static class PublicPage
{
    private const string Prefix = "/l/stats/";
    private const string Projects = "/l/projects/{key}";
    private const int LargestForm = 16 << 10;
    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    public static void MapPublicStatistics(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").ExcludeFromDescription();
        pages.MapMethods($"{Prefix}{{**alias}}", Reads, ShowLink);
        pages.MapMethods(Projects, Reads, ShowProject);
        pages
            .MapGroup("")
            .RequireOwnPage()
            .MapPost($"{Prefix}{{**alias}}", TryPassword)
            .WithMetadata(new RequestSizeLimitAttribute(LargestForm));
    }

    private static async Task ShowLink(
        HttpContext http,
        PublishedFinder finder,
        PublicStatisticsPages pages,
        LinkAccessCookie access,
        InterstitialPages interstitials,
        MissLimiter misses,
        VisitorPages notices
    )
    {
        await SocketThread.Leave();
        if (await FindLinkAsync(http, finder) is not { } found)
            // Like a short address, this address tells whether there is a link.
            await misses.WriteNotFoundAsync(http, notices);
        else if (found.PasswordHash is { } hash && !access.UnlocksStatistics(http, found.Scope.Id, hash))
            await interstitials.WritePasswordAsync(http, AddressOf(http), isOfStatistics: true);
        else
            await pages.WriteAsync(http, found);
    }

    private static async Task ShowProject(
        HttpContext http,
        string key,
        PublishedFinder finder,
        PublicStatisticsPages pages,
        MissLimiter misses,
        VisitorPages notices
    )
    {
        await SocketThread.Leave();
        if (await finder.FindProjectAsync(key, http.RequestAborted) is { } found)
            await pages.WriteAsync(http, found);
        else
            await misses.WriteNotFoundAsync(http, notices);
    }

    private static async Task TryPassword(
        HttpContext http,
        PublishedFinder finder,
        TypedPasswords passwords,
        LinkAccessCookie access,
        MissLimiter misses,
        VisitorPages notices
    )
    {
        var password = $"{(await PostedForm.ReadAsync(http))?["password"]}";
        if (await FindLinkAsync(http, finder) is not { } found)
        {
            await misses.WriteNotFoundAsync(http, notices);
            return;
        }

        if (found.PasswordHash is not { } hash)
        {
            Return(http);
            return;
        }

        // Wrong passwords here use up no attempts at the link itself.
        if (!await passwords.TryAsync(http, -found.Scope.Id, hash, password, AddressOf(http)))
            return;
        access.GiveStatistics(http, found.Scope.Id, hash);
        Return(http);
    }

    // Not the route's value: there, a slash is still escaped.
    private static Task<Published?> FindLinkAsync(HttpContext http, PublishedFinder finder)
    {
        var path = http.Request.Path.Value!;
        var alias = path.Length > Prefix.Length ? path[Prefix.Length..] : "";
        return finder.FindLinkAsync(alias, HostOf(http), http.RequestAborted);
    }

    // Of several, the first counts.
    internal static string? HostOf(HttpContext http) =>
        http.Request.Query["domain"] is [{ Length: > 0 } one, ..] ? one : null;

    private static string AddressOf(HttpContext http) => InterstitialLinks.AddressOf(http, http.Request.Path);

    // 303: the browser continues with GET, without the password.
    private static void Return(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = AddressOf(http);
        http.Response.Headers.CacheControl = "private, max-age=0, no-store";
        http.Response.Headers["X-Robots-Tag"] = "noindex";
    }
}
