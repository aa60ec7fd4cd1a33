using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Api.Edits;

/// <summary>Marks endpoints of edits: their POST requests may carry an Idempotency-Key.</summary>
internal sealed record TakesIdempotencyKey;

/// <summary>The one way from an editor to a response, with the Idempotency-Key of POST requests.</summary>
internal sealed class EditEndpoint(Idempotency idempotency, Memberships memberships)
    : IEndpointParameterMetadataProvider
{
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new TakesIdempotencyKey());

    /// <summary>Runs an edit that makes a new thing.</summary>
    /// <param name="read">Reads the response within the transaction of the edit; null: the value of the edit is the response.</param>
    /// <param name="again">The response to the same request again; null: the same response.</param>
    public async Task<Created<TResponse>> CreateAsync<T, TResponse>(
        HttpContext http,
        IChanges changes,
        Func<AfterEdit<T>, Task<EditResult<T>>> edit,
        CancellationToken cancel,
        ReadEdited<T>? read = null,
        Func<T, ApiResult>? again = null
    )
        where T : WarnedResponse
        where TResponse : WarnedResponse =>
        new(await RunAsync(http, changes, StatusCodes.Status201Created, edit, read, again, cancel));

    /// <summary>Runs an edit that changes a thing.</summary>
    /// <param name="read">Reads the response within the transaction of the edit; null: the value of the edit is the response.</param>
    public async Task<Changed<TResponse>> ChangeAsync<T, TResponse>(
        HttpContext http,
        IChanges changes,
        Func<AfterEdit<T>, Task<EditResult<T>>> edit,
        CancellationToken cancel,
        ReadEdited<T>? read = null
    )
        where T : WarnedResponse
        where TResponse : WarnedResponse =>
        new(await RunAsync(http, changes, StatusCodes.Status200OK, edit, read, null, cancel));

    /// <summary>Runs an edit that begins work which continues after the response.</summary>
    /// <param name="location">The address of the progress, from the id in the response.</param>
    public async Task<Accepted<TResponse>> AcceptAsync<T, TResponse>(
        HttpContext http,
        IChanges changes,
        Func<AfterEdit<T>, Task<EditResult<T>>> edit,
        Func<long, string> location,
        ReadEdited<T> read,
        CancellationToken cancel
    )
        where T : WarnedResponse
        where TResponse : WarnedResponse
    {
        var result = await RunAsync(http, changes, StatusCodes.Status202Accepted, edit, read, null, cancel);
        // Also for a kept response.
        if (result.Status == StatusCodes.Status202Accepted)
            http.Response.Headers.Location = location((long)JsonNode.Parse(result.Body)!["data"]!["id"]!);
        return new(result);
    }

    // The editor is called in spite of errors, because it gives the right refusal: other accounts only get 404.
    private async Task<ApiResult> RunAsync<T>(
        HttpContext http,
        IChanges changes,
        int status,
        Func<AfterEdit<T>, Task<EditResult<T>>> edit,
        ReadEdited<T>? read,
        Func<T, ApiResult>? again,
        CancellationToken cancel
    )
        where T : WarnedResponse
    {
        if (await HasLostRightsAsync(http, cancel))
            return ApiEdge.ForStatus(StatusCodes.Status403Forbidden);
        var result =
            changes.Errors is [] && HttpMethods.IsPost(http.Request.Method)
                ? await idempotency.RunAsync(http.Request, http.Caller(), changes.Meaning, OnceAsync, cancel)
                : await OnceAsync(null);
        // A kept response may be that of a key that could read more.
        return http.Caller().May(http.GetEndpoint()!.Metadata.GetRequiredMetadata<ReadScope>().Scope)
            ? result
            : ShortResponse.Of(result);

        async Task<ApiResult> OnceAsync(KeepResponse? keep)
        {
            ApiResult? done = null;
            try
            {
                var edited = await edit(
                    async (db, value) =>
                    {
                        // Once more, now that no other edit can come between. It reads the state before this edit, which may lower the
                        // caller's own role.
                        if (await HasLostRightsAsync(http, cancel))
                            throw new LostRightsException();
                        done = Render(read is null ? value : await read(db, value, cancel));
                        if (keep is not null)
                            await keep(db, again?.Invoke(value) ?? done);
                    }
                );
                return edited is EditResult<T>.Refused(var why) ? ApiResult.Refused(why) : done!;
            }
            catch (LostRightsException)
            {
                return ApiEdge.ForStatus(StatusCodes.Status403Forbidden);
            }
        }

        ApiResult Render(WarnedResponse value) =>
            new(
                status,
                ApiJson.Write(
                    new Envelope<object>(changes.Warnings is [] ? value : value with { Warnings = changes.Warnings })
                )
            );
    }

    // A slow client can take minutes for its body: meanwhile a team may have removed the member, or given another role.
    private async Task<bool> HasLostRightsAsync(HttpContext http, CancellationToken cancel)
    {
        var caller = http.Caller();
        if (!caller.ActsForTeam)
            return false;
        var needed = http.GetEndpoint()!.Metadata.GetRequiredMetadata<NeededScope>().Scope;
        return await memberships.InAsync(caller, caller.AccountId, cancel) is not { } now || !now.May(needed);
    }

    // It undoes the transaction of the edit.
    private sealed class LostRightsException : Exception;
}

/// <summary>Reads the response to an edit within its transaction.</summary>
internal delegate Task<WarnedResponse> ReadEdited<in T>(SignpostDb db, T edited, CancellationToken cancel);
