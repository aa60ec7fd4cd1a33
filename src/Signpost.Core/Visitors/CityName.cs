using System.Text;

namespace Signpost.Core.Visitors;

/// <summary>Checks the names of cities from every source.</summary>
public static class CityName
{
    /// <summary>The name without blanks around it; null if it is empty, too long, or has control characters.</summary>
    public static string? Find(string name)
    {
        name = name.Trim();
        return name.Length is > 0 and <= Place.LongestCity && IsFit(name) ? name : null;
    }

    internal static string? Find(ReadOnlySpan<byte> utf8) =>
        utf8.Length is > 0 and <= 4 * Place.LongestCity ? Find(Encoding.UTF8.GetString(utf8)) : null;

    private static bool IsFit(string name)
    {
        foreach (var character in name)
            // U+FFFD stands for bytes that could not be decoded.
            if (char.IsControl(character) || character == '\uFFFD')
                return false;
        return true;
    }
}
