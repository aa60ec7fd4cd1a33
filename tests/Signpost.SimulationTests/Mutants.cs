using Signpost.Clicks;
using Signpost.Core.Clicks;
using Signpost.Journal;
using Signpost.SimulationTests.Machine;

namespace Signpost.SimulationTests;

/// <summary>Planted bugs of the kinds that the simulator must find.</summary>
internal static class Mutants
{
    public static IReadOnlyDictionary<string, Mutant> All { get; } =
        new Dictionary<string, Mutant>
        {
            ["A response leaves without a flush"] = new OfDisk(disk => new WithoutFlush(disk)),
            ["A failed flush counts as done"] = new OfDisk(disk => new FailedFlushIsDone(disk)),
            ["A segment gets its name before its header is flushed"] = new OfDisk(disk => new UnflushedHeader(disk)),
            ["A segment's name is not flushed"] = new OfDisk(disk => new UnflushedNames(disk)),
            ["A half-made segment stays in the way"] = new OfDisk(disk => new HalfMadeStays(disk)),
            ["A start writes over the last segment"] = new OfDisk(disk => new NumberUsedAgain(disk)),
            ["The reserve is not given up"] = new OfDisk(disk => new ReserveStays(disk)),
            ["A stored segment stays"] = new OfDisk(disk => new NothingDeleted(disk)),
            ["The position is stored after the transaction"] = new OfStore(world => new PositionLater(world)),
            ["A batch is stored wherever it starts"] = new OfStore(world => new NotCompared(world)),
            ["A commit counts before it is durable"] = new OfStore(world => new CommitNotDurable(world)),
            ["Limits forget the clicks in the journal"] = new TailNotCounted(),
        };

    private sealed class OfDisk(Func<IDisk, IDisk> around) : Mutant
    {
        public override IDisk Around(IDisk disk) => around(disk);
    }

    private sealed class OfStore(Func<World, SimulatedStore> make) : Mutant
    {
        public override SimulatedStore MakeStore(World world) => make(world);
    }

    private sealed class WithoutFlush(IDisk disk) : OtherDisk(disk)
    {
        protected override void Sync(IDiskFile file, string path)
        {
            if (path.EndsWith(".new", StringComparison.Ordinal) && !path.Contains(".seg", StringComparison.Ordinal))
                file.Sync();
        }
    }

    private sealed class FailedFlushIsDone(IDisk disk) : OtherDisk(disk)
    {
        protected override void Sync(IDiskFile file, string path)
        {
            try
            {
                file.Sync();
            }
            catch (IOException)
            {
                // The bug.
            }
        }
    }

    private sealed class UnflushedHeader(IDisk disk) : OtherDisk(disk)
    {
        private readonly HashSet<string> _flushed = [];

        protected override void Sync(IDiskFile file, string path)
        {
            // The first flush of a segment is the one of its header.
            if (path.Contains(".seg", StringComparison.Ordinal) && _flushed.Add(path))
                return;
            file.Sync();
        }
    }

    private sealed class UnflushedNames(IDisk disk) : OtherDisk(disk)
    {
        public override void SyncDirectory(string path) { }
    }

    private sealed class HalfMadeStays(IDisk disk) : OtherDisk(disk)
    {
        private string? _halfMade;

        public override void Move(string from, string to)
        {
            if (to == _halfMade && LengthOf(to) is not null)
                throw new IOException($"The file '{to}' already exists.");
            base.Move(from, to);
            _halfMade = to;
        }

        public override void SyncDirectory(string path)
        {
            base.SyncDirectory(path);
            _halfMade = null;
        }

        public override void Delete(string path)
        {
            if (path != _halfMade)
                base.Delete(path);
        }
    }

    private sealed class NumberUsedAgain(IDisk disk) : OtherDisk(disk)
    {
        private bool _hasLooked;

        public override IEnumerable<string> Files(string directory, string ending)
        {
            var files = base.Files(directory, ending).Order().ToList();
            if (ending != ".seg" || _hasLooked || files.Count == 0)
                return files;
            _hasLooked = true;
            return files.SkipLast(1);
        }
    }

    private sealed class ReserveStays(IDisk disk) : OtherDisk(disk)
    {
        public override void Delete(string path)
        {
            if (!path.EndsWith("reserve", StringComparison.Ordinal))
                base.Delete(path);
        }
    }

    private sealed class NothingDeleted(IDisk disk) : OtherDisk(disk)
    {
        public override void Delete(string path)
        {
            if (!path.EndsWith(".seg", StringComparison.Ordinal))
                base.Delete(path);
        }
    }

    private sealed class PositionLater(World world) : SimulatedStore(world)
    {
        protected override void Commit(Guid journal, ClickBatch batch)
        {
            AddCounts(batch);
            MayDie("between counts and position");
            Move(journal, batch.End);
        }
    }

    private sealed class NotCompared(World world) : SimulatedStore(world)
    {
        protected override bool IsAtStart(Guid journal, ClickBatch batch) => true;
    }

    private sealed class CommitNotDurable(World world) : SimulatedStore(world)
    {
        private (Guid Journal, ClickBatch Batch)? _unflushed;

        public override void CutPower()
        {
            if (_unflushed is { } last)
                TakeBack(last.Journal, last.Batch);
            _unflushed = null;
        }

        protected override void Commit(Guid journal, ClickBatch batch)
        {
            base.Commit(journal, batch);
            _unflushed = (journal, batch);
        }
    }

    private sealed class TailNotCounted : Mutant
    {
        public override void Opened(ClickJournal journal, ClickCounts counts, JournalPosition stored)
        {
            JournalReader reader = new(journal);
            for (var from = stored; reader.Read(from, 100) is { } batch; from = batch.End)
                foreach (var (link, count) in batch.Persons)
                    for (var click = 0; click < count; click++)
                        counts.TakeBack(link);
        }
    }
}
