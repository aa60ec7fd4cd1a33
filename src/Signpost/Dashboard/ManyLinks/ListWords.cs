using Signpost.Dashboard.Links;
using Signpost.Web.Languages;

namespace Signpost.Dashboard.ManyLinks;

/// <summary>Says the filters of a list in words.</summary>
internal static class ListWords
{
    public static IEnumerable<string> Of(
        LinksPage.LinkListAddress list,
        IReadOnlyList<LinksPage.Choice> projects,
        IReadOnlyList<LinksPage.Choice> domains,
        IReadOnlyDictionary<string, string> texts
    )
    {
        if (list["search"] is { } search)
            yield return $"{texts[$"links.search_by.{list["search_by"] ?? LinkFilters.Fields[0]}"]}: {search}";
        if (list["is_enabled"] is { } state)
            yield return texts[state is "1" ? "links.state.enabled" : "links.state.disabled"];
        foreach (var flag in list.Flags)
            yield return LinkFilters.Flags.FirstOrDefault(one => one.Flag == flag).Text is { } text
                ? texts[text]
                : flag;
        if (list["project_id"] is { } project)
            yield return project is "0" ? texts["links.project.none"] : NameOf(projects, project);
        if (list["tag"] is { } tag)
            yield return tag;
        if (list["domain_id"] is { } domain)
            yield return NameOf(domains, domain);
        if (list["created"] is { } days)
            yield return texts.Fill("links.created.days", ("days", days));
    }

    private static string NameOf(IReadOnlyList<LinksPage.Choice> choices, string id) =>
        choices.FirstOrDefault(one => $"{one.Id}" == id)?.Name ?? $"#{id}";
}
