using Microsoft.AspNetCore.Mvc;
using Signpost.Accounts.Audit;
using Signpost.Accounts.Keys;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;

namespace Signpost.Accounts.Api;

/// <summary>API keys and the audit log over HTTP. People manage their own keys; admins can create keys for others.</summary>
internal static class KeyEndpoints
{
    private const string Once =
        "The response holds the key. It is shown only once. A second request with the same Idempotency-Key gets 409 with the id of the key.";

    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/api-keys").WithTags("API keys").Scoped(Scopes.AccountRead, Scopes.AccountWrite);
        keys.MapGet("/", List).Describe("listApiKeys", "List your API keys").WithQuery(Describe.Paging);
        keys.MapPost("/", Make).Describe("createApiKey", "Create an API key", Once).WithBody(UserParameters.Key);
        keys.MapGet("/{key_id}", Get).Describe("getApiKey", "Read an API key", "Everything except the key itself.");
        keys.MapDelete("/{key_id}", Revoke)
            .Describe(
                "deleteApiKey",
                "Revoke an API key",
                "The key stops working at once, and so do the keys of your account that it made, over all generations."
            )
            .WithQuery(UserParameters.Revoke)
            .Fails(400);

        api.MapPost("/users/{user_id}/api-keys", MakeFor)
            .WithTags("Accounts")
            .Scoped(Scopes.Admin)
            .Describe("createUserApiKey", "Create an API key", Once)
            .WithBody(UserParameters.Key)
            .Fails(404);
        api.MapGet("/audit-log", Audit)
            .WithTags("Server")
            .Scoped(Scopes.Admin)
            .Describe("listAuditLog", "Read the audit log", "Newest first, in UTC.")
            .WithQuery(Describe.Paging);
    }

    private static Task<Listed<KeyResponse>> List(HttpContext http, KeyCatalog catalog, CancellationToken cancel)
    {
        var id = http.Caller().AccountId;
        return PagedLists.AnswerAsync(
            http,
            () => catalog.CountAsync(id, cancel),
            (offset, count) => catalog.ListAsync(id, offset, count, cancel),
            KeyResponse.Of
        );
    }

    private static async Task<Found<KeyResponse>> Get(
        HttpContext http,
        [FromRoute(Name = "key_id")] PathId id,
        KeyCatalog catalog,
        CancellationToken cancel
    ) =>
        await catalog.FindAsync(http.Caller().AccountId, id, cancel) is { } key
            ? KeyResponse.Of(key, http.Caller().TimeZone)
            : ApiResult.NotFound;

    private static Task<Created<NewKeyResponse>> Make(
        HttpContext http,
        KeyEditor editor,
        EditEndpoint edits,
        CancellationToken cancel
    ) => MakeAsync(http, http.Caller().AccountId, http.Caller().Rights, editor, edits, cancel);

    private static async Task<Created<NewKeyResponse>> MakeFor(
        HttpContext http,
        [FromRoute(Name = "user_id")] PathId id,
        AccountCatalog catalog,
        KeyEditor editor,
        EditEndpoint edits,
        CancellationToken cancel
    )
    {
        if (await catalog.FindAsync(id, cancel) is not { } profile)
            return new(ApiResult.NotFound);
        var rights = http.Caller().Rights;
        return await MakeAsync(http, id, profile.IsAdmin ? rights : rights & ~Scopes.Admin, editor, edits, cancel);
    }

    private static async Task<Created<NewKeyResponse>> MakeAsync(
        HttpContext http,
        long accountId,
        Scopes grantable,
        KeyEditor editor,
        EditEndpoint edits,
        CancellationToken cancel
    )
    {
        var read = await http.BodyAsync(cancel);
        var wanted = UserRequests.Key(read, grantable);
        read.WarnOfUnknown(typeof(KeyResponse));
        return await edits.CreateAsync<MadeKey, NewKeyResponse>(
            http,
            wanted,
            afterwards => editor.MakeAsync(http.Caller(), accountId, wanted, afterwards, cancel),
            cancel,
            (db, made, stop) => NewKeyResponse.ReadAsync(db, made, http.Caller().TimeZone, stop),
            again: made => MadeBefore(made.Id)
        );
    }

    private static async Task<Deleted> Revoke(
        HttpContext http,
        [FromRoute(Name = "key_id")] PathId id,
        KeyEditor editor,
        CancellationToken cancel
    )
    {
        var read = new FieldReader(http.Query(), http.Caller().TimeZone);
        var withOthers = read.Boolean("with_others").Value;
        return Deleted.Of(
            read.Errors is []
                ? await editor.RevokeAsync(http.Caller(), id, withOthers, cancel)
                : new Refusal.Invalid(read.Errors)
        );
    }

    private static Task<Listed<AuditResponse>> Audit(HttpContext http, AuditLog audit, CancellationToken cancel) =>
        PagedLists.AnswerAsync(
            http,
            () => audit.CountAsync(cancel),
            (offset, count) => audit.ReadAsync(null, offset, count, cancel),
            static (entry, _) => AuditResponse.Of(entry)
        );

    // Keys are stored only as hashes, so a repeated request cannot get the key again.
    private static ApiResult MadeBefore(long id) =>
        ApiResult.Error(
            409,
            $"The first request created the key {id}. A key is shown only once: revoke it and create another one.",
            Idempotency.Header
        );
}
