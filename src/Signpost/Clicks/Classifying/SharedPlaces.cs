using System.Runtime.InteropServices;
using Signpost.Core.Statistics;
using Signpost.Core.Visitors;

namespace Signpost.Clicks.Classifying;

/// <summary>Shares one object for each place. For one thread.</summary>
internal sealed class SharedPlaces
{
    /// <summary>There are some 250 countries; further cities are rare, so a new object for each visit is cheap enough.</summary>
    private const int Most = 1 << 16;

    private readonly Dictionary<Place, ClickPlace> _places = [];

    /// <summary>The last places without a city, by the letters of their country: most places are such.</summary>
    private readonly ClickPlace?[] _countries = new ClickPlace?[1 << 10];

    public ClickPlace Of(in Place place)
    {
        if (place == default)
            return ClickPlace.Unknown;
        if (place is not { CityName: null, CountryCode: [var first, var second] })
            return OfAny(place);

        ref var known = ref _countries[((first & 31) << 5) | (second & 31)];
        if (known?.CountryCode != place.CountryCode || known.ContinentCode != place.ContinentCode)
            known = OfAny(place);
        return known;
    }

    private ClickPlace OfAny(in Place place)
    {
        if (_places.Count == Most)
            _places.Clear();
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, place, out _);
        return known ??= new ClickPlace(place.ContinentCode, place.CountryCode, place.CityName);
    }
}
