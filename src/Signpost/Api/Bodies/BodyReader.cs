using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Signpost.Hosting;

namespace Signpost.Api.Bodies;

/// <summary>Reads the three body types into one <see cref="Fields"/>; the type does not matter afterwards.</summary>
internal static class BodyReader
{
    private const int LongestBoundary = 128;

    /// <param name="files">The fields that accept files, and the most bytes of each. The bytes of other files are not kept.</param>
    /// <exception cref="BodyException">The body cannot be read.</exception>
    /// <exception cref="TooBusyException">Too many large bodies are read at once.</exception>
    public static async Task<Fields> ReadAsync(
        HttpRequest request,
        IReadOnlyDictionary<string, int> files,
        CancellationToken cancel,
        BodyLimit? limit = null
    )
    {
        limit ??= BodyLimit.Usual;
        var most = limit.TextBytes;
        try
        {
            if (request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
                return new Fields();
            var type = Kind(request);
            if (type is { IsMultipart: true } && files.Count > 0)
                most = BodyLimit.WithFiles;
            if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
                size.MaxRequestBodySize = most;
            if (request.ContentLength > most)
                throw limit.TooLarge(most);

            await using var body = new ArrivingBody(request);
            return await ParseAsync(request, body, type, files, limit, cancel);
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw limit.TooLarge(most, error);
        }
        catch (BadHttpRequestException error)
        {
            throw new BodyException(error.StatusCode, "The body is incomplete.", error);
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
        Stream arriving,
        BodyKind? type,
        IReadOnlyDictionary<string, int> files,
        BodyLimit limit,
        CancellationToken cancel
    )
    {
        if (type is { IsMultipart: true } && request.ContentLength is not 0)
            return await MultipartBody.ParseAsync(arriving, type.Value.Boundary, files, limit, cancel);

        var body = await ReadWholeAsync(request, arriving, limit, cancel);
        if (body.Length == 0)
            return new Fields();
        // The last bytes arrived on the socket's thread, and there may be megabytes to parse.
        await SocketThread.Leave();
        if (type is not { IsJson: true } && LooksLikeJson(body.Span))
            throw new BodyException(
                type is null ? StatusCodes.Status415UnsupportedMediaType : StatusCodes.Status400BadRequest,
                "The body looks like JSON; send Content-Type: application/json."
            );
        return type switch
        {
            null => throw Unreadable(
                "Send multipart/form-data, application/x-www-form-urlencoded or application/json."
            ),
            { IsJson: true } => JsonBody.Parse(body),
            _ => FormBody.Parse(body.Span),
        };
    }

    // No form begins with a brace: clients escape it.
    private static bool LooksLikeJson(ReadOnlySpan<byte> body) =>
        body.Trim(" \t\r\n"u8) is [(byte)'{', .., (byte)'}'] or [(byte)'[', .., (byte)']'];

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

    private static async Task<ReadOnlyMemory<byte>> ReadWholeAsync(
        HttpRequest request,
        Stream arriving,
        BodyLimit limit,
        CancellationToken cancel
    )
    {
        var body = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, 64 << 10));
        await arriving.CopyToAsync(body, cancel);
        if (body.Length > limit.TextBytes)
            throw limit.TooLarge();
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private static BodyException Unreadable(string title) => new(StatusCodes.Status415UnsupportedMediaType, title);
}
