using Microsoft.AspNetCore.Mvc;
using Signpost.Addressing;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;

namespace Signpost.Api.Resources;

/// <summary>A resource over HTTP, as links are. Handlers translate; its editor and catalog decide.</summary>
internal static class ResourceEndpoints
{
    private static readonly Dictionary<string, int> NoFiles = [];

    /// <summary>Maps list, create, read, update and delete; answers the group, for what the resource has beyond.</summary>
    public static RouteGroupBuilder MapResource<TResponse, TChanges>(
        this IEndpointRouteBuilder api,
        Resource<TResponse, TChanges> resource
    )
        where TResponse : class
        where TChanges : class, IResourceChanges
    {
        var all = api.MapGroup($"/{resource.Plural}")
            .WithTags($"{resource.Title}s")
            .Scoped(Scopes.LinksRead, Scopes.LinksWrite);
        var (create, update) = (CreateOf(resource), UpdateOf(resource));
        all.MapGet("/", ListOf(resource)).DescribeList(resource);
        all.MapPost("/", create).DescribeCreate(resource);
        all.MapGet("/{id}", Get<TResponse>).DescribeGet(resource);
        all.MapPost("/{id}", update).DescribeUpdate(resource, "update");
        all.MapPut("/{id}", update).DescribeUpdate(resource, "put");
        all.MapPatch("/{id}", update).DescribeUpdate(resource, "patch");
        all.MapDelete("/{id}", Delete<TChanges>).DescribeDelete(resource);
        return all;
    }

    /// <summary>Reads an id out of a path: digits from 1.</summary>
    public static bool TryId(string text, out long id) => FieldText.TryNumber(text, out id) && id >= 1;

    public static ApiResult Render(ResourceEdit edit) =>
        edit switch
        {
            ResourceEdit.Created(var id) => new(201, ApiJson.Write(new Envelope<ResourceId>(new(id)))),
            ResourceEdit.Updated(var id) => ApiResult.Ok(new Envelope<ResourceId>(new(id))),
            ResourceEdit.Deleted => ApiResult.NoContent,
            ResourceEdit.Missing => ApiResult.NotFound,
            ResourceEdit.Invalid(var errors) => ApiResult.Errors(400, errors),
            ResourceEdit.Conflict(var errors) => ApiResult.Errors(409, errors),
            var unknown => throw new System.Diagnostics.UnreachableException($"{unknown}"),
        };

    private static Delegate ListOf<TResponse, TChanges>(Resource<TResponse, TChanges> resource)
        where TResponse : class
        where TChanges : IResourceChanges
    {
        return List;

        async Task<ApiResult> List(
            HttpContext http,
            IResourceCatalog<TResponse> catalog,
            PublicAddress address,
            CancellationToken cancel
        )
        {
            var caller = http.Caller();
            var sent = http.Request.QueryString.Value ?? "";
            var query = ResourceQuery.Read(FormBody.ParseQuery(sent), caller.TimeZone, out var errors);
            if (errors is not [])
                return ApiResult.Errors(400, errors);

            var (items, total) = await catalog.ListAsync(caller, query, cancel);
            var links = query.Paging.Links(total, $"{address.Url}/api/{resource.Plural}", sent);
            return ApiResult.Ok(new Page<TResponse>(items, query.Paging.Meta(total), links));
        }
    }

    private static Delegate CreateOf<TResponse, TChanges>(Resource<TResponse, TChanges> resource)
        where TResponse : class
        where TChanges : IResourceChanges
    {
        return Create;

        async Task<ApiResult> Create(
            HttpContext http,
            IResourceEditor<TChanges> editor,
            Idempotency idempotency,
            CancellationToken cancel
        )
        {
            var caller = http.Caller();
            var changes = await ReadAsync(resource, http, isNew: true, cancel);
            if (changes.Errors is not [])
                return Render(await editor.CreateAsync(caller, changes, null, cancel));

            return await idempotency.RunAsync(
                http.Request,
                caller,
                changes.Meaning,
                async keep => Render(await editor.CreateAsync(caller, changes, Keeping(keep), cancel)),
                cancel
            );
        }
    }

    private static async Task<ApiResult> Get<TResponse>(
        HttpContext http,
        [FromRoute(Name = "id")] string text,
        IResourceCatalog<TResponse> catalog,
        CancellationToken cancel
    )
        where TResponse : class =>
        TryId(text, out var id) && await catalog.FindAsync(http.Caller(), id, cancel) is { } found
            ? ApiResult.Ok(new Envelope<TResponse>(found))
            : ApiResult.NotFound;

    private static Delegate UpdateOf<TResponse, TChanges>(Resource<TResponse, TChanges> resource)
        where TResponse : class
        where TChanges : IResourceChanges
    {
        return Update;

        async Task<ApiResult> Update(
            HttpContext http,
            [FromRoute(Name = "id")] string text,
            IResourceEditor<TChanges> editor,
            Idempotency idempotency,
            CancellationToken cancel
        )
        {
            var caller = http.Caller();
            var changes = await ReadAsync(resource, http, isNew: false, cancel);
            if (!TryId(text, out var id))
                return ApiResult.NotFound;
            // Who asks for what is not theirs hears only that; so the editor is asked also where something is wrong.
            if (changes.Errors is not [] || !HttpMethods.IsPost(http.Request.Method))
                return Render(await editor.UpdateAsync(caller, id, changes, null, cancel));

            return await idempotency.RunAsync(
                http.Request,
                caller,
                changes.Meaning,
                async keep => Render(await editor.UpdateAsync(caller, id, changes, Keeping(keep), cancel)),
                cancel
            );
        }
    }

    private static async Task<ApiResult> Delete<TChanges>(
        HttpContext http,
        [FromRoute(Name = "id")] string text,
        IResourceEditor<TChanges> editor,
        CancellationToken cancel
    )
        where TChanges : IResourceChanges
    {
        var query = FormBody.ParseQuery(http.Request.QueryString.Value ?? "");
        return TryId(text, out var id)
            ? Render(await editor.DeleteAsync(http.Caller(), id, query, cancel))
            : ApiResult.NotFound;
    }

    private static async Task<TChanges> ReadAsync<TResponse, TChanges>(
        Resource<TResponse, TChanges> resource,
        HttpContext http,
        bool isNew,
        CancellationToken cancel
    )
        where TResponse : class
        where TChanges : IResourceChanges
    {
        var fields = await BodyReader.ReadAsync(http.Request, NoFiles, cancel, resource.BodyLimit);
        return resource.Read(new FieldReader(fields, http.Caller().TimeZone), isNew);
    }

    private static AfterResourceEdit? Keeping(KeepResponse? keep) =>
        keep is null ? null : (db, edit) => keep(db, Render(edit));
}
