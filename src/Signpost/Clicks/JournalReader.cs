using Microsoft.Win32.SafeHandles;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;

namespace Signpost.Clicks;

/// <summary>Follows a journal in batches that are bounded, however much waits. For one thread at a time.</summary>
internal sealed class JournalReader(ClickJournal journal)
{
    private readonly byte[] _buffer = new byte[64 << 10];

    /// <summary>The next clicks behind <paramref name="from"/>, over segments when it must be; null: none.</summary>
    /// <exception cref="JournalDamagedException">A record that was valid no longer is.</exception>
    /// <param name="classifier">Makes the batch's rows; null: it is only counted.</param>
    public ClickBatch? Read(JournalPosition from, int most, ClickClassifier? classifier = null)
    {
        List<Click> clicks = [];
        var position = from;
        foreach (var range in journal.Unread(from))
        {
            // Opened anew each time: a held file would keep a deleted segment's bytes on the disk.
            using var file = Open(range.Path);
            position = new(range.Number, range.Start);
            while (position.Offset < range.End && clicks.Count < most)
                position = position with { Offset = ReadChunk(file, range, position.Offset, clicks, most) };
            if (clicks.Count >= most)
                break;
        }

        if (position == from)
            return null;

        IReadOnlyList<ClickRow> rows = classifier is null
            ? []
            : [.. clicks.Select(click => classifier.Classify(click))];
        return new ClickBatch(from, position, clicks) { Rows = rows };
    }

    private long ReadChunk(SafeFileHandle file, SegmentRange range, long offset, List<Click> clicks, int most)
    {
        var length = RandomAccess.Read(
            file,
            _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, range.End - offset)),
            offset
        );
        var seed = JournalFrame.SeedOf(journal.Id, range.Number);
        var at = 0;
        while (
            at < length
            && clicks.Count < most
            && JournalFrame.TryRead(_buffer.AsSpan(at, length - at), seed, offset + at, out var frame)
        )
        {
            if (ClickCodec.TryRead(frame.Version, frame.Payload, out var click))
                clicks.Add(click);
            at += frame.Size;
        }

        return at > 0
            ? offset + at
            : throw new JournalDamagedException(range.Path, offset, "this record was valid before");
    }

    private static SafeFileHandle Open(string path) =>
        File.OpenHandle(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            FileOptions.SequentialScan
        );
}
