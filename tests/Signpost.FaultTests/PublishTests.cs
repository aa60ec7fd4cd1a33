using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using Signpost.FaultTests.Running;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>The program that <c>deploy/publish</c> makes, and the first build.</summary>
[Collection(Beside.Name)]
public sealed class PublishTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(SignpostProcess.ProjectPath, "..", ".."));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // It compiles the server once more.
    [Fact(Timeout = 600_000)]
    public async Task The_published_program_runs_where_neither_dotnet_nor_node_are()
    {
        await using var home = Installation.Empty();
        var runtime = RuntimeInformation.OSArchitecture is Architecture.Arm64 ? "linux-arm64" : "linux-x64";
        var publish = Path.Combine(Root, "deploy", "publish");
        await RunAsync(publish, home.Root, runtime);
        // The second run in a checkout compiles nothing, and makes the same.
        var said = await RunAsync(publish, home.Root, runtime);
        var folder = Directory.GetDirectories(home.Root, $"signpost-*-{runtime}").Single();
        Assert.Contains($"{folder}.tar.gz", said, StringComparison.Ordinal);
        Assert.Equal(
            [
                "LICENSE",
                "countries.mmdb",
                "libSkiaSharp.so",
                "libe_sqlite3.so",
                "licences.txt",
                "signpost",
                "signpost.service",
            ],
            Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );

        var program = Path.Combine(folder, "signpost");
        await using var server = await RunningServer.ServesAsync(
            SignpostProcess.StartProgram(
                home,
                [program],
                [
                    ("ASPNETCORE_URLS", "http://127.0.0.1:0"),
                    ("PATH", "/nonexistent"),
                    ("DOTNET_ROOT", "/nonexistent"),
                    ("HOME", "/nonexistent"),
                ]
            )
        );
        var banner = await server.Process.LineAsync(line => line.Contains("/setup/", StringComparison.Ordinal));
        Assert.Contains($"{home.DataDirectory} (just created)", server.Process.Output.Text, StringComparison.Ordinal);
        Assert.Contains("Geo data   country", server.Process.Output.Text, StringComparison.Ordinal);
        using var client = server.NewClient();
        using var setUp = await client.GetAsync(new Uri(banner.Trim()).AbsolutePath, Cancel);
        Assert.Equal(HttpStatusCode.OK, setUp.StatusCode);
        var licences = await client.GetStringAsync("/docs/licences", Cancel);
        Assert.Contains($"Microsoft.NETCore.App.Runtime.{runtime} ", licences, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(folder, "licences.txt"), Cancel), licences);
        await server.StopAsync();
    }

    [Fact]
    public async Task Only_the_first_start_says_that_the_data_directory_is_new()
    {
        await using var home = Installation.Empty();
        await using (var first = await RunningServer.StartAsync(home))
        {
            await first.Process.LineAsync(line => line.Trim() == $"Data       {home.DataDirectory} (just created)");
            await first.StopAsync();
        }

        await using var second = await RunningServer.StartAsync(home);
        await second.Process.LineAsync(line => line.Trim() == $"Data       {home.DataDirectory}");
        await second.StopAsync();
    }

    [Fact]
    public async Task Only_the_first_build_says_that_it_takes_minutes()
    {
        const string Line = "The first build of Signpost takes some minutes";
        await using var home = Installation.Empty();
        string[] restore = ["restore", SignpostProcess.ProjectPath, "-v", "quiet", $"-p:ArtifactsPath={home.Root}"];

        Assert.Contains(Line, await RunAsync("dotnet", restore), StringComparison.Ordinal);
        Assert.DoesNotContain(Line, await RunAsync("dotnet", restore), StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A build that leaves processes behind would hold the pipes open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["QUICK"] = "1";
        using var process = Process.Start(start)!;
        var (output, errors) = (
            process.StandardOutput.ReadToEndAsync(Cancel),
            process.StandardError.ReadToEndAsync(Cancel)
        );
        await process.EndAsync(program, longest: TimeSpan.FromMinutes(9));
        var said = await output.OrFail() + await errors.OrFail();
        Assert.True(process.ExitCode == 0, said);
        return said;
    }
}
