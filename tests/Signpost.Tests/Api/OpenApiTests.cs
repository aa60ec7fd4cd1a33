using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.Api;

/// <summary>The API's own description: there for everybody, and true.</summary>
public sealed class OpenApiTests(SharedServer shared) : ApiTests(shared)
{
    [Fact]
    public async Task The_document_describes_every_operation_of_the_API()
    {
        var reply = await SendAsync(HttpMethod.Get, "/openapi/v1.json", null, Server.Anonymous);

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.StartsWith("3.1", reply.Json["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(
            ((string[])["Domain", "Link", "Pixel", "Project"])
                .SelectMany(thing =>
                    new[] { $"create{thing}", $"delete{thing}", $"get{thing}", $"list{thing}s" }.Concat([
                        $"patch{thing}",
                        $"put{thing}",
                        $"update{thing}",
                    ])
                )
                .Concat([
                    "checkDomain",
                    "classifyVisitor",
                    "countClicks",
                    "countLinkClicks",
                    "countOrphans",
                    "exportLinkClicks",
                    "followClicks",
                    "listLinkClicks",
                    "explainLink",
                    "createApiKey",
                    "createUser",
                    "createUserApiKey",
                    "deleteApiKey",
                    "deleteUser",
                    "getApiKey",
                    "getRollupRebuild",
                    "getUser",
                    "getUserById",
                    "listApiKeys",
                    "listAuditLog",
                    "listUsers",
                    "rebuildRollups",
                    "updateUser",
                    "updateUserById",
                    "verifyDomain",
                ])
                .Order(StringComparer.Ordinal),
            Operations(reply.Json).Select(one => one["operationId"]!.GetValue<string>()).Order(StringComparer.Ordinal)
        );
        Assert.All(
            Operations(reply.Json).Where(one => one["operationId"]!.GetValue<string>() != "checkDomain"),
            one =>
            {
                Assert.NotNull(one["security"]![0]!["api_key"]);
                Assert.NotNull(one["responses"]!["401"]);
                Assert.NotNull(one["responses"]!["429"]);
            }
        );
    }

    [Fact]
    public async Task The_document_is_made_once_and_is_JSON_of_its_whole_length()
    {
        using var first = await Server.Anonymous.GetAsync("/openapi/v1.json", Cancel);
        using var second = await Server.Anonymous.GetAsync("/openapi/v1.json", Cancel);

        Assert.Equal("application/json; charset=utf-8", first.Content.Headers.ContentType!.ToString());
        Assert.Equal(["nosniff"], first.Headers.GetValues("X-Content-Type-Options"));
        var bytes = await first.Content.ReadAsByteArrayAsync(Cancel);
        Assert.Equal(bytes.Length, first.Content.Headers.ContentLength);
        Assert.Equal(bytes, await second.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Fact]
    public async Task Create_is_described_with_every_parameter_in_three_body_types()
    {
        var document = (await GetAsync("/openapi/v1.json")).Json;

        var content = document["paths"]!["/api/links"]!["post"]!["requestBody"]!["content"]!.AsObject();

        Assert.Equal(
            ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"],
            content.Select(type => type.Key).Order(StringComparer.Ordinal)
        );
        var settings = document["components"]!["schemas"]!["LinkSettingsResponse"]!["properties"]!.AsObject();
        var fields = content["multipart/form-data"]!["schema"]!["properties"]!.AsObject();
        foreach (var (name, _) in settings.Where(one => !one.Key.StartsWith("targeting_", StringComparison.Ordinal)))
            Assert.True(fields.ContainsKey(name), name);
        foreach (
            var (name, _) in settings.Where(one => one.Key.StartsWith("targeting_", StringComparison.Ordinal)).Skip(1)
        )
            Assert.True(fields.ContainsKey($"{name}_key[]") && fields.ContainsKey($"{name}_value[]"), name);
    }

    [Fact]
    public async Task A_link_is_answered_with_exactly_the_fields_that_are_described()
    {
        var schemas = (await GetAsync("/openapi/v1.json")).Json["components"]!["schemas"]!;

        var link = await ReadAsync(await CreateAsync());

        Assert.Equal(Names(schemas["LinkResponse"]!["properties"]!), Names(link));
        Assert.Equal(Names(schemas["LinkSettingsResponse"]!["properties"]!), Names(link["settings"]!));
    }

    private static IEnumerable<JsonNode> Operations(JsonNode document) =>
        document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(operation => operation.Value!);

    private static IEnumerable<string> Names(JsonNode node) => node.AsObject().Select(pair => pair.Key);
}
