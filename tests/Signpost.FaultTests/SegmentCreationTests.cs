using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Core.Clicks;
using Signpost.FaultTests.Running;
using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>Wherever the creation of a segment fails, the next try succeeds.</summary>
public sealed class SegmentCreationTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("signpost-creation-").FullName;

    /// <summary>The calls that create a segment, in order; a repeated one with its place among the calls of its kind.</summary>
    /// <remarks>The last column tells whether the creation fails with the call. Without fstatfs, the segment is not mapped.</remarks>
    public static TheoryData<string, int, bool> Steps =>
        new()
        {
            { "openat", 1, true },
            { "fstatfs", 1, false },
            { "flock", 1, false },
            { "ftruncate", 1, true },
            { "fstatfs", 2, false },
            { "fallocate", 1, true },
            { "mmap", 1, true },
            { "lseek", 1, true },
            { "pwrite64", 1, true },
            { "fdatasync", 1, true },
            { "lstat", 1, true },
            { "rename", 1, true },
            { "openat", 2, true }, // the directory
            { "fsync", 1, true },
            { "close", 1, false },
        };

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task The_try_after_a_failed_one_creates_the_segment(string call, int nth, bool isFatal)
    {
        var directory = new JournalDirectory(_root);
        var settings = new JournalSettings(_root, ClickDurability.Process, "test");
        var journal = Guid.NewGuid();
        using var worker = new Worker();
        foreach (var error in new[] { "EIO", "ENOMEM", "EMFILE", "ENOSPC" })
        {
            using var supply = new SegmentSupply(
                directory,
                settings,
                journal,
                lastNumber: 0,
                TimeProvider.System,
                NullLogger.Instance
            );
            var path = directory.PathOf(1);
            var failing = await FailingCalls.OfThreadAsync(
                worker.Thread,
                $"{call}:error={error}:when={nth}",
                path,
                path + ".new",
                _root
            );
            await using (failing)
                await worker.RunAsync(supply.Refill);
            Assert.True(failing.Count == 1, $"{call} did not fail: {failing.Said()}");
            Assert.Equal((isFatal, !isFatal), (supply.Trouble is not null, supply.IsReady));

            await worker.RunAsync(supply.Refill);

            Assert.Null(supply.Trouble);
            var segment = supply.Take()!;
            Assert.Equal(1, segment.Number);
            Assert.Equal([path], Directory.GetFiles(_root));
            segment.Dispose();
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_half_made_segment_that_cannot_be_deleted_is_taken_over()
    {
        using var worker = new Worker();
        var directory = new JournalDirectory(_root);
        var path = directory.PathOf(1);
        var header = new SegmentHeader(Guid.NewGuid(), 1, 0, "test");
        await using (
            await FailingCalls.OfThreadAsync(worker.Thread, "fsync,unlink:error=EIO", path, path + ".new", _root)
        )
            await Assert.ThrowsAsync<IOException>(() =>
                worker.RunAsync(() => directory.CreateSegment(header, 64 << 10, mayMap: true))
            );

        Assert.Equal([path], Directory.GetFiles(_root));
        using var segment = directory.CreateSegment(header, 64 << 10, mayMap: true);

        Assert.Equal(header, SegmentHeader.Read(File.ReadAllBytes(path)));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>One thread, so that strace counts all calls together.</summary>
    private sealed class Worker : IDisposable
    {
        private readonly BlockingCollection<Action> _work = [];
        private readonly TaskCompletionSource<int> _thread = new();

        public Worker()
        {
            new Thread(Run) { IsBackground = true }.Start();
            Thread = _thread.Task.OrFail().GetAwaiter().GetResult();
        }

        public int Thread { get; }

        public async Task RunAsync(Action act)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _work.Add(() =>
            {
                try
                {
                    act();
                    done.SetResult();
                }
                catch (Exception error)
                {
                    done.SetException(error);
                }
            });
            await done.Task.OrFail("The work");
        }

        public void Dispose() => _work.CompleteAdding();

        private void Run()
        {
            _thread.SetResult(FailingCalls.ThisThread());
            foreach (var act in _work.GetConsumingEnumerable())
                act();
        }
    }
}
