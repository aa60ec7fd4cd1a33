using System.Diagnostics;
using System.Text.Json;
using Signpost.Testing;

namespace Signpost.Tests.Operations;

/// <summary>The scripts in <c>deploy</c>. Registries are played by programs with the names of their clients.</summary>
public sealed class DeployTests : IDisposable
{
    private const string Clean = """{"projects":[{"path":"x"}]}""";
    private const string Vulnerable =
        """{"projects":[{"frameworks":[{"transitivePackages":[{"id":"Bad","resolvedVersion":"1","vulnerabilities":[{"advisoryurl":"x"}]}]}]}]}""";
    private const string CleanNpm = """{"vulnerabilities":{},"metadata":{}}""";
    private const string VulnerableNpm =
        """{"vulnerabilities":{"bad":{"name":"bad","range":"1","severity":"high"}},"metadata":{}}""";
    private const string Broken = """{"message":"405 Method Not Allowed"}""";

    private readonly DirectoryInfo _clients = Directory.CreateTempSubdirectory("signpost-deploy-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _clients.Delete(recursive: true);

    [Theory]
    [InlineData(Vulnerable, Clean, VulnerableNpm, CleanNpm, 0, "NuGet packages: none known")]
    [InlineData(Vulnerable, Vulnerable, VulnerableNpm, CleanNpm, 1, "NuGet packages: vulnerable")]
    [InlineData(Vulnerable, Clean, VulnerableNpm, VulnerableNpm, 1, "npm packages of src/Signpost: vulnerable")]
    [InlineData(Clean, Clean, VulnerableNpm, CleanNpm, 3, "NuGet packages: not checked")]
    [InlineData(Vulnerable, Clean, CleanNpm, CleanNpm, 3, "npm packages: not checked")]
    [InlineData(Vulnerable, Clean, Broken, Broken, 3, "npm packages: not checked")]
    [InlineData(Vulnerable, Broken, VulnerableNpm, CleanNpm, 3, "NuGet packages: not checked")]
    [InlineData(Clean, Clean, VulnerableNpm, VulnerableNpm, 1, "NuGet packages: not checked")]
    public async Task The_gate_trusts_only_a_source_that_knows_the_probe(
        string probe,
        string ours,
        string npmProbe,
        string npmOurs,
        int code,
        string line
    )
    {
        Play("dotnet", $"[ $1 = list ] || exit 0\ncase $2 in /*) echo '{probe}' ;; *) echo '{ours}' ;; esac");
        Play(
            "npm",
            $"[ $1 = audit ] || exit 0\ncase $PWD in /tmp/*/npm) echo '{npmProbe}' ;; *) echo '{npmOurs}' ;; esac"
        );

        var (exit, output) = await RunAsync("vulnerabilities");

        Assert.Contains(line, output, StringComparison.Ordinal);
        Assert.Equal(code, exit);
    }

    [Fact]
    public async Task The_bill_of_materials_lists_packages_of_both_registries()
    {
        var file = Path.Combine(_clients.FullName, "bom.json");

        var (exit, output) = await RunAsync("bill-of-materials", file);

        Assert.True(exit == 0, output);
        using var bill = JsonDocument.Parse(await File.ReadAllTextAsync(file, Cancel));
        Assert.Equal("CycloneDX", bill.RootElement.GetProperty("bomFormat").GetString());
        var scopes = bill
            .RootElement.GetProperty("components")
            .EnumerateArray()
            .ToDictionary(
                one => one.GetProperty("purl").GetString()!.Split('@')[0],
                one => one.GetProperty("scope").GetString()
            );
        Assert.Equal("required", scopes["pkg:nuget/Microsoft.EntityFrameworkCore.Sqlite"]);
        Assert.Equal("required", scopes["pkg:npm/swagger-ui-dist"]);
        Assert.Equal("excluded", scopes["pkg:nuget/Microsoft.CodeAnalysis.BannedApiAnalyzers"]);
        Assert.Equal("excluded", scopes["pkg:npm/yaml"]);
        // Only `dotnet ef` loads it.
        Assert.Equal("excluded", scopes["pkg:nuget/Microsoft.CodeAnalysis.CSharp"]);
    }

    private void Play(string client, string script)
    {
        var path = Path.Combine(_clients.FullName, client);
        File.WriteAllText(path, $"#!/usr/bin/env bash\n{script}\n");
#pragma warning disable CA1416
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
#pragma warning restore CA1416
    }

    private async Task<(int Exit, string Output)> RunAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(ArchitectureTests.Root, "deploy", script), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{_clients.FullName}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["TMPDIR"] = "/tmp";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Cancel);
        var errors = process.StandardError.ReadToEndAsync(Cancel);
        await process.EndAsync(script);
        return (process.ExitCode, await output.OrFail() + await errors.OrFail());
    }
}
