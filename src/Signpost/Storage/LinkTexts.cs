using System.Globalization;
using System.Text;
using Signpost.Core.Links;

namespace Signpost.Storage;

/// <summary>
/// The index that finds links by a part of their texts. For each link it holds the grams of its texts: all series of one, two and three
/// characters. So a part of any length, in any script, is found by its grams. The links found must be compared with the part, because a
/// text may have all grams of a part in another order.
/// </summary>
/// <remarks>
/// Triggers keep it: on SQLite those of the migration Tags, on PostgreSQL those of its first migration, which make the same grams in SQL.
/// On SQLite, links that were there before are added by a job: its subject is the highest id that is missing.
/// </remarks>
internal static class LinkTexts
{
    /// <summary>The name of <see cref="Document"/> in triggers.</summary>
    public const string Sql = "signpost_link_grams";

    /// <summary>Adds all links to the index of SQLite; a condition may follow.</summary>
    public const string Add =
        $"INSERT INTO link_texts (rowid, grams) SELECT id, {Sql}(account_id, alias_key, location_url, location_sent, title, note) FROM links";

    /// <summary>The id of a found link in <see cref="From"/>, by which these rows are in order either way.</summary>
    public const string Id = "link_texts.rowid";

    /// <summary>The condition that a link is found by the parameter <c>@grams</c>, a value of <see cref="Query"/>.</summary>
    public static string IsFound(Dialect dialect) => $"id IN (SELECT rowid FROM link_texts WHERE {dialect.HasGrams})";

    /// <summary>Selects the ids of found links, the lowest <c>@most</c> in their order.</summary>
    public static string SelectFound(Dialect dialect) =>
        $"SELECT rowid FROM link_texts WHERE {dialect.HasGrams} ORDER BY rowid LIMIT @most";

    /// <summary>Found links as a source of rows, with the condition <see cref="Dialect.HasGrams"/>.</summary>
    public static string From(Dialect dialect) => $"link_texts {dialect.Join} links ON links.id = link_texts.rowid";

    /// <summary>The alias, in grams.</summary>
    public const char Alias = 'u';

    /// <summary>The destination, in grams: canonical and as it was sent.</summary>
    public const char Destination = 'l';

    /// <summary>The title, in grams.</summary>
    public const char Title = 't';

    /// <summary>The note, in grams.</summary>
    public const char Note = 'n';

    /// <summary>The most characters of a gram.</summary>
    public const int LongestGram = 3;

    /// <summary>More grams of a part find hardly fewer links, and each takes time.</summary>
    private const int MostOfPart = 8;

    // The index knows only letters and digits. Others are written as letters that addresses do not have.
    private const int Letters = 0x700;

    /// <summary>The form in which texts are compared: without case.</summary>
    public static string Fold(string text) => text.Normalize().ToLowerInvariant();

    /// <summary>The form in which aliases are compared, given a valid alias or its key. A key may keep the case.</summary>
    public static string FoldAlias(string alias) => Core.Links.Alias.KeyOf(alias, AliasCase.Ignored);

    /// <summary>The grams of a link, and its account as one more word.</summary>
    public static string Document(long account, string aliasKey, string url, string? sent, string? title, string? note)
    {
        using LinkGrams grams = new(AccountOf(account));
        grams.Add(Alias, FoldAlias(aliasKey));
        grams.Add(Destination, Fold(url), sent is null ? "" : Fold(sent));
        grams.Add(Title, title is null ? "" : Fold(title));
        grams.Add(Note, note is null ? "" : Fold(note));
        return grams.ToString();
    }

    /// <summary>The query that finds the links of an account in which a text has one of these folded parts.</summary>
    public static string Query(long account, char text, IEnumerable<string> parts, Dialect dialect)
    {
        var (and, or, _) = dialect.Grams;
        var found = parts.Select(part => $"({GramsOf(text, part, dialect)})");
        return $"{AccountOf(account)} {and} ({string.Join($" {or} ", found)})";
    }

    private static string AccountOf(long account) => string.Create(CultureInfo.InvariantCulture, $"a{account}");

    private static string GramsOf(char text, string folded, Dialect dialect)
    {
        var (signs, starts, written) = Write(folded);
        var last = Math.Max(signs.Length - LongestGram, 0);
        var step = Math.Max(1, (last + MostOfPart - 1) / MostOfPart);
        return string.Join(
            $" {dialect.Grams.And} ",
            Enumerable
                .Range(0, last + 1)
                .Where(start => start % step == 0 || start == last)
                .Select(start =>
                    $"{dialect.Grams.Quote}{text}{written.AsSpan(starts[start]..starts[Math.Min(start + LongestGram, signs.Length)])}{dialect.Grams.Quote}"
                )
                .Distinct()
        );
    }

    // The characters of a text as the index knows them; where each starts in the written text, and where the last one ends.
    private static (Rune[] Signs, int[] Starts, string Written) Write(string folded)
    {
        var signs = new Rune[folded.Length];
        var starts = new int[folded.Length + 1];
        var written = new StringBuilder(folded.Length);
        var count = 0;
        foreach (var sign in folded.EnumerateRunes())
        {
            signs[count] = Word(sign);
            starts[count] = written.Length;
            written.Append(signs[count++]);
        }

        starts[count] = written.Length;
        return (signs[..count], starts, written.ToString());
    }

    /// <summary>The letter that stands for a sign in the index.</summary>
    internal static Rune Word(Rune sign) =>
        sign.IsAscii && !char.IsAsciiLetterOrDigit((char)sign.Value) ? new(Letters + sign.Value) : sign;
}
