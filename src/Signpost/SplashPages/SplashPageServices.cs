using Signpost.Api.Resources;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Storage;

namespace Signpost.SplashPages;

/// <summary>Adds and maps splash pages.</summary>
internal static class SplashPageServices
{
    public static Resource<SplashPageResponse, SplashPageChanges> Resource { get; } =
        new("splash page", SplashPageFields.Read, SplashPageFields.Parameters)
        {
            Filters = new("name"),
            OnDelete = "It is removed from its links. The links stay.",
        };

    public static void AddSplashPages(this IServiceCollection services)
    {
        services.AddSingleton<IResourceEditor<SplashPageChanges>, SplashPageEditor>();
        services.AddSingleton<IResourceCatalog<SplashPageResponse>, SplashPageCatalog>();
        services.AddWorker<SplashPageJobs>();
        services.AddSingleton<IAccountResources, ResourcesOfAccount<SplashPageRow>>();
    }

    public static void MapSplashPages(this IEndpointRouteBuilder api) => api.MapResource(Resource);
}
