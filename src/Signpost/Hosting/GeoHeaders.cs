namespace Signpost.Hosting;

/// <summary>Whose headers say where a visitor is, instead of the geo database.</summary>
internal enum GeoHeaders
{
    Off,
    Cloudflare,
    CloudFront,
    Vercel,
    AppEngine,
}
