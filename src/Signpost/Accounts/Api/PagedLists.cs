using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;

namespace Signpost.Accounts.Api;

/// <summary>Answers a list page by page.</summary>
internal static class PagedLists
{
    /// <param name="count">How many there are on all pages.</param>
    /// <param name="read">Reads so many from an offset on.</param>
    /// <param name="responseOf">Shapes one of them, with dates in the caller's time zone.</param>
    public static async Task<Listed<TResponse>> AnswerAsync<T, TResponse>(
        HttpContext http,
        Func<Task<long>> count,
        Func<long, int, Task<IReadOnlyList<T>>> read,
        Func<T, TimeZoneInfo, TResponse> responseOf
    )
    {
        var zone = http.Caller().TimeZone;
        var query = new FieldReader(http.Query(), zone);
        var paging = Paging.Read(query);
        if (query.Errors is not [])
            return new Refusal.Invalid(query.Errors);

        var total = await count();
        var items = paging.Offset(total) is { } offset && offset < total ? await read(offset, paging.Size) : [];
        return Listed<TResponse>.Of(http, paging, [.. items.Select(item => responseOf(item, zone))], total);
    }
}
