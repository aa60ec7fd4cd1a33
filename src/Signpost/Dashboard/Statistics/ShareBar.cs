using System.Globalization;

namespace Signpost.Dashboard.Statistics;

/// <summary>Numbers in drawings.</summary>
internal static class ShareBar
{
    /// <summary>A share from 0 to 1 as a width, as in <c>33.3%</c>.</summary>
    public static string Width(double share) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Clamp(share, 0, 1) * 100:0.##}%");
}
