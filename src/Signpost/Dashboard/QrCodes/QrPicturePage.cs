using Signpost.Addressing;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Dashboard.Shell;
using Signpost.Links;
using Signpost.QrCodes;
using Signpost.Web.Languages;

namespace Signpost.Dashboard.QrCodes;

/// <summary>The picture of the look that stands in the address, or the errors that keep it from being drawn.</summary>
internal static class QrPicturePage
{
    // As long as the short address of a link that is not created yet.
    private const string NewAlias = "/2345678";

    public static async Task<IResult> SendAsync(
        HttpContext http,
        QrSketches sketches,
        LinkCatalog links,
        OwnLanguages languages,
        PublicAddress address
    )
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        var read = http.QueryReader();
        var format = read.OneOf("format", QrDrawing.Formats).Value ?? QrDrawing.Formats[0];
        var id = read.Number("link_id", _ => null).Value;
        var link = id is null ? null : await links.FindAsync(caller, id.Value, cancel);
        if (id is not null && link is null)
            return TypedResults.NotFound();

        var url = read.Target("url").Value?.Text;
        var text =
            link is not null ? QrTargets.TextOf(link.ShortUrl)
            : url is null || read.Boolean("url_dynamic").Value ? QrTargets.TextOf(address.Url + NewAlias)
            : url;
        var sketch = await sketches.ReadAsync(caller, text, read);
        http.Response.Headers.CacheControl = "private, no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; img-src data:; sandbox";
        if (sketch.Errors is [] && await sketches.DrawAsync(sketch, format, cancel) is { } picture)
        {
            var kind = read.Boolean("download").Value ? "attachment" : "inline";
            http.Response.Headers.ContentDisposition = $"{kind}; filename=\"qr.{format}\"";
            return TypedResults.Bytes(picture.Content, picture.ContentType);
        }

        // The script of the designer shows them. A failed request would be an error in the console of the browser.
        var isPreview = read.Boolean("preview").Value;
        var texts = languages.For(http).All;
        return TypedResults.Text(
            string.Join(
                '\n',
                FieldProblems.Of(await sketches.ProblemsAsync(sketch), texts, "qr").Select(one => one.Text)
            ),
            "text/plain; charset=utf-8",
            statusCode: isPreview ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest
        );
    }
}
