using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Links;
using Signpost.Pixels;
using Signpost.Projects;
using Signpost.SplashPages;
using Signpost.Tags;
using static Signpost.Dashboard.DashboardEndpoints;
using static Signpost.Dashboard.Things.ThingsPage;

namespace Signpost.Dashboard.Things;

/// <summary>The pages of projects, tags, pixels and splash pages.</summary>
internal static class ThingEndpoints
{
    public static void AddThings(this IServiceCollection services)
    {
        services.AddSingleton<ThingPages>();
        services.Add(ThingKind.Projects, ProjectServices.Resource, links => links.OfProjectsAsync);
        services.Add(ThingKind.Tags, TagServices.Resource);
        services.Add(ThingKind.Pixels, PixelServices.Resource, links => links.OfPixelsAsync);
        services.Add(ThingKind.SplashPages, SplashPageServices.Resource, links => links.OfSplashPagesAsync);
    }

    public static void MapThings(this IEndpointRouteBuilder dashboard)
    {
        foreach (var things in dashboard.ServiceProvider.GetServices<Things>())
            Map(dashboard.MapGroup(things.Kind.Path["/dashboard".Length..]), things);
    }

    private static void Map(RouteGroupBuilder routes, Things things)
    {
        routes
            .MapMethods("", Reads, (HttpContext http, ThingPages pages) => pages.ListAsync(http, things))
            .Scoped(things.ReadScope);
        routes.MapGroup("").Scoped(things.ReadScope).LeadBack(things.Kind.Path, "/{id:long}");
        var edits = routes.MapGroup("").Scoped(things.WriteScope);
        edits
            .MapPost("", (HttpContext http, ThingPages pages) => pages.SaveAsync(http, things, null))
            .KeepsSimpleForm(things.Kind.Fields[0].Name);
        edits
            .MapPost("/{id:long}", (HttpContext http, long id, ThingPages pages) => pages.SaveAsync(http, things, id))
            .KeepsSimpleForm(things.Kind.Fields[0].Name);
        edits.MapMethods(
            "/{id:long}/delete",
            Reads,
            (HttpContext http, long id, ThingPages pages) => pages.AskAsync(http, things, id)
        );
        edits.MapPost(
            "/{id:long}/delete",
            (HttpContext http, long id, ThingPages pages) => pages.DeleteAsync(http, things, id)
        );
    }

    private static void Add<TResponse, TChanges>(
        this IServiceCollection services,
        ThingKind kind,
        Resource<TResponse, TChanges> resource,
        Func<LinkUses, Func<Caller, long[], CancellationToken, Task<IReadOnlyDictionary<long, long>>>>? links = null
    )
        where TResponse : Api.WarnedResponse
        where TChanges : Api.Edits.IChanges =>
        services.AddSingleton<Things>(provider => new Things<TResponse, TChanges>(
            kind,
            resource,
            provider.GetRequiredService<IResourceCatalog<TResponse>>(),
            provider.GetRequiredService<IResourceEditor<TChanges>>(),
            links?.Invoke(provider.GetRequiredService<LinkUses>())
        ));
}
