using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Signpost.Api.Bodies;

/// <summary>
/// Reads <c>multipart/form-data</c> part by part. The framework's form collection is not used: it forgets the case of
/// names, joins values that were sent twice, and stores unexpected files.
/// </summary>
internal static class MultipartBody
{
    public static async Task<Fields> ParseAsync(
        Stream body,
        string boundary,
        IReadOnlyDictionary<string, int> files,
        BodyLimit limit,
        CancellationToken cancel
    )
    {
        var fields = new Fields();
        var (parts, texts) = (0, 0);
        var reader = new MultipartReader(boundary, body);
        while (await reader.ReadNextSectionAsync(cancel) is { } part)
        {
            if (++parts > Fields.MostValues)
                throw Fields.TooMany();
            var disposition = Disposition(part);
            var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
            if (IsFile(disposition))
                await AddFileAsync(fields, name, part, HasFileName(disposition), files, cancel);
            else
            {
                var bytes = await ReadTextAsync(part, limit.TextBytes - texts, cancel) ?? throw limit.TooLarge();
                texts += bytes.Length;
                fields.Add(name, new FieldValue.Text(Encoding.UTF8.GetString(bytes.Span)));
            }
        }

        return fields;
    }

    private static ContentDispositionHeaderValue Disposition(MultipartSection part)
    {
        if (
            !ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition)
            || !disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(disposition.Name).Length == 0
        )
            throw new BodyException(400, "Each part needs Content-Disposition: form-data with a name.");
        if (
            part.Headers?.TryGetValue("Content-Transfer-Encoding", out var encoding) is true
            && encoding.ToString().ToLowerInvariant() is not ("" or "7bit" or "8bit" or "binary")
        )
            throw new BodyException(400, "Content-Transfer-Encoding is not supported; send the bytes as they are.");
        return disposition;
    }

    private static bool IsFile(ContentDispositionHeaderValue disposition) =>
        disposition.FileName.HasValue || disposition.FileNameStar.HasValue;

    private static bool HasFileName(ContentDispositionHeaderValue disposition) =>
        HeaderUtilities.RemoveQuotes(disposition.FileName).Length > 0 || disposition.FileNameStar.Length > 0;

    // Null: it is longer than may be.
    private static async Task<ReadOnlyMemory<byte>?> ReadTextAsync(
        MultipartSection part,
        int most,
        CancellationToken cancel
    )
    {
        if (MediaTypeHeaderValue.TryParse(part.ContentType, out var type) && !BodyReader.IsUtf8(type))
            throw new BodyException(StatusCodes.Status415UnsupportedMediaType, "Each part must be UTF-8.");

        using var bytes = new MemoryStream();
        var buffer = new byte[4 << 10];
        int read;
        while ((read = await part.Body.ReadAsync(buffer, cancel)) > 0)
        {
            if (bytes.Length + read > most)
                return null;
            bytes.Write(buffer, 0, read);
        }

        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    // An empty file input sends a part without name and bytes. It does not count as a file.
    private static async Task AddFileAsync(
        Fields fields,
        string name,
        MultipartSection part,
        bool isNamed,
        IReadOnlyDictionary<string, int> files,
        CancellationToken cancel
    )
    {
        var most = files.GetValueOrDefault(name);
        using var kept = new MemoryStream();
        var buffer = new byte[16 << 10];
        long length = 0;
        int read;
        while ((read = await part.Body.ReadAsync(buffer, cancel)) > 0)
        {
            length += read;
            if (length <= most)
                kept.Write(buffer, 0, read);
        }

        if (length > 0 || isNamed)
            fields.Add(
                name,
                new FieldValue.Upload(length <= most ? kept.ToArray() : default(ReadOnlyMemory<byte>), length)
            );
    }
}
