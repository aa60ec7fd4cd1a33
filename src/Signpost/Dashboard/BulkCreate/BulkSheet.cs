using System.Text;

namespace Signpost.Dashboard.BulkCreate;

/// <summary>
/// The rows that somebody pasted: one address a line, or CSV (RFC 4180) whose first line names fields of the API. Columns may be separated by
/// commas, semicolons or tabs.
/// </summary>
internal sealed record BulkSheet(IReadOnlyList<BulkSheet.Row> Rows)
{
    public const string Destination = "location_url";
    private const string Separators = ",;\t";

    /// <summary>The fields of one link by their names, without empty ones.</summary>
    /// <param name="Number">The number of its first line, from 1.</param>
    public sealed record Row(int Number, IReadOnlyDictionary<string, string> Cells)
    {
        public string this[string name] => Cells.GetValueOrDefault(name, "");
    }

    public static BulkSheet Read(string text)
    {
        text = text.ReplaceLineEndings("\n").TrimStart('\uFEFF');
        var head = text.Split('\n').FirstOrDefault(line => line.Trim() is not "") ?? "";
        var separator = Separators.MaxBy(one => head.Count(letter => letter == one));
        var columns = Records(head, separator).Select(record => record.Cells).FirstOrDefault() ?? [];
        return columns.Contains(Destination, StringComparer.OrdinalIgnoreCase)
            ? new([.. Table(text, separator)])
            : new([.. Lines(text)]);
    }

    private static IEnumerable<Row> Lines(string text)
    {
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (line.Trim() is { Length: > 0 } address)
                yield return new(number, new Dictionary<string, string> { [Destination] = address });
        }
    }

    private static IEnumerable<Row> Table(string text, char separator)
    {
        string[]? names = null;
        foreach (var (number, cells) in Records(text, separator))
            if (cells.All(cell => cell is ""))
                continue;
            else if (names is null)
                names = [.. cells.Select(cell => cell.ToLowerInvariant())];
            else
                yield return new(number, CellsOf(names, cells));
    }

    private static Dictionary<string, string> CellsOf(string[] names, List<string> cells)
    {
        Dictionary<string, string> named = new(StringComparer.Ordinal);
        foreach (var (name, cell) in names.Zip(cells))
            if (name is not "" && cell is not "")
                named.TryAdd(name, cell);
        return named;
    }

    // Quotes hold separators, line ends, and doubled quotes.
    private static IEnumerable<(int Number, List<string> Cells)> Records(string text, char separator)
    {
        List<string> cells = [];
        StringBuilder cell = new();
        var (isQuoted, line, start) = (false, 1, 1);
        for (var i = 0; i <= text.Length; i++)
        {
            var letter = i < text.Length ? text[i] : '\n';
            if (letter is '\n')
                line++;
            if (isQuoted && i < text.Length)
            {
                if (letter is not '"')
                    cell.Append(letter);
                else if (i + 1 < text.Length && text[i + 1] is '"')
                    cell.Append(text[++i]);
                else
                    isQuoted = false;
            }
            else if (letter is '"' && cell.ToString().Trim() is "")
            {
                cell.Clear();
                isQuoted = true;
            }
            else if (letter == separator || letter is '\n')
            {
                cells.Add(cell.ToString().Trim());
                cell.Clear();
                if (letter is not '\n')
                    continue;
                yield return (start, cells);
                (cells, start) = ([], line);
            }
            else
                cell.Append(letter);
        }
    }
}
