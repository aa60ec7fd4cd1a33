using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.Links;
using Signpost.Projects;
using Signpost.Storage;
using Signpost.Tags;
using static Signpost.Dashboard.Statistics.StatisticsBody;
using static Signpost.Dashboard.Statistics.StatisticsPage;

namespace Signpost.Dashboard.Statistics;

/// <summary>Reads the projects, domains and tags whose statistics can be chosen.</summary>
internal sealed class ScopeChoices(
    IResourceCatalog<ProjectResponse> projects,
    IResourceCatalog<TagResponse> tags,
    LinkDomains domains
)
{
    /// <summary>The most of each kind. The pages of projects and tags lead to the statistics of all others.</summary>
    private const int Most = 100;

    private static readonly ResourceQuery AllByName = new(
        new("name"),
        new(new(1, Most), ByLastEdit: false, From: null, To: null, OrderBy: "name", Ascending: true)
    );

    public async Task<IReadOnlyList<ScopeGroup>> ReadAsync(
        Caller caller,
        StatisticsAddress address,
        CancellationToken cancel
    )
    {
        var (ownProjects, _) = await projects.ListAsync(caller, AllByName, cancel);
        var (usable, _) = await domains.ListAsync(caller, new(1, Most), cancel);
        var (ownTags, _) = await tags.ListAsync(caller, AllByName, cancel);
        ScopeGroup[] groups =
        [
            Group("nav.projects", StatisticsWords.Project, ownProjects.Select(one => ($"{one.Id}", one.Name))),
            Group(
                "nav.domains",
                StatisticsWords.Domain,
                usable.Where(one => one.IsOwn || one.Id == 0).Select(one => ($"{one.Id}", one.Host))
            ),
            Group("nav.tags", TagFilter.Name, ownTags.Select(one => (one.Name, one.Name))),
        ];
        return [.. groups.Where(group => group.Choices.Count > 0)];

        ScopeGroup Group(string text, string word, IEnumerable<(string Value, string Name)> choices) =>
            new(
                text,
                [
                    .. WithChosen([.. choices], address[word])
                        .Select(one => ($"{word}:{one.Value}", one.Name, address[word] == one.Value)),
                ]
            );

        // The chosen one may be beyond the most.
        static IEnumerable<(string Value, string Name)> WithChosen(
            List<(string Value, string Name)> all,
            string chosen
        ) => chosen is "" || all.Exists(one => one.Value == chosen) ? all : all.Append((chosen, $"#{chosen}"));
    }
}
