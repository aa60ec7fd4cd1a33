using System.Runtime.InteropServices;
using System.Text;
using Signpost.Clicks.Classifying;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Hosting;
using Signpost.Journal;

namespace Signpost.Clicks;

/// <summary>Reads a journal in bounded batches, however many clicks wait. For one thread at a time.</summary>
internal sealed class JournalReader(ClickJournal journal)
{
    /// <summary>So few clicks are read and classified in a millisecond; another thread would cost more.</summary>
    private const int FewBytes = 64 << 10;

    /// <summary>A batch ends after so many bytes, because visitors can send long texts.</summary>
    private const long MostBytes = 8 << 20;

    private readonly byte[] _buffer = new byte[256 << 10];

    /// <summary>A batch is allocated in the size of the last one, so that none grows by doubling.</summary>
    private int _lastCount;

    /// <summary>The next clicks after <paramref name="from"/>, also over several segments; null: none.</summary>
    /// <param name="classifier">
    /// Makes the batch's rows; the batch ends before a click that it is not ready for. Null: clicks are only counted.
    /// </param>
    /// <exception cref="JournalDamagedException">A record that was valid is damaged now.</exception>
    public ClickBatch? Read(JournalPosition from, int most, ClickClassifier? classifier = null)
    {
        using var steps = Begin(from, most, classifier);
        while (steps.Next()) { }
        return steps.End();
    }

    /// <summary>Like <see cref="Read"/>; if many clicks wait, on a lane of background work.</summary>
    public async Task<ClickBatch?> ReadAsync(
        JournalPosition from,
        int most,
        ClickClassifier classifier,
        BackgroundLane lane
    )
    {
        using var steps = Begin(from, most, classifier);
        if (steps.Bytes <= FewBytes)
        {
            while (steps.Next()) { }
            return steps.End();
        }

        // In one piece, unless the lane falls behind meanwhile: each change of threads wakes another one.
        while (await lane.RunAsync(() => steps.NextUntil(() => lane.IsLate))) { }
        return await lane.RunAsync(steps.End);
    }

    // This runs here and not in a step, because redirects wait for the journal's lock.
    private Steps Begin(JournalPosition from, int most, ClickClassifier? classifier) =>
        new(this, from, journal.Unread(from), new(most, Math.Min(most, _lastCount + 16), classifier));

    private long ReadChunk(IDiskFile file, SegmentRange range, long offset, Reading reading)
    {
        var length = file.Read(_buffer.AsSpan(0, (int)Math.Min(_buffer.Length, range.End - offset)), offset);
        var seed = JournalFrame.SeedOf(journal.Id, range.Number);
        var at = 0;
        while (
            at < length
            && !reading.IsOver
            && JournalFrame.TryRead(_buffer.AsSpan(at, length - at), seed, offset + at, out var frame)
        )
        {
            if (ClickCodec.TryRead(frame.Version, frame.Payload, out var click) && !reading.TryAdd(click))
                return offset + at;
            at += frame.Size;
        }

        return at > 0
            ? offset + at
            : throw new JournalDamagedException(range.Path, offset, "this record was valid before");
    }

    private IDiskFile Open(in SegmentRange range) => journal.OpenToRead(range);

