using System.Globalization;

namespace Signpost.Api.Bodies;

/// <summary>
/// The number in the brackets of a form name. It orders and pairs values and is never used to allocate anything.
/// </summary>
internal static class FieldIndex
{
    // A long holds the index of every value that is appended after the highest one.
    private const int MostDigits = 18;

    /// <summary>Reads <c>[007]</c> as 7; false for more than 18 digits after leading zeros.</summary>
    public static bool TryRead(string suffix, out long index)
    {
        index = 0;
        if (suffix is not ['[', .. { Length: > 0 } digits, ']'] || !digits.All(char.IsAsciiDigit))
            return false;
        var trimmed = digits.AsSpan().TrimStart('0');
        return trimmed.Length is 0
            || trimmed.Length <= MostDigits && long.TryParse(trimmed, CultureInfo.InvariantCulture, out index);
    }
}
