using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Signpost.Addressing;

namespace Signpost.Api.Documentation;

/// <summary>The OpenAPI document of everything under <c>/api</c>, made from what is mapped.</summary>
internal static class ApiDocument
{
    private const string Name = "v1";
    private const string KeyScheme = "api_key";

    public static void AddApiDocument(this IServiceCollection services)
    {
        // Schemas are derived from how answers are really written.
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = ApiJson.Options.PropertyNamingPolicy;
            json.SerializerOptions.Encoder = ApiJson.Options.Encoder;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
        });
        services.AddOpenApi(
            Name,
            options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                options.ShouldInclude = api => api.RelativePath?.StartsWith("api/", StringComparison.Ordinal) is true;
                options.AddDocumentTransformer(Introduce);
                options.AddOperationTransformer(Complete);
            }
        );
    }

    /// <summary>Serves the document to everybody: it tells nothing about anybody.</summary>
    public static IEndpointConventionBuilder MapApiDocument(this IEndpointRouteBuilder routes)
    {
        // The framework makes it anew for each request, 30 ms of a processor; it never changes while the server runs.
        byte[]? kept = null;
        return routes
            .MapMethods($"/openapi/{Name}.json", [HttpMethods.Get, HttpMethods.Head], GetAsync)
            .ExcludeFromDescription();

        async Task<IResult> GetAsync(
            HttpContext http,
            [FromKeyedServices(Name)] IOpenApiDocumentProvider provider,
            CancellationToken cancel
        )
        {
            kept ??= await WriteAsync(provider, cancel);
            http.Response.Headers.XContentTypeOptions = "nosniff";
            return TypedResults.Bytes(kept, "application/json; charset=utf-8");
        }
    }

    private static async Task<byte[]> WriteAsync(IOpenApiDocumentProvider provider, CancellationToken cancel)
    {
        var document = await provider.GetOpenApiDocumentAsync(cancel);
        using var bytes = new MemoryStream();
        await document.SerializeAsJsonAsync(bytes, OpenApiSpecVersion.OpenApi3_1, cancel);
        return bytes.ToArray();
    }

    private static Task Introduce(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancel
    )
    {
        document.Info = new()
        {
            Title = "Signpost",
            Version = Name,
            Description =
                "Make short links, change them, see how often they were followed. Bodies may be multipart/form-data, "
                + "application/x-www-form-urlencoded or application/json; the same fields mean the same in each.",
        };
        document.Servers = [new() { Url = context.ApplicationServices.GetRequiredService<PublicAddress>().Url }];
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [KeyScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An API key, as in Authorization: Bearer {api_key}.",
            },
        };
        return Task.CompletedTask;
    }

    private static Task Complete(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancel
    )
    {
        foreach (var (status, response) in operation.Responses ?? [])
            if (Describe.Meaning(status) is { } meaning)
                response.Description = meaning;
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any())
            operation.Security = [];
        else
            operation.Security = [new() { [new OpenApiSecuritySchemeReference(KeyScheme, context.Document)] = [] }];
        return Task.CompletedTask;
    }
}
