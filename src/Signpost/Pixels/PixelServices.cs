using Signpost.Api.Resources;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Storage;

namespace Signpost.Pixels;

/// <summary>Adds and maps pixels.</summary>
internal static class PixelServices
{
    public static Resource<PixelResponse, PixelChanges> Resource { get; } =
        new("pixel", PixelFields.Read, PixelFields.Parameters)
        {
            Filters = new("name") { Types = PixelType.Names },
            OnDelete = "It is removed from its links. The links stay.",
        };

    public static void AddPixels(this IServiceCollection services)
    {
        services.AddSingleton<IResourceEditor<PixelChanges>, PixelEditor>();
        services.AddSingleton<IResourceCatalog<PixelResponse>, PixelCatalog>();
        services.AddWorker<PixelJobs>();
        services.AddSingleton<IAccountResources, ResourcesOfAccount<PixelRow>>();
    }

    public static void MapPixels(this IEndpointRouteBuilder api) => api.MapResource(Resource);
}
