using Signpost.Api;

namespace Signpost.Links;

/// <summary>What links need to be there.</summary>
internal static class LinksFeature
{
    public static IServiceCollection AddLinks(this IServiceCollection services) =>
        services
            .AddSingleton<LinkPasswords>()
            .AddSingleton<LinkPictures>()
            .AddSingleton<LinkDraft>()
            .AddSingleton<LinkEditor>()
            .AddSingleton<LinkCatalog>()
            .AddSingleton<Idempotency>();
}
