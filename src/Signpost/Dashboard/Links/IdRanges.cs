using System.Globalization;

namespace Signpost.Dashboard.Links;

/// <summary>Ids in an address, such as <c>3-7.12</c>. The ids of links that were created together follow each other, so ranges are short.</summary>
internal static class IdRanges
{
    /// <param name="ids">Ascending.</param>
    public static string Write(IReadOnlyList<long> ids)
    {
        List<string> ranges = [];
        for (var i = 0; i < ids.Count; i++)
        {
            var first = ids[i];
            while (i + 1 < ids.Count && ids[i + 1] == ids[i] + 1)
                i++;
            ranges.Add(first == ids[i] ? $"{first}" : $"{first}-{ids[i]}");
        }

        return string.Join('.', ranges);
    }

    /// <summary>The first ids of a text. What is no id is left out.</summary>
    public static List<long> Read(string ranges, int most)
    {
        List<long> ids = [];
        foreach (var range in ranges.Split('.').Take(most))
        {
            var ends = range.Split('-');
            if (
                !long.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                || !long.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            )
                continue;
            var count = Math.Min(last - first, most - 1 - ids.Count);
            for (var i = 0L; i <= count; i++)
                ids.Add(first + i);
        }

        return ids;
    }
}
