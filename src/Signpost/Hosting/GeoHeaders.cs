namespace Signpost.Hosting;

/// <summary>The proxy whose headers hold a visitor's place, instead of the geo database.</summary>
internal enum GeoHeaders
{
    Off,
    Cloudflare,
    CloudFront,
    Vercel,
    AppEngine,
}
