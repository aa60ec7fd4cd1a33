using Signpost.Tests.Visitors;

namespace Signpost.Benchmarks;

/// <summary>Follows links at a steady rate, each time with another agent that is made to be slow to read.</summary>
internal static class HostileLoad
{
    private const int Links = 100;

    /// <summary>Follows the first links, and prints the responses.</summary>
    public static async Task RunAsync(Uri server, int perSecond, int seconds)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server };
        var first = Random.Shared.Next(500_000);
        var requests = new List<Task<int>>();
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1d / perSecond));
        for (var i = 0; i < perSecond * seconds && await ticks.WaitForNextTickAsync(); i++)
        {
            // By now this process is warm and takes little of the machine.
            if (i == perSecond)
                Console.WriteLine("HOSTILE");
            requests.Add(FollowAsync(http, Seed.Alias(i % Links), first + i));
        }

        var answers = (await Task.WhenAll(requests)).CountBy(status => status).OrderBy(count => count.Key);
        Console.WriteLine(string.Join(", ", answers.Select(count => $"{count.Value} of {count.Key}")));
    }

    private static async Task<int> FollowAsync(HttpClient http, string alias, int number)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/{alias}");
        // The journal's record of a click has no room for longer ones, which would all be the same there.
        var agent = number % 2 == 0 ? HostileAgents.Worst(number, length: 900) : HostileAgents.Known(number);
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        using var response = await http.SendAsync(request);
        return (int)response.StatusCode;
    }
}
