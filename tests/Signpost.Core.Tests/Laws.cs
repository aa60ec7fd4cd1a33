using System.Globalization;
using FsCheck;
using Microsoft.FSharp.Core;

namespace Signpost.Core.Tests;

/// <summary>
/// How laws are checked: over the same cases in every run, so that a change is judged by itself and not by luck. Other cases
/// are found with <c>LAWS_SEED</c>, a number.
/// </summary>
internal static class Laws
{
    public static Config Over(int cases) => Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay(Replay());

    private static FSharpOption<Replay> Replay()
    {
        var seed = Environment.GetEnvironmentVariable("LAWS_SEED") is { Length: > 0 } chosen
            ? ulong.Parse(chosen, CultureInfo.InvariantCulture)
            : 20_260_301;
        return FSharpOption<Replay>.Some(new Replay(new Rnd(seed, seed * 2 + 1), FSharpOption<int>.None));
    }
}
