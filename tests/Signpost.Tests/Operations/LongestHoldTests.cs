using System.Net.Http.Json;
using System.Text.Json;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.Tests.Operations;

/// <summary>How long one write kept the others waiting is measured, and told to operators.</summary>
public sealed class LongestHoldTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_longest_write_counts_also_when_it_fails()
    {
        var directory = Directory.CreateTempSubdirectory("signpost-hold-").FullName;
        try
        {
            var clock = new ManualClock();
            await using var database = new Database(Path.Combine(directory, "signpost.db"), clock);
            Assert.Equal(TimeSpan.Zero, database.LongestHold);

            await Write(20);
            await Assert.ThrowsAsync<FormatException>(() => Write(70, fails: true));
            await Write(30);

            Assert.Equal(TimeSpan.FromMilliseconds(70), database.LongestHold);

            Task<bool> Write(int milliseconds, bool fails = false) =>
                database.WriteRawAsync(
                    (_, _) =>
                    {
                        clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
                        return fails ? throw new FormatException() : true;
                    },
                    Cancel
                );
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Readiness_tells_the_longest_write()
    {
        await using var server = await TestServer.StartAsync();
        await server.CreateLinkAsync();

        var ready = await server.Anonymous.GetFromJsonAsync<JsonElement>("/readyz", Cancel);

        Assert.InRange(ready.GetProperty("longest_write_ms").GetDouble(), 0.001, 600_000);
    }

    [Fact]
    public async Task Readiness_tells_the_longest_pause_of_a_collection()
    {
        await using var server = await TestServer.StartAsync();

        await Patience.UntilAsync(
            async () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                var ready = await server.Anonymous.GetFromJsonAsync<JsonElement>("/readyz", Cancel);
                return ready.GetProperty("longest_pause_ms").GetDouble() is > 0 and < 600_000;
            },
            "A collection noted"
        );
    }
}
