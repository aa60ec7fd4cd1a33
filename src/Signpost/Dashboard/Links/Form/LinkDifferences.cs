using Signpost.Dashboard.Explaining;
using static Signpost.Dashboard.Links.Form.LinkConflictPage;
using static Signpost.Dashboard.Links.Form.LinkFormPage;

namespace Signpost.Dashboard.Links.Form;

/// <summary>Compares what somebody typed with what is stored, for people.</summary>
internal static class LinkDifferences
{
    /// <param name="view">The values that somebody typed, and the things to choose from.</param>
    public static IReadOnlyList<Difference> Of(
        LinkFormView view,
        LinkValues stored,
        IReadOnlyDictionary<string, string> texts
    ) =>
        [
            .. view
                .Values.ChangedSince(stored)
                .Select(name => new Difference(
                    name,
                    Label(name, texts),
                    Shown(name, stored, view, texts),
                    Shown(name, view.Values, view, texts)
                )),
        ];

    private static string Label(string name, IReadOnlyDictionary<string, string> texts) =>
        LinkValues.TypeOf(name) is { } type ? $"{texts["link.section.targeting"]}: {FieldNames.OfType(type, texts)}"
        : name is "pixels_ids" ? texts["nav.pixels"]
        : name is "tags" ? texts["nav.tags"]
        : texts.GetValueOrDefault($"link.{name}", name);

    private static string Shown(
        string name,
        LinkValues values,
        LinkFormView view,
        IReadOnlyDictionary<string, string> texts
    )
    {
        var text =
            LinkValues.TypeOf(name) is { } type
                ? string.Join(
                    '\n',
                    values.RulesOf(type).Select(rule => $"{FieldNames.OfKey(type, rule.Key, texts)} → {rule.Value}")
                )
            : values.IsList(name)
                ? string.Join(
                    ", ",
                    values.ListOf(name).Select(item => name is "pixels_ids" ? TextOf(view.Pixels, item) : item)
                )
            : values.IsFlag(name) ? texts[values.Has(name) ? "link.yes" : "link.no"]
            : name switch
            {
                "domain_id" => TextOf(view.Domains, values[name]),
                "project_id" => TextOf(view.Projects, values[name]),
                "splash_page_id" => TextOf(view.SplashPages, values[name]),
                "statistics_public_logo" => TextOf(view.Logos, values[name]),
                "targeting_type" when values[name] is var by and not "" => texts.GetValueOrDefault($"by.{by}", by),
                _ => values[name].Replace('T', name.EndsWith("_date", StringComparison.Ordinal) ? ' ' : 'T'),
            };
        return text is "" ? texts["link.none"] : text;
    }

    private static string TextOf(IReadOnlyList<LinkFormView.Option> options, string value) =>
        options.FirstOrDefault(option => option.Value == value)?.Text ?? value;
}
