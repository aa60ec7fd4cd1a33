using System.Text;
using Signpost.Links.Versions;
using Signpost.Statistics.Listing;

namespace Signpost.Dashboard.BulkCreate;

/// <summary>
/// The rows that somebody pasted: one address a line, or CSV (RFC 4180) whose first line names fields of the API. Columns may be separated by
/// commas, semicolons or tabs. The apostrophes before formulas are taken off, if the CSV is an export of ours.
/// </summary>
/// <param name="Rows">At most one row more than may be created.</param>
/// <param name="Head">The line with the names, as it was pasted; empty: the rows are lines.</param>
/// <param name="IsTooWide">A record has more than 100 columns, or a cell has more than 64 KiB. Then there are no rows.</param>
internal sealed record BulkSheet(IReadOnlyList<BulkSheet.Row> Rows, string Head = "", bool IsTooWide = false)
{
    public const string Destination = "location_url";

    // No field that somebody can give: only exports have it.
    private const string OnlyInExports = "short_url";
    private const string Separators = ",;\t";
    private const int MostColumns = 100;
    private const int MostCellBytes = 64 * 1024;

    /// <summary>The fields of one link by their names, without empty ones.</summary>
    /// <param name="Number">The number of its first line, from 1.</param>
    /// <param name="Text">The record as it was pasted.</param>
    public sealed record Row(int Number, string Text, IReadOnlyDictionary<string, string> Cells)
    {
        public string this[string name] => Cells.GetValueOrDefault(name, "");
    }

    private sealed record Entry(int Number, string Text, List<string> Cells)
    {
        public bool IsEmpty => Cells.TrueForAll(cell => cell is "");

        public bool IsTooWide =>
            Cells.Count > MostColumns || Cells.Exists(cell => Encoding.UTF8.GetByteCount(cell) > MostCellBytes);
    }

    public static BulkSheet Read(string text)
    {
        text = text.ReplaceLineEndings("\n").TrimStart('\uFEFF');
        var head = text.Split('\n').FirstOrDefault(line => line.Trim() is not "") ?? "";
        var separator = Separators.MaxBy(one => head.Count(letter => letter == one));
        var columns = Records(head, separator).Select(record => record.Cells).FirstOrDefault() ?? [];
        return columns.Contains(Destination, StringComparer.OrdinalIgnoreCase)
            ? Table(text, separator)
            : new([.. Lines(text).Take(BulkCreator.MostRows + 1)]);
    }

    /// <summary>The text of a sheet with these rows only.</summary>
    public string TextOf(IEnumerable<Row> rows) =>
        string.Join('\n', [.. Head is "" ? (string[])[] : [Head], .. rows.Select(row => row.Text)]);

    private static IEnumerable<Row> Lines(string text)
    {
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (line.Trim() is { Length: > 0 } address)
                yield return new(number, address, new Dictionary<string, string> { [Destination] = address });
        }
    }

    private static BulkSheet Table(string text, char separator)
    {
        (string Head, string[]? Names) first = ("", null);
        List<Row> rows = [];
        foreach (var entry in Records(text, separator))
        {
            if (entry.IsTooWide)
                return new([], IsTooWide: true);
            if (entry.IsEmpty)
                continue;
            if (first.Names is null)
                first = (entry.Text, [.. entry.Cells.Select(cell => cell.ToLowerInvariant())]);
            else
                rows.Add(new(entry.Number, entry.Text, CellsOf(first.Names, entry.Cells)));
            if (rows.Count > BulkCreator.MostRows)
                break;
        }

        return new(rows, first.Head);
    }

    private static Dictionary<string, string> CellsOf(string[] names, List<string> cells)
    {
        Dictionary<string, string> named = new(StringComparer.Ordinal);
        var isExport = names.Contains(OnlyInExports);
        foreach (var (name, cell) in names.Zip(cells))
            if (name is not "" && cell is not "")
                named.TryAdd(name, isExport && !LinkVersionFields.Passwords.Contains(name) ? CsvText.Read(cell) : cell);
        return named;
    }

    // Quotes hold separators, line ends, and doubled quotes.
    private static IEnumerable<Entry> Records(string text, char separator)
    {
        List<string> cells = [];
        StringBuilder cell = new();
        var (isQuoted, isBlank, line, start, begin) = (false, true, 1, 1, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            var letter = i < text.Length ? text[i] : '\n';
            if (letter is '\n')
                line++;
            if (isQuoted && i < text.Length)
            {
                if (letter is '"' && (i + 1 == text.Length || text[i + 1] is not '"'))
                {
                    isQuoted = false;
                    continue;
                }

                if (letter is '"')
                    i++;
                Append(letter);
            }
            else if (letter is '"' && isBlank)
            {
                cell.Clear();
                isQuoted = true;
            }
            else if (letter == separator || letter is '\n')
            {
                // One more than allowed shows that there are too many.
                if (cells.Count <= MostColumns)
                    cells.Add(cell.ToString().Trim());
                cell.Clear();
                isBlank = true;
                if (letter is not '\n')
                    continue;
                yield return new(start, text[begin..Math.Min(i, text.Length)], cells);
                (cells, start, begin) = ([], line, i + 1);
            }
            else
                Append(letter);
        }

        void Append(char letter)
        {
            cell.Append(letter);
            isBlank &= char.IsWhiteSpace(letter);
        }
    }
}
