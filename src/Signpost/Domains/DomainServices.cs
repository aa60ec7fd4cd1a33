using Signpost.Api.Resources;
using Signpost.Changes;
using Signpost.Changes.Jobs;

namespace Signpost.Domains;

/// <summary>Adds the services for domains.</summary>
internal static class DomainServices
{
    public static void AddDomains(this IServiceCollection services)
    {
        services.AddSingleton<TxtRecords>();
        services.AddSingleton<DomainProof>();
        services.AddSingleton<DomainChecks>();
        services.AddSingleton<IResourceEditor<DomainChanges>, DomainEditor>();
        services.AddSingleton<DomainCatalog>();
        services.AddSingleton<IResourceCatalog<DomainResponse>>(provider =>
            provider.GetRequiredService<DomainCatalog>()
        );
        services.AddSingleton<IAccountResources, DomainsOfAccount>();
        services.AddSingleton<PublishedFiles>();
        services.AddSingleton<CaseEdits>();
        services.AddSingleton<GuestLinkCatalog>();
        services.AddSingleton<GuestLinkEditor>();
        services.AddWorker<DomainJobs>();
        services.AddWorker<CaseChange>();
        services.AddHostedService<DomainWatch>();
    }
}
