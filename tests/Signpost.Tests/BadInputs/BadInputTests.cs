using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Signpost.Testing;

namespace Signpost.Tests.BadInputs;

/// <summary>
/// Replays <c>requests.json</c>: hostile and odd requests, each with the one status it must get. <c>{ALIAS}</c> is a fresh
/// alias, <c>{EXISTING_ALIAS}</c> and <c>{LINK_ID}</c> a fresh link, <c>{REPEAT:a:9}</c> nine times a.
/// </summary>
public sealed partial class BadInputTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static readonly JsonElement[] Cases = JsonSerializer.Deserialize<JsonElement[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "BadInputs", "requests.json"))
    )!;

    private readonly TestServer _server = shared.Server;

    public static TheoryData<string> Names => [.. Cases.Select(NameOf)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_request_gets_the_answer_it_must(string name)
    {
        var one = Cases.Single(c => NameOf(c) == name);
        var words = await NewWordsAsync();

        var (status, body) = await SendAsync(one, words);

        Assert.True(one.GetProperty("answer").GetInt32() == status, $"{status}: {body}");
        if (
            status >= 400
            && one.TryGetProperty("send", out var send)
            && Fill(send.GetString()!, words).Contains(" /api/", StringComparison.Ordinal)
        )
            AssertErrorShape(body, status);
        if (one.TryGetProperty("then", out var steps))
            foreach (var step in steps.EnumerateArray())
            {
                using var response = await _server.Anonymous.GetAsync(
                    Fill(step.GetProperty("get").GetString()!, words),
                    Cancel
                );
                Assert.Equal(step.GetProperty("answer").GetInt32(), (int)response.StatusCode);
            }
    }

    private static string NameOf(JsonElement one) => $"{one.GetProperty("about")}: {one.GetProperty("case")}";

    private static void AssertErrorShape(string body, int status)
    {
        var answer = JsonDocument.Parse(body).RootElement;
        Assert.NotEmpty(answer.GetProperty("message").GetString()!);
        Assert.All(
            answer.GetProperty("errors").EnumerateArray(),
            error =>
            {
                Assert.NotEmpty(error.GetProperty("title").GetString()!);
                Assert.Equal($"{status}", error.GetProperty("status").GetString());
            }
        );
    }

    private async Task<Dictionary<string, string>> NewWordsAsync()
    {
        var link = await _server.CreateLinkAsync();
        var gone = await _server.CreateLinkAsync();
        using var deleted = await _server.Http.DeleteAsync($"/api/links/{gone.Id}?permanent=1", Cancel);
        var url = new Uri(_server.Url);
        return new()
        {
            ["ALIAS"] = $"new-{Guid.NewGuid():N}",
            ["EXISTING_ALIAS"] = link.Alias,
            ["OLD_ALIAS"] = link.Alias,
            ["LINK_ID"] = $"{link.Id}",
            ["DELETED_LINK_ID"] = $"{gone.Id}",
            ["OTHER_USER_LINK_ID"] = $"{link.Id + 1_000_000}",
            ["OTHER_USER_PIXELS"] = "5",
            ["OTHER_USER_PIXEL_ID"] = "5",
            ["UNVERIFIED_DOMAIN_ID"] = "5",
            ["HEX_OF_FIRST"] = $"{(int)link.Alias[0]:x2}",
            ["REST"] = link.Alias[1..],
            ["BASE"] = _server.Url,
            ["HOST"] = url.Host,
            ["HOST_UPPER"] = "LOCALHOST",
            ["KEY"] = TestServer.ApiKey,
            ["KEY_MINUS_1"] = TestServer.ApiKey[..^1],
            ["OTHER_KEY"] = new string('x', 46),
        };
    }

    private async Task<(int Status, string Body)> SendAsync(JsonElement one, Dictionary<string, string> words)
    {
        if (one.TryGetProperty("raw", out var raw))
            return await SendRawAsync(Fill(raw.GetString()!, words));

        var line = Fill(one.GetProperty("send").GetString()!, words).Split(' ', 2);
        using var request = new HttpRequestMessage(new HttpMethod(line[0]), line[1]) { Content = Body(one, words) };
        if (one.TryGetProperty("headers", out var headers))
            foreach (
                var header in headers.EnumerateObject().Where(header => header.Value.ValueKind == JsonValueKind.String)
            )
                if (!request.Headers.TryAddWithoutValidation(header.Name, Fill(header.Value.GetString()!, words)))
                    request.Content?.Headers.TryAddWithoutValidation(
                        header.Name,
                        Fill(header.Value.GetString()!, words)
                    );

        var sendsKey = !one.TryGetProperty("key", out var key) || key.GetBoolean();
        using var response = await (sendsKey ? _server.Http : _server.Anonymous).SendAsync(request, Cancel);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }

    private static HttpContent? Body(JsonElement one, Dictionary<string, string> words)
    {
        if (one.TryGetProperty("body", out var body))
        {
            var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Fill(body.GetString()!, words)));
            content.Headers.TryAddWithoutValidation("Content-Type", Fill(one.GetProperty("type").GetString()!, words));
            return content;
        }
        if (!one.TryGetProperty("form", out var form))
            return null;

        var fields = form.EnumerateArray()
            .Select(field =>
                KeyValuePair.Create(Fill(field[0].GetString()!, words), Fill(field[1].GetString()!, words))
            )
            .ToList();
        return one.TryGetProperty("type", out _) ? new FormUrlEncodedContent(fields) : Multipart(one, fields, words);
    }

    private static MultipartFormDataContent Multipart(
        JsonElement one,
        List<KeyValuePair<string, string>> fields,
        Dictionary<string, string> words
    )
    {
        var multipart = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
            multipart.Add(Part(Encoding.UTF8.GetBytes(value), $"form-data; name=\"{Quoted(name)}\""));
        if (one.TryGetProperty("files", out var files))
            foreach (var file in files.EnumerateArray())
            {
                var name = Fill(file.GetProperty("name").GetString()!, words);
                var part = Part(
                    Convert.FromBase64String(Fill(file.GetProperty("content").GetString()!, words)),
                    $"form-data; name=\"{file.GetProperty("field")}\"; filename=\"{Quoted(name)}\""
                );
                part.Headers.ContentType = MediaTypeHeaderValue.Parse(file.GetProperty("type").GetString()!);
                multipart.Add(part);
            }
        return multipart;
    }

    private static ByteArrayContent Part(byte[] content, string disposition)
    {
        var part = new ByteArrayContent(content);
        part.Headers.TryAddWithoutValidation("Content-Disposition", disposition);
        return part;
    }

    private static string Quoted(string name) => name.Replace("\"", "%22", StringComparison.Ordinal);

    private async Task<(int Status, string Body)> SendRawAsync(string request)
    {
        var url = new Uri(_server.Url);
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port, Cancel);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), Cancel);
        var buffer = new byte[65_536];
        var length = await stream
            .ReadAtLeastAsync(buffer, 12, throwOnEndOfStream: false, Cancel)
            .AsTask()
            .OrFail("An answer");
        var answer = Encoding.Latin1.GetString(buffer, 0, length);
        return (int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture), answer);
    }

    private static string Fill(string text, Dictionary<string, string> words)
    {
        text = Repeat()
            .Replace(
                text,
                match =>
                    string.Concat(
                        Enumerable.Repeat(
                            match.Groups[1].Value,
                            int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)
                        )
                    )
            );
        foreach (var (word, value) in words)
            text = text.Replace($"{{{word}}}", value, StringComparison.Ordinal);
        return text;
    }

    [GeneratedRegex(@"\{REPEAT:(.*?):(\d+)\}", RegexOptions.Singleline)]
    private static partial Regex Repeat();
}
