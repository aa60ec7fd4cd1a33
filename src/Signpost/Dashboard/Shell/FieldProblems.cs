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
        ("a colour", "color"),
        ("this name", "tag"),
        ("letters, digits", "pixel"),
        ("at most 60", "seconds"),
        ("usually is", "unusual"),
        ("host name", "host"),
        ("two parts", "host"),
        ("an address", "host"),
        ("can reach", "host"),
        ("your account", "domain_own"),
        ("another account", "domain_taken"),
        ("main domain.", "domain_main"),
        ("a loop", "loop"),
        ("to itself", "loop"),
        ("another host", "loop"),
        ("is itself", "choice"),
        ("aliases itself", "alias_has"),
        ("has aliases", "alias_has"),
        ("its own", "alias_links"),
        ("of its", "alias_links"),
        ("JSON", "json"),
        ("mail addresses", "shared"),
        ("another case", "case_lost"),
        ("accounts have", "guests_stay"),
        ("being changed", "busy"),
        ("being moved", "busy"),
        ("only in", "case"),
        ("or reserved", "unmovable"),
        ("address m", "web"),
        ("whole number", "number"),
        ("be one", "choice"),
        ("another domain", "choice"),
        ("may have", "many"),
        ("account has", "many"),
        ("control characters", "characters"),
        ("well-formed", "characters"),
        ("at most", "long"),
    ];

    /// <summary>The sentence in the language of the page; as it is if it is a rare one.</summary>
    public static string Translate(string sentence, PageTexts texts)
    {
        foreach (var (part, text) in Table)
            if (sentence.Contains(part, StringComparison.Ordinal))
                return texts.All.Fill($"problem.{text}", ("alias", NamedAlias().Match(sentence).Groups["alias"].Value));
        return sentence;
    }

    /// <summary>Each error with its field, for the summary at the top of a page and for the fields themselves.</summary>
    public static IReadOnlyList<(string Text, string? Field)> Of(IReadOnlyList<FieldError> errors, PageTexts texts) =>
        [.. errors.Select(error => (Translate(error.Title, texts), error.Field?.Split('[')[0]))];

    [GeneratedRegex(@"alias (?<alias>\S+)")]
    private static partial Regex NamedAlias();
}
