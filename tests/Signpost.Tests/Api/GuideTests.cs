using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.Api;

/// <summary>The guide on the server, and the commands of all documents: each runs as it is printed, in two shells.</summary>
public sealed partial class GuideTests(SharedServer shared) : ApiTests(shared)
{
    private static readonly string[] Documents =
    [
        Path.Combine(ArchitectureTests.Root, "README.md"),
        .. Directory.GetFiles(Path.Combine(ArchitectureTests.Root, "docs"), "*.md"),
    ];

    public static TheoryData<string, string> Runs =>
        [
            .. Documents
                .Where(document => CommandsOf(document) is not [])
                .SelectMany(document =>
                    ((string[])["bash", "zsh"]).Select(shell => new TheoryDataRow<string, string>(
                        shell,
                        Path.GetRelativePath(ArchitectureTests.Root, document)
                    ))
                ),
        ];

    [Fact]
    public void There_are_commands_in_the_README_and_in_the_guide() =>
        Assert.True(
            CommandsOf(Documents[0]).Count >= 4
                && CommandsOf(Documents.Single(one => one.EndsWith("api.md", StringComparison.Ordinal))).Count >= 15
        );

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task Every_documented_curl_runs_as_it_is_printed(string shell, string document)
    {
        await using var server = await TestServer.StartAsync(("SIGNPOST_PUBLIC_URL", "http://localhost:8080"));
        var folder = Directory.CreateTempSubdirectory("signpost-curl-").FullName;
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, "card.png"), Bodies.Png, Cancel);
            foreach (var command in CommandsOf(Path.Combine(ArchitectureTests.Root, document)))
            {
                // A stream does not end by itself.
                var isStream = command.Contains("/live", StringComparison.Ordinal);
                await File.WriteAllTextAsync(
                    Path.Combine(folder, ".curlrc"),
                    $"""
                    connect-to = "localhost:8080:{new Uri(server.Url).Authority}"
                    fail-with-body
                    silent
                    show-error
                    max-time = {(isStream ? 1 : 60)}
                    """,
                    Cancel
                );

                var (code, output) = await RunAsync(shell, command, folder);

                Assert.True(code == (isStream ? 28 : 0), $"{code}: {command}\n{output}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_server_shows_the_guide_beside_the_documentation()
    {
        var reply = await SendAsync(HttpMethod.Get, "/docs/guide", null, Server.Anonymous);
        var docs = await SendAsync(HttpMethod.Get, "/docs", null, Server.Anonymous);

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Contains(
            "Fields are only added; nothing is versioned in the path.",
            reply.Body,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "<code class=\"language-sh\">curl -H &quot;Authorization",
            reply.Body,
            StringComparison.Ordinal
        );
        Assert.Contains("href=\"/docs/guide\"", docs.Body, StringComparison.Ordinal);
        // Links inside the text lead somewhere.
        var links = Anchor().Matches(reply.Body).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.Contains($"id=\"{link}\"", reply.Body, StringComparison.Ordinal));
    }

    private static List<string> CommandsOf(string document)
    {
        List<string> commands = [];
        foreach (Match block in Block().Matches(File.ReadAllText(document)))
        {
            var isOpen = false;
            foreach (var line in block.Groups[1].Value.Split('\n'))
            {
                if (isOpen)
                    commands[^1] += $"\n{line}";
                else if (line.StartsWith("curl ", StringComparison.Ordinal))
                    commands.Add(line);
                else
                    continue;
                isOpen = line.EndsWith('\\');
            }
        }

        return commands;
    }

    private static async Task<(int Code, string Output)> RunAsync(string shell, string command, string folder)
    {
        // zsh fails for a question mark or a bracket that is not quoted.
        var start = new ProcessStartInfo(shell, shell is "zsh" ? ["-f", "-c", command] : ["-c", command])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KEY"] = TestServer.ApiKey;
        start.Environment["CURL_HOME"] = folder;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.EndAsync(shell);
        return (process.ExitCode, $"{await output}{await errors}");
    }

    [GeneratedRegex(@"^```sh\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("href=\"#([^\"]+)\"")]
    private static partial Regex Anchor();
}
