using Microsoft.Extensions.Primitives;
using Signpost.Hosting;
using Signpost.Web.Languages;

namespace Signpost.Web;

/// <summary>The headers of every page: load nothing from elsewhere, allow no frames, keep no copy.</summary>
internal static class PageHeaders
{
    private static readonly StringValues Html = "text/html; charset=utf-8";
    private static readonly StringValues NoStore = "private, max-age=0, no-store";
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues NoIndex = "noindex";

    // "no-referrer" is not possible: a browser would then post our own forms with "Origin: null".
    private static readonly StringValues SameOrigin = "same-origin";

    private static readonly StringValues AcceptLanguage = "Accept-Language";

    // Pages that open this one, or are opened by it, get no reference to it.
    private static readonly StringValues OwnGroup = "same-origin";
    private static readonly StringValues OnlyHttps = "max-age=31536000";
    private static readonly StringValues OnlyHttpsBelow = "max-age=31536000; includeSubDomains";

    private static readonly StringValues Policy = With(PageStyle.Whole);

    /// <summary>The policy of the pages of people who sign in.</summary>
    public static StringValues People { get; } = With(PageStyle.People, "script-src 'self'; connect-src 'self'; ");

    /// <summary>The policy of the dashboard: styles and scripts are files of our own only.</summary>
    public static StringValues Dashboard { get; } =
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>The policy of the page with a link's public statistics.</summary>
    public static StringValues PublicStatistics { get; } = With(PageStyle.PublicStatistics);

    /// <param name="texts">The language of the page, if it depends on the visitor; null: English for everybody.</param>
    public static void Set(
        HttpResponse response,
        int status,
        bool indexed = false,
        StringValues policy = default,
        PageTexts? texts = null
    )
    {
        var headers = response.Headers;
        response.StatusCode = status;
        headers.ContentType = Html;
        headers.CacheControl = NoStore;
        headers.XContentTypeOptions = NoSniff;
        headers["Referrer-Policy"] = SameOrigin;
        headers["Cross-Origin-Opener-Policy"] = OwnGroup;
        // Not on the operator's own machine, where other servers use other ports of the same name.
        if (
            response.HttpContext.Request is { IsHttps: true } request
            && !IsThisMachine(request.Headers.Host.ToString())
        )
            headers.StrictTransportSecurity = request
                .HttpContext.RequestServices.GetRequiredService<SignpostSettings>()
                .AreSubdomainsOnlyHttps
                ? OnlyHttpsBelow
                : OnlyHttps;
        headers.ContentSecurityPolicy = policy.Count > 0 ? policy : Policy;
        if (!indexed)
            headers["X-Robots-Tag"] = NoIndex;
        if (texts is null)
            return;

        headers.ContentLanguage = texts.Language;
        headers.Vary = AcceptLanguage;
    }

    private static bool IsThisMachine(ReadOnlySpan<char> host)
    {
        var end = host.LastIndexOf(':');
        var name = end > host.LastIndexOf(']') ? host[..end] : host;
        return name is "localhost" or "127.0.0.1" or "[::1]";
    }

    private static StringValues With(PageStyle style, string script = "") =>
        $"default-src 'none'; {script}style-src {style.Source}; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}
