using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Signpost.Addressing;
using Signpost.Api.Edits;

namespace Signpost.Api;

/// <summary>The statuses of success and failure of a type of response.</summary>
internal interface IResponseShape
{
    static abstract int Status { get; }

    /// <summary>Null: the response has no body.</summary>
    static abstract Type? Body { get; }

    static abstract IReadOnlyList<int> Failures { get; }
}

/// <summary>
/// A response type that declares its statuses and its body. The OpenAPI document is made from these types, so it is correct by
/// construction.
/// </summary>
internal abstract class TypedResponse<TShape>(ApiResult result) : IResult, IEndpointMetadataProvider
    where TShape : IResponseShape
{
    public Task ExecuteAsync(HttpContext httpContext) => result.ExecuteAsync(httpContext);

    // The media types are no static field: in this generic type it held a null where the program is compiled ahead (ReadyToRun), and
    // the published program did not start.
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(
            TShape.Body is { } body
                ? new ProducesResponseTypeMetadata(TShape.Status, body, ["application/json"])
                : new ProducesResponseTypeMetadata(TShape.Status, typeof(void))
        );
        foreach (var status in TShape.Failures)
            builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ErrorResponse), ["application/json"]));
    }
}

/// <summary>One thing, or 404.</summary>
internal sealed class Found<T>(ApiResult result) : TypedResponse<Found<T>>(result), IResponseShape
    where T : class
{
    public static int Status => StatusCodes.Status200OK;
    public static Type Body => typeof(Envelope<T>);
    public static IReadOnlyList<int> Failures { get; } = [404];

    public static implicit operator Found<T>(T? value) =>
        new(value is null ? ApiResult.NotFound : ApiResult.Ok(new Envelope<T>(value)));

    public static implicit operator Found<T>(ApiResult failure) => new(failure);
}

/// <summary>One page of a list.</summary>
internal sealed class Listed<T>(ApiResult result) : TypedResponse<Listed<T>>(result), IResponseShape
{
    public static int Status => StatusCodes.Status200OK;
    public static Type Body => typeof(Page<T>);
    public static IReadOnlyList<int> Failures { get; } = [400];

    /// <param name="total">The number of items on all pages of the list at the request's endpoint.</param>
    /// <param name="isExact">False: there may be more items.</param>
    public static Listed<T> Of(
        HttpContext http,
        Paging paging,
        IReadOnlyList<T> items,
        long total,
        IReadOnlyList<Warning> warnings,
        bool isExact = true,
        PageCursors? cursors = null
    )
    {
        var main = http.RequestServices.GetRequiredService<PublicAddress>();
        // The endpoint's own spelling, with the values of this request.
        var path = http.Request.RouteValues.Aggregate(
            ((RouteEndpoint)http.GetEndpoint()!).RoutePattern.RawText!.Trim('/'),
            (text, value) =>
                text.Replace($"{{{value.Key}}}", Uri.EscapeDataString($"{value.Value}"), StringComparison.Ordinal)
        );
        var links = paging.Links(total, $"{main.Url}/{path}", http.Request.QueryString.Value ?? "", cursors);
        var meta = paging.Meta(total, isExact) with
        {
            NextCursor = cursors?.Next,
            Warnings = warnings is [] ? null : warnings,
        };
        return new(ApiResult.Ok(new Page<T>(items, meta, links)));
    }

    public static implicit operator Listed<T>(Refusal why) => new(ApiResult.Refused(why));
}

/// <summary>The response to a query; the body has its own form.</summary>
internal sealed class Answered<TBody>(ApiResult result) : TypedResponse<Answered<TBody>>(result), IResponseShape
    where TBody : class
{
    public static int Status => StatusCodes.Status200OK;
    public static Type Body => typeof(TBody);
    public static IReadOnlyList<int> Failures { get; } = [400, 404];

    public static implicit operator Answered<TBody>(TBody body) => new(ApiResult.Ok(body));

    public static implicit operator Answered<TBody>(Refusal why) => new(ApiResult.Refused(why));
}

/// <summary>Work that continues after the response.</summary>
internal sealed class Accepted<T>(ApiResult result) : TypedResponse<Accepted<T>>(result), IResponseShape
    where T : notnull
{
    public static int Status => StatusCodes.Status202Accepted;
    public static Type Body => typeof(Envelope<T>);
    public static IReadOnlyList<int> Failures { get; } = [];

    public static implicit operator Accepted<T>(T value) =>
        new(new ApiResult(Status, ApiJson.Write(new Envelope<T>(value))));
}

/// <summary>A created thing; made by <see cref="EditEndpoint"/>.</summary>
internal sealed class Created<T>(ApiResult result) : TypedResponse<Created<T>>(result), IResponseShape
    where T : notnull
{
    public static int Status => StatusCodes.Status201Created;
    public static Type Body => typeof(Envelope<T>);
    public static IReadOnlyList<int> Failures { get; } = [400, 409];
}

/// <summary>A changed thing; made by <see cref="EditEndpoint"/>.</summary>
internal sealed class Changed<T>(ApiResult result) : TypedResponse<Changed<T>>(result), IResponseShape
    where T : notnull
{
    public static int Status => StatusCodes.Status200OK;
    public static Type Body => typeof(Envelope<T>);
    public static IReadOnlyList<int> Failures { get; } = [400, 404, 409];
}

/// <summary>A deleted thing.</summary>
internal sealed class Deleted(ApiResult result) : TypedResponse<Deleted>(result), IResponseShape
{
    public static int Status => StatusCodes.Status204NoContent;
    public static Type? Body => null;
    public static IReadOnlyList<int> Failures { get; } = [404];

    public static Deleted Of<T>(EditResult<T> edit) =>
        new(edit is EditResult<T>.Refused(var why) ? ApiResult.Refused(why) : ApiResult.NoContent);
}
