using Signpost.Api;

namespace Signpost.Dashboard.BulkCreate;

/// <summary>Says why a row cannot become a link, in the language of the page.</summary>
internal static class BulkProblems
{
    // The first part that an error has decides.
    private static readonly (string Part, string Text)[] Table =
    [
        ("is required", "required"),
        ("already exists", "taken"),
        ("is reserved", "reserved"),
        ("be a date", "date"),
        ("whole number", "number"),
        ("account has", "quota"),
        ("alias", "alias"),
        ("address", "address"),
        ("domain_id", "domain"),
        ("of your", "gone"),
        ("at most", "long"),
    ];

    public static string Of(FieldError error, IReadOnlyDictionary<string, string> texts)
    {
        var text = Table.FirstOrDefault(one => error.Title.Contains(one.Part, StringComparison.Ordinal)).Text;
        var sentence = texts[$"bulk.problem.{text ?? "other"}"];
        return error.Field is null or BulkSheet.Destination or "location_urls" or "url"
            ? sentence
            : $"{error.Field}: {sentence}";
    }
}
