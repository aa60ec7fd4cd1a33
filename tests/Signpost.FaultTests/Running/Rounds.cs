using System.Globalization;

namespace Signpost.FaultTests.Running;

/// <summary>How often a fault is injected: a few times in <c>./test</c>, many times in <c>tests/faults TIMES</c>.</summary>
internal static class Rounds
{
    private static readonly int Times = int.Parse(
        Environment.GetEnvironmentVariable("FAULT_TIMES") is { Length: > 0 } times ? times : "1",
        CultureInfo.InvariantCulture
    );

    public static int Of(int few) => few * Times;
}
