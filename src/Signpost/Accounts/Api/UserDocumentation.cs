using Microsoft.OpenApi;
using Signpost.Accounts.Keys;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;

namespace Signpost.Accounts.Api;

/// <summary>What the OpenAPI document says about accounts, keys and the audit log beyond what the handlers show.</summary>
internal static class UserDocumentation
{
    public static RouteHandlerBuilder DescribeGetOwn(this RouteHandlerBuilder operation) =>
        operation.WithName("getUser").WithSummary("Read your account").Produces<Envelope<UserResponse>>();

    public static RouteHandlerBuilder DescribeUpdateOwn(this RouteHandlerBuilder operation) =>
        operation
            .WithName("updateUser")
            .WithSummary("Change your account")
            .WithDescription("What is not sent stays as it is.")
            .Produces<Envelope<UserId>>()
            .Fails(400, 409, 413, 415)
            .AddOpenApiOperationTransformer((update, _, _) => With(update, [Describe.IdempotencyKey()], Own()));

    public static RouteHandlerBuilder DescribeList(this RouteHandlerBuilder operation) =>
        operation
            .WithName("listUsers")
            .WithSummary("List accounts")
            .Produces<Page<UserResponse>>()
            .Fails(400)
            .AddOpenApiOperationTransformer((list, _, _) => With(list, [.. Describe.Paging()]));

    public static RouteHandlerBuilder DescribeCreate(this RouteHandlerBuilder operation) =>
        operation
            .WithName("createUser")
            .WithSummary("Make an account")
            .WithDescription("It is a user unless role says admin. Nothing is sent to the address.")
            .Produces<Envelope<UserId>>(StatusCodes.Status201Created)
            .Fails(400, 409, 413, 415)
            .AddOpenApiOperationTransformer(
                (create, _, _) => With(create, [Describe.IdempotencyKey()], Any(), "email", "password")
            );

    public static RouteHandlerBuilder DescribeGet(this RouteHandlerBuilder operation) =>
        operation
            .WithName("getUserById")
            .WithSummary("Read an account")
            .Produces<Envelope<UserResponse>>()
            .Fails(404)
            .AddOpenApiOperationTransformer((get, _, _) => With(get, [Describe.Id("user_id")]));

    public static RouteHandlerBuilder DescribeUpdate(this RouteHandlerBuilder operation) =>
        operation
            .WithName("updateUserById")
            .WithSummary("Change, disable or enable an account")
            .WithDescription("Another e-mail, password or role, and disabling, end every session of the account.")
            .Produces<Envelope<UserId>>()
            .Fails(400, 404, 409, 413, 415)
            .AddOpenApiOperationTransformer(
                (update, _, _) => With(update, [Describe.Id("user_id"), Describe.IdempotencyKey()], Any())
            );

    public static RouteHandlerBuilder DescribeDelete(this RouteHandlerBuilder operation) =>
        operation
            .WithName("deleteUser")
            .WithSummary("Delete an account")
            .WithDescription("Its keys and sessions go too. Where it has links, links says what becomes of them.")
            .Produces(StatusCodes.Status204NoContent)
            .Fails(400, 404)
            .AddOpenApiOperationTransformer(
                (delete, _, _) =>
                    With(
                        delete,
                        [
                            Describe.Id("user_id"),
                            Describe.Query(
                                "links",
                                "Delete the account's links, or transfer them to another account.",
                                Describe.OneOf("delete", "transfer")
                            ),
                            Describe.Query(
                                "to",
                                "The account that gets them.",
                                new() { Type = JsonSchemaType.Integer }
                            ),
                        ]
                    )
            );

    public static RouteHandlerBuilder DescribeListKeys(this RouteHandlerBuilder operation) =>
        operation
            .WithName("listApiKeys")
            .WithSummary("List your API keys")
            .Produces<Page<KeyResponse>>()
            .Fails(400)
            .AddOpenApiOperationTransformer((list, _, _) => With(list, [.. Describe.Paging()]));

