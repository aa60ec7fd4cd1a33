namespace Signpost.FaultTests.Running;

/// <summary>A command that strace kills at one of its system calls.</summary>
internal static class KilledCommand
{
    /// <summary>The calls that send something to a server.</summary>
    public const string Sends = "send";

    /// <summary>The calls that give files other names.</summary>
    public const string Renames = "rename";

    /// <param name="calls">How the names of the calls begin.</param>
    /// <param name="when">At which of these calls of one thread it is killed; 0: at none.</param>
    /// <returns>Whether it was killed; false: it ended well before.</returns>
    public static async Task<bool> RunAsync(
        Installation home,
        string[] args,
        (string Name, string Value)[] settings,
        string calls,
        int when
    )
    {
        string[] inject = when == 0 ? [] : ["-e", $"inject=/^{calls}.*:signal=KILL:when={when}"];
        await using var command = SignpostProcess.Start(
            home,
            args,
            settings,
            ["strace", "-D", "-f", "-qq", "-o", LogOf(home), "-e", $"trace=/^{calls}.*", .. inject]
        );
        var ended = await command.EndAsync();
        Assert.True(ended.ExitCode is 0 or 128 + Signals.Kill, ended.ToString());
        return ended.ExitCode != 0;
    }

    /// <summary>The most calls of one thread in the last run.</summary>
    public static int Calls(Installation home) =>
        File.ReadLines(LogOf(home))
            .Select(line => line.Split(' ', 2)[0])
            .GroupBy(thread => thread)
            .Max(thread => thread.Count());

    private static string LogOf(Installation home) => Path.Combine(home.Root, "strace.log");
}
