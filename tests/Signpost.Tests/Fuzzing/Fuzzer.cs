using System.Globalization;
using System.Runtime.InteropServices;
using Signpost.Testing;

namespace Signpost.Tests.Fuzzing;

/// <summary>The results of one target in one run.</summary>
/// <param name="Accepted">The number of inputs that the parser took.</param>
/// <param name="Shapes">The number of different results, up to a limit.</param>
/// <param name="MostAllocated">The bytes that the most costly input allocated.</param>
/// <param name="Slowest">The processor time of the slowest input.</param>
internal sealed record FuzzReport(
    string Target,
    long Inputs,
    long Accepted,
    int Shapes,
    long MostAllocated,
    TimeSpan Slowest
)
{
    public const string Head = "target                     inputs    accepted  results  most allocated  slowest";

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Target, -20} {Inputs, 12:N0} {Accepted, 11:N0} {Shapes, 8:N0} {MostAllocated, 13:N0} B {Slowest.TotalMilliseconds, 5:N0} ms"
        );
}

/// <summary>An input that a parser did not survive, or that cost too much.</summary>
internal sealed class FuzzException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>Gives a parser many inputs; it must return a result for each, with bounded work.</summary>
/// <param name="spent">The processor time of the current thread; null: the real one.</param>
internal sealed class Fuzzer(Func<TimeSpan>? spent = null)
{
    /// <summary>
    /// The processor time that no input may take: far above all real work. The allocated bytes are the exact bound.
    /// </summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private const int MostShapes = 4_000;

    private readonly Func<TimeSpan> _spent = spent ?? OfThisThread;

    /// <exception cref="FuzzException">An input failed. The message has it, so that a test can repeat it.</exception>
    public FuzzReport Run(FuzzTarget target, int seed, long inputs)
    {
        // Things that are made once for the whole process are not counted.
        foreach (var input in target.Seeds)
            target.Read(input);

        var mutator = new Mutator(target, seed);
        var shapes = new HashSet<string>(StringComparer.Ordinal);
        var report = new FuzzReport(target.Name, inputs, 0, 0, 0, default);
        var current = Array.Empty<byte>();
        var costly = 0L;
        using var watch = new Timer(
            _ => Console.Error.WriteLine(Describe(target, seed, Volatile.Read(ref current), "is slow")),
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
        for (var number = 0L; number < inputs; number++)
        {
            var input = mutator.Next();
            Volatile.Write(ref current, input);
            if (number % 1_024 == 0)
                watch.Change(Patience.Longest, Timeout.InfiniteTimeSpan);
            var (outcome, allocated, time) = Measure(target, seed, input);
            // The runtime compiles methods again while the test runs, and then they allocate a little more or less. The inputs must not depend on that.
            var isCostly = allocated > (2 * costly) + (16 << 10);
            if (isCostly)
                costly = allocated;
            if ((shapes.Count < MostShapes && shapes.Add(outcome.Shape)) || isCostly)
                mutator.Keep(input);
            report = report with
            {
                Accepted = report.Accepted + (outcome.IsAccepted ? 1 : 0),
                MostAllocated = Math.Max(report.MostAllocated, allocated),
                Slowest = time > report.Slowest ? time : report.Slowest,
            };
        }

        return report with
        {
            Shapes = shapes.Count,
        };
    }

    private (Outcome Outcome, long Allocated, TimeSpan Time) Measure(FuzzTarget target, int seed, byte[] input)
    {
        Outcome outcome;
        var started = _spent();
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            outcome = target.Read(input);
        }
        catch (Exception error)
        {
            throw new FuzzException(Describe(target, seed, input, $"failed: {error.Message}"), error);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var time = _spent() - started;
        if (allocated > target.MostAllocated.Fixed + (long)target.MostAllocated.PerByte * input.Length)
            throw new FuzzException(Describe(target, seed, input, $"allocated {allocated} bytes"));
        if (time > Longest)
            throw new FuzzException(Describe(target, seed, input, $"took {time.TotalSeconds} s"));
        return (outcome, allocated, time);
    }

    private static string Describe(FuzzTarget target, int seed, byte[] input, string what) =>
        $"{target.Name}, seed {seed}: an input of {input.Length} bytes {what}\n{Convert.ToBase64String(input)}";

    // The time on the clock would count what other processes of a busy machine take.
    private static TimeSpan OfThisThread()
    {
        const int threadTime = 3;
        _ = GetTime(threadTime, out var time);
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1_000);
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int GetTime(int clock, out TimeOfClock time);

    private readonly record struct TimeOfClock(long Seconds, long Nanoseconds);
}
