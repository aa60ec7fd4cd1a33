using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;

namespace Signpost.Api.Resources;

/// <summary>A resource over HTTP, like links. Its editor and catalog make the decisions.</summary>
internal static class ResourceEndpoints
{
    /// <summary>Maps list, create, read, update and delete; returns the group for further endpoints.</summary>
    public static RouteGroupBuilder MapResource<TResponse, TChanges>(
        this IEndpointRouteBuilder api,
        Resource<TResponse, TChanges> resource
    )
        where TResponse : WarnedResponse
        where TChanges : class, IChanges
    {
        var all = api.MapGroup($"/{resource.Path}")
            .WithTags(resource.Tag)
            .Scoped(resource.ReadScope, resource.WriteScope);
        all.MapGeneric(HttpMethods.Get, "/", ListOf(resource))
            .Describe(
                $"list{resource.Title}s",
                $"List {resource.Plural}",
                $"Your {resource.Plural}, newest first. A page past the end is empty."
            )
            .WithQuery(() => ResourceQuery.Parameters(resource.Filters, resource.IdName));
        all.MapGeneric(HttpMethods.Post, "/", CreateOf(resource))
            .Describe(
                $"create{resource.Title}",
                $"Create a {resource.Name}",
                $"{resource.Conflicts} {Short(resource.ReadScope)}".TrimStart()
            )
            .WithNewBody(resource.Parameters)
            .WithMetadata(new TakesIdempotencyKey());
        all.MapGeneric<Found<TResponse>>(HttpMethods.Get, "/{id}", Get<TResponse>)
            .Describe($"get{resource.Title}", $"Read a {resource.Name}");
        var update = UpdateOf(resource);
        DescribeUpdate(all.MapGeneric(HttpMethods.Post, "/{id}", update), resource, "update", "");
        DescribeUpdate(all.MapGeneric(HttpMethods.Put, "/{id}", update), resource, "put", ", as POST does");
        DescribeUpdate(all.MapGeneric(HttpMethods.Patch, "/{id}", update), resource, "patch", ", as POST does");
        all.MapGeneric<Deleted>(HttpMethods.Delete, "/{id}", Delete<TChanges>)
            .Describe($"delete{resource.Title}", $"Delete a {resource.Name}", resource.OnDelete)
            .WithQuery(resource.DeleteParameters)
            .Fails(resource.DeleteFailures);
        return all;
    }

    private static string Short(Scopes scope) =>
        $"Without the scope {scope.Names()[0]}, the response holds only the id and warnings.";

    private static void DescribeUpdate<TResponse, TChanges>(
        RouteHandlerBuilder update,
        Resource<TResponse, TChanges> resource,
        string verb,
        string how
    )
        where TResponse : WarnedResponse
        where TChanges : IChanges =>
        update
            .Describe(
                $"{verb}{resource.Title}",
                $"Change a {resource.Name}{how}",
                $"Fields that are not sent do not change. {resource.Conflicts} {Short(resource.ReadScope)}".TrimStart()
            )
            .WithBody(resource.Parameters)
            .WithMetadata(new TakesIdempotencyKey());

    private static Func<HttpContext, Task<Listed<TResponse>>> ListOf<TResponse, TChanges>(
        Resource<TResponse, TChanges> resource
    )
        where TResponse : WarnedResponse
        where TChanges : IChanges
    {
        return List;

        async Task<Listed<TResponse>> List(HttpContext http)
        {
            var read = http.QueryReader();
            var query = ResourceQuery.Read(read, resource.Filters, resource.IdName);
            read.WarnOfUnknown();
            if (read.Errors is not [])
                return new Refusal.Invalid(read.Errors);

            var (items, total) = await Catalog<TResponse>(http).ListAsync(http.Caller(), query, http.RequestAborted);
            return Listed<TResponse>.Of(http, query.Window.Paging, items, total, read.Warnings);
        }
    }

    private static async Task<Found<TResponse>> Get<TResponse>(HttpContext http, PathId id)
        where TResponse : WarnedResponse =>
        await Catalog<TResponse>(http).FindAsync(http.Caller(), id, http.RequestAborted);

    private static Func<HttpContext, Task<Created<TResponse>>> CreateOf<TResponse, TChanges>(
        Resource<TResponse, TChanges> resource
    )
        where TResponse : WarnedResponse
        where TChanges : IChanges
    {
        return Create;

        async Task<Created<TResponse>> Create(HttpContext http)
        {
            var cancel = http.RequestAborted;
            var read = await http.BodyAsync(cancel, resource.BodyLimit, resource.Files);
            var changes = resource.Read(read, true);
            read.WarnOfUnknown(typeof(TResponse));
            return await Edits(http)
                .CreateAsync<ResourceId, TResponse>(
                    http,
                    changes,
                    afterwards => Editor<TChanges>(http).CreateAsync(http.Caller(), changes, afterwards, cancel),
                    cancel,
                    Reading<TResponse>(http)
                );
        }
    }

    private static Func<HttpContext, PathId, Task<Changed<TResponse>>> UpdateOf<TResponse, TChanges>(
        Resource<TResponse, TChanges> resource
    )
        where TResponse : WarnedResponse
        where TChanges : IChanges
    {
        return Update;

        async Task<Changed<TResponse>> Update(HttpContext http, PathId id)
        {
            var cancel = http.RequestAborted;
            var read = await http.BodyAsync(cancel, resource.BodyLimit, resource.Files);
            var changes = resource.Read(read, false);
            read.WarnOfUnknown(typeof(TResponse));
            return await Edits(http)
                .ChangeAsync<ResourceId, TResponse>(
                    http,
                    changes,
                    afterwards => Editor<TChanges>(http).UpdateAsync(http.Caller(), id, changes, afterwards, cancel),
                    cancel,
                    Reading<TResponse>(http)
                );
        }
    }

    private static ReadEdited<ResourceId> Reading<TResponse>(HttpContext http)
        where TResponse : WarnedResponse =>
        async (db, edited, cancel) => (await Catalog<TResponse>(http).FindAsync(db, http.Caller(), edited.Id, cancel))!;

    private static async Task<Deleted> Delete<TChanges>(HttpContext http, PathId id)
        where TChanges : IChanges =>
        Deleted.Of(await Editor<TChanges>(http).DeleteAsync(http.Caller(), id, http.Query(), http.RequestAborted));

    private static IResourceCatalog<TResponse> Catalog<TResponse>(HttpContext http)
        where TResponse : WarnedResponse => http.RequestServices.GetRequiredService<IResourceCatalog<TResponse>>();

    private static IResourceEditor<TChanges> Editor<TChanges>(HttpContext http)
        where TChanges : IChanges => http.RequestServices.GetRequiredService<IResourceEditor<TChanges>>();

    private static EditEndpoint Edits(HttpContext http) => http.RequestServices.GetRequiredService<EditEndpoint>();
}
