using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Signpost.Api.Callers;

namespace Signpost.Api.Edits;

/// <summary>Marks endpoints of edits: their POST requests may carry an Idempotency-Key.</summary>
internal sealed record TakesIdempotencyKey;

/// <summary>The one way from an editor to a response, with the Idempotency-Key of POST requests.</summary>
internal sealed class EditEndpoint(Idempotency idempotency) : IEndpointParameterMetadataProvider
{
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new TakesIdempotencyKey());

    /// <summary>Runs an edit that makes a new thing.</summary>
    /// <param name="again">The response to the same request again; null: the same response.</param>
    public async Task<Created<T>> CreateAsync<T>(
        HttpContext http,
        IChanges changes,
        Func<AfterEdit<T>?, Task<EditResult<T>>> edit,
        CancellationToken cancel,
        Func<T, ApiResult>? again = null
    )
        where T : WarnedResponse =>
        new(await RunAsync(http, changes, StatusCodes.Status201Created, edit, cancel, again));

    /// <summary>Runs an edit that changes a thing.</summary>
    public async Task<Changed<T>> ChangeAsync<T>(
        HttpContext http,
        IChanges changes,
        Func<AfterEdit<T>?, Task<EditResult<T>>> edit,
        CancellationToken cancel
    )
        where T : WarnedResponse => new(await RunAsync(http, changes, StatusCodes.Status200OK, edit, cancel));

    // The editor is called in spite of errors, because it gives the right refusal: other accounts only get 404.
    private Task<ApiResult> RunAsync<T>(
        HttpContext http,
        IChanges changes,
        int status,
        Func<AfterEdit<T>?, Task<EditResult<T>>> edit,
        CancellationToken cancel,
        Func<T, ApiResult>? again = null
    )
        where T : WarnedResponse
    {
        return changes.Errors is [] && HttpMethods.IsPost(http.Request.Method)
            ? idempotency.RunAsync(http.Request, http.Caller(), changes.Meaning, OnceAsync, cancel)
            : OnceAsync(null);

        async Task<ApiResult> OnceAsync(KeepResponse? keep) =>
            await edit(keep is null ? null : (db, value) => keep(db, (again ?? Render)(value))) switch
            {
                EditResult<T>.Done(var value) => Render(value),
                EditResult<T>.Refused(var why) => ApiResult.Refused(why),
                var unknown => throw new System.Diagnostics.UnreachableException($"{unknown}"),
            };

        ApiResult Render(T value) => new(status, ApiJson.Write(new Envelope<T>(Warned(value, changes))));
    }

    private static T Warned<T>(T value, IChanges changes)
        where T : WarnedResponse => changes.Warnings is [] ? value : (T)(value with { Warnings = changes.Warnings });
}
