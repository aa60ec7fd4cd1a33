using Signpost.FaultTests.Running;

namespace Signpost.FaultTests;

/// <summary>The command line, as an operator types it: help, version, mistakes, settings.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    [InlineData("--urls", "http://127.0.0.1:0", "--help")]
    public async Task Help_names_every_command_and_starts_nothing(params string[] args)
    {
        var ended = await RunWithoutTouchingAsync(args);

        Assert.True(ended.ExitCode == 0, ended.ToString());
        string[] commands = ["backup", "restore", "reset-password", "create-key", "change-case", "repair-journal"];
        Assert.All(
            commands,
            command =>
                Assert.Contains(ended.Output, line => line.TrimStart().StartsWith(command, StringComparison.Ordinal))
        );
        Assert.Contains(ended.Output, line => line.Contains("--SIGNPOST_DATA_DIR=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("backup", "backup <FILE> [options]")]
    [InlineData("restore", "restore <FILE> [options]")]
    [InlineData("reset-password", "reset-password <EMAIL> [options]")]
    [InlineData("create-key", "create-key <EMAIL> [options]")]
    [InlineData("change-case", "change-case <on|off|status> [options]")]
    [InlineData("repair-journal", "repair-journal [options]")]
    public async Task Each_command_tells_its_argument(string command, string usage)
    {
        var ended = await RunWithoutTouchingAsync([command, "--help"]);

        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Contains(ended.Output, line => line.EndsWith(usage, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_version_is_a_plain_number()
    {
        var ended = await RunWithoutTouchingAsync(["--version"]);

        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Matches(@"^\d+\.\d+\.\d+$", Assert.Single(ended.Output));
    }

    [Theory]
    [InlineData("'serv'", "serv")]
    [InlineData("'--verbose'", "--verbose")]
    [InlineData("'-x'", "-x")]
    [InlineData("'--ASPNETCORE_URLS'.", "--ASPNETCORE_URLS=http://127.0.0.1:0")]
    [InlineData("'-SIGNPOST_API_KEY'.", "-SIGNPOST_API_KEY=secret")]
    [InlineData("'-SIGNPOST_API_KEY'.", "backup", "-SIGNPOST_API_KEY=secret")]
    [InlineData("The argument FILE of backup is missing", "backup")]
    [InlineData("The argument FILE of restore is missing", "restore")]
    [InlineData("The argument EMAIL of create-key is missing", "create-key")]
    [InlineData("'--force'", "backup", "--force")]
    [InlineData("'--force'", "backup", "copy.db", "--force")]
    [InlineData("'second.db'", "backup", "first.db", "second.db")]
    [InlineData("'now'", "repair-journal", "now")]
    [InlineData("--urls needs a value", "--urls")]
    public async Task A_mistake_is_named_in_one_line_and_starts_nothing(string named, params string[] args)
    {
        var ended = await RunWithoutTouchingAsync(args);

        Assert.True(ended.ExitCode == 1, ended.ToString());
        var line = Assert.Single(ended.Errors);
        Assert.Contains(named, line, StringComparison.Ordinal);
        Assert.Contains("--help", line, StringComparison.Ordinal);
        Assert.Empty(ended.Output);
    }

    [Theory]
    [InlineData("--SIGNPOST_DATA_DIR=other", "backup", "copy.db")]
    [InlineData("backup", "--SIGNPOST_DATA_DIR", "other", "copy.db")]
    [InlineData("backup", "copy.db", "/SIGNPOST_DATA_DIR=other")]
    [InlineData("backup", "copy.db", "SIGNPOST_DATA_DIR=other")]
    [InlineData("backup", "/signpost_backups/today.db", "--SIGNPOST_DATA_DIR=other")]
    public async Task Settings_may_stand_before_and_after_a_command(params string[] args)
    {
        var ended = await RunWithoutTouchingAsync(args);

        Assert.True(ended.ExitCode == 1, ended.ToString());
        Assert.Contains("other/signpost.db", Assert.Single(ended.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Microsoft=Information")]
    [InlineData("/urls=http://127.0.0.1:0", "Logging:LogLevel:Microsoft=Information", "--environment", "Production")]
    public async Task Settings_of_the_server_work_on_the_command_line(params string[] args)
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        await using var server = SignpostProcess.Start(home, args, []);

        await server.LineAsync(line => line.StartsWith("  Address    http://127.0.0.1:", StringComparison.Ordinal));

        await server.LineAsync(line => line.Contains("Now listening on", StringComparison.Ordinal));
        server.Signal(Signals.Terminate);
        var ended = await server.EndAsync();
        Assert.True(ended.ExitCode == 0, ended.ToString());
    }

    /// <summary>Runs in an empty directory to the end, and checks that nothing was made there.</summary>
    private static async Task<Ended> RunWithoutTouchingAsync(string[] args)
    {
        await using var home = Installation.Empty();

        var ended = await SignpostProcess.RunAsync(home, args);

        Assert.Empty(Directory.GetFileSystemEntries(home.Root));
        return ended;
    }
}
