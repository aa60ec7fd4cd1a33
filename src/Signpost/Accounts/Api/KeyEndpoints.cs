using Microsoft.AspNetCore.Mvc;
using Signpost.Accounts.Keys;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;

namespace Signpost.Accounts.Api;

/// <summary>API keys over HTTP. People manage their own keys; admins can create keys for others.</summary>
internal static class KeyEndpoints
{
    private const string Once =
        "The response holds the key. It is shown only once. A second request with the same Idempotency-Key gets 409 with the id of the key.";

    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/api-keys").WithTags("API keys").Scoped(Scopes.AccountRead, Scopes.AccountWrite);
        keys.MapGet("/", List).Describe("listApiKeys", "List your API keys").WithQuery(UserParameters.Keys);
        keys.MapPost("/", Make).Describe("createApiKey", "Create an API key", Once).WithBody(UserParameters.OwnKey);
        keys.MapGet("/{key_id}", Get).Describe("getApiKey", "Read an API key", "Everything except the key itself.");
        keys.MapDelete("/{key_id}", Revoke)
            .Describe(
                "deleteApiKey",
                "Revoke an API key",
                "The key stops working at once, and so do the keys of the same person that it made, over all generations."
            )
            .WithQuery(UserParameters.Revoke)
            .Fails(400);

        api.MapPost("/users/{user_id}/api-keys", MakeFor)
            .WithTags("Accounts")
            .Scoped(Scopes.Admin)
            .Describe("createUserApiKey", "Create an API key", Once)
            .WithBody(UserParameters.Key)
            .Fails(404);
    }

    private static Task<Listed<KeyResponse>> List(HttpContext http, KeyCatalog catalog, CancellationToken cancel)
    {
        var caller = http.Caller();
        var id = caller.AccountId;
        return PagedLists.AnswerAsync(
            http,
            () => catalog.CountAsync(caller, id, cancel),
            (offset, count) => catalog.ListAsync(caller, id, offset, count, cancel),
            KeyResponse.Of,
            filter: query => id = query.Number("team_id", _ => null).Value is { } team and not 0 ? team : id
        );
    }

    private static async Task<Found<KeyResponse>> Get(
        HttpContext http,
        [FromRoute(Name = "key_id")] PathId id,
        KeyCatalog catalog,
        CancellationToken cancel
    ) =>
        await catalog.FindAsync(http.Caller(), id, cancel) is { } key
            ? KeyResponse.Of(key, http.Caller().TimeZone)
            : ApiResult.NotFound;

    private static async Task<Created<NewKeyResponse>> Make(
        HttpContext http,
        Memberships memberships,
        KeyEditor editor,
        EditEndpoint edits,
        CancellationToken cancel
    )
    {
        var (caller, read) = (http.Caller(), await http.BodyAsync(cancel));
        var sent = read.Number("team_id", _ => null);
        // A team's key makes keys of its team only.
        var asked = sent.Value ?? (caller.ActsForTeam && !sent.IsPresent ? caller.AccountId : 0);
        var team =
            asked == 0 || (caller.ActsForTeam && asked != caller.AccountId)
                ? null
                : await memberships.InAsync(caller, asked, cancel);
        if (team is not { ActsForTeam: true } && (asked != 0 || caller.ActsForTeam))
            read.Add("team_id must be a team of yours.", sent.As ?? "team_id");
        var maker = team ?? caller;
        return await MakeAsync(http, maker, maker.AccountId, maker.Rights, read, editor, edits, cancel);
    }

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
        var grantable = profile.IsAdmin ? rights : rights & ~Scopes.Admin;
        var read = await http.BodyAsync(cancel);
        return await MakeAsync(http, http.Caller(), id, grantable, read, editor, edits, cancel);
    }

    private static async Task<Created<NewKeyResponse>> MakeAsync(
        HttpContext http,
        Caller maker,
        long accountId,
        Scopes grantable,
        FieldReader read,
        KeyEditor editor,
        EditEndpoint edits,
        CancellationToken cancel
    )
    {
        var wanted = UserRequests.Key(read, grantable);
        read.WarnOfUnknown(typeof(KeyResponse));
        return await edits.CreateAsync<MadeKey, NewKeyResponse>(
            http,
            wanted,
            afterwards => editor.MakeAsync(maker, accountId, wanted, afterwards, cancel),
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

    // Keys are stored only as hashes, so a repeated request cannot get the key again.
    private static ApiResult MadeBefore(long id) =>
        ApiResult.Error(
            409,
            $"The first request created the key {id}. A key is shown only once: revoke it and create another one.",
            Idempotency.Header
        );
}
