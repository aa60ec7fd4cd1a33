namespace Signpost.Testing;

/// <summary>Records in the layouts that makers of geo files use.</summary>
internal static class GeoRecord
{
    /// <summary>As ip-location-db writes it.</summary>
    public static Dictionary<string, object> Flat(string country, string? city = null) =>
        city is null
            ? new() { ["country_code"] = country }
            : new()
            {
                ["city"] = city,
                ["country_code"] = country,
                ["latitude"] = 52.5,
                ["state1"] = "Somewhere",
            };

    /// <summary>As MaxMind writes it.</summary>
    public static Dictionary<string, object> Nested(
        string? country,
        string? continent = null,
        string? city = null,
        string? registered = null
    )
    {
        Dictionary<string, object> record = [];
        if (city is not null)
            record["city"] = new Dictionary<string, object>
            {
                ["geoname_id"] = 42u,
                ["names"] = new Dictionary<string, object>
                {
                    ["de"] = "Anderswo",
                    ["en"] = city,
                    ["ja"] = "都市",
                },
            };
        if (continent is not null)
            record["continent"] = new Dictionary<string, object> { ["code"] = continent, ["geoname_id"] = 7u };
        if (country is not null)
            record["country"] = new Dictionary<string, object>
            {
                ["is_in_european_union"] = true,
                ["iso_code"] = country,
                ["names"] = new Dictionary<string, object> { ["en"] = "Country " + country },
            };
        record["location"] = new Dictionary<string, object> { ["latitude"] = 48.1, ["accuracy_radius"] = (ushort)20 };
        if (registered is not null)
            record["registered_country"] = new Dictionary<string, object> { ["iso_code"] = registered };
        record["subdivisions"] = new object[] { new Dictionary<string, object> { ["iso_code"] = "XX" } };
        return record;
    }
}
