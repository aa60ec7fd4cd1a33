using Signpost.Api;
using Signpost.Web.Languages;

namespace Signpost.Dashboard.Shell;

/// <summary>Says the errors and warnings of the API's fields in the language of a page, and without the names of fields.</summary>
internal static class FieldProblems
{
    // The first part that a sentence has decides.
    private static readonly (string Part, string Text)[] Table =
    [
        ("is required", "required"),
        ("a colour", "color"),
        ("this name", "tag"),
        ("letters, digits", "pixel"),
        ("at most 60", "seconds"),
        ("whole number", "number"),
        ("usually is", "unusual"),
        ("be one", "choice"),
        ("may have", "many"),
        ("control characters", "characters"),
        ("well-formed", "characters"),
        ("at most", "long"),
    ];

    /// <summary>The sentence in the language of the page; as it is if it is a rare one.</summary>
    public static string Translate(string sentence, PageTexts texts)
    {
        foreach (var (part, text) in Table)
            if (sentence.Contains(part, StringComparison.Ordinal))
                return texts[$"problem.{text}"];
        return sentence;
    }

    /// <summary>Each error with its field, for the summary at the top of a page and for the fields themselves.</summary>
    public static IReadOnlyList<(string Text, string? Field)> Of(IReadOnlyList<FieldError> errors, PageTexts texts) =>
        [.. errors.Select(error => (Translate(error.Title, texts), error.Field?.Split('[')[0]))];
}
