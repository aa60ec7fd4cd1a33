using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Signpost.Benchmarks;

/// <summary>Guesses passwords of locked links at a steady rate, each guess from another address.</summary>
internal static class PasswordAttemptLoad
{
    private const int Links = 100;

    /// <summary>Makes links by the API, guesses, and prints the responses.</summary>
    public static async Task RunAsync(Uri server, string apiKey, int perSecond, int seconds)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server };
        var aliases = await MakeAsync(http, apiKey);
        Console.WriteLine("GUESSING");

        var guesses = new List<Task<int>>();
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1d / perSecond));
        for (var i = 0; i < perSecond * seconds && await ticks.WaitForNextTickAsync(); i++)
            guesses.Add(GuessAsync(http, aliases[i % aliases.Length], i));

        var answers = (await Task.WhenAll(guesses)).CountBy(status => status).OrderBy(count => count.Key);
        Console.WriteLine(string.Join(", ", answers.Select(count => $"{count.Value} of {count.Key}")));
    }

    private static async Task<string[]> MakeAsync(HttpClient http, string apiKey)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/links");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        request.Content = new FormUrlEncodedContent([
            new("is_bulk", "1"),
            new("password", "open sesame"),
            new("location_urls", string.Join('\n', Enumerable.Range(0, Links).Select(number => Seed.Address(number)))),
        ]);
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStreamAsync());
        return
        [
            .. answer
                .RootElement.GetProperty("data")
                .GetProperty("links")
                .EnumerateArray()
                .Select(link => link.GetProperty("url").GetString()!),
        ];
    }

    private static async Task<int> GuessAsync(HttpClient http, string alias, int number)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/_signpost/unlock/{alias}");
        request.Headers.Add(
            "X-Forwarded-For",
            string.Create(CultureInfo.InvariantCulture, $"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}")
        );
        request.Content = new FormUrlEncodedContent([new("password", $"wrong {number}")]);
        using var response = await http.SendAsync(request);
        return (int)response.StatusCode;
    }
}
