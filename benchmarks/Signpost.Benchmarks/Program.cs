using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Signpost.Benchmarks;

/// <summary>Micro benchmarks, and the verbs that the load benchmarks in benchmarks/load need.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["seed", var directory, var count]:
                await Seed.RunAsync(directory, Number(count));
                return 0;
            case ["seed", var directory, var count, var targeting]:
                await Seed.RunAsync(directory, Number(count), targeting);
                return 0;
            case ["aliases", var first, var count]:
                Seed.PrintAliases(Number(first), Number(count));
                return 0;
            case ["backlog", var directory, var count, var links, var days]:
                Backlog.Fill(directory, Number(count), Number(links), Number(days));
                return 0;
            case ["own", var directory]:
                await Backlog.OwnAsync(directory);
                return 0;
            case ["group", var directory]:
                await Backlog.GroupAsync(directory);
                return 0;
            case ["kept", var directory]:
                Kept.Print(directory);
                return 0;
            case ["ask", var server, var apiKey, var busy]:
                await AskLoad.RunAsync(new Uri(server), apiKey, Number(busy));
                return 0;
            case ["dashboard-pages", var server, var rounds]:
                await DashboardLoad.PagesAsync(new Uri(server), Number(rounds));
                return 0;
            case ["dashboard-browse", var server, var people, var seconds]:
                await DashboardLoad.BrowseAsync(new Uri(server), Number(people), Number(seconds));
                return 0;
            case ["dashboard-paint", var server, var browser]:
                await DashboardLoad.PaintAsync(new Uri(server), browser);
                return 0;
            case ["watch", var server, var apiKey, var watchers, var seconds]:
                await LiveLoad.RunAsync(new Uri(server), apiKey, Number(watchers), Number(seconds));
                return 0;
            case ["first-answer", var url]:
                return FirstAnswer.Await(new Uri(url));
            case ["guess", var server, var apiKey, var perSecond, var seconds]:
                await PasswordAttemptLoad.RunAsync(new Uri(server), apiKey, Number(perSecond), Number(seconds));
                return 0;
            case ["hostile", var server, var perSecond, var seconds]:
                await HostileLoad.RunAsync(new Uri(server), Number(perSecond), Number(seconds));
                return 0;
            case ["classify", var count]:
                await Classification.RunAsync(Number(count));
                return 0;
            case ["year", var directory, var count, var links]:
                await Year.MakeAsync(directory, Number(count), Number(links));
                return 0;
            case ["holds", var directory, var links, var clicks]:
                await Holds.RunAsync(directory, Number(links), Number(clicks));
                return 0;
            case ["many-links", var directory, var bulks, .. var sizes]:
                await ManyLinks.RunAsync(directory, Number(bulks), [.. sizes.Select(Number)]);
                return 0;
            case ["lists", var directory, var links, var rounds]:
                await Lists.RunAsync(directory, Number(links), Number(rounds));
                return 0;
            case ["qr", var count]:
                QrCodes.Run(Number(count));
                return 0;
            case ["plan-cost", var count]:
                await Plans.PrintCostAsync(Number(count), pairs: 0);
                return 0;
            case ["plan-cost", var count, var pairs]:
                await Plans.PrintCostAsync(Number(count), Number(pairs));
                return 0;
            default:
                BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, Config());
                return 0;
        }
    }

    // In this process: the tool's own generated projects know nothing of how this solution is built.
    private static ManualConfig Config() =>
        ManualConfig
            .Create(DefaultConfig.Instance)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance))
            .WithArtifactsPath(Path.Combine("artifacts", "benchmarks"));

    private static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
