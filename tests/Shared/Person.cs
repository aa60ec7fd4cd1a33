using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Signpost.Testing;

/// <summary>Somebody with a browser that keeps cookies, follows nothing by itself and fills in forms as they are.</summary>
internal sealed partial class Person : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>A person's agent that says neither system nor browser.</summary>
    public const string Unknown = "Mozilla/5.0 (a person; a test)";

    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    public Person(TestServer server, string agent = Firefox)
        : this(new Uri(server.Url), agent) { }

    public Person(Uri server, string agent = Firefox)
    {
        _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies })
        {
            BaseAddress = server,
        };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", agent);
    }

    public CookieContainer Cookies { get; } = new();

    public async Task<Sight> GetAsync(string path, CancellationToken cancel)
    {
        using var response = await _http.GetAsync(path, cancel);
        return await Sight.OfAsync(response, cancel);
    }

    /// <summary>Loads the page, and sends one of its forms with these fields and its hidden ones.</summary>
    public async Task<Sight> SendAsync(
        string page,
        string action,
        CancellationToken cancel,
        params (string Name, string Value)[] fields
    )
    {
        var seen = await GetAsync(page, cancel);
        return await PostAsync(action, cancel, [("form_token", seen.Token), .. fields]);
    }

    /// <summary>As <see cref="SendAsync"/>, and goes where the answer leads.</summary>
    public async Task<Sight> SubmitAsync(
        string page,
        string action,
        CancellationToken cancel,
        params (string Name, string Value)[] fields
    )
    {
        var answer = await SendAsync(page, action, cancel, fields);
        return answer is { Status: HttpStatusCode.SeeOther, Location: { } location }
            ? await GetAsync(location, cancel)
            : answer;
    }

    public async Task<Sight> PostAsync(
        string action,
        CancellationToken cancel,
        params (string Name, string Value)[] fields
    )
    {
        using var body = new FormUrlEncodedContent(
            fields.Select(field => KeyValuePair.Create(field.Name, field.Value))
        );
        return await PostAsync(action, body, cancel);
    }

    public async Task<Sight> PostAsync(string action, HttpContent body, CancellationToken cancel)
    {
        using var response = await _http.PostAsync(action, body, cancel);
        return await Sight.OfAsync(response, cancel);
    }

    public Task<Sight> SignInAsync(string email, string password, CancellationToken cancel) =>
        SendAsync("/login", "/login", cancel, ("email", email), ("password", password));

    public async Task<bool> IsSignedInAsync(CancellationToken cancel) =>
        (await GetAsync("/dashboard/account", cancel)).Status == HttpStatusCode.OK;

    /// <summary>All parts of the account page, one after the other.</summary>
    public async Task<Sight> GetAccountAsync(CancellationToken cancel)
    {
        var all = await GetAsync("/dashboard/account", cancel);
        foreach (var part in (string[])["sign-in", "keys", "teams", "activity", "data"])
        {
            var one = await GetAsync($"/dashboard/account/{part}", cancel);
            all = all with { Body = all.Body + one.Body };
        }

        return all;
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>The pages that a person sees.</summary>
internal sealed partial record Sight(
    HttpStatusCode Status,
    string Body,
    string? Location,
    IReadOnlyList<string> Cookies
)
{
    /// <summary>The hidden field that the page's forms carry.</summary>
    public string Token => WebUtility.HtmlDecode(HiddenToken().Match(Body).Groups[1].Value);

    public static async Task<Sight> OfAsync(HttpResponseMessage response, CancellationToken cancel) =>
        new(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(cancel),
            response.Headers.Location?.OriginalString,
            response.Headers.TryGetValues("Set-Cookie", out var cookies) ? [.. cookies] : []
        );

    [GeneratedRegex("name=\"form_token\" value=\"([^\"]+)\"")]
    private static partial Regex HiddenToken();
}

/// <summary>An authenticator app.</summary>
internal static class Authenticator
{
    /// <summary>The six digits for a secret in Base32 (RFC 6238), so many half minutes from now.</summary>
    public static string Code(string secret, int steps = 0)
    {
        var counter = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30 + steps;
        Span<byte> moment = stackalloc byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(moment, counter);
        // The algorithm is the apps'.
#pragma warning disable CA5350
        var hash = HMACSHA1.HashData(FromBase32(secret.Replace(" ", "", StringComparison.Ordinal)), moment);
#pragma warning restore CA5350
        var number = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & 0x7fffffff;
        return $"{number % 1_000_000:D6}";
    }

    private static byte[] FromBase32(string text)
    {
        List<byte> bytes = [];
        var (bits, count) = (0, 0);
        foreach (var letter in text)
        {
            bits = (bits << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter, StringComparison.Ordinal);
            count += 5;
            if (count < 8)
                continue;
            count -= 8;
            bytes.Add((byte)(bits >> count));
            bits &= (1 << count) - 1;
        }

        return [.. bytes];
    }
}
