using Signpost.Core.Clicks;

namespace Signpost.Core.Tests.Clicks;

/// <summary>A segment made by hand, and what a scan finds in it.</summary>
internal static class SegmentBytes
{
    public const uint Seed = 0xC0FFEE;

    /// <summary>Frames with these payloads one after another, then zeros.</summary>
    public static byte[] Of(IEnumerable<byte[]> payloads, int zeros)
    {
        List<byte> segment = [];
        foreach (var payload in payloads)
        {
            var frame = new byte[JournalFrame.SizeOf(payload.Length)];
            JournalFrame.Write(frame, Seed, segment.Count, ClickCodec.Version, payload);
            segment.AddRange(frame);
        }

        return [.. segment, .. new byte[zeros]];
    }

    public static (List<byte[]> Payloads, int Offset, SegmentEnd End) Scan(byte[] segment)
    {
        var scan = new JournalScan(segment, Seed, 0);
        List<byte[]> payloads = [];
        while (scan.MoveNext())
            payloads.Add(scan.Current.Payload.ToArray());

        return (payloads, scan.Offset, scan.Judge());
    }
}
