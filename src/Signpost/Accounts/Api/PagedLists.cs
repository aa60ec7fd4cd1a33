using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Bodies;

namespace Signpost.Accounts.Api;

/// <summary>Answers a list page by page.</summary>
internal static class PagedLists
{
    /// <param name="count">How many there are on all pages.</param>
    /// <param name="read">Reads so many from an offset on.</param>
    public static async Task<ApiResult> AnswerAsync<T>(
        HttpContext http,
        TimeZoneInfo zone,
        Func<Task<long>> count,
        Func<long, int, Task<IReadOnlyList<T>>> read
    )
    {
        var sent = http.Request.QueryString.Value ?? "";
        var fields = new FieldReader(FormBody.ParseQuery(sent), zone);
        var paging = Paging.Read(fields);
        if (fields.Errors is not [])
            return ApiResult.Errors(400, fields.Errors);

        var total = await count();
        var items = paging.Offset(total) is { } offset && offset < total ? await read(offset, paging.Size) : [];
        var address = http.RequestServices.GetRequiredService<PublicAddress>();
        var path = http.Request.Path.Value!.TrimEnd('/');
        return ApiResult.Ok(new Page<T>(items, paging.Meta(total), paging.Links(total, $"{address.Url}{path}", sent)));
    }
}
