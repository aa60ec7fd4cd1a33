using System.Net;
using Signpost.Core.Visitors;
using Signpost.Hosting;

namespace Signpost.Visitors;

/// <summary>
/// Tells where a visitor is: by the headers of a trusted proxy if the operator chose those, else by the geo data. Safe on
/// any thread; it waits for nothing.
/// </summary>
internal sealed class PlaceFinder(GeoDatabase database, SignpostSettings settings)
{
    private readonly PlaceHeaders? _headers = PlaceHeaders.Of(settings.GeoHeaders);

    /// <param name="address">The visitor's, not the proxy's.</param>
    /// <param name="headers">Of a request that passed <see cref="PlaceHeadersFilter"/>, or made up.</param>
    public Place Find(IPAddress? address, IHeaderDictionary headers) => Find(address, Said(headers));

    /// <summary>What the headers alone say; nothing where they are not asked.</summary>
    /// <param name="headers">As for <see cref="Find(IPAddress?, IHeaderDictionary)"/>.</param>
    public Place Said(IHeaderDictionary headers) => _headers?.Read(headers) ?? default;

    /// <param name="said">What the headers of that request said.</param>
    public Place Find(IPAddress? address, Place said)
    {
        if (said.CityName is not null)
            return said;

        // Most proxies tell no city unless asked to: the data's is as good, as long as both mean the same country.
        var found = FindByAddress(address);
        return said.CountryCode is null || said.CountryCode == found.CountryCode ? found : said;
    }

    private Place FindByAddress(IPAddress? address) => address is null ? default : database.Find(address);
}

/// <summary>Adds what tells where visitors are.</summary>
internal static class PlaceServices
{
    /// <exception cref="StartException">The geo data cannot be used.</exception>
    public static IServiceCollection AddPlaces(this IServiceCollection services, SignpostSettings settings)
    {
        // Now, not at the first request: a wrong file stops the start.
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
