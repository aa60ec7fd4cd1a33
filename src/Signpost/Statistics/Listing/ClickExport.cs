using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Signpost.Api;
using Signpost.Hosting;

namespace Signpost.Statistics.Listing;

/// <summary>The format of an export.</summary>
internal enum ExportFormat
{
    Csv,
    Json,
    Ndjson,
}

/// <summary>
/// Writes clicks while it reads them. It needs little memory for any number of clicks, and is no faster than the client.
/// </summary>
internal sealed class ClickExport(
    IAsyncEnumerable<ExportedClick> clicks,
    ExportFormat format,
    TimeZoneInfo zone,
    string fileName
) : IResult
{
    private const int FlushAt = 32 << 10;

    // Without it, Excel takes UTF-8 for another encoding.
    private const char ByteOrderMark = '\uFEFF';

    private static readonly (string Name, Func<ClickResponse, string?> Of)[] Columns =
    [
        ("kind", click => click.Kind),
        ("status", click => $"{click.Status}"),
        ("trigger", click => click.Trigger),
        ("continent_code", click => click.ContinentCode),
        ("country_code", click => click.CountryCode),
        ("city_name", click => click.CityName),
        ("os_name", click => click.OsName),
        ("browser_name", click => click.BrowserName),
        ("device_type", click => click.DeviceType),
        ("browser_language", click => click.BrowserLanguage),
        ("referrer_host", click => click.ReferrerHost),
        ("referrer_path", click => click.ReferrerPath),
        ("utm_source", click => click.UtmSource),
        ("utm_medium", click => click.UtmMedium),
        ("utm_campaign", click => click.UtmCampaign),
        ("destination", click => click.Destination),
        ("variant", click => click.Variant),
        ("host", click => click.Host),
        ("utm_term", click => click.UtmTerm),
        ("utm_content", click => click.UtmContent),
        ("link_version", click => $"{click.LinkVersion}"),
    ];

    public static string TypeOf(ExportFormat format) =>
        format switch
        {
            ExportFormat.Csv => "text/csv; charset=utf-8; header=present",
            ExportFormat.Json => "application/json; charset=utf-8",
            _ => "application/x-ndjson; charset=utf-8",
        };

    public static void SetHeaders(HttpResponse response, ExportFormat format, string fileName)
    {
        response.ContentType = TypeOf(format);
        response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await SocketThread.Leave();
        var response = httpContext.Response;
        var cancel = httpContext.RequestAborted;
        // The first click is read before the response begins. A failure until then becomes a normal error response; a later
        // failure cuts the response off.
        await using var reader = clicks.GetAsyncEnumerator(cancel);
        var isAny = await reader.MoveNextAsync();
        SetHeaders(response, format, fileName);
        await response.StartAsync(cancel);

        var body = response.BodyWriter;
        var all = RestAsync(isAny, reader);
        await (format is ExportFormat.Csv ? WriteCsvAsync(body, all, cancel) : WriteJsonAsync(body, all, cancel));
        await body.FlushAsync(cancel);
    }

    private static async IAsyncEnumerable<ExportedClick> RestAsync(bool isAny, IAsyncEnumerator<ExportedClick> reader)
    {
        for (; isAny; isAny = await reader.MoveNextAsync())
            yield return reader.Current;
    }

    private async Task WriteCsvAsync(PipeWriter body, IAsyncEnumerable<ExportedClick> all, CancellationToken cancel)
    {
        var line = new StringBuilder();
        line.Append(ByteOrderMark).Append("id,link_id,short_url,datetime");
        foreach (var column in Columns)
            line.Append(',').Append(column.Name);
        line.Append(CsvText.LineEnd);
        Write(line, body);
        await foreach (var (click, shortUrl) in all)
        {
            line.Append(CultureInfo.InvariantCulture, $"{click.Ordinal},{click.Row.LinkId},");
            CsvText.Append(line, shortUrl);
            line.Append(',').Append(LocalTime.FormatWithOffset(click.Row.AtSeconds * 1_000, zone));
            var answer = ClickResponse.Of(click, zone);
            foreach (var column in Columns)
            {
                line.Append(',');
                CsvText.Append(line, column.Of(answer));
            }

            line.Append(CsvText.LineEnd);
            Write(line, body);
            await FlushAsync(body, cancel);
        }
    }

    // One line per click; JSON is one document whose list has one line per click.
    private async Task WriteJsonAsync(PipeWriter body, IAsyncEnumerable<ExportedClick> all, CancellationToken cancel)
    {
        var isDocument = format is ExportFormat.Json;
        var isFirst = true;
        await using var json = new Utf8JsonWriter(body, new() { Encoder = ApiJson.Options.Encoder });
        if (isDocument)
            Write("{\"data\":["u8, body);
        await foreach (var (click, shortUrl) in all)
        {
            if (isDocument)
                Write(isFirst ? "\n"u8 : ",\n"u8, body);
            isFirst = false;
            var response = ClickResponse.Of(click, zone) with { ShortUrl = shortUrl };
            JsonSerializer.Serialize(json, response, ApiJson.Options);
            json.Flush();
            json.Reset();
            if (!isDocument)
                Write("\n"u8, body);
            await FlushAsync(body, cancel);
        }

        if (isDocument)
            Write("\n]}\n"u8, body);
    }

    private static async ValueTask FlushAsync(PipeWriter body, CancellationToken cancel)
    {
        if (body.UnflushedBytes < FlushAt)
            return;

        // The client has left, so no more clicks are read.
        if ((await body.FlushAsync(cancel)).IsCompleted)
            throw new OperationCanceledException("The client has left.", cancel);
    }

    private static void Write(StringBuilder line, PipeWriter body)
    {
        foreach (var chunk in line.GetChunks())
            Encoding.UTF8.GetBytes(chunk.Span, body);
        line.Clear();
    }

    private static void Write(ReadOnlySpan<byte> bytes, PipeWriter body) =>
        System.Buffers.BuffersExtensions.Write(body, bytes);
}
