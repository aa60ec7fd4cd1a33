using System.Net;
using Signpost.Core.Visitors;
using Signpost.Hosting;

namespace Signpost.Visitors;

/// <summary>
/// Finds the place of a visitor: from the headers of a trusted proxy if the operator chose them, else from the geo data. Safe
/// on any thread; it waits for nothing.
/// </summary>
internal sealed class PlaceFinder(GeoDatabase database, SignpostSettings settings)
{
    private readonly PlaceHeaders? _headers = PlaceHeaders.Of(settings.GeoHeaders);

    /// <param name="address">The visitor's, not the proxy's.</param>
    /// <param name="headers">The headers of a request that passed <see cref="PlaceHeadersFilter"/>, or made up.</param>
    public Place Find(IPAddress? address, IHeaderDictionary headers) => Find(address, Said(headers));

    /// <summary>The place from the headers alone; nothing if they are not used.</summary>
    /// <param name="headers">As for <see cref="Find(IPAddress?, IHeaderDictionary)"/>.</param>
    public Place Said(IHeaderDictionary headers) => _headers?.Read(headers) ?? default;

    /// <param name="said">The place from the headers of that request.</param>
    public Place Find(IPAddress? address, Place said)
    {
        if (said.CityName is not null)
            return said;

        // Most proxies send no city by default. The city of the geo data is used if both name the same country.
        var found = FindByAddress(address);
        return said.CountryCode is null || said.CountryCode == found.CountryCode ? found : said;
    }

    private Place FindByAddress(IPAddress? address) =>
        address is null ? default : database.Find(EmbeddedAddress.Of(address));
}

/// <summary>Adds the services that find the place of a visitor.</summary>
internal static class PlaceServices
{
    /// <exception cref="StartException">The geo data cannot be used.</exception>
    public static IServiceCollection AddPlaces(this IServiceCollection services, SignpostSettings settings)
    {
        // At once, not at the first request: a wrong file stops the start.
        GeoFile[] files = [.. settings.GeoDatabases.Select(GeoFile.Open)];
        return services
            .AddSingleton(provider => new GeoDatabase(
                files,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<GeoDatabase>>()
            ))
            .AddSingleton<PlaceFinder>();
    }
}
