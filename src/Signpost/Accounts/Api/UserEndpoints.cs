using Microsoft.AspNetCore.Mvc;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;

namespace Signpost.Accounts.Api;

/// <summary>Accounts over HTTP: one's own, and for admins everybody's.</summary>
internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder api)
    {
        var own = api.MapGroup("/user").WithTags("Account").Scoped(Scopes.AccountRead, Scopes.AccountWrite);
        own.MapGet("/", GetOwn).DescribeGetOwn();
        own.MapPost("/", UpdateOwn).DescribeUpdateOwn();

        var users = api.MapGroup("/users").WithTags("Accounts/Api").Scoped(Scopes.Admin);
        users.MapGet("/", List).DescribeList();
        users.MapPost("/", Create).DescribeCreate();
        users.MapGet("/{user_id}", Get).DescribeGet();
        users.MapPost("/{user_id}", Update).DescribeUpdate();
        users.MapDelete("/{user_id}", Delete).DescribeDelete();
    }

    private static async Task<ApiResult> GetOwn(HttpContext http, AccountCatalog catalog, CancellationToken cancel) =>
        await AnswerAsync(http, catalog, http.Caller().AccountId, cancel);

    private static async Task<ApiResult> Get(
        HttpContext http,
        [FromRoute(Name = "user_id")] string userId,
        AccountCatalog catalog,
        CancellationToken cancel
    ) => TryId(userId, out var id) ? await AnswerAsync(http, catalog, id, cancel) : ApiResult.NotFound;

    private static Task<ApiResult> List(HttpContext http, AccountCatalog catalog, CancellationToken cancel)
    {
        var zone = http.Caller().TimeZone;
        return PagedLists.AnswerAsync<UserResponse>(
            http,
            zone,
            () => catalog.CountAsync(cancel),
            async (offset, count) =>
                [.. (await catalog.ListAsync(offset, count, cancel)).Select(profile => UserResponse.Of(profile, zone))]
        );
    }

    private static async Task<ApiResult> Create(
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
            return request.Refuse(wanted.Problems());

        return await idempotency.RunAsync(
            http.Request,
            caller,
            request.Meaning,
            async keep =>
                Render(
                    await editor.CreateAsync(wanted, Actor(http), Keeping(keep, request, 201), cancel),
                    request,
                    201
                ),
            cancel
        );
    }

    private static async Task<ApiResult> UpdateOwn(
        HttpContext http,
        AccountEditor editor,
        Idempotency idempotency,
        CancellationToken cancel
    )
    {
        var request = await UserRequests.ReadAsync(http, cancel);
        return await UpdateAsync(http, http.Caller().AccountId, request, request.Own(), editor, idempotency, cancel);
    }

    private static async Task<ApiResult> Update(
        HttpContext http,
        [FromRoute(Name = "user_id")] string userId,
        AccountEditor editor,
        Idempotency idempotency,
        CancellationToken cancel
    )
    {
        var request = await UserRequests.ReadAsync(http, cancel);
        var wanted = request.Any(isNew: false);
        return TryId(userId, out var id)
            ? await UpdateAsync(http, id, request, wanted, editor, idempotency, cancel)
            : ApiResult.NotFound;
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
                    await editor.UpdateAsync(id, wanted, Actor(http), Keeping(keep, request, 200), cancel),
                    request,
                    200
                ),
            cancel
        );
    }

    private static async Task<ApiResult> Delete(
        HttpContext http,
        [FromRoute(Name = "user_id")] string userId,
        AccountRemoval removal,
        CancellationToken cancel
    )
    {
        if (!TryId(userId, out var id))
            return ApiResult.NotFound;

        var read = new FieldReader(FormBody.ParseQuery(http.Request.QueryString.Value ?? ""), TimeZoneInfo.Utc);
        var links = read.OneOf("links", "delete", "transfer");
        var to = read.Number("to", _ => null);
        if (links.Value is "transfer")
            read.Require("to", to, to.Value is not null);
        if (read.Errors is not [])
            return ApiResult.Errors(400, read.Errors);

        Inheritance inheritance = links.Value switch
        {
            "delete" => new Inheritance.DeleteAll(),
            "transfer" => new Inheritance.GiveTo(to.Value!.Value),
            _ => new Inheritance.Nothing(),
        };
        return await removal.DeleteAsync(id, inheritance, Actor(http), cancel) switch
        {
            AccountEdit.Done => ApiResult.NoContent,
            AccountEdit.Wrong(var problems) => ApiResult.Errors(
                400,
                [.. problems.Select(problem => new FieldError(problem.Sentence, problem.Field))]
            ),
            _ => ApiResult.NotFound,
        };
    }

    private static async Task<ApiResult> AnswerAsync(
        HttpContext http,
        AccountCatalog catalog,
        long id,
        CancellationToken cancel
    ) =>
        await catalog.FindAsync(id, cancel) is { } profile
            ? ApiResult.Ok(new Envelope<UserResponse>(UserResponse.Of(profile, http.Caller().TimeZone)))
            : ApiResult.NotFound;

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

    private static Actor Actor(HttpContext http) => http.Actor(http.Caller().AccountId);

    public static bool TryId(string text, out long id) => FieldText.TryNumber(text, out id) && id >= 1;
}
