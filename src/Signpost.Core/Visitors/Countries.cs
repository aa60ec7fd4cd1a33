using System.Collections.Frozen;

namespace Signpost.Core.Visitors;

/// <summary>
/// The assigned two-letter codes of ISO 3166-1, each with its continent as in GeoNames and the usual geo data.
/// A look-up in text or bytes allocates nothing: there is one string for each code.
/// </summary>
public static class Countries
{
    private const int Letters = 26;

    // Kosovo has a code that ISO leaves to its users, and every source of geo data uses it.
    private const string Kosovo = "XK";

    private static readonly (string Continent, string Codes)[] ByContinent =
    [
        (
            "AF",
            "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA "
                + "NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW"
        ),
        ("AN", "AQ BV GS HM TF"),
        (
            "AS",
            "AE AF AM AZ BD BH BN BT CC CN GE HK ID IL IN IO IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH "
                + "PK PS QA SA SG SY TH TJ TM TR TW UZ VN YE"
        ),
        (
            "EU",
            "AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK "
                + "MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA"
        ),
        (
            "NA",
            "AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX NI PA PM PR SV SX TC TT "
                + "US VC VG VI"
        ),
        ("OC", "AS AU CK CX FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TL TO TV UM VU WF WS"),
        ("SA", "AR BO BR CL CO EC FK GF GY PE PY SR UY VE"),
    ];

    private static readonly string?[] Known = new string?[Letters * Letters];
    private static readonly string?[] ContinentOfCountry = new string?[Letters * Letters];

    static Countries()
    {
        foreach (var (continent, codes) in ByContinent)
        foreach (var code in codes.Split(' '))
            Add(code, continent);
        Codes = Known.OfType<string>().ToFrozenSet(StringComparer.Ordinal);
        Add(Kosovo, "EU");
        // Some data has this code for the United Kingdom; ISO reserves it for that reason.
        Known[Index('U', 'K')] = Known[Index('G', 'B')];
    }

    /// <summary>The codes that ISO has assigned.</summary>
    public static FrozenSet<string> Codes { get; }

    /// <summary>The country with this code, in any case; null for other codes (EU, AP, ZZ, XX, T1, -).</summary>
    public static string? Find(ReadOnlySpan<char> code) =>
        code is [var first, var second] ? At(Known, first, second) : null;

    /// <inheritdoc cref="Find(ReadOnlySpan{char})"/>
    public static string? Find(ReadOnlySpan<byte> code) =>
        code is [var first, var second] ? At(Known, (char)first, (char)second) : null;

    /// <summary>
    /// The continent of this code. EU and AP are accepted beside countries: old data uses them for "somewhere in
    /// Europe" and "somewhere in Asia or the Pacific"; AP has no continent.
    /// </summary>
    public static string? ContinentOf(ReadOnlySpan<char> code) =>
        code is [var first, var second] ? ContinentAt(first, second) : null;

    /// <inheritdoc cref="ContinentOf(ReadOnlySpan{char})"/>
    public static string? ContinentOf(ReadOnlySpan<byte> code) =>
        code is [var first, var second] ? ContinentAt((char)first, (char)second) : null;

    /// <summary>The continent with this code, in any case; null for other codes.</summary>
    public static string? FindContinent(ReadOnlySpan<char> code) =>
        code is [var first, var second] ? FindContinent(first, second) : null;

    /// <inheritdoc cref="FindContinent(ReadOnlySpan{char})"/>
    public static string? FindContinent(ReadOnlySpan<byte> code) =>
        code is [var first, var second] ? FindContinent((char)first, (char)second) : null;

    private static string? FindContinent(char first, char second) =>
        ((char)(first & ~0x20), (char)(second & ~0x20)) switch
        {
            ('A', 'F') => "AF",
            ('A', 'N') => "AN",
            ('A', 'S') => "AS",
            ('E', 'U') => "EU",
            ('N', 'A') => "NA",
            ('O', 'C') => "OC",
            ('S', 'A') => "SA",
            _ => null,
        };

    private static string? ContinentAt(char first, char second) =>
        (first & ~0x20, second & ~0x20) is ('E', 'U') ? "EU"
        : At(Known, first, second) is [var f, var s] ? At(ContinentOfCountry, f, s)
        : null;

    private static void Add(string code, string continent)
    {
        Known[Index(code[0], code[1])] = code;
        ContinentOfCountry[Index(code[0], code[1])] = continent;
    }

    private static string? At(string?[] table, char first, char second) =>
        char.IsAsciiLetter(first) && char.IsAsciiLetter(second) ? table[Index(first, second)] : null;

    private static int Index(char first, char second) => ((first & ~0x20) - 'A') * Letters + ((second & ~0x20) - 'A');
}
