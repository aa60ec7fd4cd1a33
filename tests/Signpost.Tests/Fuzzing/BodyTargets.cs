using System.Text;
using Microsoft.AspNetCore.Http;
using Signpost.Api.Bodies;
using Signpost.Domains;
using Signpost.Explain;
using Signpost.Links;
using Signpost.Pixels;
using Signpost.Tests.Api;

namespace Signpost.Tests.Fuzzing;

/// <summary>
/// Bodies of requests. The first line of an input is the content type; the rest arrives in pieces of any size and is read by
/// everything that reads fields.
/// </summary>
internal static class BodyTargets
{
    private const string Json = "application/json\n";
    private const string Form = "application/x-www-form-urlencoded\n";
    private const string Multipart = "multipart/form-data; boundary=XX\n";

    private static readonly string[] Names =
    [
        "location_url",
        "url",
        "is_bulk",
        "location_urls",
        "start_date",
        "end_date",
        "clicks_limit",
        "password",
        "pixels_ids",
        "pixels_ids[]",
        "pixels_ids[007]",
        "targeting_type",
        "targeting_country_code",
        "targeting_country_code[0]",
        "targeting_country_code_key[0]",
        "targeting_country_code_value[0]",
        "targeting_rotation_key",
        "cloaking_favicon",
        "cloaking_custom_js",
        "http_status_code",
        "host",
        "custom_index_url",
        "headers",
        "ip",
        "user_agent",
        "query",
        "domain",
        "at",
        "is_unlocked",
        "name",
        "type",
        "project_id",
        "splash_page_id",
        "link_unlock_seconds",
        "",
        "key",
        "value",
    ];

    private static readonly string[] Values =
    [
        "https://example.org/a",
        "sale",
        "1",
        "true",
        "null",
        "2030-01-31 18:00:00",
        "2030-03-31T02:30:00+14:00",
        "country_code",
        "rotation",
        "DE",
        "50",
        "a\nb",
        "999999999999999999999",
        "127.0.0.1",
        "::1",
        "xn--a",
        "go.example.org",
        "302",
        "\ud83d\ude00",
        "facebook",
        "",
        " ",
        "\ufffd",
        "x=1&y=2",
    ];

    private static readonly string[] JsonPieces =
    [
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "\"key\":",
        "\"value\":",
        "null",
        "true",
        "-0",
        "1e400",
        "0.1",
        "\\u0000",
        "\\ud800",
        "\\udc00",
        "\"\\ud83d\\ude00\"",
        "[[[[[[[[[[[[[[[[[",
        "{\"key\":{\"key\":",
        "\ufeff",
        "//",
        "/*",
    ];

    private static readonly string[] FormPieces =
    [
        "=",
        "&",
        "%5B",
        "%5D",
        "[]",
        "[0]",
        "[99999999999999999999]",
        "%00",
        "%ED%A0%80",
        "+",
        "&&&&",
    ];

    private static readonly string[] MultipartPieces =
    [
        "--XX\r\n",
        "\r\n--XX",
        "--XX--\r\n",
        "\r\n",
        "\r\n\r\n",
        "Content-Disposition: form-data; name=",
        "\"url\"",
        "; filename=\"a.png\"",
        "; filename*=UTF-8''%e2%82%ac",
        "Content-Type: text/plain; charset=utf-16",
        "Content-Transfer-Encoding: base64",
        "boundary=",
        ": ",
        "\"",
        "\\",
    ];

    public static IEnumerable<FuzzTarget> All() =>
        [
            Body(
                "json",
                [
                    Json
                        + """{"location_url":"https://example.org","url":"sale","pixels_ids":[1,2],"targeting_type":"country_code"}""",
                    Json
                        + """{"location_url":"https://example.org","targeting_country_code":[{"key":"DE","value":"https://example.de"}]}""",
                    Json
                        + """{"headers":{"Accept-Language":"de","X":null},"ip":"127.0.0.1","host":"go.example.org","clicks_limit":1.0}""",
                ],
                [.. JsonPieces, .. Names.Select(name => $"\"{name}\":")],
                random => Encoding.UTF8.GetBytes($"{Json}{JsonObject(random, 0)}")
            ),
            Body(
                "form",
                [
                    Form + "location_url=https%3A%2F%2Fexample.org&url=sale&pixels_ids[]=1&pixels_ids[]=2",
                    Form
                        + "location_url=https://example.org&targeting_country_code_key[0]=DE&targeting_country_code_value[0]=https://example.de",
                ],
                [.. FormPieces, .. Names],
                random =>
                    Encoding.UTF8.GetBytes(
                        Form
                            + string.Join(
                                '&',
                                Many(
                                    random,
                                    () =>
                                        $"{Uri.EscapeDataString(Any(random, Names))}={Uri.EscapeDataString(Any(random, Values))}"
                                )
                            )
                    )
            ),
            Body(
                "multipart",
                [
                    Multipart + Part("location_url", "https://example.org") + Part("url", "sale") + "--XX--\r\n",
                    Multipart + Part("pixels_ids[]", "1") + File("cloaking_favicon") + "--XX--\r\n",
                ],
                [.. MultipartPieces, .. Names],
                random =>
                    Encoding.UTF8.GetBytes(
                        Multipart
                            + string.Concat(
                                Many(
                                    random,
                                    () =>
                                        random.Next(5) == 0
                                            ? File(Any(random, Names))
                                            : Part(Any(random, Names), Any(random, Values))
                                )
                            )
                            + "--XX--\r\n"
                    )
            ),
        ];

