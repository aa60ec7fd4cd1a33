using Signpost.FaultTests.Running;
using Signpost.FaultTests.Visiting;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>
/// A start does little, so that the first visitor after a crash waits for little. Nearly all of a start is compiling, so the methods that
/// the runtime compiles are counted.
/// </summary>
public sealed class StartWorkTests
{
    /// <summary>From the start to a moment after the first redirect. Measured: 4,200 until the redirect.</summary>
    private const int MostMethods = 7_000;

    /// <summary>Building the tables' model and the endpoints takes as long as everything else together.</summary>
    private static readonly string[] Later =
    [
        "Microsoft.EntityFrameworkCore.Metadata.Conventions",
        "Microsoft.EntityFrameworkCore.Query",
        // The methods of this type. Others only have its options among their parameters.
        "Microsoft.AspNetCore.Http.RequestDelegateFactory:",
    ];

    [Fact]
    public async Task The_first_redirect_needs_neither_the_tables_model_nor_the_endpoints()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        // The second start finds a journal and settings that are applied already.
        await using (var first = await RunningServer.StartAsync(home, ("SIGNPOST_API_KEY", Installation.ApiKey)))
            await first.KillAsync();
        var compiled = Path.Combine(home.Root, "compiled");

        await using var server = await RunningServer.StartAsync(
            home,
            ("DOTNET_JitStdOutFile", compiled),
            ("DOTNET_JitDisasmSummary", "1"),
            ("SIGNPOST_API_KEY", Installation.ApiKey)
        );
        using var visitor = await Visitor.ConnectOrFailAsync(server.Endpoint, TestContext.Current.CancellationToken);
        var answer = await visitor.AskAsync(Visitor.Request("/one"), TestContext.Current.CancellationToken);
        Assert.Equal(302, answer.Status);
        string[] methods = [];
        // The runtime writes the list with a delay.
        await Patience.UntilAsync(async () =>
        {
            methods = await File.ReadAllLinesAsync(compiled, TestContext.Current.CancellationToken);
            return methods.Any(method => method.Contains("RedirectMiddleware:InvokeAsync", StringComparison.Ordinal));
        });
        // Not a clean stop: the runtime may fail when it closes this list.
        await server.KillAsync();

        Assert.All(
            Later,
            name => Assert.DoesNotContain(methods, method => method.Contains(name, StringComparison.Ordinal))
        );
        Assert.InRange(methods.Length, 1_000, MostMethods);
    }
}
