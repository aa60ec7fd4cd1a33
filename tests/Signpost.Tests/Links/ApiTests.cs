using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Links;

/// <summary>Helpers that call the API of a server.</summary>
public abstract class ApiTests(SharedServer shared) : IClassFixture<SharedServer>
{
    internal TestServer Server => shared.Server;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Sends a request and reads its whole response.</summary>
    internal async Task<Reply> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? body = null,
        HttpClient? http = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await (http ?? Server.Http).SendAsync(request, Cancel);
        return new(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(Cancel),
            response.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value))
        );
    }

    internal Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    internal Task<Reply> PostAsync(string path, params (string Name, string Value)[] fields) =>
        SendAsync(HttpMethod.Post, path, Bodies.Form(fields));

    /// <summary>Creates a link, which must succeed, and returns its id.</summary>
    internal async Task<long> CreateAsync(params (string Name, string Value)[] fields)
    {
        var made = await PostAsync("/api/links", [("location_url", "https://example.org/"), .. fields]);
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return made.Json["data"]!["id"]!.GetValue<long>();
    }

    internal async Task<JsonNode> ReadAsync(long id) => (await GetAsync($"/api/links/{id}")).Json["data"]!;

    /// <summary>A second account's client.</summary>
    internal Task<HttpClient> StrangerAsync(string zone = "UTC") => Strangers.NewAsync(Server, zone, Cancel);
}

/// <summary>A response with its body.</summary>
internal sealed record Reply(HttpStatusCode Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>The fields that the errors name, in their order; empty for an error without one.</summary>
    public string[] WrongFields =>
        [.. Json["errors"]!.AsArray().Select(error => error!["field"]?.GetValue<string>() ?? "")];
}
