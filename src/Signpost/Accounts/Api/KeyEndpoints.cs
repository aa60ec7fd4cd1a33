using Microsoft.AspNetCore.Mvc;
using Signpost.Accounts.Audit;
using Signpost.Accounts.Keys;
using Signpost.Api;
using Signpost.Api.Callers;

namespace Signpost.Accounts.Api;

/// <summary>API keys over HTTP: one's own, and those that admins make for others; and the audit log.</summary>
internal static class KeyEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/api-keys").WithTags("API keys").Scoped(Scopes.AccountRead, Scopes.AccountWrite);
        keys.MapGet("/", List).DescribeListKeys();
        keys.MapPost("/", Make).DescribeMakeKey("createApiKey");
        keys.MapGet("/{key_id}", Get).DescribeGetKey();
        keys.MapDelete("/{key_id}", Revoke).DescribeRevokeKey();

        api.MapPost("/users/{user_id}/api-keys", MakeFor)
            .WithTags("Accounts/Api")
            .Scoped(Scopes.Admin)
            .DescribeMakeKey("createUserApiKey");
        api.MapGet("/audit-log", Audit).WithTags("Accounts/Api").Scoped(Scopes.Admin).DescribeAudit();
    }

    private static Task<ApiResult> List(HttpContext http, KeyCatalog catalog, CancellationToken cancel)
    {
        var (id, zone) = (http.Caller().AccountId, http.Caller().TimeZone);
        return PagedLists.AnswerAsync<KeyResponse>(
            http,
            zone,
            () => catalog.CountAsync(id, cancel),
            async (offset, count) =>
                [.. (await catalog.ListAsync(id, offset, count, cancel)).Select(key => KeyResponse.Of(key, zone))]
        );
    }

    private static async Task<ApiResult> Get(
        HttpContext http,
        [FromRoute(Name = "key_id")] string keyId,
        KeyCatalog catalog,
        CancellationToken cancel
    )
    {
        var caller = http.Caller();
        return
            UserEndpoints.TryId(keyId, out var id) && await catalog.FindAsync(caller.AccountId, id, cancel) is { } key
            ? ApiResult.Ok(new Envelope<KeyResponse>(KeyResponse.Of(key, caller.TimeZone)))
            : ApiResult.NotFound;
    }

    private static async Task<ApiResult> Make(
        HttpContext http,
        KeyEditor editor,
        Idempotency idempotency,
        CancellationToken cancel
    )
    {
        var caller = http.Caller();
        var grantable = caller.IsAdmin ? caller.Scopes : caller.Scopes & ~Scopes.Admin;
        return await MakeAsync(http, caller.AccountId, grantable, editor, idempotency, cancel);
    }

    private static async Task<ApiResult> MakeFor(
        HttpContext http,
        [FromRoute(Name = "user_id")] string userId,
        AccountCatalog catalog,
        KeyEditor editor,
        Idempotency idempotency,
        CancellationToken cancel
    )
    {
        if (!UserEndpoints.TryId(userId, out var id) || await catalog.FindAsync(id, cancel) is not { } profile)
            return ApiResult.NotFound;
        var scopes = http.Caller().Scopes;
        return await MakeAsync(
            http,
            id,
            profile.IsAdmin ? scopes : scopes & ~Scopes.Admin,
            editor,
            idempotency,
            cancel
        );
    }

    private static async Task<ApiResult> MakeAsync(
        HttpContext http,
        long accountId,
        Scopes grantable,
        KeyEditor editor,
        Idempotency idempotency,
        CancellationToken cancel
    )
    {
        var caller = http.Caller();
        var request = await UserRequests.ReadAsync(http, cancel);
        var wanted = request.Key(grantable);
        if (request.Errors is not [])
            return request.Refuse([]);

        return await idempotency.RunAsync(
            http.Request,
            caller,
            request.Meaning,
            async keep =>
                Render(
                    await editor.MakeAsync(
                        accountId,
                        wanted,
                        http.Actor(caller.AccountId),
                        keep is null ? null : (db, made) => keep(db, MadeBefore(made.Id)),
                        cancel
                    ),
                    request
                ),
            cancel
        );
    }

    private static async Task<ApiResult> Revoke(
        HttpContext http,
        [FromRoute(Name = "key_id")] string keyId,
        KeyEditor editor,
        CancellationToken cancel
    )
    {
        var accountId = http.Caller().AccountId;
        return
            UserEndpoints.TryId(keyId, out var id)
            && await editor.RevokeAsync(accountId, id, http.Actor(accountId), cancel)
            ? ApiResult.NoContent
            : ApiResult.NotFound;
    }

    private static Task<ApiResult> Audit(HttpContext http, AuditLog audit, CancellationToken cancel) =>
        PagedLists.AnswerAsync<AuditResponse>(
            http,
            TimeZoneInfo.Utc,
            () => audit.CountAsync(cancel),
            async (offset, count) => [.. (await audit.ReadAsync(null, offset, count, cancel)).Select(AuditResponse.Of)]
        );

    // A key is stored nowhere in clear, so the same request again cannot get it again.
    private static ApiResult MadeBefore(long id) =>
        ApiResult.Error(
            409,
            $"The key {id} was made by the first request and is shown once: revoke it and make another.",
            Idempotency.Header
        );

    private static ApiResult Render(KeyMaking making, UserRequests request) =>
        making switch
        {
            KeyMaking.Made(var id, var key) => new(201, ApiJson.Write(new Envelope<MadeKey>(new(id, key)))),
            KeyMaking.Missing => ApiResult.NotFound,
            KeyMaking.Wrong(var problem) => request.Refuse([problem]),
            var unknown => throw new System.Diagnostics.UnreachableException($"{unknown}"),
        };
}
