namespace Signpost.Web;

/// <summary>Sends the bytes of a page; for HEAD only their number.</summary>
internal static class PageResponse
{
    public static async ValueTask SendAsync(HttpContext http, ReadOnlyMemory<byte> body)
    {
        if (http.Request.PathBase.HasValue)
            body = BasePath.AddTo(body, http.Request.PathBase);
        http.Response.ContentLength = body.Length;
        if (body.Length > 0 && !HttpMethods.IsHead(http.Request.Method))
            await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }
}