    /// <summary>Reads a batch, a piece of a segment in each step.</summary>
    private sealed class Steps(
        JournalReader reader,
        JournalPosition from,
        IReadOnlyList<SegmentRange> ranges,
        Reading reading
    ) : IDisposable
    {
        private JournalPosition? _position;
        private IDiskFile? _file;
        private int _range;
        private long _offset;
        private long _read;

        /// <summary>The number of bytes that wait.</summary>
        public long Bytes => ranges.Sum(range => range.Length);

        /// <summary>Continues to read; false: the batch is full, or nothing is left.</summary>
        public bool Next()
        {
            if (reading.IsOver || _range == ranges.Count)
                return false;

            var range = ranges[_range];
            if (_file is null)
            {
                // The file is opened for each batch: an open file would keep a deleted segment's bytes on the disk.
                _file = reader.Open(range);
                _offset = range.Start;
            }

            var offset = reader.ReadChunk(_file, range, _offset, reading);
            _read += offset - _offset;
            (_position, _offset) = (new(range.Number, offset), offset);
            if (_read >= MostBytes && reading.Count > 0)
                reading.Complete();
            if (offset >= range.End && !reading.IsOver)
                Leave();
            return true;
        }

        /// <summary>Reads until the batch is complete or a click has to wait; false: it is complete.</summary>
        public bool NextUntil(Func<bool> holds)
        {
            while (Next())
                if (holds())
                    return true;
            return false;
        }

        /// <summary>The batch; null: there is none.</summary>
        public ClickBatch? End()
        {
            reader._lastCount = reading.Count;
            // The header of a segment alone is no batch.
            var isNothing = reading.Count == 0 && reading.IsOver;
            return _position is { } end && end != from && !isNothing ? reading.ToBatch(from, end) : null;
        }

        public void Dispose() => Leave();

        private void Leave()
        {
            _file?.Dispose();
            (_file, _range) = (null, _range + 1);
        }
    }

    /// <summary>A batch while it grows.</summary>
    private sealed class Reading(int most, int expected, ClickClassifier? classifier)
    {
        private readonly List<Click> _clicks = new(expected);
        private readonly List<ClickRow> _rows = new(classifier is null ? 0 : expected);
        private readonly Dictionary<(long DomainId, int Day, string Alias), long> _orphans = [];
        private readonly Dictionary<(long DomainId, int Day), long> _otherCases = [];

        /// <summary>Requests for links and for unknown aliases.</summary>
        public int Count { get; private set; }

        public bool IsOver { get; private set; }

        /// <summary>Adds a click; false: it belongs to the next batch.</summary>
        public bool TryAdd(in JournaledClick click)
        {
            if (classifier is not null && !classifier.IsReadyFor(click))
            {
                IsOver = true;
                return false;
            }

            if (!IsWithoutLink(click.Click))
                Add(click);
            else if (click.Click.Kind is ClickKind.Unavailable && classifier?.LinkOf(click) is { } link)
                Add(click.Of(link));
            else if (classifier is not null)
                AddOrphan(click);

            IsOver = ++Count >= most;
            return true;
        }

        /// <summary>Says that all further clicks belong to the next batch.</summary>
        public void Complete() => IsOver = true;

        public ClickBatch ToBatch(JournalPosition start, JournalPosition end) =>
            new(start, end, _clicks)
            {
                Rows = _rows,
                Orphans =
                [
                    .. _orphans.Select(orphan => new OrphanTotal(
                        orphan.Key.DomainId,
                        orphan.Key.Day,
                        orphan.Key.Alias,
                        orphan.Value
                    )),
                ],
                OtherCases = [.. _otherCases.Select(one => new CaseTotal(one.Key.DomainId, one.Key.Day, one.Value))],
            };

        // For a request without a database, the link is looked up only now.
        private static bool IsWithoutLink(in Click click) =>
            click is { LinkId: 0, Kind: ClickKind.UnknownLink or ClickKind.Unavailable };

        private void Add(in JournaledClick click)
        {
            _clicks.Add(click.Click);
            if (classifier is null)
                return;
            _rows.Add(classifier.Classify(click));
            if (click.Click.Kind is ClickKind.Person && (click.Marks & ClickMarks.OtherCase) != 0)
                AddOtherCase(click);
        }

        private void AddOtherCase(in JournaledClick click)
        {
            var key = (click.DomainId, ClickClassifier.DayOf(click.Click));
            CollectionsMarshal.GetValueRefOrAddDefault(_otherCases, key, out _)++;
        }

        private void AddOrphan(in JournaledClick click)
        {
            var alias = Encoding.UTF8.GetString(click[ClickField.Alias]);
            var key = (click.DomainId, ClickClassifier.DayOf(click.Click), alias);
            CollectionsMarshal.GetValueRefOrAddDefault(_orphans, key, out _)++;
        }
    }
}
