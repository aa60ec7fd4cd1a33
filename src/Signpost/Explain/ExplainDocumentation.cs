using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Signpost.Api;
using Signpost.Api.Documentation;

namespace Signpost.Explain;

/// <summary>The part of the OpenAPI document about explaining.</summary>
internal static class ExplainDocumentation
{
    public static RouteHandlerBuilder DescribeExplain(this RouteHandlerBuilder operation) =>
        operation
            .WithName("explainLink")
            .WithSummary("Explain where a link sends a visitor")
            .WithDescription(
                "Every step of the decision, in order, made by the code that decides for real visitors. Nothing is counted, and "
                    + "no click of a limit is consumed."
            )
            .Produces<Envelope<Explanation>>()
            .Fails(400, 404, 413, 415)
            .AddOpenApiOperationTransformer((explain, _, _) => WithBody(explain, isWhole: true));

    public static RouteHandlerBuilder DescribeClassify(this RouteHandlerBuilder operation) =>
        operation
            .WithName("classifyVisitor")
            .WithSummary("Classify a visitor")
            .Produces<Envelope<VisitorResponse>>()
            .Fails(400, 413, 415)
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
            properties["at"] = Describe.Text("The time of the visit; now unless set.");
            properties["query"] = Describe.Text("The part after the question mark.");
            properties["domain"] = Describe.Text("The host of the request; the link's own unless set.");
            properties["is_unlocked"] = Describe.Flag("The visitor has given the link's password; no unless set.");
            properties["has_agreed"] = Describe.Flag(
                "The visitor has continued after the link's warning; no unless set."
            );
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
