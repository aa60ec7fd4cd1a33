using System.Buffers;
using System.Text;

namespace Signpost.Statistics.Listing;

/// <summary>
/// Writes fields of CSV (RFC 4180) that a spreadsheet reads as text only: a text that it could take for a formula gets an
/// apostrophe before it. Visitors choose referrer and campaign themselves.
/// </summary>
internal static class CsvText
{
    public const string LineEnd = "\r\n";

    // In some languages, spreadsheets accept the full-width forms too.
    private static readonly SearchValues<char> Signs = SearchValues.Create("=+-@＝＋－＠");

    // Where the decimal separator is a comma, spreadsheets split at semicolons and tabs, even inside quotes.
    private static readonly SearchValues<char> Splits = SearchValues.Create(";\t\r\n");
    private static readonly SearchValues<char> Special = SearchValues.Create(",;\"\t\r\n");

    /// <summary>Adds a field, without the comma.</summary>
    public static void Append(StringBuilder line, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return;

        var isQuoted = text.AsSpan().ContainsAny(Special) || text[0] is ' ' || text[^1] is ' ';
        if (isQuoted)
            line.Append('"');
        if (text[0] is '\t' or '\r' or '\n')
            line.Append('\'');
        var atStart = true;
        foreach (var letter in text)
        {
            if (atStart && Signs.Contains(letter))
                line.Append('\'');
            atStart = Splits.Contains(letter) || (atStart && IsSkipped(letter));
            line.Append(letter);
            if (letter is '"')
                line.Append('"');
        }

        if (isQuoted)
            line.Append('"');
    }

    /// <summary>The text of a field that <see cref="Append"/> wrote, without its quotes: its apostrophes are taken off.</summary>
    public static string Read(string field)
    {
        StringBuilder text = new(field.Length);
        var atStart = true;
        foreach (var letter in field)
        {
            if (atStart && Signs.Contains(letter) && text is [.., '\''])
                text.Length--;
            atStart = Splits.Contains(letter) || (atStart && IsSkipped(letter));
            text.Append(letter);
        }

        return text is ['\'', '\t' or '\r' or '\n', ..] ? text.ToString(1, text.Length - 1) : text.ToString();
    }

    // Characters that a spreadsheet may drop before it looks at the start of a field.
    private static bool IsSkipped(char letter) =>
        letter is '"' or '\'' or '\uFEFF'
        || char.IsWhiteSpace(letter)
        || char.IsControl(letter)
        || char.GetUnicodeCategory(letter) is System.Globalization.UnicodeCategory.Format;
}
