using System.Text.Json;
using System.Text.RegularExpressions;
using Signpost.Testing;

namespace Signpost.Tests.Operations;

/// <summary>Everything that is shipped stands in /docs/licences, with its licence.</summary>
public sealed partial class LicenceTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static readonly string ServerFolder = Path.Combine(
        new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!.FullName,
        "Signpost",
        new DirectoryInfo(AppContext.BaseDirectory).Name
    );

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_library_beside_the_program_is_of_a_package_with_a_licence()
    {
        var licences = await ReadAsync();

        var packages = ShippedLibraries();

        Assert.Contains("Microsoft.EntityFrameworkCore 10.", string.Join('\n', packages), StringComparison.Ordinal);
        Assert.All(packages, package => Assert.NotEmpty(LicenceOf(licences, package, "NuGet")));
    }

    [Fact]
    public async Task Every_package_from_npm_that_the_build_reads_has_a_licence()
    {
        var licences = await ReadAsync();
        var server = Path.Combine(ArchitectureTests.Root, "src/Signpost");
        using var locked = JsonDocument.Parse(
            await File.ReadAllTextAsync(Path.Combine(server, "package-lock.json"), Cancel)
        );
        var script = await File.ReadAllTextAsync(Path.Combine(server, "Npm.mjs"), Cancel);

        // The script reads lists by the package yaml, of which nothing is shipped. Names that begin with a point are our own files.
        var read = ReadPackages()
            .Matches(script)
            .Select(match => match.Groups["name"].Value)
            .Where(name => name is not "yaml" and not ['.', ..] && !name.StartsWith("node:", StringComparison.Ordinal))
            .Distinct()
            .ToArray();

        Assert.Contains("swagger-ui-dist", read);
        foreach (var name in read)
        {
            var version = locked.RootElement.GetProperty("packages").GetProperty($"node_modules/{name}");
            Assert.NotEmpty(LicenceOf(licences, $"{name} {version.GetProperty("version").GetString()}", "npm"));
        }
    }

    [Fact]
    public async Task The_file_beside_the_program_says_the_same()
    {
        Assert.Equal(
            await File.ReadAllTextAsync(Path.Combine(ServerFolder, "licences.txt"), Cancel),
            await ReadAsync()
        );
    }

    private Task<string> ReadAsync() => shared.Server.Anonymous.GetStringAsync("/docs/licences", Cancel);

    /// <summary>The text about a package; empty if there is none.</summary>
    private static string LicenceOf(string licences, string package, string from)
    {
        var about = Regex.Match(
            licences,
            $"^-{{80}}\n{Regex.Escape($"{package} ({from})")}\n(.+?)(?=^-{{80}}$)",
            RegexOptions.Multiline | RegexOptions.Singleline
        );
        var text = about.Groups[1].Value.Trim();
        return StandardText().Match(text) is { Success: true } standard
                ? licences[licences.IndexOf($"The text of {standard.Groups[1].Value}\n\n", StringComparison.Ordinal)..]
            : text.Contains('\n', StringComparison.Ordinal) ? text
            : "";
    }

    /// <summary>Packages with a library in the server's folder that the program loads, as in "QRCoder 1.8.1".</summary>
    private static string[] ShippedLibraries()
    {
        using var dependencies = JsonDocument.Parse(File.ReadAllText(Path.Combine(ServerFolder, "Signpost.deps.json")));
        var target = dependencies.RootElement.GetProperty("targets").EnumerateObject().Single().Value;
        var all = target
            .EnumerateObject()
            .ToDictionary(one => one.Name.Split('/')[0], StringComparer.OrdinalIgnoreCase);
        var found = new HashSet<string>();
        // `dotnet ef` alone loads this one.
        foreach (var name in NamesIn(all["Signpost"].Value).Except(["Microsoft.EntityFrameworkCore.Design"]))
            Visit(name);
        return [.. found];

        void Visit(string name)
        {
            if (!all.TryGetValue(name, out var one))
                return;

            if (HasFiles(one.Value) && name != "Signpost.Core" && !found.Add(one.Name.Replace('/', ' ')))
                return;

            foreach (var next in NamesIn(one.Value))
                Visit(next);
        }
    }

    private static bool HasFiles(JsonElement library) =>
        library.TryGetProperty("runtime", out _) || library.TryGetProperty("runtimeTargets", out _);

    private static IEnumerable<string> NamesIn(JsonElement library) =>
        library.TryGetProperty("dependencies", out var names) ? names.EnumerateObject().Select(one => one.Name) : [];

    [GeneratedRegex("node_modules/(?<name>(@[^/\"]+/)?[^/\"]+)|from \"(?<name>[^\"]+)\"")]
    private static partial Regex ReadPackages();

    [GeneratedRegex("^The text of (.+) is at the end\\.$", RegexOptions.Multiline)]
    private static partial Regex StandardText();
}
