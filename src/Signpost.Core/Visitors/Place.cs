namespace Signpost.Core.Visitors;

/// <summary>Where a visitor is, as far as it is known.</summary>
/// <param name="ContinentCode">One of AF AN AS EU NA OC SA.</param>
/// <param name="CountryCode">Two capitals: a code of ISO 3166-1, or XK.</param>
/// <param name="CityName">In English, as the data spells it.</param>
public readonly record struct Place(string? ContinentCode, string? CountryCode, string? CityName)
{
    /// <summary>As many UTF-16 units as a city's name may have; one that is longer is none.</summary>
    public const int LongestCity = 128;
}
