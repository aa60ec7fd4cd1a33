using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.Links;
using Signpost.Pixels;
using Signpost.Projects;
using Signpost.QrCodes;
using Signpost.SplashPages;

namespace Signpost.Dashboard.OneLink;

/// <summary>The names of the things that links name by their ids. A thing that is gone has its id as name.</summary>
internal sealed record ThingNames(
    IReadOnlyDictionary<long, string> Projects,
    IReadOnlyDictionary<long, string> AllPixels,
    IReadOnlyDictionary<long, string> SplashPages,
    IReadOnlyDictionary<long, string> Logos,
    IReadOnlyDictionary<long, string> Domains
)
{
    public string? Project(long? id) => Of(Projects, id);

    public string? SplashPage(long? id) => Of(SplashPages, id);

    public string? Logo(long? id) => Of(Logos, id);

    public string? Domain(long? id) => Of(Domains, id);

    /// <summary>The names, separated by commas; null: there are none.</summary>
    public string? Pixels(IReadOnlyList<long> ids) =>
        ids is [] ? null : string.Join(", ", ids.Select(id => Of(AllPixels, id)));

    private static string? Of(IReadOnlyDictionary<long, string> names, long? id) =>
        id is { } known ? names.GetValueOrDefault(known, $"{known}") : null;
}

/// <summary>Reads these names with the catalogs of the API.</summary>
internal sealed class ThingCatalogs(
    IResourceCatalog<ProjectResponse> projects,
    IResourceCatalog<PixelResponse> pixels,
    IResourceCatalog<SplashPageResponse> splashPages,
    IResourceCatalog<QrLogoResponse> logos,
    LinkDomains domains
)
{
    private const int MostDomains = 1_000;

    /// <summary>The names of the things of some links.</summary>
    public async Task<ThingNames> OfAsync(Caller caller, CancellationToken cancel, params LinkResponse[] links)
    {
        var (usable, _) = await domains.ListAsync(caller, new(1, MostDomains), cancel);
        return new(
            await ReadAsync(projects, links.Select(link => link.ProjectId), one => one.Name),
            await ReadAsync(pixels, links.SelectMany(link => link.PixelsIds).Select(id => (long?)id), one => one.Name),
            await ReadAsync(splashPages, links.Select(link => link.Settings.SplashPageId), one => one.Name),
            await ReadAsync(logos, links.Select(link => link.Settings.StatisticsPublicLogo), one => one.Name),
            usable.ToDictionary(domain => domain.Id, domain => domain.Host)
        );

        async Task<Dictionary<long, string>> ReadAsync<T>(
            IResourceCatalog<T> catalog,
            IEnumerable<long?> ids,
            Func<T, string> name
        )
            where T : Api.WarnedResponse
        {
            Dictionary<long, string> names = [];
            foreach (var id in ids.OfType<long>().Distinct())
                if (await catalog.FindAsync(caller, id, cancel) is { } found)
                    names[id] = name(found);
            return names;
        }
    }
}
