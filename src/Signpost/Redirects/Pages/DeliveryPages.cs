using System.Security.Cryptography;
using Signpost.Addressing;
using Signpost.Core.Redirecting;
using Signpost.Core.Redirecting.AppLinks;
using Signpost.Core.Redirecting.Pixels;
using Signpost.Web;
using Signpost.Web.Languages;

namespace Signpost.Redirects.Pages;

/// <summary>
/// The pages that redirect a visitor by an app, within a frame, or after pixels. Each holds the destination as a link, works
/// without script, and allows the browser only the things that it needs.
/// </summary>
internal sealed class DeliveryPages(
    PageRenderer renderer,
    PageLanguages languages,
    DomainDirectory domains,
    PublicAddress address
)
{
    /// <summary>A page that opens an app, or else continues to <paramref name="location"/>.</summary>
    public async Task WriteAppAsync(HttpContext http, LinkPlan plan, string location, Decision decision)
    {
        var opening = decision.App;
        var pixels = PixelsOf(plan, decision.FiresPixels);
        // With the visitor's own query the app may have nothing to show; the web page will say so.
        if (AppSites.AddressOf(opening.System, location) is not { } app)
        {
            await WritePixelsAsync(http, pixels, location);
            return;
        }

        var texts = languages.For(http);
        var nonce = NewNonce();
        var body = await renderer.RenderAsync<AppPage>(
            new()
            {
                [nameof(AppPage.Texts)] = texts.All,
                [nameof(AppPage.App)] = app,
                [nameof(AppPage.Name)] = AppSites.NameOf(location),
                [nameof(AppPage.Location)] = location,
                [nameof(AppPage.NeedsTap)] = opening.NeedsTap,
                [nameof(AppPage.Pixels)] = pixels,
                [nameof(AppPage.Nonce)] = nonce,
                [nameof(AppPage.Address)] = PageUrl(http),
            }
        );
        var policy = new DeliveryPolicy(PageStyle.Whole).With(pixels, nonce).WithScript(PageScript.OpenApp);
        await SendAsync(http, body, policy, texts);
    }

    /// <summary>A page that holds <paramref name="location"/> in a frame as large as the window.</summary>
    public async Task WriteCloakAsync(
        HttpContext http,
        LinkPlan plan,
        string location,
        CloakPictures pictures,
        bool firesPixels
    )
    {
        var texts = languages.For(http);
        var nonce = NewNonce();
        var pixels = PixelsOf(plan, firesPixels);
        var script = plan.Cloak?.Script;
        var title = plan.Preview?.Title;
        var body = await renderer.RenderAsync<CloakPage>(
            new()
            {
                [nameof(CloakPage.Texts)] = texts.All,
                [nameof(CloakPage.Location)] = location,
                [nameof(CloakPage.Address)] = PageUrl(http),
                [nameof(CloakPage.Title)] = string.IsNullOrWhiteSpace(title) ? NameOf(http) : title,
                [nameof(CloakPage.Description)] = plan.Preview?.Description,
                [nameof(CloakPage.Icon)] = pictures.Icon,
                [nameof(CloakPage.Picture)] = pictures.Picture,
                [nameof(CloakPage.Script)] = script is null ? null : SandboxedScript.Document(script, nonce),
                [nameof(CloakPage.Pixels)] = pixels,
                [nameof(CloakPage.Nonce)] = nonce,
            }
        );
        var policy = new DeliveryPolicy(PageStyle.Cloak)
            .With(pixels, nonce)
            .WithFrames("https:", "http:")
            .WithImages("'self'", new Uri(address.Url).GetLeftPart(UriPartial.Authority));
        await SendAsync(http, body, script is null ? policy : policy.WithOwnersScript(nonce), texts);
    }

    /// <summary>A page that fires the link's pixels and continues to <paramref name="location"/>.</summary>
    public Task WritePixelsAsync(HttpContext http, LinkPlan plan, string location) =>
        WritePixelsAsync(http, plan.Pixels, location);

    private async Task WritePixelsAsync(HttpContext http, IReadOnlyList<Pixel> pixels, string location)
    {
        var texts = languages.For(http);
        var nonce = NewNonce();
        var body = await renderer.RenderAsync<PixelPage>(
            new()
            {
                [nameof(PixelPage.Texts)] = texts.All,
                [nameof(PixelPage.Location)] = location,
                [nameof(PixelPage.Pixels)] = pixels,
                [nameof(PixelPage.Nonce)] = nonce,
                [nameof(PixelPage.Address)] = PageUrl(http),
            }
        );
        var policy = new DeliveryPolicy(PageStyle.Whole).With(pixels, nonce).WithScript(PageScript.Continue);
        await SendAsync(http, body, policy, texts);
    }

    // Robots get the pages without pixels, and so do people of whom nothing may be kept.
    private static IReadOnlyList<Pixel> PixelsOf(LinkPlan plan, bool firesPixels) => firesPixels ? plan.Pixels : [];

    private static async Task SendAsync(HttpContext http, byte[] body, DeliveryPolicy policy, PageTexts texts)
    {
        PageHeaders.Set(http.Response, StatusCodes.Status200OK, policy: policy.ToString(), texts: texts);
        // As with a redirect, the destination learns the origin of its visitor.
        http.Response.Headers["Referrer-Policy"] = "no-referrer-when-downgrade";
        // With "same-origin", a window that a framed destination opens, to sign in or to pay, could not report back to it.
        http.Response.Headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups";
        await PageResponse.SendAsync(http, body);
    }

    private string PageUrl(HttpContext http)
    {
        // Any request may name any host: it is repeated only if it is a proven domain.
        var request = http.Request;
        var home = domains.Find(http) is null ? address.Url : $"{request.Scheme}://{request.Headers.Host}";
        return home + request.Path.ToUriComponent();
    }

    private static string NameOf(HttpContext http) => http.Request.Path.Value!.Trim('/');

    private static string NewNonce() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
}

/// <summary>The addresses of a cloaked link's own pictures; null if it has none.</summary>
internal sealed record CloakPictures(string? Icon, string? Picture);
