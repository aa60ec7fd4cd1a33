using Signpost.Web.Languages;

namespace Signpost.Dashboard.Links.Form;

/// <summary>Says the errors of the API about links in the language of the page, and without names of fields.</summary>
internal static class LinkProblems
{
    // The first part that an error has decides.
    private static readonly (string Part, string Text)[] Table =
    [
        ("is required", "required"),
        ("the trash", "trash"),
        ("already exists", "taken"),
        ("is reserved", "reserved"),
        ("a loop", "loop"),
        ("after start_date", "order"),
        ("be a date", "date"),
        ("whole number", "number"),
        ("account has", "quota"),
        ("picture", "picture"),
        ("be a file", "picture"),
        ("empty file", "picture"),
        ("address must", "address"),
        ("address may", "address"),
        ("address is", "address"),
        ("host of", "address"),
        ("port of", "address"),
        (" alias may ", "alias"),
        ("the alias", "alias"),
        ("key must", "key"),
        ("no value", "no_value"),
        ("no key", "no_key"),
        ("key is", "no_key"),
        ("domain_id must", "domain"),
        ("an alias", "domain"),
        ("be changed", "fixed"),
        ("of your", "gone"),
        ("at most", "long"),
        ("control characters", "characters"),
        ("well-formed", "characters"),
    ];

    /// <summary>The sentence of an editor in the language of the page; as it is if it is a rare one.</summary>
    public static string Translate(string sentence, PageTexts texts)
    {
        foreach (var (part, text) in Table)
            if (sentence.Contains(part, StringComparison.Ordinal))
                return texts[$"link.problem.{text}"];
        return sentence;
    }
}
