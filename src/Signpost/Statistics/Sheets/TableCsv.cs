using System.Text;
using System.Text.Json.Nodes;
using Signpost.Statistics.Listing;

namespace Signpost.Statistics.Sheets;

/// <summary>Writes a table of the API as CSV, with the names of the API as its head.</summary>
internal static class TableCsv
{
    // Without it, Excel takes UTF-8 for another encoding.
    private const char ByteOrderMark = '\uFEFF';

    public static string Of(JsonArray rows)
    {
        string[] names = [.. rows.SelectMany(row => row!.AsObject().Select(field => field.Key)).Distinct()];
        StringBuilder text = new();
        text.Append(ByteOrderMark).AppendJoin(',', names).Append(CsvText.LineEnd);
        foreach (var row in rows)
        {
            for (var at = 0; at < names.Length; at++)
            {
                if (at > 0)
                    text.Append(',');
                CsvText.Append(text, row![names[at]]?.ToString());
            }

            text.Append(CsvText.LineEnd);
        }

        return text.ToString();
    }
}
