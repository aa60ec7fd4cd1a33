using Microsoft.AspNetCore.Mvc;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Hosting;

namespace Signpost.Accounts.Api;

/// <summary>Accounts over HTTP: the caller's own account, and for admins all accounts.</summary>
internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder api)
    {
        var own = api.MapGroup("/user").WithTags("Account").Scoped(Scopes.AccountRead, Scopes.AccountWrite);
        own.MapGet("/", GetOwn)
            .Describe("getUser", "Read your account", "With a team's key: team_id and plan_settings are the team's.");
        own.MapPost("/", UpdateOwn)
            .Describe("updateUser", "Change your account", "Fields that are not sent do not change.")
            .WithBody(UserParameters.Own);

        var users = api.MapGroup("/users").WithTags("Accounts").Scoped(Scopes.Admin);
        users.MapGet("/", List).Describe("listUsers", "List accounts").WithQuery(Describe.Paging);
        users
            .MapPost("/", Create)
            .Describe(
                "createUser",
                "Create an account",
                "The default role is user. Signpost sends no e-mail to the address."
            )
            .WithNewBody(UserParameters.Any);
        users.MapGet("/{user_id}", Get).Describe("getUserById", "Read an account");
        users
            .MapPost("/{user_id}", Update)
            .Describe(
                "updateUserById",
                "Change, disable or enable an account",
                "All sessions of the account end if its e-mail address, password or role changes, or if it is disabled."
            )
            .WithBody(UserParameters.Any);
        users
            .MapDelete("/{user_id}", Delete)
            .Describe(
                "deleteUser",
                "Delete an account",
                "Its keys and sessions are deleted, too. If the account has links, send the parameter links."
            )
            .WithQuery(UserParameters.Delete)
            .Fails(400);
    }

    // This request is the last activity. It is stored a moment later.
    private static async Task<Found<UserResponse>> GetOwn(
        HttpContext http,
        AccountCatalog catalog,
        SignpostSettings settings,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        var (caller, now) = (http.Caller(), clock.GetUtcNow().ToUnixTimeMilliseconds());
        if (await catalog.FindAsync(caller.PersonId, cancel) is not { } profile)
            return ApiResult.NotFound;
        var usage = caller.ActsForTeam ? await catalog.UsageAsync(caller.AccountId, cancel) : profile.Usage;
        return UserResponse.Of(profile with { LastActiveAt = now, Usage = usage }, settings, caller.TimeZone) with
        {
            TeamId = caller.ActsForTeam ? caller.AccountId : null,
        };
    }

    private static async Task<Found<UserResponse>> Get(
        HttpContext http,
        [FromRoute(Name = "user_id")] PathId id,
        AccountCatalog catalog,
        SignpostSettings settings,
        CancellationToken cancel
    ) =>
        await catalog.FindAsync(id, cancel) is { } profile
            ? UserResponse.Of(profile, settings, http.Caller().TimeZone)
            : ApiResult.NotFound;

    private static Task<Listed<UserResponse>> List(
        HttpContext http,
        AccountCatalog catalog,
        SignpostSettings settings,
        CancellationToken cancel
    ) =>
        PagedLists.AnswerAsync(
            http,
            () => catalog.CountAsync(cancel),
            (offset, count) => catalog.ListAsync(offset, count, cancel),
            (profile, zone) => UserResponse.Of(profile, settings, zone)
        );

    private static async Task<Created<ResourceId>> Create(
        HttpContext http,
        AccountEditor editor,
        EditEndpoint edits,
        CancellationToken cancel
    )
    {
        var read = await http.BodyAsync(cancel);
        var wanted = UserRequests.Any(read, isNew: true);
        read.WarnOfUnknown(typeof(UserResponse));
        return await edits.CreateAsync<ResourceId, ResourceId>(
            http,
            wanted,
            afterwards => editor.CreateAsync(http.Caller(), wanted, afterwards, cancel),
            cancel
        );
    }

    private static async Task<Changed<ResourceId>> UpdateOwn(
        HttpContext http,
        AccountEditor editor,
        EditEndpoint edits,
        CancellationToken cancel
    )
    {
        var (caller, read) = (http.Caller(), await http.BodyAsync(cancel));
        var wanted = UserRequests.Own(read);
        read.WarnOfUnknown(typeof(UserResponse));
        return await edits.ChangeAsync<ResourceId, ResourceId>(
            http,
            wanted,
            afterwards => editor.UpdateAsync(caller, caller.PersonId, wanted, afterwards, cancel),
            cancel
        );
    }

    private static async Task<Changed<ResourceId>> Update(
        HttpContext http,
        [FromRoute(Name = "user_id")] PathId id,
        AccountEditor editor,
        EditEndpoint edits,
        CancellationToken cancel
    )
    {
        var read = await http.BodyAsync(cancel);
        var wanted = UserRequests.Any(read, isNew: false);
        read.WarnOfUnknown(typeof(UserResponse));
        return await edits.ChangeAsync<ResourceId, ResourceId>(
            http,
            wanted,
            afterwards => editor.UpdateAsync(http.Caller(), id, wanted, afterwards, cancel),
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
        if (id == 0)
            return Deleted.Of<ResourceId>(new Refusal.Missing());

        var read = new FieldReader(http.Query(), http.Caller().TimeZone);
        var links = read.OneOf("links", "delete", "transfer");
        var to = read.Number("to", _ => null);
        if (links.Value is "transfer")
            read.Require("to", to, to.Value is not null);
        if (read.Errors is not [])
            return Deleted.Of<ResourceId>(new Refusal.Invalid(read.Errors));

        Inheritance inheritance = links.Value switch
        {
            "delete" => new Inheritance.DeleteAll(),
            "transfer" => new Inheritance.GiveTo(to.Value!.Value),
            _ => new Inheritance.Nothing(),
        };
        return Deleted.Of(await removal.DeleteAsync(http.Caller(), id, inheritance, cancel));
    }
}
