using FsCheck;
using FsCheck.Fluent;
using Signpost.Clicks;
using Signpost.Core.Clicks;
using Signpost.Journal;
using Signpost.Tests.Journal;

namespace Signpost.Tests.Clicks;

public sealed class ClickCountsTests
{
    private const long Links = 4;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The changes that can happen, one after the other or while somebody reads.</summary>
    private enum Step
    {
        Click,
        Robot,
        Offer,
        Commit,
        Notice,
        Take,
    }

    [Fact]
    public void Whatever_happens_while_somebody_reads_every_click_is_counted_once()
    {
        var steps = Gen.Elements(Enum.GetValues<Step>()).Zip(Gen.Choose(1, (int)Links)).ListOf();

        Prop.ForAll(
                steps.Zip(steps).ListOf().ToArbitrary(),
                rounds =>
                {
                    using var world = new World();
                    foreach (var (before, meanwhile) in rounds)
                    {
                        world.Do(before);
                        world.Check(meanwhile);
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(20));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 8)]
    [InlineData(1_000, 8)]
    public async Task A_limit_is_exact_with_many_threads_a_busy_ingestor_and_failures(int limit, int threads)
    {
        using var files = new JournalFixture();
        var store = new MemoryStore { FailuresBefore = 2, FailuresAfter = 2 };
        await using var server = new IngestFixture(files, store);
        await server.StartAsync();
        var consumed = 0;

        await Parallel.ForAsync(
            0,
            threads,
            Cancel,
            async (thread, cancel) =>
            {
                for (var i = 0; i < 2 * limit; i++)
                {
                    await server.Recorder.LoadUsedAsync(1, cancel);
                    if (!server.Recorder.TryConsume(1, limit))
                        break;
                    Interlocked.Increment(ref consumed);
                    Assert.True(server.Recorder.TryRecord(JournalFixture.Click(1), consumed: true));
                    server.Clock.Advance(TimeSpan.FromMilliseconds(50));
                }
            }
        );
        await server.UntilAsync(() => server.Journal.State.BytesPending == 0);

        Assert.Equal(limit, consumed);
        Assert.Equal(limit, (await server.Counts.ReadAsync([1], Cancel))[1]);
    }

    [Fact]
    public async Task A_limit_holds_over_a_kill_and_a_restart()
    {
        using var files = new JournalFixture();
        files.Leave(1, 1, 2, 1);

        await using var server = new IngestFixture(files, new MemoryStore());
        await server.StartAsync();
        await server.Recorder.LoadUsedAsync(1, Cancel);

        Assert.True(server.Recorder.TryConsume(1, limit: 5));
        Assert.True(server.Recorder.TryConsume(1, limit: 5));
        Assert.False(server.Recorder.TryConsume(1, limit: 5));
    }

    [Fact]
    public async Task Uses_of_a_link_that_gets_its_limit_later_were_counted_before()
    {
        var counts = new ClickCounts(new MemoryStore());
        counts.Record(1, consumed: false);
        counts.Record(1, consumed: false);

        Assert.False(counts.TryConsume(1, limit: 3));
        await counts.LoadUsedAsync(1, Cancel);

        Assert.True(counts.TryConsume(1, limit: 3));
        Assert.False(counts.TryConsume(1, limit: 3));
    }

    [Fact]
    public void A_click_that_was_stored_before_we_noted_it_leaves_nothing_behind()
    {
        var counts = new ClickCounts(new MemoryStore());
        var batch = new ClickBatch(JournalPosition.Start, new(1, 160), [JournalFixture.Click(1)]);
        counts.Moving(batch);
        counts.Moved(batch);

        counts.Record(1, consumed: false);

        Assert.Equal(0, counts.Entries);
    }

    [Fact]
    public void Recording_allocates_nothing_for_a_link_it_knows()
    {
        var counts = new ClickCounts(new MemoryStore());
        counts.Record(1, consumed: false);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1_000; i++)
            counts.Record(1, consumed: false);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    /// <summary>The counts beside a model of them: a plain number per link.</summary>
    private sealed class World : IDisposable
    {
        private const long Limit = 6;

        private readonly JournalFixture _files = new();
        private readonly MemoryStore _store = new();
        private readonly ClickJournal _journal;
        private readonly JournalReader _reader;
        private readonly ClickCounts _counts;
        private readonly ClickRecorder _recorder;
        private readonly long[] _clicks = new long[Links + 1];
        private JournalPosition _position;
        private ClickBatch? _offered;
        private bool _committed;

        public World()
        {
            _journal = _files.Open();
            _reader = new JournalReader(_journal);
            _counts = new ClickCounts(_store);
            _recorder = new ClickRecorder(_journal, _counts);
            _counts.Start(_journal.Id, JournalPosition.Start);
        }

        public void Do(IEnumerable<(Step Step, int Link)> steps)
        {
            foreach (var (step, link) in steps)
                Do(step, link);
        }

        public void Check(IEnumerable<(Step, int)> meanwhile)
        {
            // Only while the first answer is on its way: the next ones must settle.
            _store.Meanwhile = () =>
            {
                _store.Meanwhile = () => { };
                Do(meanwhile);
            };
            var read = _counts.ReadAsync([1, 2, 3, 4], CancellationToken.None);

            Assert.True(read.IsCompletedSuccessfully);
            foreach (var (link, clicks) in read.GetAwaiter().GetResult())
                Assert.Equal(_clicks[link], clicks);
        }

        public void Dispose() => _files.Dispose();

        private void Do(Step step, int link)
        {
            switch (step)
            {
                case Step.Click:
                    Assert.True(_recorder.TryRecord(JournalFixture.Click(link), consumed: false));
                    _clicks[link]++;
                    break;
                case Step.Robot:
                    Assert.True(_recorder.TryRecord(JournalFixture.Click(link, ClickKind.Robot), consumed: false));
                    break;
                case Step.Take:
                    Assert.True(_recorder.LoadUsedAsync(link, CancellationToken.None).AsTask().IsCompletedSuccessfully);
                    var took = _recorder.TryConsume(link, Limit);
                    Assert.Equal(_clicks[link] < Limit, took);
                    if (took && _recorder.TryRecord(JournalFixture.Click(link), consumed: true))
                        _clicks[link]++;
                    break;
                case Step.Offer when _offered is null && _reader.Read(_position, most: 3) is { } batch:
                    _offered = batch;
                    _counts.Moving(batch);
                    break;
                case Step.Commit when _offered is not null && !_committed:
                    _committed = true;
                    Assert.True(
                        _store.AppendAsync(_journal.Id, _offered, CancellationToken.None).IsCompletedSuccessfully
                    );
                    break;
                case Step.Notice when _committed:
                    _counts.Moved(_offered!);
                    _position = _offered!.End;
                    (_offered, _committed) = (null, false);
                    break;
                default:
                    break;
            }
        }
    }
}
