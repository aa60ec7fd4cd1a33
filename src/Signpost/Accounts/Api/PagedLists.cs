using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;

namespace Signpost.Accounts.Api;

/// <summary>Responses for lists with pages.</summary>
internal static class PagedLists
{
    /// <param name="count">Returns the number of items on all pages.</param>
    /// <param name="read">Reads a number of items, beginning at an offset.</param>
    /// <param name="responseOf">Makes the response of one item, with dates in the caller's time zone.</param>
    /// <param name="warning">A warning for every page of the list; null: there is none.</param>
    /// <param name="filter">Reads further parameters of the query, before anything else is called.</param>
    public static async Task<Listed<TResponse>> AnswerAsync<T, TResponse>(
        HttpContext http,
        Func<Task<long>> count,
        Func<long, int, Task<IReadOnlyList<T>>> read,
        Func<T, TimeZoneInfo, TResponse> responseOf,
        Warning? warning = null,
        Action<FieldReader>? filter = null
    )
    {
        var zone = http.Caller().TimeZone;
        var query = http.QueryReader();
        var paging = Paging.Read(query);
        filter?.Invoke(query);
        query.WarnOfUnknown();
        if (warning is not null)
            query.Warnings.Add(warning);
        if (query.Errors is not [])
            return new Refusal.Invalid(query.Errors);

        var total = await count();
        var items = paging.Offset(total) is { } offset && offset < total ? await read(offset, paging.Size) : [];
        return Listed<TResponse>.Of(
            http,
            paging,
            [.. items.Select(item => responseOf(item, zone))],
            total,
            query.Warnings
        );
    }
}
