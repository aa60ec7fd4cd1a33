using System.Text.RegularExpressions;
using Signpost.Api;
using Signpost.Web.Languages;

namespace Signpost.Dashboard.Shell;

/// <summary>Says the errors and warnings of the API's fields in the language of a page, and without the names of fields.</summary>
internal static partial class FieldProblems
{
    // The first part that a sentence has decides.
    private static readonly (string Part, string Text)[] Table =
    [
        ("is required", "required"),
        ("has it:", "trash"),
        ("in your", "domain_own"),
        ("in another", "domain_taken"),
        ("already exists", "taken"),
        ("is reserved", "reserved"),
        ("or reserved", "unmovable"),
        ("this would", "loop"),
        ("would be a loop", "domain_loop"),
        ("to itself", "domain_loop"),
        ("another host", "domain_loop"),
        ("after start_date", "order"),
        ("after end_date", "order"),
        ("be a date", "date"),
        ("whole number", "number"),
        ("a colour", "color"),
        ("darker than", "darker"),
        ("contrast of", "contrast"),
        ("be from", "range"),
        ("size must", "least"),
        ("long for", "dense"),
        ("at most 60", "seconds"),
        ("this name", "tag"),
        ("letters, digits, -,", "pixel"),
        ("usually is", "unusual"),
        ("host name", "host"),
        ("two parts", "host"),
        ("an address", "host"),
        ("can reach", "host"),
        ("domain_id must", "domain"),
        ("takes no", "domain"),
        ("domain cannot", "fixed"),
        ("aliases itself", "alias_has"),
        ("has aliases", "alias_has"),
        ("its own", "alias_links"),
        ("an alias.", "domain"),
        ("is itself", "choice"),
        ("JSON", "json"),
        ("mail addresses", "shared"),
        ("another case", "case_lost"),
        ("accounts have", "guests_stay"),
        ("being changed", "busy"),
        ("being moved", "busy"),
        ("Meanwhile", "busy"),
        ("only in", "case"),
        ("another domain", "choice"),
        ("own main", "domain_main"),
        ("account has", "many"),
        ("account may", "many"),
        ("link has", "most"),
        ("link may", "most"),
        ("may hold", "most"),
        ("address m", "address"),
        ("address is", "address"),
        ("host of", "address"),
        ("port of", "address"),
        ("picture", "picture"),
        ("be a file", "picture"),
        ("empty file", "picture"),
        ("is damaged", "picture"),
        ("alias may", "alias"),
        ("the alias", "alias"),
        ("alias must", "alias"),
        ("key must", "key"),
        ("no value", "no_value"),
        ("no key", "no_key"),
        ("key is", "no_key"),
        ("of your", "gone"),
        ("among your", "gone"),
        ("be one", "choice"),
        ("some of", "choice"),
        ("1 or 0", "choice"),
        ("control characters", "characters"),
        ("well-formed", "characters"),
        ("too long", "long"),
        ("at most", "long"),
        ("links meanwhile", "alias_links"),
        ("is stopping", "busy"),
        ("same time", "busy"),
        ("server admins", "domain"),
        ("a country code", "choice"),
        ("1 to 1000", "range"),
    ];

    /// <summary>
    /// The sentence in the language of the page. A rare one stays as it is on an English page; other pages say only that the value is wrong.
    /// </summary>
    /// <param name="page">The beginning of texts that a page has for itself, as in <c>qr</c>.</param>
    public static string Translate(string sentence, IReadOnlyDictionary<string, string> texts, string page = "")
    {
        if (Table.FirstOrDefault(one => sentence.Contains(one.Part, StringComparison.Ordinal)).Text is not { } text)
            return texts["language"] is "en" ? sentence : texts["problem.other"];
        var own = $"{page}.problem.{text}";
        return texts.Fill(
            texts.ContainsKey(own) ? own : $"problem.{text}",
            ("alias", NamedAlias().Match(sentence).Groups["alias"].Value),
            ("value", Number().Match(sentence).Value)
        );
    }

    /// <summary>Each error with its field, for the summary at the top of a page and for the fields themselves.</summary>
    public static IReadOnlyList<(string Text, string? Field)> Of(
        IReadOnlyList<FieldError> errors,
        IReadOnlyDictionary<string, string> texts,
        string page = ""
    ) => [.. errors.Select(error => (Translate(error.Title, texts, page), error.Field?.Split('[')[0]))];

    [GeneratedRegex(@"alias (?<alias>\S+)")]
    private static partial Regex NamedAlias();

    [GeneratedRegex(@"[0-9]+([.,][0-9]+)*")]
    private static partial Regex Number();
}
