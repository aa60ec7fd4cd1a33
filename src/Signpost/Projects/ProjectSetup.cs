using Signpost.Api.Resources;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Storage;

namespace Signpost.Projects;

/// <summary>Adds and maps projects.</summary>
internal static class ProjectSetup
{
    public static void AddProjects(this IServiceCollection services)
    {
        services.AddSingleton<IResourceEditor<ProjectChanges>, ProjectEditor>();
        services.AddSingleton<IResourceCatalog<ProjectAnswer>, ProjectCatalog>();
        services.AddWorker<ProjectJobs>();
        services.AddSingleton<IAccountHoldings, ResourceHoldings<ProjectRow>>();
    }

    public static void MapProjects(this IEndpointRouteBuilder api) =>
        api.MapResource(
            new Resource<ProjectAnswer, ProjectChanges>("project", ProjectFields.Read, ProjectFields.Parameters)
            {
                OnDelete = "Its links live on without a project.",
            }
        );
}
