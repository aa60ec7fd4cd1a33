using System.Text;
using System.Text.Json;
using Signpost.FaultTests.Running;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>A process that is killed right after somebody deleted a link or an account: no byte of it stays.</summary>
public sealed class ErasureTests
{
    private static readonly int Kills = Rounds.Of(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_erasure_that_a_kill_interrupts_is_finished_at_the_next_start(bool isAccount)
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        var chance = new Random(seed);
        await using var home = await Installation.SeededAsync();
        for (var round = 0; round < Kills; round++)
        {
            string path;
            await using (var first = await RunningServer.StartAsync(home))
            {
                path = isAccount ? await MakeAccountAsync(first, round) : await MakeLinkAsync(first, round);
                Assert.NotEmpty(FilesWith(home, $"planted-{round}-"));
                var asked = first.Http.DeleteAsync(path, Cancel);
                await Patience.PassAsync(TimeSpan.FromMilliseconds(chance.Next(60)));
                await first.KillAsync();
                await asked
                    .ContinueWith(_ => { }, Cancel, TaskContinuationOptions.None, TaskScheduler.Default)
                    .OrFail("The end of the request");
            }

            await using var second = await RunningServer.StartAsync(home);
            // The kill may have come before the deletion.
            using (await second.Http.DeleteAsync(path, Cancel)) { }
            await Patience.UntilAsync(
                () => Task.FromResult(FilesWith(home, "planted-") is []),
                "The last byte is gone",
                () => string.Join(", ", FilesWith(home, "planted-"))
            );
            await second.StopAsync();
        }
    }

    private static async Task<string> MakeLinkAsync(RunningServer server, int round)
    {
        var id = await MakeAsync(
            server,
            "/api/links",
            ("location_url", $"https://planted-{round}-link.example/"),
            ("title", $"planted-{round}-title"),
            ("note", $"planted-{round}-note"),
            ("utm_term", $"planted-{round}-term")
        );
        // The former address is in a version only.
        await MakeAsync(server, $"/api/links/{id}", ("location_url", "https://example.org/"));
        return $"/api/links/{id}?permanent=1";
    }

    private static async Task<string> MakeAccountAsync(RunningServer server, int round)
    {
        var id = await MakeAsync(
            server,
            "/api/users",
            ("email", $"planted-{round}-mail@example.org"),
            ("name", $"planted-{round}-name"),
            ("password", "correct horse battery staple")
        );
        return $"/api/users/{id}?links=delete";
    }

    private static async Task<long> MakeAsync(
        RunningServer server,
        string path,
        params (string Name, string Value)[] fields
    )
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        using var response = await server.Http.SendAsync(request, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.GetProperty("data").GetProperty("id").GetInt64();
    }

    private static List<string> FilesWith(Installation home, string marker)
    {
        var bytes = Encoding.UTF8.GetBytes(marker);
        return
        [
            .. Directory
                .EnumerateFiles(home.DataDirectory, "*", SearchOption.AllDirectories)
                .Where(path => Path.GetFileName(path) != "lock" && ReadAll(path).AsSpan().IndexOf(bytes) >= 0),
        ];
    }

    private static byte[] ReadAll(string path)
    {
        if (!File.Exists(path))
            return [];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }
}
