using System.Diagnostics;
using Signpost.Hosting;

namespace Signpost.Tests.Hosting;

public sealed class ProcessorTimeTests
{
    [Fact]
    public void A_thread_that_computes_has_had_a_processor_for_that_time()
    {
        var before = ProcessorTime.OfCurrentThread();
        var watch = Stopwatch.StartNew();
        while (watch.ElapsedMilliseconds < 50) { }

        var took = ProcessorTime.OfCurrentThread() - before;

        // Both together are the time that passed; the thread slept at no time.
        Assert.InRange((took.Ran + took.Waited) / 1e6, 40, watch.ElapsedMilliseconds + 5);
        Assert.True(took.Ran > 0);
    }
}