    private static FuzzTarget Body(string name, string[] seeds, string[] pieces, Func<Random, byte[]> grammar) =>
        new(name, FuzzTarget.Bytes(seeds), Read)
        {
            Pieces = FuzzTarget.Bytes(pieces),
            Grammar = grammar,
            Weight = 12,
            // Up to 4,096 values with a name each, and the framework's buffers.
            MostAllocated = (256 << 10, 512),
        };

    private static Outcome Read(byte[] input)
    {
        var line = Math.Max(0, Array.IndexOf(input, (byte)'\n'));
        var http = new DefaultHttpContext();
        http.Request.ContentType = Encoding.Latin1.GetString(input, 0, line);
        http.Request.Body = new InPieces(input.AsMemory(Math.Min(input.Length, line + 1)));
        if (input.Length % 3 == 0)
            http.Request.ContentLength = http.Request.Body.Length;
        Fields fields;
        try
        {
            fields = Pump.Run(() => BodyReader.ReadAsync(http.Request, LinkFields.Files, CancellationToken.None));
        }
        catch (BodyException error)
        {
            return Outcome.Refused($"{error.Status} {error.Message}");
        }

        var link = LinkFields.Read(fields, TimeZoneInfo.Utc, isNew: true);
        _ = LinkFields.Read(fields, TimeZoneInfo.Utc, isNew: false);
        var domain = new FieldReader(fields, TimeZoneInfo.Utc);
        _ = DomainFields.Read(domain, isNew: true);
        var pixel = new FieldReader(fields, TimeZoneInfo.Utc);
        _ = PixelFields.Read(pixel, isNew: true);
        _ = MadeUpVisit.Read(new FieldReader(fields, TimeZoneInfo.Utc), isWhole: true, out var visit);
        return Outcome.Accepted(
            $"{link.Location.IsPresent} {link.Alias.IsPresent} {link.PixelsIds.IsPresent} {domain.Errors.Count} {pixel.Errors.Count} {string.Join(' ', visit.Select(error => error.Field))}"
        );
    }

    private static T Any<T>(Random random, T[] of) => of[random.Next(of.Length)];

    private static IEnumerable<string> Many(Random random, Func<string> make) =>
        Enumerable.Range(0, random.Next(1, 8)).Select(_ => make());

    private static string JsonObject(Random random, int depth) =>
        $"{{{string.Join(',', Many(random, () => $"\"{Any(random, Names)}\":{JsonValue(random, depth + 1)}"))}}}";

    private static string JsonValue(Random random, int depth) =>
        random.Next(depth > 4 ? 4 : 7) switch
        {
            0 => Any(random, ["null", "true", "false", "0", "-1", "1.50", "1e3"]),
            < 4 => System.Text.Json.JsonSerializer.Serialize(Any(random, Values)),
            4 => $"[{string.Join(',', Many(random, () => JsonValue(random, depth + 1)))}]",
            5 => $"{{\"key\":{JsonValue(random, depth + 1)},\"value\":{JsonValue(random, depth + 1)}}}",
            _ => JsonObject(random, depth + 1),
        };

    private static string Part(string name, string value) =>
        $"--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n";

    private static string File(string name) =>
        $"--XX\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n{Encoding.Latin1.GetString(Bodies.Png)}\r\n";

    /// <summary>Gives its bytes in pieces whose sizes depend on the bytes themselves, so that a run can be repeated.</summary>
    private sealed class InPieces(ReadOnlyMemory<byte> bytes) : MemoryStream(bytes.ToArray())
    {
        private readonly Random _random = new(bytes.Length);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Size(count));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Size(buffer.Length)]);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Size(buffer.Length)], cancellationToken);

        public override Task<int> ReadAsync(
            byte[] buffer,
            int offset,
            int count,
            CancellationToken cancellationToken
        ) => base.ReadAsync(buffer, offset, Size(count), cancellationToken);

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            var buffer = new byte[64];
            for (int read; (read = await ReadAsync(buffer, cancellationToken)) > 0; )
                await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        private int Size(int most) => most == 0 ? 0 : 1 + _random.Next(Math.Min(most, 1 << _random.Next(10)));
    }
}