    public static RouteHandlerBuilder DescribeMakeKey(this RouteHandlerBuilder operation, string name) =>
        operation
            .WithName(name)
            .WithSummary("Make an API key")
            .WithDescription(
                "The answer holds the key, which is shown this one time. The same Idempotency-Key again is a 409 that names the key that was made."
            )
            .Produces<Envelope<MadeKey>>(StatusCodes.Status201Created)
            .Fails(400, 404, 409, 413, 415)
            .AddOpenApiOperationTransformer(
                (make, _, _) =>
                    With(
                        make,
                        name == "createApiKey"
                            ? [Describe.IdempotencyKey()]
                            : [Describe.Id("user_id"), Describe.IdempotencyKey()],
                        Key()
                    )
            );

    public static RouteHandlerBuilder DescribeGetKey(this RouteHandlerBuilder operation) =>
        operation
            .WithName("getApiKey")
            .WithSummary("Read an API key")
            .WithDescription("Everything but the key itself.")
            .Produces<Envelope<KeyResponse>>()
            .Fails(404)
            .AddOpenApiOperationTransformer((get, _, _) => With(get, [Describe.Id("key_id")]));

    public static RouteHandlerBuilder DescribeRevokeKey(this RouteHandlerBuilder operation) =>
        operation
            .WithName("deleteApiKey")
            .WithSummary("Revoke an API key")
            .WithDescription("It opens nothing from then on.")
            .Produces(StatusCodes.Status204NoContent)
            .Fails(404)
            .AddOpenApiOperationTransformer((delete, _, _) => With(delete, [Describe.Id("key_id")]));

    public static RouteHandlerBuilder DescribeAudit(this RouteHandlerBuilder operation) =>
        operation
            .WithName("listAuditLog")
            .WithSummary("Read the audit log")
            .WithDescription("Newest first, in UTC.")
            .Produces<Page<AuditResponse>>()
            .Fails(400)
            .AddOpenApiOperationTransformer((list, _, _) => With(list, [.. Describe.Paging()]));

    private static Task With(
        OpenApiOperation operation,
        OpenApiParameter[] parameters,
        Dictionary<string, IOpenApiSchema>? body = null,
        params string[] required
    )
    {
        operation.Parameters = [.. parameters];
        if (body is null)
            return Task.CompletedTask;

        operation.RequestBody = new OpenApiRequestBody
        {
            Required = required.Length > 0,
            Content = (
                (string[])["multipart/form-data", "application/x-www-form-urlencoded", "application/json"]
            ).ToDictionary(type => type, type => Body(type, body, required)),
        };
        return Task.CompletedTask;
    }

    // In a form a list is name[].
    private static OpenApiMediaType Body(string type, Dictionary<string, IOpenApiSchema> fields, string[] required) =>
        new()
        {
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = required.ToHashSet(StringComparer.Ordinal),
                Properties = fields.ToDictionary(
                    field =>
                        field.Value.Type == JsonSchemaType.Array && type != "application/json"
                            ? $"{field.Key}[]"
                            : field.Key,
                    field => field.Value
                ),
            },
        };

    private static Dictionary<string, IOpenApiSchema> Own() =>
        new()
        {
            ["name"] = Describe.Text($"Up to {AccountRules.LongestName} characters."),
            ["timezone"] = Describe.Text(
                "The zone of your dates by its IANA name, as in Europe/Berlin; UTC unless set."
            ),
            ["language"] = Describe.OneOf([.. AccountRules.Languages]),
        };

    private static Dictionary<string, IOpenApiSchema> Any() =>
        new(Own())
        {
            ["email"] = Describe.Text("Names the account; unique."),
            ["password"] = Describe.Text("At least 8 characters, at most 1,024 bytes; kept as sent."),
            ["role"] = Describe.OneOf("user", "admin"),
            ["two_factor_is_enabled"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Boolean,
                Description = "0 turns it off; on, only its owner turns it.",
            },
            ["is_disabled"] = new OpenApiSchema { Type = JsonSchemaType.Boolean },
        };

    private static Dictionary<string, IOpenApiSchema> Key() =>
        new()
        {
            ["name"] = Describe.Text($"Up to {NewKey.LongestName} characters."),
            ["scopes"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = Describe.OneOf([.. ScopeNames.All]),
                Description = "What the key may do; none sent: all that the calling key may do.",
            },
            ["expires"] = Describe.Text("A date from which on the key opens nothing; none: never."),
        };
}
