using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Signpost.Hosting;

namespace Signpost.Api.Bodies;

/// <summary>Reads the three body types into one <see cref="Fields"/>; the type does not matter afterwards.</summary>
internal static class BodyReader
{
    public const long MostBytes = 16 << 20;
    private const int LongestBoundary = 128;

    /// <param name="files">The fields that accept files, and the most bytes of each. The bytes of other files are not kept.</param>
    /// <exception cref="BodyException">The body cannot be read.</exception>
    public static async Task<Fields> ReadAsync(
        HttpRequest request,
        IReadOnlyDictionary<string, int> files,
        CancellationToken cancel
    )
    {
        try
        {
            return await ParseAsync(request, files, cancel);
        }
        catch (BadHttpRequestException error)
        {
            var title =
                error.StatusCode == 413 ? $"The body is larger than {MostBytes >> 20} MiB." : "The body is incomplete.";
            throw new BodyException(error.StatusCode, title, error);
        }
        catch (Exception error) when (error is InvalidDataException or IOException && !cancel.IsCancellationRequested)
        {
            throw new BodyException(400, "The multipart body is malformed.", error);
        }
        finally
        {
            // The next steps must not run on the socket's thread, and the last bytes may have arrived on it.
            await SocketThread.Leave();
        }
    }

    private static async Task<Fields> ParseAsync(
        HttpRequest request,
        IReadOnlyDictionary<string, int> files,
        CancellationToken cancel
    )
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MostBytes;
        if (request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            return new Fields();
        if (request.ContentLength > MostBytes)
            throw new BodyException(413, $"The body is larger than {MostBytes >> 20} MiB.");

        var type = Kind(request);
        if (type is { IsMultipart: true } && request.ContentLength is not 0)
            return await MultipartBody.ParseAsync(request.Body, type.Value.Boundary, files, cancel);

        var body = await ReadWholeAsync(request, cancel);
        if (body.Length == 0)
            return new Fields();
        // The last bytes arrived on the socket's thread, and there may be megabytes to parse.
        await SocketThread.Leave();
        return type switch
        {
            null => throw Unreadable(
                "Send multipart/form-data, application/x-www-form-urlencoded or application/json."
            ),
            { IsJson: true } => JsonBody.Parse(body),
            _ => FormBody.Parse(body.Span),
        };
    }

    private readonly record struct BodyKind(bool IsMultipart, bool IsJson, string Boundary);

    private static BodyKind? Kind(HttpRequest request)
    {
        var encoding = request.Headers.ContentEncoding;
        if (encoding.Count > 0 && !encoding.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase))
            throw Unreadable("Compressed bodies are not supported; send Content-Encoding: identity or none.");
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
            return null;

        var kind = type.MediaType.Value?.ToLowerInvariant() switch
        {
            "multipart/form-data" => new BodyKind(true, false, HeaderUtilities.RemoveQuotes(type.Boundary).ToString()),
            "application/x-www-form-urlencoded" => new BodyKind(false, false, ""),
            "application/json" => new BodyKind(false, true, ""),
            _ => (BodyKind?)null,
        };
        if (kind is { IsMultipart: true, Boundary.Length: 0 or > LongestBoundary })
            throw new BodyException(400, $"multipart/form-data needs a boundary of 1 to {LongestBoundary} characters.");
        if (!IsUtf8(type))
            throw Unreadable("The body must be UTF-8.");
        return kind;
    }

    /// <summary>Tells whether the type names no character set, or UTF-8 (of which ASCII is a part).</summary>
    public static bool IsUtf8(MediaTypeHeaderValue type) =>
        HeaderUtilities.RemoveQuotes(type.Charset).ToString().ToLowerInvariant()
            is ""
                or "utf-8"
                or "utf8"
                or "us-ascii";

    private static async Task<ReadOnlyMemory<byte>> ReadWholeAsync(HttpRequest request, CancellationToken cancel)
    {
        var body = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, 64 << 10));
        await request.Body.CopyToAsync(body, cancel);
        if (body.Length > MostBytes)
            throw new BodyException(413, $"The body is larger than {MostBytes >> 20} MiB.");
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private static BodyException Unreadable(string title) => new(StatusCodes.Status415UnsupportedMediaType, title);
}
