using Signpost.Api.Resources;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Storage;

namespace Signpost.Projects;

/// <summary>Adds and maps projects.</summary>
internal static class ProjectServices
{
    public static Resource<ProjectResponse, ProjectChanges> Resource { get; } =
        new("project", ProjectFields.Read, ProjectFields.Parameters)
        {
            Filters = new("name"),
            OnDelete = "Its links stay, without a project.",
        };

    public static void AddProjects(this IServiceCollection services)
    {
        services.AddSingleton<IResourceEditor<ProjectChanges>, ProjectEditor>();
        services.AddSingleton<IResourceCatalog<ProjectResponse>, ProjectCatalog>();
        services.AddWorker<ProjectJobs>();
        services.AddSingleton<IAccountResources, ResourcesOfAccount<ProjectRow>>();
    }

    public static void MapProjects(this IEndpointRouteBuilder api) => api.MapResource(Resource);
}
