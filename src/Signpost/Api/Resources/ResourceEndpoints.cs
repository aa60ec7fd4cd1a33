using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;

namespace Signpost.Api.Resources;

/// <summary>A resource over HTTP, like links. Its editor and catalog make the decisions.</summary>
internal static class ResourceEndpoints
{
    private const string Short = "Without the scope links:read, the response holds only the id and warnings.";

    /// <summary>Maps list, create, read, update and delete; returns the group for further endpoints.</summary>
    public static RouteGroupBuilder MapResource<TResponse, TChanges>(
        this IEndpointRouteBuilder api,
        Resource<TResponse, TChanges> resource
    )
        where TResponse : WarnedResponse
        where TChanges : class, IChanges
    {
        var all = api.MapGroup($"/{resource.Plural}")
            .WithTags($"{resource.Title}s")
            .Scoped(Scopes.LinksRead, Scopes.LinksWrite);
        all.MapGet("/", ListOf(resource))
            .Describe(
                $"list{resource.Title}s",
                $"List {resource.Plural}",
                $"Your {resource.Plural}, newest first. A page past the end is empty."
            )
            .WithQuery(() => ResourceQuery.Parameters(resource.Filters, resource.IdName));
        all.MapPost("/", CreateOf(resource))
            .Describe(
                $"create{resource.Title}",
                $"Create a {resource.Name}",
                $"{resource.Conflicts} {Short}".TrimStart()
            )
            .WithNewBody(resource.Parameters);
        all.MapGet("/{id}", Get<TResponse>).Describe($"get{resource.Title}", $"Read a {resource.Name}");
        var update = UpdateOf(resource);
        DescribeUpdate(all.MapPost("/{id}", update), resource, "update", "");
        DescribeUpdate(all.MapPut("/{id}", update), resource, "put", ", as POST does");
        DescribeUpdate(all.MapPatch("/{id}", update), resource, "patch", ", as POST does");
        all.MapDelete("/{id}", Delete<TChanges>)
            .Describe($"delete{resource.Title}", $"Delete a {resource.Name}", resource.OnDelete)
            .WithQuery(resource.DeleteParameters)
            .Fails(resource.DeleteFailures);
        return all;
    }

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
                $"Fields that are not sent do not change. {resource.Conflicts} {Short}".TrimStart()
            )
            .WithBody(resource.Parameters);

    private static Delegate ListOf<TResponse, TChanges>(Resource<TResponse, TChanges> resource)
        where TResponse : WarnedResponse
        where TChanges : IChanges
    {
        return List;

        async Task<Listed<TResponse>> List(
            HttpContext http,
            IResourceCatalog<TResponse> catalog,
            CancellationToken cancel
        )
        {
            var read = http.QueryReader();
            var query = ResourceQuery.Read(read, resource.Filters, resource.IdName);
            read.WarnOfUnknown();
            if (read.Errors is not [])
                return new Refusal.Invalid(read.Errors);

            var (items, total) = await catalog.ListAsync(http.Caller(), query, cancel);
            return Listed<TResponse>.Of(http, query.Window.Paging, items, total, read.Warnings);
        }
    }

    private static async Task<Found<TResponse>> Get<TResponse>(
        HttpContext http,
        PathId id,
        IResourceCatalog<TResponse> catalog,
        CancellationToken cancel
    )
        where TResponse : WarnedResponse => await catalog.FindAsync(http.Caller(), id, cancel);

    private static Delegate CreateOf<TResponse, TChanges>(Resource<TResponse, TChanges> resource)
        where TResponse : WarnedResponse
        where TChanges : IChanges
    {
        return Create;

        async Task<Created<TResponse>> Create(
            HttpContext http,
            IResourceEditor<TChanges> editor,
            IResourceCatalog<TResponse> catalog,
            EditEndpoint edits,
            CancellationToken cancel
        )
        {
            var read = await http.BodyAsync(cancel, resource.BodyLimit);
            var changes = resource.Read(read, true);
            read.WarnOfUnknown(typeof(TResponse));
            return await edits.CreateAsync<ResourceId, TResponse>(
                http,
                changes,
                afterwards => editor.CreateAsync(http.Caller(), changes, afterwards, cancel),
                cancel,
                Reading(http, catalog)
            );
        }
    }

    private static Delegate UpdateOf<TResponse, TChanges>(Resource<TResponse, TChanges> resource)
        where TResponse : WarnedResponse
        where TChanges : IChanges
    {
        return Update;

        async Task<Changed<TResponse>> Update(
            HttpContext http,
            PathId id,
            IResourceEditor<TChanges> editor,
            IResourceCatalog<TResponse> catalog,
            EditEndpoint edits,
            CancellationToken cancel
        )
        {
            var read = await http.BodyAsync(cancel, resource.BodyLimit);
            var changes = resource.Read(read, false);
            read.WarnOfUnknown(typeof(TResponse));
            return await edits.ChangeAsync<ResourceId, TResponse>(
                http,
                changes,
                afterwards => editor.UpdateAsync(http.Caller(), id, changes, afterwards, cancel),
                cancel,
                Reading(http, catalog)
            );
        }
    }

    private static ReadEdited<ResourceId> Reading<TResponse>(HttpContext http, IResourceCatalog<TResponse> catalog)
        where TResponse : WarnedResponse =>
        async (db, edited, cancel) => (await catalog.FindAsync(db, http.Caller(), edited.Id, cancel))!;

    private static async Task<Deleted> Delete<TChanges>(
        HttpContext http,
        PathId id,
        IResourceEditor<TChanges> editor,
        CancellationToken cancel
    )
        where TChanges : IChanges => Deleted.Of(await editor.DeleteAsync(http.Caller(), id, http.Query(), cancel));
}
