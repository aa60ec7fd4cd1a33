using System.Net;
using System.Text.RegularExpressions;
using Signpost.Testing;

namespace Signpost.Tests.Redirects.Interstitials;

/// <summary>Keeps cookies and posts forms as a browser does; follows no redirect by itself.</summary>
internal sealed partial class Browser(TestServer server, string? address = null)
{
    private readonly Dictionary<string, string> _cookies = [];

    public IReadOnlyDictionary<string, string> Cookies => _cookies;

    public async Task<Seen> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (_cookies.Count > 0)
            request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        if (address is not null)
            request.Headers.Add("X-Forwarded-For", address);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);

        using var response = await server.Anonymous.SendAsync(request, TestContext.Current.CancellationToken);
        if (response.Headers.TryGetValues("Set-Cookie", out var set))
            foreach (var cookie in set)
                if (cookie.Split(';')[0].Split('=', 2) is [var name, var value])
                    _cookies[name] = value;
        return new(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Headers.Location?.OriginalString,
            response.Headers.ToString() + response.Content.Headers,
            response.Headers.RetryAfter?.Delta
        );
    }

    public Task<Seen> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>Opens a link and sends the form that it answers.</summary>
    public async Task<Seen> SubmitAsync(string path, params (string Name, string Value)[] fields) =>
        await PostAsync(ActionOf((await GetAsync(path)).Body), fields);

    public Task<Seen> PostAsync(string action, params (string Name, string Value)[] fields) =>
        SendAsync(
            HttpMethod.Post,
            action,
            new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)))
        );

    public static string ActionOf(string page) => WebUtility.HtmlDecode(Action().Match(page).Groups[1].Value);

    /// <summary>The address of the button on a splash page.</summary>
    public static string WayOf(string page) => WebUtility.HtmlDecode(Way().Match(page).Groups[1].Value);

    [GeneratedRegex("<a class=\"button\" href=\"([^\"]+)\"")]
    private static partial Regex Way();

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]+)\"")]
    private static partial Regex Action();
}

/// <summary>A response.</summary>
internal sealed record Seen(HttpStatusCode Status, string Body, string? Location, string Headers, TimeSpan? RetryAfter);
