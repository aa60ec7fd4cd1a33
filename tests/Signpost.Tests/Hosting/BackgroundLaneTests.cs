using Signpost.Hosting;
using Signpost.Testing;

namespace Signpost.Tests.Hosting;

/// <summary>Background work runs on threads of its own, and never stops for good because others want the processors.</summary>
public sealed class BackgroundLaneTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly BackgroundLanes _lanes;
    private readonly ManualResetEventSlim _release = new();

    public BackgroundLaneTests() => _lanes = new BackgroundLanes(_clock);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Work_runs_on_a_thread_of_the_lane_and_its_errors_reach_the_caller()
    {
        Assert.Equal("storing clicks", await NameAsync());
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            _lanes.Storing.RunAsync<int>(() => throw new InvalidDataException()).OrFail("The error")
        );
        Assert.Equal(0, _lanes.Relieved);
    }

    [Fact]
    public async Task An_ordinary_thread_takes_over_while_too_much_waits()
    {
        var isBehind = true;
        _lanes.IsBehind = () => isBehind;

        Assert.Equal("storing clicks, ordinary", await NameAsync());
        isBehind = false;
        Assert.Equal("storing clicks", await NameAsync());
        Assert.Equal(1, _lanes.Relieved);
    }

    [Fact]
    public async Task A_piece_that_waits_too_long_goes_to_an_ordinary_thread()
    {
        using ManualResetEventSlim started = new();
        var stuck = _lanes.Storing.RunAsync(() =>
        {
            started.Set();
            return _release.Wait(Patience.Longest, Cancel);
        });
        Assert.True(started.Wait(Patience.Longest, Cancel));
        var waiting = NameAsync();
        Assert.False(waiting.IsCompleted);

        _clock.Advance(BackgroundLane.LongestWait * 2);

        Assert.Equal("storing clicks, ordinary", await waiting);
        _release.Set();
        Assert.True(await stuck.OrFail());
    }

    [Fact]
    public async Task Questions_that_too_many_wait_before_are_refused()
    {
        List<Task> asked = [];
        while (asked.Count < 1_000)
            try
            {
                asked.Add(_lanes.Questions.RunAsync(() => _release.Wait(Patience.Longest, Cancel)));
            }
            catch (TooBusyException)
            {
                break;
            }

        Assert.InRange(asked.Count, 100, 999);
        // Work that has begun goes on, however many wait.
        asked.Add(_lanes.Questions.RunAsync(() => true, mayRefuse: false));
        // Those that go to ordinary threads count, too.
        _lanes.IsBehind = static () => true;
        Assert.Throws<TooBusyException>(() => _lanes.Questions.RunAsync(() => true).GetAwaiter().GetResult());
        _lanes.IsBehind = static () => false;
        _release.Set();
        await Task.WhenAll(asked).OrFail("All questions");
        Assert.True(await _lanes.Questions.RunAsync(() => true).OrFail("Another question"));
    }

    [Fact]
    public async Task On_Linux_the_threads_have_their_scheduling_class()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has scheduling classes.");

        Assert.Equal("5", (await PolicyAsync(_lanes.Storing)).Policy);
        Assert.Equal("5", (await PolicyAsync(_lanes.Upkeep)).Policy);
        Assert.Equal(("0", 15), await PolicyAsync(_lanes.Questions));
    }

    public void Dispose()
    {
        _lanes.Dispose();
        _release.Dispose();
    }

    private Task<string?> NameAsync() =>
        _lanes.Storing.RunAsync(() => Thread.CurrentThread.Name).OrFail("A piece of work");

    // Fields 41 and 19 of proc_pid_stat(5), counted behind the name, which may hold blanks.
    private static Task<(string Policy, int Nice)> PolicyAsync(BackgroundLane lane) =>
        lane.RunAsync(() =>
            {
                var stat = File.ReadAllText("/proc/thread-self/stat");
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                return (fields[38], int.Parse(fields[16], System.Globalization.CultureInfo.InvariantCulture));
            })
            .OrFail("A look at the thread");
}
