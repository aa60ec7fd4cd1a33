using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;

namespace Signpost.Api.Resources;

/// <summary>What the OpenAPI document says about the operations on a resource.</summary>
internal static class ResourceDocumentation
{
    private static readonly string[] BodyTypes =
    [
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        "application/json",
    ];

    public static void DescribeList<TResponse, TChanges>(
        this RouteHandlerBuilder operation,
        Resource<TResponse, TChanges> resource
    )
        where TResponse : class
        where TChanges : IChanges =>
        operation
            .WithName($"list{resource.Title}s")
            .WithSummary($"List {resource.Plural}")
            .WithDescription($"Your {resource.Plural}, newest first. A page past the end is empty.")
            .AddOpenApiOperationTransformer(
                (list, _, _) =>
                {
                    list.Parameters =
                    [
                        .. Describe.Paging(),
                        Describe.Query("search", "A part of the name, taken literally, without case.", Describe.Text()),
                    ];
                    return Task.CompletedTask;
                }
            );

    public static void DescribeCreate<TResponse, TChanges>(
        this RouteHandlerBuilder operation,
        Resource<TResponse, TChanges> resource
    )
        where TResponse : class
        where TChanges : IChanges =>
        operation
            .WithName($"create{resource.Title}")
            .WithSummary($"Create a {resource.Name}")
            .WithDescription(resource.Conflicts ?? "")
            .Fails(413, 415)
            .AddOpenApiOperationTransformer(
                (create, _, _) =>
                {
                    create.Parameters = [Describe.IdempotencyKey()];
                    create.RequestBody = Body(resource.Parameters(), isNew: true);
                    return Task.CompletedTask;
                }
            );

    public static void DescribeGet<TResponse, TChanges>(
        this RouteHandlerBuilder operation,
        Resource<TResponse, TChanges> resource
    )
        where TResponse : class
        where TChanges : IChanges =>
        operation.WithName($"get{resource.Title}").WithSummary($"Read a {resource.Name}").DescribeId();

    public static void DescribeUpdate<TResponse, TChanges>(
        this RouteHandlerBuilder operation,
        Resource<TResponse, TChanges> resource,
        string verb
    )
        where TResponse : class
        where TChanges : IChanges =>
        operation
            .WithName($"{verb}{resource.Title}")
            .WithSummary($"Change a {resource.Name}{(verb == "update" ? "" : ", as POST does")}")
            .WithDescription($"What is not sent stays as it is. {resource.Conflicts}".Trim())
            .Fails(413, 415)
            .DescribeId(verb == "update" ? [Describe.IdempotencyKey()] : [])
            .AddOpenApiOperationTransformer(
                (update, _, _) =>
                {
                    update.RequestBody = Body(resource.Parameters(), isNew: false);
                    return Task.CompletedTask;
                }
            );

    public static void DescribeDelete<TResponse, TChanges>(
        this RouteHandlerBuilder operation,
        Resource<TResponse, TChanges> resource
    )
        where TResponse : class
        where TChanges : IChanges
    {
        var options = resource.DeleteParameters();
        operation
            .WithName($"delete{resource.Title}")
            .WithSummary($"Delete a {resource.Name}")
            .WithDescription(resource.OnDelete)
            .Fails(options is [] ? [] : [400, 409])
            .DescribeId([.. options]);
    }

    /// <summary>Says that the path holds an id.</summary>
    public static RouteHandlerBuilder DescribeId(
        this RouteHandlerBuilder operation,
        params OpenApiParameter[] others
    ) =>
        operation.AddOpenApiOperationTransformer(
            (one, _, _) =>
            {
                one.Parameters = [Describe.Id("id"), .. others];
                return Task.CompletedTask;
            }
        );

    private static OpenApiRequestBody Body(IReadOnlyList<ResourceParameter> parameters, bool isNew)
    {
        var content = new Dictionary<string, OpenApiMediaType>();
        foreach (var type in BodyTypes)
        {
            var example = new JsonObject();
            foreach (var parameter in parameters.Where(one => one.Example is not null).Take(isNew ? int.MaxValue : 1))
                example[parameter.Name] = parameter.Example;
            content[type] = new() { Schema = Schema(parameters, isNew), Example = example };
        }

        return new() { Required = isNew, Content = content };
    }

    private static OpenApiSchema Schema(IReadOnlyList<ResourceParameter> parameters, bool isNew)
    {
        var properties = new Dictionary<string, IOpenApiSchema>();
        foreach (var parameter in parameters)
        {
            parameter.Schema.Description = parameter.Description;
            properties[parameter.Name] = parameter.Schema;
        }

        return new()
        {
            Type = JsonSchemaType.Object,
            Properties = properties,
            Required = isNew ? parameters.Where(one => one.IsRequired).Select(one => one.Name).ToHashSet() : null,
        };
    }
}
