using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.Api;

/// <summary>The OpenAPI document: public and correct.</summary>
public sealed class OpenApiTests(SharedServer shared) : ApiTests(shared)
{
    // Each is created, read, changed and deleted in the same way.
    private static readonly string[] Things =
    [
        "Domain",
        "Link",
        "Pixel",
        "Project",
        "QrCode",
        "QrLogo",
        "QrPreset",
        "SplashPage",
        "Tag",
        "Team",
        "UtmTemplate",
        "View",
    ];

    [Fact]
    public async Task The_document_describes_every_operation_of_the_API()
    {
        var reply = await SendAsync(HttpMethod.Get, "/openapi/v1.json", null, Server.Anonymous);

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.StartsWith("3.1", reply.Json["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(
            Things
                .SelectMany(thing =>
                    new[] { $"create{thing}", $"delete{thing}", $"get{thing}", $"list{thing}s" }.Concat([
                        $"patch{thing}",
                        $"put{thing}",
                        $"update{thing}",
                    ])
                )
                .Concat([
                    "cancelJob",
                    "changeLinks",
                    "checkDomain",
                    "classifyVisitor",
                    "countClicks",
                    "countLinkClicks",
                    "countOrphans",
                    "exportClicks",
                    "exportLinkClicks",
                    "exportUser",
                    "followClicks",
                    "listLinkClicks",
                    "eraseLink",
                    "explainClick",
                    "explainLink",
                    "getLinkVersion",
                    "listLinkVersions",
                    "restoreLinkVersion",
                    "createApiKey",
                    "createPasswordReset",
                    "createUser",
                    "createUserApiKey",
                    "deleteApiKey",
                    "deleteDomainLink",
                    "deleteMail",
                    "deleteTeamMember",
                    "deleteUser",
                    "getApiKey",
                    "getJob",
                    "getLinkQrCode",
                    "getRollupRebuild",
                    "getUser",
                    "getUserById",
                    "inviteTeamMember",
                    "leaveTeam",
                    "listApiKeys",
                    "listAuditLog",
                    "listAvailableDomains",
                    "listData",
                    "listDomainLinks",
                    "listLogs",
                    "listMails",
                    "listMemberships",
                    "listPayments",
                    "listSignatures",
                    "listTeamMembers",
                    "listTrash",
                    "listUsers",
                    "moveLink",
                    "restoreLink",
                    "rebuildRollups",
                    "updateDomainLink",
                    "replyToInvitation",
                    "updateTeamMember",
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
            Assert.True(fields.ContainsKey(name) || fields.ContainsKey($"{name}[]"), name);
        foreach (
            var (name, _) in settings.Where(one => one.Key.StartsWith("targeting_", StringComparison.Ordinal)).Skip(1)
        )
            Assert.True(fields.ContainsKey($"{name}_key[]") && fields.ContainsKey($"{name}_value[]"), name);
    }

    [Fact]
    public async Task A_response_of_a_link_has_exactly_the_described_fields()
    {
        var schemas = (await GetAsync("/openapi/v1.json")).Json["components"]!["schemas"]!;

        var link = await ReadAsync(await CreateAsync());

        Assert.Equal(
            Names(schemas["LinkResponse"]!["properties"]!),
            Names(link).Concat(["is_blocked", "deleted_at", "erased_at", "warnings"])
        );
        Assert.Equal(Names(schemas["LinkSettingsResponse"]!["properties"]!), Names(link["settings"]!));
    }

    [Fact]
    public async Task The_linter_finds_no_problem()
    {
        var folder = Directory.CreateTempSubdirectory("signpost-openapi-");
        try
        {
            var file = Path.Combine(folder.FullName, "openapi.json");
            await File.WriteAllBytesAsync(
                file,
                await Server.Anonymous.GetByteArrayAsync("/openapi/v1.json", Cancel),
                Cancel
            );

            var (exitCode, report) = await LintAsync(file);

            Assert.True(report.Contains("\"problems\": []", StringComparison.Ordinal), report);
            Assert.Equal(0, exitCode);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Every_body_is_described_in_three_types()
    {
        var bodies = Operations((await GetAsync("/openapi/v1.json")).Json)
            .Where(one => one["requestBody"] is not null)
            .ToList();

        Assert.Equal(
            Things
                .SelectMany(thing => new[] { $"create{thing}", $"patch{thing}", $"put{thing}", $"update{thing}" })
                .Concat([
                    "changeLinks",
                    "classifyVisitor",
                    "createApiKey",
                    "createUser",
                    "createUserApiKey",
                    "explainLink",
                ])
                .Concat(["updateUser", "updateUserById"])
                .Concat(["inviteTeamMember", "moveLink", "replyToInvitation", "updateDomainLink", "updateTeamMember"])
                .Order(StringComparer.Ordinal),
            bodies.Select(one => one["operationId"]!.GetValue<string>()).Order(StringComparer.Ordinal)
        );
        Assert.All(
            bodies,
            one =>
                Assert.Equal(
                    ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"],
                    Names(one["requestBody"]!["content"]!).Order(StringComparer.Ordinal)
                )
        );
    }

    [Fact]
    public async Task Sizes_of_pages_are_numbers_in_every_list()
    {
        var sizes = Operations((await GetAsync("/openapi/v1.json")).Json)
            .SelectMany(one => one["parameters"]?.AsArray() ?? [])
            .Where(parameter => parameter!["name"]!.GetValue<string>() == "results_per_page")
            .Select(parameter => parameter!["schema"]!)
            .ToList();

        Assert.Equal(27, sizes.Count);
        Assert.All(
            sizes,
            schema =>
            {
                Assert.Equal("integer", schema["type"]!.GetValue<string>());
                Assert.Equal((1, 1000), (schema["minimum"]!.GetValue<int>(), schema["maximum"]!.GetValue<int>()));
                Assert.Equal([10, 25, 50, 100, 250, 500, 1000], schema["examples"]!.AsArray().GetValues<int>());
            }
        );
    }

    [Fact]
    public async Task Schemas_and_tags_have_names_that_people_would_give()
    {
        var document = (await GetAsync("/openapi/v1.json")).Json;

        var schemas = Names(document["components"]!["schemas"]!).ToList();
        Assert.Contains("LinkListResponse", schemas);
        Assert.Contains("OrphanListResponse", schemas);
        Assert.Contains("LinkEnvelope", schemas);
        Assert.DoesNotContain(schemas, name => name.Contains("Of", StringComparison.Ordinal));
        Assert.Equal(
            document["tags"]!.AsArray().Select(tag => tag!["name"]!.GetValue<string>()).Order(StringComparer.Ordinal),
            Operations(document)
                .SelectMany(one => one["tags"]!.AsArray().GetValues<string>())
                .Distinct()
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Every_edit_by_POST_takes_an_idempotency_key_and_no_other_operation_does()
    {
        var document = (await GetAsync("/openapi/v1.json")).Json;

        var found = Operations(document)
            .Where(one =>
                one["parameters"]
                    ?.AsArray()
                    .Any(parameter => parameter!["name"]!.GetValue<string>() == "Idempotency-Key")
                    is true
            )
            .Select(one => one["operationId"]!.GetValue<string>());

        Assert.Equal(
            Things
                .SelectMany(thing => new[] { $"create{thing}", $"update{thing}" })
                .Concat([
                    "changeLinks",
                    "createApiKey",
                    "createPasswordReset",
                    "createUser",
                    "createUserApiKey",
                    "updateUser",
                    "updateUserById",
                ])
                .Concat([
                    "inviteTeamMember",
                    "moveLink",
                    "replyToInvitation",
                    "restoreLink",
                    "restoreLinkVersion",
                    "updateTeamMember",
                ])
                .Order(StringComparer.Ordinal),
            found.Order(StringComparer.Ordinal)
        );
    }

    private static async Task<(int ExitCode, string Report)> LintAsync(string file)
    {
        var tests = Path.Combine(ArchitectureTests.Root, "tests/Signpost.Tests");
        var program = Path.Combine(tests, "node_modules/@redocly/cli/bin/cli.js");
        var start = new ProcessStartInfo(
            "node",
            [program, "lint", file, "--config", "redocly.yaml", "--format", "json"]
        )
        {
            WorkingDirectory = tests,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Otherwise the linter looks for a newer version of itself.
        start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true";
        using var linter = Process.Start(start)!;
        var (output, errors) = (linter.StandardOutput.ReadToEndAsync(), linter.StandardError.ReadToEndAsync());
        await linter.EndAsync("the linter");
        return (linter.ExitCode, $"{await output}{await errors}");
    }

    private static IEnumerable<JsonNode> Operations(JsonNode document) =>
        document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(operation => operation.Value!);

    private static IEnumerable<string> Names(JsonNode node) => node.AsObject().Select(pair => pair.Key);
}
