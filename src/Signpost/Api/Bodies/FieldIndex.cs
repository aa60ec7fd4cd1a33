namespace Signpost.Api.Bodies;

/// <summary>
/// The number in the brackets of a form name, kept as digits. It orders and pairs values and is never used to
/// allocate anything, so it may have any size.
/// </summary>
internal static class FieldIndex
{
    /// <summary>Orders canonical indices as numbers.</summary>
    public static Comparer<string> Order { get; } =
        Comparer<string>.Create(
            (a, b) => a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b)
        );

    /// <summary>Reads <c>[007]</c> as <c>7</c>.</summary>
    public static bool TryRead(string suffix, out string index)
    {
        index = "";
        if (suffix is not ['[', .. { Length: > 0 } digits, ']'] || !digits.All(char.IsAsciiDigit))
            return false;
        index = digits.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0";
        return true;
    }

    public static string After(string index)
    {
        var digits = index.ToCharArray();
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            if (digits[i] != '9')
            {
                digits[i]++;
                return new(digits);
            }

            digits[i] = '0';
        }

        return "1" + new string(digits);
    }
}
