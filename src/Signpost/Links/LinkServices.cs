using Microsoft.Extensions.Caching.Hybrid;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Files;
using Signpost.Links.Framing;
using Signpost.Links.Versions;

namespace Signpost.Links;

/// <summary>Adds the services of links.</summary>
internal static class LinkServices
{
    public static void AddLinks(this IServiceCollection services)
    {
        services.AddSingleton<LinkPasswords>();
        services.AddSingleton<PasswordChecks>();
        services.AddSingleton<LinkPictures>();
        services.AddSingleton<LinkQuota>();
        services.AddSingleton<LinkDraft>();
        services.AddSingleton<LinkDomains>();
        services.AddSingleton<LinkDeletion>();
        services.AddSingleton<LinkRings>();
        services.AddSingleton<LinkLoops>();
        services.AddSingleton<ExistingLinks>();
        services.AddSingleton<FramingCheck>();
        services.AddSingleton<LinkEditor>();
        services.AddSingleton<IHybridCacheSerializer<Picture?>, PictureSize>();
        services.AddSingleton<LinkMove>();
        services.AddSingleton<LinkMoves>();
        services.AddSingleton<LinkFinder>();
        services.AddSingleton<LinkCatalog>();
        services.AddSingleton<VersionCatalog>();
        services.AddSingleton<VersionRestore>();
        services.AddSingleton<LinkTrends>();
        services.AddWorker<LinkIndexing>();
        services.AddSingleton<IAccountResources, LinksOfAccount>();
    }
}
