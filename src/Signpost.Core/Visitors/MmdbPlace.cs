namespace Signpost.Core.Visitors;

/// <summary>
/// Makes a place from a record, in either of two layouts, or a mixture.
/// <code>
/// nested   {country: {iso_code}, registered_country: {iso_code}, continent: {code}, city: {names: {en}}}
/// flat     {country_code, city, …}, {country, continent, …}
/// </code>
/// </summary>
internal static class MmdbPlace
{
    public static bool IsCountry(ReadOnlySpan<byte> key) =>
        key.SequenceEqual("country"u8)
        || key.SequenceEqual("country_code"u8)
        || key.SequenceEqual("registered_country"u8);

    /// <summary>The place in this record; nothing if the record is not understood.</summary>
    public static Place Read(ReadOnlySpan<byte> section, int at)
    {
        var data = new MmdbData(section);
        if (!data.TryReadValue(ref at, out var record) || record.Type != MmdbType.Map)
            return default;

        MmdbField flat = default;
        MmdbField country = default;
        MmdbField registered = default;
        MmdbField continent = default;
        MmdbField city = default;

        // The entries of a map follow it, also at the target of a pointer.
        at = record.Next;
        for (var i = 0; i < record.Size; i++)
        {
            if (!data.TryReadKey(ref at, out var key))
                break;
            var value = at;
            if (key.SequenceEqual("country_code"u8))
                data.TryReadValue(ref value, out flat);
            else if (key.SequenceEqual("country"u8))
                data.TryReadValue(ref value, out country);
            else if (key.SequenceEqual("registered_country"u8))
                data.TryReadValue(ref value, out registered);
            else if (key.SequenceEqual("continent_code"u8) || (key.SequenceEqual("continent"u8) && continent.Size == 0))
                data.TryReadValue(ref value, out continent);
            else if (key.SequenceEqual("city"u8))
                data.TryReadValue(ref value, out city);
            if (!data.TrySkip(ref at))
                break;
        }

        ReadOnlySpan<byte> code = Text(ref data, flat, default);
        if (Countries.Find(code) is null && Text(ref data, country, "iso_code"u8) is { Length: > 0 } nested)
            code = nested;
        if (code.IsEmpty)
            code = Text(ref data, registered, "iso_code"u8);

        return new(
            Countries.FindContinent(Text(ref data, continent, "code"u8)) ?? Countries.ContinentOf(code),
            Countries.Find(code),
            City(ref data, city)
        );
    }

    private static string? City(ref MmdbData data, in MmdbField city)
    {
        var name = city;
        if (
            city.Type == MmdbType.Map
            && !(data.TryFind(city, "names"u8, out var names) && data.TryFind(names, "en"u8, out name))
        )
            return null;
        return name.Type == MmdbType.Text ? CityName.Find(data.Payload(name)) : null;
    }

    /// <summary>A value that is text itself or, in the nested layout, text under a key.</summary>
    private static ReadOnlySpan<byte> Text(ref MmdbData data, in MmdbField field, ReadOnlySpan<byte> key)
    {
        var text = field;
        if (field.Type == MmdbType.Map && !data.TryFind(field, key, out text))
            return default;
        return text.Type == MmdbType.Text ? data.Payload(text) : default;
    }
}
