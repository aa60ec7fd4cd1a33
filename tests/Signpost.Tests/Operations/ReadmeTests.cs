using System.Diagnostics;
using System.Text.RegularExpressions;
using Signpost.Testing;

namespace Signpost.Tests.Operations;

/// <summary>The commands of README.md work as they stand there.</summary>
public sealed partial class ReadmeTests : IAsyncLifetime
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(ArchitectureTests.Root, "README.md"));

    private TestServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_commands_make_a_link_and_show_the_click_of_a_browser()
    {
        var blocks = ShellBlock().Matches(Readme).Select(match => match.Groups[1].Value).ToArray();
        var make = blocks.Single(block => block.Contains("--form url=", StringComparison.Ordinal));
        var read = blocks.Single(block => block.Contains("/explain", StringComparison.Ordinal));
        Assert.Contains("\"clicks\": 1", Readme, StringComparison.Ordinal);

        Assert.Contains("\"data\"", await RunAsync(make), StringComparison.Ordinal);
        var path = BrowserAddress().Match(Readme).Groups[1].Value;
        using (var browser = new Person(_server))
            Assert.Equal("https://example.com/", $"{(await browser.GetAsync(path, Cancel)).Location}");
        await Patience.UntilAsync(async () =>
            (await RunAsync(read)).Contains("\"browser_name\":\"Firefox\"", StringComparison.Ordinal)
        );

        var said = await RunAsync(read);
        Assert.Contains("\"clicks\":1,", said, StringComparison.Ordinal);
        Assert.Contains("https://example.com/", said, StringComparison.Ordinal);
    }

    [Fact]
    public void The_set_up_page_makes_another_alias()
    {
        var page = string.Concat(
            Directory
                .GetFiles(Path.Combine(ArchitectureTests.Root, "src/Signpost/Dashboard/FirstRun"), "*.razor")
                .Select(File.ReadAllText)
        );

        var ours = FormAlias().Matches(Readme).Select(match => match.Groups[1].Value).ToArray();
        var theirs = FormAlias().Matches(page).Select(match => match.Groups[1].Value).ToArray();

        Assert.NotEmpty(ours);
        Assert.Empty(ours.Intersect(theirs));
    }

    /// <summary>Runs commands with this server's address and key in place of those that the document shows.</summary>
    private async Task<string> RunAsync(string commands)
    {
        var real = commands
            .Replace("http://localhost:8080", _server.Url, StringComparison.Ordinal)
            .Replace("curl ", "curl -sS --max-time 20 ", StringComparison.Ordinal);
        var start = new ProcessStartInfo("bash", ["-euc", real])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KEY"] = TestServer.ApiKey;
        using var process = Process.Start(start)!;
        var (output, errors) = (
            process.StandardOutput.ReadToEndAsync(Cancel),
            process.StandardError.ReadToEndAsync(Cancel)
        );
        await process.EndAsync("the commands");
        var said = await output.OrFail();
        Assert.True(process.ExitCode == 0, said + await errors.OrFail());
        return said;
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex("open <http://localhost:8080(/[^>]+)> in a browser")]
    private static partial Regex BrowserAddress();

    [GeneratedRegex("--form '?url=([^'\\s]+)")]
    private static partial Regex FormAlias();
}
