using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Dashboard.Shell;
using Signpost.Links.Bulk;
using Signpost.Web.Languages;
using static Signpost.Dashboard.Shell.DashboardPage;

namespace Signpost.Dashboard.ManyLinks;

/// <summary>Reads the form that changes many links into the fields of the API, and says the API's errors at the fields of the form.</summary>
internal static class ChangeForm
{
    public static readonly string[] Utm = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"];

    private const string Tags = "tag_names";

    // The first part that an error has decides.
    private static readonly (string Part, string Text)[] Table =
    [
        ("a change:", "many.problem.none"),
        ("is gone", "link.gone"),
        ("links run", "many.problem.running"),
        ("links match", "many.problem.most"),
        ("at most 20", "many.problem.tags"),
    ];

    /// <summary>The fields that change.</summary>
    public static Fields Read(FormValues form)
    {
        Fields fields = new();
        foreach (var name in (string[])["is_enabled", "project_id", "domain_id"])
            if (form[name] is not "")
                Add(name, form[name]);
        if (form["tags_do"] is { Length: > 0 } way)
            foreach (var tag in form.ToFields([Tags], Tags)[Tags])
                fields.Add(TagsField(way) + "[]", tag.Value);
        AddDates(form, Add);
        foreach (var name in Utm)
            if (form["utm_do"] is "clear" || (form["utm_do"] is "set" && form[name].Trim() is not ""))
                Add(name, form["utm_do"] is "clear" ? "" : form[name]);
        return fields;

        void Add(string name, string value) => fields.Add(name, new FieldValue.Text(value));
    }

    /// <summary>The errors of fields that are empty although their action needs them.</summary>
    public static IReadOnlyList<(string Text, string? Field)> Gaps(FormValues form, PageTexts texts)
    {
        List<string> gaps = [];
        if (form["tags_do"] is "add" or "remove" && form[Tags].Trim(' ', ',') is "")
            gaps.Add(Tags);
        if (form["dates_do"] is "set" && form["start_date"] is "" && form["end_date"] is "")
            gaps.Add("start_date");
        if (form["utm_do"] is "set" && Utm.All(name => form[name].Trim() is ""))
            gaps.Add(Utm[0]);
        return [.. gaps.Select(field => (texts["problem.required"], (string?)field))];
    }

    /// <summary>The fields of a deletion.</summary>
    public static Fields Deletion()
    {
        Fields fields = new();
        fields.Add("delete", new FieldValue.Text("1"));
        return fields;
    }

    public static IReadOnlyList<(string Text, string? Field)> Say(IEnumerable<FieldError> errors, PageTexts texts) =>
        [.. errors.Select(error => (Say(error.Title, texts), FieldOf(error.Field?.Split('[')[0])))];

    /// <summary>The reason of an error or of a failure, in the language of the page.</summary>
    public static string Say(string title, PageTexts texts)
    {
        foreach (var (part, text) in Table)
            if (title.Contains(part, StringComparison.Ordinal))
                return texts[text];
        return FieldProblems.Translate(title, texts.All);
    }

    // Only the dates that were typed are set; the others stay.
    private static void AddDates(FormValues form, Action<string, string> add)
    {
        if (form["dates_do"] is "clear")
            add("schedule", "0");
        if (form["dates_do"] is not "set")
            return;
        add("schedule", "1");
        foreach (var name in (string[])["start_date", "end_date"])
            if (form[name] is not "")
                add(name, form[name].Replace('T', ' '));
    }

    private static string TagsField(string way) =>
        way switch
        {
            "remove" => BulkFields.RemoveTags,
            "replace" => "tags",
            _ => BulkFields.AddTags,
        };

    private static string? FieldOf(string? field) =>
        field is BulkFields.AddTags or BulkFields.RemoveTags or "tags" ? Tags
        : field is "schedule" ? "dates_do"
        : field;
}
