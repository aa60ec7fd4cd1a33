using Microsoft.AspNetCore.Mvc;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;

namespace Signpost.Accounts.Api;

/// <summary>Accounts over HTTP: one's own, and for admins everybody's.</summary>
internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder api)
    {
        var own = api.MapGroup("/user").WithTags("Account").Scoped(Scopes.AccountRead, Scopes.AccountWrite);
        own.MapGet("/", GetOwn).Describe("getUser", "Read your account");
        own.MapPost("/", UpdateOwn)
            .Describe("updateUser", "Change your account", "What is not sent stays as it is.")
            .WithBody(UserParameters.Own)
            .WithMetadata(new TakesIdempotencyKey());

        var users = api.MapGroup("/users").WithTags("Accounts").Scoped(Scopes.Admin);
        users.MapGet("/", List).Describe("listUsers", "List accounts").WithQuery(Describe.Paging);
        users
            .MapPost("/", Create)
            .Describe(
                "createUser",
                "Make an account",
                "It is a user unless role says admin. Nothing is sent to the address."
            )
            .WithNewBody(UserParameters.Any)
            .WithMetadata(new TakesIdempotencyKey());
        users.MapGet("/{user_id}", Get).Describe("getUserById", "Read an account");
        users
            .MapPost("/{user_id}", Update)
            .Describe(
                "updateUserById",
                "Change, disable or enable an account",
                "Another e-mail, password or role, and disabling, end every session of the account."
            )
            .WithBody(UserParameters.Any)
            .WithMetadata(new TakesIdempotencyKey());
        users
            .MapDelete("/{user_id}", Delete)
            .Describe(
                "deleteUser",
                "Delete an account",
                "Its keys and sessions go too. Where it has links, links says what becomes of them."
            )
            .WithQuery(UserParameters.Delete)
            .Fails(400);
    }

    private static Task<Found<UserResponse>> GetOwn(
        HttpContext http,
        AccountCatalog catalog,
        CancellationToken cancel
    ) => Get(http, new(http.Caller().AccountId), catalog, cancel);

    private static async Task<Found<UserResponse>> Get(
        HttpContext http,
        [FromRoute(Name = "user_id")] PathId id,
        AccountCatalog catalog,
        CancellationToken cancel
    ) =>
        await catalog.FindAsync(id, cancel) is { } profile
            ? UserResponse.Of(profile, http.Caller().TimeZone)
            : ApiResult.NotFound;

    private static Task<Listed<UserResponse>> List(
        HttpContext http,
        AccountCatalog catalog,
        CancellationToken cancel
    ) =>
        PagedLists.AnswerAsync(
            http,
            () => catalog.CountAsync(cancel),
            (offset, count) => catalog.ListAsync(offset, count, cancel),
            UserResponse.Of
        );

    private static async Task<Created<UserId>> Create(
        HttpContext http,
        AccountEditor editor,
        Idempotency idempotency,
        CancellationToken cancel
    )
    {
        var caller = http.Caller();
        var request = await UserRequests.ReadAsync(http, cancel);
        var wanted = request.Any(isNew: true);
        if (request.Errors is not [] || wanted.Problems() is not [])
            return new(request.Refuse(wanted.Problems()));

        return new(
            await idempotency.RunAsync(
                http.Request,
                caller,
                request.Meaning,
                async keep =>
                    Render(
                        await editor.CreateAsync(wanted, http.Caller(), Keeping(keep, request, 201), cancel),
                        request,
                        201
                    ),
                cancel
            )
        );
    }

    private static async Task<Changed<UserId>> UpdateOwn(
        HttpContext http,
        AccountEditor editor,
        Idempotency idempotency,
        CancellationToken cancel
    )
    {
        var request = await UserRequests.ReadAsync(http, cancel);
        return new(
            await UpdateAsync(http, http.Caller().AccountId, request, request.Own(), editor, idempotency, cancel)
        );
    }

    private static async Task<Changed<UserId>> Update(
        HttpContext http,
        [FromRoute(Name = "user_id")] PathId id,
        AccountEditor editor,
        Idempotency idempotency,
        CancellationToken cancel
    )
    {
        var request = await UserRequests.ReadAsync(http, cancel);
        var wanted = request.Any(isNew: false);
        return new(await UpdateAsync(http, id, request, wanted, editor, idempotency, cancel));
    }

    private static async Task<ApiResult> UpdateAsync(
        HttpContext http,
        long id,
        UserRequests request,
        AccountChanges wanted,
        AccountEditor editor,
        Idempotency idempotency,
        CancellationToken cancel
    )
    {
        if (request.Errors is not [])
            return request.Refuse(wanted.Problems());

        return await idempotency.RunAsync(
            http.Request,
            http.Caller(),
            request.Meaning,
            async keep =>
                Render(
                    await editor.UpdateAsync(id, wanted, http.Caller(), Keeping(keep, request, 200), cancel),
                    request,
                    200
                ),
            cancel
        );
    }

    private static async Task<Deleted> Delete(
        HttpContext http,
        [FromRoute(Name = "user_id")] PathId id,
        AccountRemoval removal,
        CancellationToken cancel
    )
    {
        var read = new FieldReader(http.Query(), TimeZoneInfo.Utc);
        var links = read.OneOf("links", "delete", "transfer");
        var to = read.Number("to", _ => null);
        if (links.Value is "transfer")
            read.Require("to", to, to.Value is not null);
        if (read.Errors is not [])
            return new(ApiResult.Errors(400, read.Errors));

        Inheritance inheritance = links.Value switch
        {
            "delete" => new Inheritance.DeleteAll(),
            "transfer" => new Inheritance.GiveTo(to.Value!.Value),
            _ => new Inheritance.Nothing(),
        };
        return new(
            await removal.DeleteAsync(id, inheritance, http.Caller(), cancel) switch
            {
                AccountEdit.Done => ApiResult.NoContent,
                AccountEdit.Wrong(var problems) => ApiResult.Errors(
                    400,
                    [.. problems.Select(problem => new FieldError(problem.Sentence, problem.Field))]
                ),
                _ => ApiResult.NotFound,
            }
        );
    }

    private static AfterAccountEdit? Keeping(KeepResponse? keep, UserRequests request, int status) =>
        keep is null ? null : (db, id) => keep(db, Render(new AccountEdit.Done(id), request, status));

    private static ApiResult Render(AccountEdit edit, UserRequests request, int status) =>
        edit switch
        {
            AccountEdit.Done(var id) => new(status, ApiJson.Write(new Envelope<UserId>(new(id)))),
            AccountEdit.Missing => ApiResult.NotFound,
            AccountEdit.Wrong(var problems) => request.Refuse(problems),
            var unknown => throw new System.Diagnostics.UnreachableException($"{unknown}"),
        };
}
