using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Signpost.Addressing;

namespace Signpost.Api.Documentation;

/// <summary>The OpenAPI document of everything under <c>/api</c>, made from the mapped endpoints.</summary>
internal static class ApiDocument
{
    private const string Name = "v1";
    private const string KeyScheme = "api_key";

    private static readonly (string Name, string Description)[] Tags =
    [
        ("Links", "Short links and their settings."),
        ("Trash", "Deleted links that can be restored."),
        ("Statistics", "How often visitors follow links, and where they come from."),
        ("Projects", "Names and colours that group links."),
        ("Tags", "Names and colours of links; a link may have several."),
        ("Pixels", "Trackers of other companies that fire when a visitor follows a link."),
        ("Splash pages", "Pages that people see before a link leads on."),
        ("QR codes", "Pictures that lead to a link or an address when a phone scans them."),
        ("QR logos", "Pictures for the middle of QR codes."),
        ("Views", "Filters and orders of the list of links that you keep."),
        ("UTM templates", "Values of UTM parameters that you keep."),
        ("QR presets", "Looks of QR codes that you keep."),
        ("Domains", "Your own hosts for your links."),
        ("Visitors", "Facts that the server knows about a visitor."),
        ("Account", "Your own account."),
        ("Teams", "Accounts that several people share."),
        ("API keys", "Keys for your account, each with its scopes."),
        ("Accounts", "The accounts of this server. For admins."),
        ("Server", "Tasks for the whole server. For admins."),
    ];

    public static void AddApiDocument(this IServiceCollection services)
    {
        // Schemas come from the JSON options of the responses.
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
                options.ShouldInclude = api =>
                    api.RelativePath?.StartsWith("api/", StringComparison.Ordinal) is true && api.HttpMethod != "HEAD";
                options.CreateSchemaReferenceId = SchemaNames.Of;
                options.AddSchemaTransformer(LeaveOutDiscriminator);
                options.AddDocumentTransformer(Introduce);
                options.AddOperationTransformer(Complete);
            }
        );
    }

    /// <summary>Serves the document to everybody. It holds no data of accounts.</summary>
    public static IEndpointConventionBuilder MapApiDocument(this IEndpointRouteBuilder routes)
    {
        // The framework would make it for each request, in 30 ms of processor time. It never changes while the server runs.
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
            http.Response.Headers.CacheControl = "no-cache";
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
                "Create and change short links, and see how often visitors follow them. Bodies may be multipart/form-data, "
                + "application/x-www-form-urlencoded or application/json. The fields are the same in each.",
        };
        document.Info.License = new() { Name = "MIT", Identifier = "MIT" };
        document.Tags = Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description })
            .ToHashSet();
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
        RequestDocumentation.Apply(operation, context);
        foreach (var (status, response) in operation.Responses ?? [])
            if (Describe.Meaning(status) is { } meaning)
                response.Description = meaning;
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [];
            foreach (var status in (string[])["401", "403", "429"])
                operation.Responses?.Remove(status);
        }
        else
            operation.Security = [new() { [new OpenApiSecuritySchemeReference(KeyScheme, context.Document)] = [] }];
        return Task.CompletedTask;
    }

    // Responses hold no $type: clients distinguish their types by the fields.
    private static Task LeaveOutDiscriminator(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancel
    )
    {
        schema.Discriminator = null;
        return Task.CompletedTask;
    }
}
