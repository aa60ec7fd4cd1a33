using System.Diagnostics;
using Signpost.Testing;

namespace Signpost.Core.Tests;

/// <summary>A test that hangs, and one whose preparation hangs, end the run by name. Each runs its own program once more.</summary>
public sealed class TestLimitTests(TestLimitTests.Preparation preparation) : IClassFixture<TestLimitTests.Preparation>
{
    private const string HangsVariable = "TEST_LIMIT_HANGS";

    [Theory]
    [InlineData("test", $"{nameof(TestLimitTests)}.{nameof(A_run_that_hangs_ends_and_names_it)}(what: \"test\"")]
    [InlineData("fixture", $"No test has run for 1 s, in Signpost.Core.Tests.{nameof(TestLimitTests)}")]
    public async Task A_run_that_hangs_ends_and_names_it(string what, string said)
    {
        Assert.True(preparation.IsDone);
        await HangAsync("test");
        var program = Path.ChangeExtension(typeof(TestLimitTests).Assembly.Location, null);
        var start = new ProcessStartInfo(program, ["-noLogo", "-noColor", "-class", typeof(TestLimitTests).FullName!])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[HangsVariable] = what;
        start.Environment[TestLimit.SecondsVariable] = "1";
        using var run = Process.Start(start)!;
        var output = run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await run.EndAsync("the run that hangs");

        Assert.NotEqual(0, run.ExitCode);
        var line = Assert.Single((await errors.OrFail()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(said, line, StringComparison.Ordinal);
        Assert.EndsWith(": the run ends here.", line, StringComparison.Ordinal);
        Assert.DoesNotContain("Total:", await output.OrFail(), StringComparison.Ordinal);
    }

    private static async Task HangAsync(string what)
    {
        if (Environment.GetEnvironmentVariable(HangsVariable) == what)
            await new TaskCompletionSource().Task;
    }

    /// <summary>Hangs when it is told to.</summary>
    public sealed class Preparation : IAsyncLifetime
    {
        public bool IsDone { get; private set; }

        public async ValueTask InitializeAsync()
        {
            await HangAsync("fixture");
            IsDone = true;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
