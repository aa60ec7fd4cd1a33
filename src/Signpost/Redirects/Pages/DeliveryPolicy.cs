using Signpost.Core.Redirecting.Pixels;
using Signpost.Web;

namespace Signpost.Redirects.Pages;

/// <summary>The content security policy of one page: it allows nothing except the sources that are added.</summary>
internal sealed class DeliveryPolicy(PageStyle style)
{
    private readonly List<string> _scripts = [];
    private readonly List<string> _images = [];
    private readonly List<string> _frames = [];
    private readonly List<string> _connections = [];

    /// <summary>Allows the page to reach the vendors of its pixels, and only them.</summary>
    public DeliveryPolicy With(IReadOnlyList<Pixel> pixels, string nonce)
    {
        foreach (var vendor in pixels.Select(pixel => pixel.Vendor))
        {
            _images.AddRange(vendor.Images.Select(image => image.Origin));
            if (vendor.Frame is { } frame)
                _frames.Add(frame.Origin);
            if (vendor.Script is not { } script)
                continue;

            _scripts.AddRange([$"'nonce-{nonce}'", .. script.Hosts]);
            _images.AddRange(script.Hosts);
            _connections.AddRange(script.Hosts);
        }

        return this;
    }

    public DeliveryPolicy WithScript(PageScript script)
    {
        _scripts.Add(script.Source);
        return this;
    }

    /// <summary>Allows the owner's script, which runs in a sandbox, to load and call anything over HTTPS.</summary>
    public DeliveryPolicy WithOwnersScript(string nonce)
    {
        _scripts.AddRange([$"'nonce-{nonce}'", "'strict-dynamic'"]);
        _images.AddRange(["https:", "data:"]);
        _connections.Add("https:");
        return this;
    }

    public DeliveryPolicy WithFrames(params ReadOnlySpan<string> places)
    {
        _frames.AddRange(places);
        return this;
    }

    public DeliveryPolicy WithImages(params ReadOnlySpan<string> places)
    {
        _images.AddRange(places);
        return this;
    }

    public override string ToString() =>
        $"default-src 'none'; style-src {style.Source}"
        + Directive("script-src", _scripts)
        + Directive("img-src", _images)
        + Directive("connect-src", _connections)
        + Directive("frame-src", _frames)
        + "; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    private static string Directive(string name, List<string> places) =>
        places.Count == 0 ? "" : $"; {name} {string.Join(' ', places.Distinct())}";
}
