using System.Text;
using Signpost.Statistics.Listing;

namespace Signpost.Tests.Statistics;

/// <summary>Fields of CSV, as a spreadsheet reads them.</summary>
public sealed class CsvTextTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("a b", "a b")]
    [InlineData(" a", "\" a\"")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("a\r\nb", "\"a\r\nb\"")]
    [InlineData("https://example.org/?a=1&b=-2", "https://example.org/?a=1&b=-2")]
    [InlineData("日本", "日本")]
    public void A_text_stays_what_it_is(string? text, string expected) => Assert.Equal(expected, Field(text));

    [Theory]
    [InlineData("=1+1")]
    [InlineData("'=1")]
    [InlineData("'quoted' - and more")]
    [InlineData("a;=1;b;-2")]
    [InlineData("\t=1")]
    [InlineData("@me; it's -5")]
    public void A_written_text_is_read_as_it_was(string text) =>
        Assert.Equal(text, CsvText.Read(Field(text).Trim('"')));

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "\"'\t'=1\"")]
    [InlineData("\r=1", "\"'\r'=1\"")]
    [InlineData("\n=1", "\"'\n'=1\"")]
    [InlineData("＝1+1", "'＝1+1")]
    [InlineData("＋1", "'＋1")]
    [InlineData("－1", "'－1")]
    [InlineData("＠A", "'＠A")]
    [InlineData(" =1", "\" '=1\"")]
    [InlineData("\u00a0=1", "\u00a0'=1")]
    [InlineData("\u200b=1", "\u200b'=1")]
    [InlineData("\uFEFF=1", "\uFEFF'=1")]
    [InlineData("\"=1", "\"\"\"'=1\"")]
    [InlineData("'=1", "''=1")]
    [InlineData("a;=1", "\"a;'=1\"")]
    [InlineData("a;\"=1", "\"a;\"\"'=1\"")]
    [InlineData("a\t@b", "\"a\t'@b\"")]
    [InlineData(
        "=HYPERLINK(\"https://evil.example\",\"x\")",
        "\"'=HYPERLINK(\"\"https://evil.example\"\",\"\"x\"\")\""
    )]
    public void What_could_be_a_formula_is_none(string text, string expected) => Assert.Equal(expected, Field(text));

    private static string Field(string? text)
    {
        var line = new StringBuilder();
        CsvText.Append(line, text);
        return line.ToString();
    }
}
