namespace Signpost.Core.Visitors;

/// <summary>Where a visitor is, as far as it is known.</summary>
/// <param name="ContinentCode">One of AF, AN, AS, EU, NA, OC, SA.</param>
/// <param name="CountryCode">ISO 3166-1 alpha-2.</param>
/// <param name="CityName">In English.</param>
public readonly record struct Place(string? ContinentCode, string? CountryCode, string? CityName);
