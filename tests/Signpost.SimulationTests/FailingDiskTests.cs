using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Clicks;
using Signpost.Core.Clicks;
using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Testing;

namespace Signpost.SimulationTests;

/// <summary>Bugs that the simulator found, each on real files, step by step.</summary>
public sealed class FailingDiskTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("signpost-failing-").FullName;
    private readonly FailingDisk _disk = new();
    private readonly StepThreads _threads = new();

    [Fact]
    public async Task A_failed_flush_of_the_former_segment_loses_no_click_of_the_next_one()
    {
        var journal = Open();
        var click = 0;
        Appended place;
        do Assert.True(journal.TryAppend(Click(++click), default, out place));
        while (place.Segment.Number == 1);
        var isDurable = journal.DurableAsync(place).AsTask();

        _disk.Fails = path => path.Contains("0000000001.seg", StringComparison.Ordinal);
        _threads.RunAll();
        Assert.True(await isDurable.OrFail());
        _disk.Fails = _ => false;
        _threads.RunAll();

        Assert.Contains(click, Read(journal));
    }

    [Fact]
    public void Clicks_that_were_not_flushed_never_keep_a_server_from_starting()
    {
        var (first, second, third) = AppendThree(Open());
        // A power cut loses the page of the second, and keeps the one of the third.
        Zero(first.Segment.Path, first.End, second.End);

        Assert.Equal([1], Read(Open()));
        Assert.True(third.End > second.End);
    }

    [Fact]
    public void Clicks_that_a_killed_process_had_not_flushed_may_be_lost_after_the_next_start()
    {
        var (first, _, third) = AppendThree(Open());
        Assert.Equal([1, 2, 3], Read(Open()));
        Zero(first.Segment.Path, first.End, third.End);

        Assert.Equal([1], Read(Open()));
    }

    [Fact]
    public void Clicks_that_were_flushed_and_are_missing_keep_a_server_from_starting()
    {
        var (first, _, third) = AppendThree(Open());
        Zero(first.Segment.Path, first.End - 40, third.End);

        Assert.Throws<JournalDamagedException>(() => Open());
    }

    [Fact]
    public void A_stop_flushes_although_the_unused_segment_cannot_be_deleted()
    {
        var journal = Open();
        Assert.True(journal.TryAppend(Click(1), default, out var place));
        _disk.FailsDelete = true;

        journal.Dispose();

        Assert.True(place.IsOnDisk);
    }

    [Fact]
    public void The_journals_id_is_durable_before_the_store_learns_it()
    {
        _disk.FailsNames = true;
        Assert.Throws<IOException>(() => Open());
        Assert.True(File.Exists(Path.Combine(_root, "journal.id")));

        Assert.Throws<IOException>(() => Open());

        _disk.FailsNames = false;
        Open();
    }

    [Fact]
    public void Room_that_a_killed_process_had_half_reserved_is_given_back()
    {
        var (reserve, half) = (Path.Combine(_root, "reserve"), Path.Combine(_root, "reserve.new"));
        using (var file = File.Create(reserve))
            file.SetLength(DiskReserve.Size);
        File.WriteAllBytes(half, new byte[100]);

        new DiskReserve(_root).Hold();

        Assert.False(File.Exists(half));
        Assert.True(File.Exists(reserve));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private ClickJournal Open()
    {
        JournalSettings settings = new(_root, ClickDurability.Disk, "test")
        {
            SegmentSize = 1 << 10,
            MapsSegments = false,
            Disk = _disk,
            Threads = _threads,
        };
        ClickJournal journal = new(settings, new ManualClock(), NullLogger<ClickJournal>.Instance);
        journal.Identify();
        journal.Open(JournalPosition.Start);
        return journal;
    }

    // Only the first is flushed.
    private (Appended First, Appended Second, Appended Third) AppendThree(ClickJournal journal)
    {
        Assert.True(journal.TryAppend(Click(1), default, out var first));
        _ = journal.DurableAsync(first).AsTask();
        _threads.RunAll();
        Assert.True(first.IsOnDisk);
        Assert.True(journal.TryAppend(Click(2), default, out var second));
        Assert.True(journal.TryAppend(Click(3), default, out var third));
        return (first, second, third);
    }

    private static Click Click(int number) => new(1, number, 1_000, ClickKind.Person, 302);

    private static List<int> Read(ClickJournal journal)
    {
        JournalReader reader = new(journal);
        List<int> numbers = [];
        for (var from = JournalPosition.Start; reader.Read(from, 1_000) is { } batch; from = batch.End)
            numbers.AddRange(batch.Clicks.Select(click => click.LinkVersion));
        return numbers;
    }

    private static void Zero(string path, int start, int end)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file, new byte[end - start], start);
    }

    private sealed class FailingDisk() : OtherDisk(SystemDisk.Instance)
    {
        /// <summary>Whether flushing a file with this path fails.</summary>
        public Predicate<string> Fails { get; set; } = _ => false;

        public bool FailsDelete { get; set; }

        public bool FailsNames { get; set; }

        public override void SyncDirectory(string path)
        {
            if (FailsNames)
                throw new IOException("Input/output error");
            base.SyncDirectory(path);
        }

        public override void Delete(string path)
        {
            if (FailsDelete)
                throw new IOException("Input/output error");
            base.Delete(path);
        }

        protected override void Sync(IDiskFile file, string path)
        {
            if (Fails(path))
                throw new IOException("Input/output error");
            base.Sync(file, path);
        }
    }

    /// <summary>Work that a test runs when it wants.</summary>
    private sealed class StepThreads : IJournalThreads
    {
        private readonly Queue<Action> _work = [];

        public void Queue(Action work) => _work.Enqueue(work);

        public IWorker Start(string name, Action work) => new Worker(this, work);

        public void RunAll()
        {
            while (_work.TryDequeue(out var work))
                work();
        }

        private sealed class Worker(StepThreads threads, Action work) : IWorker
        {
            public void Wake() => threads.Queue(work);

            public void Dispose() => work();
        }
    }
}
