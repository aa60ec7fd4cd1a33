using Signpost.Api.Resources;
using Signpost.Changes;
using Signpost.Changes.Jobs;

namespace Signpost.Tags;

/// <summary>Adds and maps tags.</summary>
internal static class TagServices
{
    public static Resource<TagResponse, TagChanges> Resource { get; } =
        new("tag", TagFields.Read, TagFields.Parameters)
        {
            Filters = new("name"),
            OnDelete = "Its links stay, without the tag.",
            Conflicts = "409 if you have a tag of this name already, in any case.",
        };

    public static void AddTags(this IServiceCollection services)
    {
        services.AddSingleton<IResourceEditor<TagChanges>, TagEditor>();
        services.AddSingleton<IResourceCatalog<TagResponse>, TagCatalog>();
        services.AddWorker<TagJobs>();
        services.AddSingleton<IAccountResources, TagsOfAccount>();
    }

    public static void MapTags(this IEndpointRouteBuilder api) => api.MapResource(Resource);
}
