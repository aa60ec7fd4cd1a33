using System.Diagnostics;
using System.Text.Json.Nodes;
using Signpost.Testing;

namespace Signpost.Tests.Operations;

/// <summary>The files in <c>deploy</c> for containers and systemd. The images themselves are not built here.</summary>
public sealed class DeployFilesTests : IDisposable
{
    private static readonly string Deploy = Path.Combine(ArchitectureTests.Root, "deploy");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("signpost-deploy-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_linter_finds_nothing_in_the_Dockerfile()
    {
        var (code, report) = await LintAsync(Path.Combine(Deploy, "Dockerfile"));

        Assert.Equal("", report);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task The_linter_finds_a_mistake()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Deploy, "Dockerfile"), Cancel);
        var wrong = Path.Combine(_folder.FullName, "Dockerfile");
        await File.WriteAllTextAsync(
            wrong,
            text.Replace("EXPOSE 8080", "EXPOSE web", StringComparison.Ordinal),
            Cancel
        );

        var (_, report) = await LintAsync(wrong);

        Assert.Contains("web", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_image_runs_without_rights_and_listens_where_compose_expects_it()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(Deploy, "Dockerfile"), Cancel);
        var last = lines[Array.FindLastIndex(lines, line => line.StartsWith("FROM ", StringComparison.Ordinal))..];

        Assert.Contains("USER 1654", last);
        Assert.Contains("EXPOSE 8080", last);
        Assert.Contains("ENV SIGNPOST_DATA_DIR=/data ASPNETCORE_HTTP_PORTS=8080", last);
    }

    [Fact]
    public async Task Compose_names_files_networks_and_volumes_that_exist()
    {
        var compose = await ReadYamlAsync(Path.Combine(Deploy, "compose.yaml"));
        var server = compose["services"]!["signpost"]!;
        var caddy = compose["services"]!["caddy"]!;

        var context = Path.GetFullPath(Path.Combine(Deploy, Text(server["build"]!["context"])));
        Assert.True(File.Exists(Path.Combine(context, Text(server["build"]!["dockerfile"]))));
        Assert.Equal(
            Text(compose["networks"]!["default"]!["ipam"]!["config"]![0]!["subnet"]),
            Text(server["environment"]!["SIGNPOST_TRUSTED_PROXIES"])
        );
        Assert.StartsWith(
            "https://${DOMAIN:?",
            Text(server["environment"]!["SIGNPOST_PUBLIC_URL"]),
            StringComparison.Ordinal
        );
        Assert.Equal("ALL", Text(server["cap_drop"]![0]));
        var mounts = new[] { server, caddy }
            .SelectMany(service => service["volumes"]!.AsArray())
            .Select(mount => Text(mount).Split(':')[0])
            .ToArray();
        Assert.Equal(3, mounts.Length);
        Assert.All(
            mounts,
            from =>
                Assert.True(
                    from.StartsWith('.')
                        ? File.Exists(Path.Combine(Deploy, from))
                        : compose["volumes"]!.AsObject().ContainsKey(from),
                    from
                )
        );
    }

    [Fact]
    public async Task Systemd_understands_the_unit_and_finds_it_closed()
    {
        var unit = Path.Combine(_folder.FullName, "signpost.service");
        var text = await File.ReadAllTextAsync(Path.Combine(Deploy, "signpost.service"), Cancel);
        Assert.Contains("ExecStart=/opt/signpost/signpost\n", text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            unit,
            text.Replace("/opt/signpost/signpost\n", "/bin/true\n", StringComparison.Ordinal),
            Cancel
        );

        Assert.Equal((0, ""), await RunAsync("systemd-analyze", "verify", "--man=no", unit));
        // Of 100; a unit without any of these settings has 96.
        var (code, report) = await RunAsync("systemd-analyze", "security", "--offline=yes", "--threshold=20", unit);
        Assert.True(code == 0, report);
    }

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    private static async Task<JsonNode> ReadYamlAsync(string file)
    {
        var (code, json) = await RunAsync(
            "node",
            "--input-type=module",
            "-e",
            $"import {{ parse }} from '{ArchitectureTests.Root}/src/Signpost/node_modules/yaml/dist/index.js';"
                + "import { readFileSync } from 'node:fs';"
                + "console.log(JSON.stringify(parse(readFileSync(process.argv[1], 'utf8'))))",
            file
        );
        Assert.True(code == 0, json);
        return JsonNode.Parse(json)!;
    }

    private static Task<(int Code, string Output)> LintAsync(string file) =>
        RunAsync(
            "node",
            Path.Combine(
                ArchitectureTests.Root,
                "tests/Signpost.Tests/node_modules/dockerfile-utils/bin/dockerfile-utils"
            ),
            "lint",
            file
        );

    private static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (
            process.StandardOutput.ReadToEndAsync(Cancel),
            process.StandardError.ReadToEndAsync(Cancel)
        );
        await process.EndAsync(program);
        return (process.ExitCode, await output.OrFail() + await errors.OrFail());
    }
}
