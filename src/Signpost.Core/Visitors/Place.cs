namespace Signpost.Core.Visitors;

/// <summary>The place of a visitor, as far as it is known.</summary>
/// <param name="ContinentCode">One of AF AN AS EU NA OC SA.</param>
/// <param name="CountryCode">Two capitals: a code of ISO 3166-1, or XK.</param>
/// <param name="CityName">In English, as the data spells it.</param>
public readonly record struct Place(string? ContinentCode, string? CountryCode, string? CityName)
{
    /// <summary>The most UTF-16 units of a city's name; a longer one is ignored.</summary>
    public const int LongestCity = 128;
}
