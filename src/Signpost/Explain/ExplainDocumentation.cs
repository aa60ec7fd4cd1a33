using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Signpost.Api.Documentation;

namespace Signpost.Explain;

/// <summary>What the OpenAPI document says about explaining.</summary>
internal static class ExplainDocumentation
{
    public static RouteHandlerBuilder DescribeExplain(this RouteHandlerBuilder operation) =>
        operation
            .WithName("explainLink")
            .WithSummary("Explain what a link answers a visitor")
            .WithDescription(
                "Every step of the decision in its order, made by what answers real visitors. Nothing is counted, and "
                    + "no use of a limit is taken."
            )
            .Fails(413, 415)
            .AddOpenApiOperationTransformer((explain, _, _) => WithBody(explain, isWhole: true));

    public static RouteHandlerBuilder DescribeClassify(this RouteHandlerBuilder operation) =>
        operation
            .WithName("classifyVisitor")
            .WithSummary("Tell what a visitor is taken for")
            .Fails(413, 415)
            .AddOpenApiOperationTransformer((classify, _, _) => WithBody(classify, isWhole: false));

    private static Task WithBody(OpenApiOperation operation, bool isWhole)
    {
        var properties = new Dictionary<string, IOpenApiSchema>
        {
            ["ip"] = Describe.Text("An IPv4 or IPv6 address."),
            ["user_agent"] = Describe.Text("As a browser sends it."),
            ["accept_language"] = Describe.Text("As a browser sends it."),
            ["headers"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                AdditionalProperties = Describe.Text(),
                Description = "Any other headers, as in {\"Sec-CH-UA-Platform\": \"\\\"Android\\\"\"}.",
            },
        };
        if (isWhole)
        {
            properties["at"] = Describe.Text("When; now unless set.");
            properties["query"] = Describe.Text("What follows the question mark.");
            properties["domain"] = Describe.Text("The host that is asked; the link's own unless set.");
            properties["is_unlocked"] = Describe.Flag("They have given the link's password; not unless set.");
            properties["has_agreed"] = Describe.Flag("They have gone on after its warning; not unless set.");
        }

        operation.RequestBody = new OpenApiRequestBody
        {
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new()
                {
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = properties },
                    Example = new JsonObject { ["ip"] = "193.0.6.139", ["accept_language"] = "nl,en;q=0.8" },
                },
            },
        };
        return Task.CompletedTask;
    }
}
