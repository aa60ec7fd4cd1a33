using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Signpost.Testing;

/// <summary>Makes and reads links through the API, as tests of other things need them.</summary>
internal static class LinkClient
{
    /// <summary>Makes a link; an alias is drawn unless given.</summary>
    public static async Task<MadeLink> CreateLinkAsync(
        this TestServer server,
        params (string Name, string Value)[] fields
    )
    {
        List<KeyValuePair<string, string>> form =
        [
            .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)),
        ];
        if (form.All(field => field.Key != "location_url"))
            form.Add(new("location_url", "https://example.org/"));

        using var response = await server.Http.PostAsync("/api/links", new FormUrlEncodedContent(form));
        var answer = await response.Content.ReadAsStringAsync();
        if (response.StatusCode != HttpStatusCode.Created)
            throw new InvalidOperationException($"No link was made: {(int)response.StatusCode} {answer}");
        var data = JsonDocument.Parse(answer).RootElement.GetProperty("data");
        return new(data.GetProperty("id").GetInt64(), data.GetProperty("url").GetString()!);
    }

    /// <summary>Makes a pixel.</summary>
    /// <returns>Its id, as a form takes it.</returns>
    public static Task<string> CreatePixelAsync(this TestServer server, string type, string pixel) =>
        server.CreateResourceAsync("/api/pixels", ("type", type), ("name", "One"), ("pixel", pixel));

    /// <summary>Makes a splash page.</summary>
    /// <returns>Its id, as a form takes it.</returns>
    public static Task<string> CreateSplashPageAsync(
        this TestServer server,
        params (string Name, string Value)[] fields
    ) => server.CreateResourceAsync("/api/splash-pages", [("name", "One"), .. fields]);

    private static async Task<string> CreateResourceAsync(
        this TestServer server,
        string path,
        params (string Name, string Value)[] fields
    )
    {
        var form = fields.Select(field => KeyValuePair.Create(field.Name, field.Value));
        using var response = await server.Http.PostAsync(path, new FormUrlEncodedContent(form));
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return answer.GetProperty("data").GetProperty("id").GetRawText();
    }

    public static async Task<JsonElement> ReadLinkAsync(this TestServer server, long id) =>
        (await server.Http.GetFromJsonAsync<JsonElement>($"/api/links/{id}")).GetProperty("data");

    public static async Task<long> ReadClicksAsync(this TestServer server, long id) =>
        (await server.ReadLinkAsync(id)).GetProperty("clicks").GetInt64();

    public static async Task UpdateLinkAsync(
        this TestServer server,
        long id,
        params (string Name, string Value)[] fields
    )
    {
        var form = fields.Select(field => KeyValuePair.Create(field.Name, field.Value));
        using var response = await server.Http.PostAsync($"/api/links/{id}", new FormUrlEncodedContent(form));
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Follows an alias without a key, with any headers and method.</summary>
    public static async Task<HttpResponseMessage> FollowAsync(
        this TestServer server,
        string aliasAndQuery,
        HttpMethod? method = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, "/" + aliasAndQuery);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await server.Anonymous.SendAsync(request);
    }
}

/// <summary>A link that a test made.</summary>
internal sealed record MadeLink(long Id, string Alias);
