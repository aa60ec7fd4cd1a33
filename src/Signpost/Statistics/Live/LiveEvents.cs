using System.Globalization;
using System.Text;
using Signpost.Api;
using Signpost.Clicks;
using Signpost.Statistics.Listing;

namespace Signpost.Statistics.Live;

/// <summary>Writes each click once for all streams in the same time zone. The last events are kept until their clicks are erased.</summary>
internal sealed class LiveEvents
{
    private const int Places = 1_024;

    private readonly Event?[] _events = new Event?[Places];

    public LiveEvents(LiveFeed feed) => feed.OnForget(Forget);

    /// <summary>The number of events that are kept.</summary>
    public int Kept => _events.Count(one => one is not null);

    /// <summary>The event of a click. Nobody may change the bytes.</summary>
    public byte[] BytesOf(in LiveClick click, TimeZoneInfo zone)
    {
        ref var place = ref _events[(uint)HashCode.Combine(click.Id, zone.Id) % Places];
        var kept = Volatile.Read(ref place);
        if (kept?.IsOf(click.Id, zone) is true)
            return kept.Bytes;

        // Of several streams that come at the same time, the first one writes.
        Event made = new(click, zone);
        var first = Interlocked.CompareExchange(ref place, made, kept);
        return (first?.IsOf(click.Id, zone) is true ? first : made).Bytes;
    }

    private void Forget(IReadOnlySet<long> links)
    {
        foreach (ref var place in _events.AsSpan())
            if (Volatile.Read(ref place) is { } kept && links.Contains(kept.LinkId))
                Interlocked.CompareExchange(ref place, null, kept);
    }

    private sealed class Event(LiveClick click, TimeZoneInfo zone)
    {
        private readonly Lazy<byte[]> _bytes = new(() => Write(click, zone));

        public long LinkId => click.Row.LinkId;

        public byte[] Bytes => _bytes.Value;

        public bool IsOf(long id, TimeZoneInfo other) => click.Id == id && zone.Id == other.Id;

        // One line: JSON escapes line ends.
        private static byte[] Write(LiveClick click, TimeZoneInfo zone) =>
            [
                .. Encoding.UTF8.GetBytes(
                    string.Create(CultureInfo.InvariantCulture, $"id: {click.Id}\nevent: click\ndata: ")
                ),
                .. ApiJson.Write(ClickResponse.Of(click.Row, zone)),
                .. "\n\n"u8,
            ];
    }
}
