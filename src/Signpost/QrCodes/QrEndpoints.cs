using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;
using Signpost.Files;
using Signpost.Links;

namespace Signpost.QrCodes;

/// <summary>Pictures of QR codes over HTTP: of a link for its owner, and of a kept code for everybody who knows its address.</summary>
internal static class QrEndpoints
{
    private static readonly string[] ContentTypes = [.. QrDrawing.Formats.Select(QrDrawing.ContentTypeOf)];

    public static void MapLinkQrCode(this IEndpointRouteBuilder api) =>
        api.MapGet("/links/{link_id}/qr", OfLinkAsync)
            .WithTags("Links")
            .Scoped(Scopes.LinksRead)
            .Describe(
                "getLinkQrCode",
                "Draw a QR code of a link",
                "It holds the short address with the parameter qr, so that a scan counts as trigger=qr. It is drawn at once and not kept."
            )
            .WithQuery(() =>
                [
                    new("format", Describe.OneOf(QrDrawing.Formats), $"Default: {QrDrawing.Formats[0]}."),
                    .. QrLookFields.Parameters(),
                ]
            )
            .WithMetadata(new ProducesResponseTypeMetadata(200, typeof(Stream), ContentTypes))
            .Fails(400, 404);

    /// <summary>Maps the pictures for everybody.</summary>
    public static IEndpointConventionBuilder MapQrPictures(this IEndpointRouteBuilder app) =>
        app.MapMethods(QrCodeCatalog.Prefix + "{secret}.{format}", [HttpMethods.Get, HttpMethods.Head], KeptAsync)
            .ExcludeFromDescription();

    private static async Task<IResult> OfLinkAsync(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        LinkCatalog links,
        QrSketches sketches,
        CancellationToken cancel
    )
    {
        if (await links.FindAsync(http.Caller(), id, cancel) is not { } link)
            return ApiResult.NotFound;
        var read = http.QueryReader();
        var format = read.OneOf("format", QrDrawing.Formats).Value ?? QrDrawing.Formats[0];
        var sketch = await sketches.ReadAsync(http.Caller(), QrTargets.TextOf(link.ShortUrl), read);
        if (sketch.Errors is not [])
            return ApiResult.Refused(new Refusal.Invalid(sketch.Errors));

        http.Response.Headers.CacheControl = "private, no-cache";
        if (IsKnown(http, sketch.Code, format))
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        if (await sketches.DrawAsync(sketch, format, cancel) is { } picture)
            return Send(http, picture, $"qr-{id.Value}.{format}");
        http.Response.Headers.ETag = default;
        http.Response.Headers.CacheControl = "no-store";
        return ApiResult.Refused(new Refusal.Invalid(await sketches.ProblemsAsync(sketch)));
    }

    private static async Task<IResult> KeptAsync(
        HttpContext http,
        string secret,
        string format,
        QrCodeCatalog catalog,
        QrPictures pictures,
        CancellationToken cancel
    )
    {
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        if (!QrDrawing.Formats.Contains(format) || await catalog.FindPublicAsync(secret, cancel) is not { } code)
            return TypedResults.NotFound();

        // Pages of other sites show it. A logo is part of the picture.
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.ContentSecurityPolicy = "default-src 'none'; img-src data:; sandbox";
        if (code.Text is not null)
        {
            headers.CacheControl = "public, max-age=300";
            if (IsKnown(http, code, format))
                return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        // The link may have got an address that is too long for the look.
        var picture =
            await pictures.DrawAsync(code, format, cancel)
            ?? await pictures.DrawAsync(code = code with { Text = null }, format, cancel);
        if (code.Text is not null)
            return Send(http, picture!, $"qr.{format}");
        headers.ETag = default;
        headers.CacheControl = "no-store";
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Send(http, picture!, $"qr.{format}");
    }

    // Sets the tag, too.
    private static bool IsKnown(HttpContext http, CodedText code, string format)
    {
        var tag = QrPictures.TagOf(code, format);
        http.Response.Headers.ETag = tag;
        return EntityTagHeaderValue.TryParseList(http.Request.Headers.IfNoneMatch, out var known)
            && known.Any(one => one.Tag == "*" || one.Tag == tag);
    }

    private static PictureResult Send(HttpContext http, Picture picture, string fileName)
    {
        // Browsers show it, and use the name when people save it.
        http.Response.Headers.ContentDisposition = $"inline; filename=\"{fileName}\"";
        return new(picture);
    }

    // Keeps the status.
    private sealed class PictureResult(Picture picture) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.ContentType = picture.ContentType;
            response.ContentLength = picture.Content.Length;
            if (!HttpMethods.IsHead(httpContext.Request.Method))
                await response.Body.WriteAsync(picture.Content, httpContext.RequestAborted);
        }
    }
}
