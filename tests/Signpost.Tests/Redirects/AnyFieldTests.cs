using System.Net;
using System.Net.Sockets;
using System.Text;
using Signpost.Testing;

namespace Signpost.Tests.Redirects;

/// <summary>Whatever a link was made of and whatever the visitor sends, the response has no 500, and Location is ASCII.</summary>
public sealed class AnyFieldTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const int Links = 300;

    private static readonly string[] Pieces =
    [
        "a",
        "ü",
        "日本",
        "😀",
        "e\u0301",
        "\u202e",
        "\u200b",
        "%",
        "%zz",
        "%00",
        "%0d%0aX: y",
        "%ff",
        "%C3%BC",
        "?",
        "#",
        "&",
        "=",
        ";",
        "+",
        "/",
        "//",
        "\\",
        "'",
        "\"",
        "<",
        "]",
        "@",
        ":",
        " ",
        "\r\n",
        "\t",
        "null",
        "utm_source=x",
        "qr=1",
    ];

    private static readonly string[] Starts =
    [
        "https://example.org/",
        "http://bücher.example:8080/",
        "https://example.org/?",
        "https://example.org/#",
        "http://[::1]/",
        "mailto:a@example.org?subject=",
        "https://www.youtube.com/watch?v=",
        "",
    ];

    private static readonly (string Name, string Value)[] Choices =
    [
        ("forward_query_parameters_is_enabled", "1"),
        ("app_linking_is_enabled", "1"),
        ("cloaking_is_enabled", "1"),
        ("http_status_code", "308"),
        ("clicks_limit", "1"),
        ("sensitive_content", "1"),
        ("splash_page_id", "{page}"),
        ("targeting_type", "rotation"),
        ("targeting_type", "browser_language"),
        ("targeting_type", "city_name"),
    ];

    private static readonly string[] Texts =
    [
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "utm_term",
        "utm_content",
        "cloaking_title",
        "cloaking_meta_description",
        "password",
        "targeting_city_name_key[0]",
    ];

    private static readonly string[] Addresses =
    [
        "location_url",
        "expiration_url",
        "targeting_rotation_value[0]",
        "targeting_browser_language_value[0]",
        "targeting_city_name_value[0]",
    ];

    private readonly TestServer _server = shared.Server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_field_makes_a_redirect_fail_or_its_address_other_than_ASCII()
    {
        var random = new Random(20261127);
        var log = LogLines.Of(_server);
        var page = await _server.CreateSplashPageAsync(
            ("title", string.Concat(Pieces.Where(piece => piece[0] >= ' ')))
        );
        var (made, sent) = (0, 0);

        for (var i = 0; i < Links; i++)
        {
            var fields = Fields($"any-{i}", page, random);
            using var form = new FormUrlEncodedContent(fields);
            using var created = await _server.Http.PostAsync("/api/links", form, Cancel);
            Assert.True((int)created.StatusCode < 500, string.Join(", ", fields));
            if (created.StatusCode != HttpStatusCode.Created)
                continue;

            made++;
            for (var visit = 0; visit < 3; visit++)
            {
                var (status, location) = await FollowAsync($"any-{i}?{Query(random)}", Text(random));
                Assert.True(status is < 500 or 503, $"{status}: {string.Join(", ", fields)}");
                if (location is null)
                    continue;

                sent++;
                Assert.All(location, sign => Assert.InRange(sign, '!', '~'));
            }
        }

        Assert.InRange(made, Links / 10, Links);
        Assert.InRange(sent, Links / 10, 3 * Links);
        Assert.Equal(0, log.Count("failed"));
    }

    private static KeyValuePair<string, string>[] Fields(string alias, string page, Random random)
    {
        var fields = new Dictionary<string, string>
        {
            ["location_url"] = "https://example.org/",
            ["targeting_rotation_key[0]"] = "1",
            ["targeting_browser_language_key[0]"] = "de",
            ["targeting_city_name_key[0]"] = "Paris",
        };
        foreach (var name in Addresses)
            fields[name] = random.Next(2) == 0 ? "https://example.org/" : Address(random);
        for (var i = random.Next(4); i > 0; i--)
            fields[Texts[random.Next(Texts.Length)]] = Text(random);
        for (var i = random.Next(4); i > 0; i--)
        {
            var (name, value) = Choices[random.Next(Choices.Length)];
            fields[name] = value.Replace("{page}", page, StringComparison.Ordinal);
        }

        fields["url"] = alias;
        return [.. fields];
    }

    // Control characters and blanks in an address or text are a 400; most links are made without.
    private static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    private static string Address(Random random) => Starts[random.Next(Starts.Length)] + Text(random);

    // Bytes that a request line cannot hold are escaped; all others go as they are.
    private static string Query(Random random) =>
        string.Concat(
            Encoding
                .UTF8.GetBytes(Text(random))
                .Select(sign => sign is <= 0x20 or 0x7F ? $"%{sign:x2}" : $"{(char)sign}")
        );

    private async Task<(int Status, string? Location)> FollowAsync(string target, string language)
    {
        var url = new Uri(_server.Url);
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port, Cancel);
        var stream = client.GetStream();
        var header = language.ReplaceLineEndings("").Replace("\t", "", StringComparison.Ordinal);
        await stream.WriteAsync(
            Encoding.Latin1.GetBytes(
                $"GET /{target} HTTP/1.1\r\nHost: {url.Host}\r\nUser-Agent: Firefox/140.0\r\nAccept-Language: de, "
            ),
            Cancel
        );
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{header}\r\nConnection: close\r\n\r\n"), Cancel);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var head = (await reader.ReadToEndAsync(Cancel).OrFail("An answer")).Split("\r\n\r\n")[0].Split("\r\n");
        const string Location = "Location: ";
        return (
            int.Parse(head[0].AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture),
            head.FirstOrDefault(line => line.StartsWith(Location, StringComparison.Ordinal))?[Location.Length..]
        );
    }
}
