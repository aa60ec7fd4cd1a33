using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text.Unicode;
using Signpost.Core.Targeting;
using Signpost.Core.Visitors;
using Signpost.Core.Visitors.Agents;

namespace Signpost.Core.Clicks;

/// <summary>
/// Writes a click as bytes, little-endian, and reads it. The version is in the frame beside the payload: a new layout gets a
/// new version, and the old ones stay readable as long as a journal may hold them.
/// <code>
/// version 4   0      8              12   20     21       23          24     25      33      34
///             | link | link version | at | kind | status | targeting | rule | domain | marks | fields …
/// field       0       1        3
///             | field | length | bytes    fields in rising order, absent ones left out
/// version 3   with the destination as a field; it has no mark for it
/// version 2   up to and with the rule
/// version 1   up to and with the status
/// </code>
/// </summary>
public static class ClickCodec
{
    /// <summary>The version that is written.</summary>
    public const byte Version = 4;

    private const byte WithDestination = 3;

    /// <summary>The number of bytes of a click without any field.</summary>
    public const int ShortestLength = 34;

    /// <summary>A longer one, in bytes of UTF-8, is cut between characters.</summary>
    public const int LongestReferrer = 1_024;

    /// <inheritdoc cref="LongestReferrer"/>
    public const int LongestLanguages = 256;

    /// <summary>The longest that a link's own may be, in characters.</summary>
    public const int LongestUtm = 256;

    internal const int FieldHead = 3;
    private const int HostSize = FieldHead + sizeof(long);

    private const int LengthOfOne = 23;
    private const int LengthOfTwo = 25;
    private const int MostBytesPerCharacter = 3;

    /// <summary>Writes a click and its facts.</summary>
    /// <param name="payload">
    /// Room for <see cref="JournalFrame.LongestPayload"/>. If not everything fits, the last fields are cut or left out.
    /// </param>
    /// <returns>The number of written bytes.</returns>
    public static int Write(in Click click, in ClickFacts facts, Span<byte> payload)
    {
        BinaryPrimitives.WriteInt64LittleEndian(payload, click.LinkId);
        BinaryPrimitives.WriteInt32LittleEndian(payload[8..], click.LinkVersion);
        BinaryPrimitives.WriteInt64LittleEndian(payload[12..], click.AtMilliseconds);
        payload[20] = (byte)click.Kind;
        BinaryPrimitives.WriteInt16LittleEndian(payload[21..], click.Status);
        payload[23] = (byte)click.Applied.Kind;
        payload[24] = click.Applied.Rule;
        BinaryPrimitives.WriteInt64LittleEndian(payload[25..], facts.DomainId);
        payload[33] = (byte)facts.Marks;

        // Visitors must not push the host out with long texts.
        var hostSize = facts.HostId == 0 ? 0 : HostSize;
        var fields = new FieldWriter(payload[..^hostSize]);
        fields.Add(facts.Address);
        fields.Add(facts.Said);
        fields.AddUtm(ClickField.UtmSource, facts.Query.Source, facts.Utm?.Source);
        fields.AddUtm(ClickField.UtmMedium, facts.Query.Medium, facts.Utm?.Medium);
        fields.AddUtm(ClickField.UtmCampaign, facts.Query.Campaign, facts.Utm?.Campaign);
        fields.Add(ClickField.Agent, facts.Agent, AgentParser.LongestAgent);
        fields.Add(ClickField.Brands, facts.Brands, ClientHints.LongestHint);
        fields.Add(ClickField.Mobile, facts.Mobile, ClientHints.LongestHint);
        fields.Add(ClickField.Platform, facts.Platform, ClientHints.LongestHint);
        fields.Add(ClickField.FullVersions, facts.FullVersions, ClientHints.LongestHint);
        fields.Add(ClickField.Languages, facts.Languages, LongestLanguages);
        fields.Add(ClickField.Referrer, facts.Referrer, LongestReferrer);
        fields.Add(ClickField.Alias, facts.Alias, MostBytesPerCharacter * Links.Alias.LongestText);
        fields.Add(ClickField.Model, facts.Model, ClientHints.LongestHint);
        if (hostSize > 0)
            WriteHost(facts.HostId, payload.Slice(fields.End, hostSize));
        fields = new FieldWriter(payload) { End = fields.End + hostSize };
        fields.AddUtm(ClickField.UtmTerm, facts.Query.Term, facts.Utm?.Term);
        fields.AddUtm(ClickField.UtmContent, facts.Query.Content, facts.Utm?.Content);
        return fields.End;
    }

    private static void WriteHost(long hostId, Span<byte> field)
    {
        field[0] = (byte)ClickField.Host;
        BinaryPrimitives.WriteUInt16LittleEndian(field[1..], sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(field[FieldHead..], hostId);
    }

    /// <summary>Reads a click; false for a version or a length that this code does not know.</summary>
    public static bool TryRead(byte version, ReadOnlySpan<byte> payload, out JournaledClick click)
    {
        click = default;
        var isKnown = version switch
        {
            1 => payload.Length == LengthOfOne,
            2 => payload.Length == LengthOfTwo,
            WithDestination or Version => payload.Length >= ShortestLength,
            _ => false,
        };
        var places = default(JournaledClick.Places);
        if (!isKnown || (version >= WithDestination && !TryFindFields(payload, ref places)))
            return false;

        var what = new Click(
            BinaryPrimitives.ReadInt64LittleEndian(payload),
            BinaryPrimitives.ReadInt32LittleEndian(payload[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(payload[12..]),
            (ClickKind)payload[20],
            BinaryPrimitives.ReadInt16LittleEndian(payload[21..]),
            version == 1 ? AppliedRule.None : new((TargetingKind)payload[23], payload[24])
        );
        var isOld = version < WithDestination;
        var domain = isOld ? 0 : BinaryPrimitives.ReadInt64LittleEndian(payload[25..]);
        click = new(what, domain, isOld ? ClickMarks.None : (ClickMarks)payload[33], payload, places);
        return true;
    }

    // Fields of a newer server are skipped.
    private static bool TryFindFields(ReadOnlySpan<byte> payload, ref JournaledClick.Places places)
    {
        var last = 0;
        for (var at = ShortestLength; at < payload.Length; )
        {
            if (payload.Length - at < FieldHead || payload[at] <= last)
                return false;
            last = payload[at];
            var start = at + FieldHead;
            at = start + BinaryPrimitives.ReadUInt16LittleEndian(payload[(at + 1)..]);
            if (at > payload.Length || at == start)
                return false;
            if (last <= (int)JournaledClick.LastField)
                (places[2 * last], places[2 * last + 1]) = ((ushort)start, (ushort)at);
        }

        return true;
    }

    private ref struct FieldWriter(Span<byte> payload)
    {
        private readonly Span<byte> _payload = payload;

        public int End { get; set; } = ShortestLength;

        public void Add(IPAddress? address)
        {
            Span<byte> bytes = stackalloc byte[16];
            if (address is null || !address.TryWriteBytes(bytes, out var length))
                return;

            // A socket for both versions shows IPv4 in this form.
            var isMapped = address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv4MappedToIPv6;
            bytes = isMapped ? bytes[12..] : bytes[..length];
            if (Room(bytes.Length) < bytes.Length)
                return;
            bytes.CopyTo(_payload[(End + FieldHead)..]);
            Close(ClickField.Address, bytes.Length);
        }

        public void Add(Place place)
        {
            const int codes = 4;
            var room = Room(codes + MostBytesPerCharacter * Place.LongestCity);
            if (place == default || room < codes)
                return;

            var into = _payload.Slice(End + FieldHead, room);
            WriteCode(place.ContinentCode, into);
            WriteCode(place.CountryCode, into[2..]);
            Utf8.FromUtf16(place.CityName, into[codes..], out _, out var written);
            Close(ClickField.Place, codes + written);
        }

        public void AddUtm(ClickField field, ReadOnlySpan<char> visitors, string? own)
        {
            var room = Room(MostBytesPerCharacter * LongestUtm);
            if (visitors.IsEmpty || room == 0)
                Add(field, own, MostBytesPerCharacter * LongestUtm);
            else
                Close(field, VisitQuery.Decode(visitors, _payload.Slice(End + FieldHead, room)));
        }

        public void Add(ClickField field, ReadOnlySpan<char> text, int most)
        {
            var room = Room(most);
            if (text.IsEmpty || room == 0)
                return;
            // Cuts between characters.
            Utf8.FromUtf16(text, _payload.Slice(End + FieldHead, room), out _, out var written);
            Close(field, written);
        }

        private readonly int Room(int most) => Math.Clamp(_payload.Length - End - FieldHead, 0, most);

        private void Close(ClickField field, int length)
        {
            if (length == 0)
                return;
            _payload[End] = (byte)field;
            BinaryPrimitives.WriteUInt16LittleEndian(_payload[(End + 1)..], (ushort)length);
            End += FieldHead + length;
        }

        private static void WriteCode(string? code, Span<byte> into) =>
            (into[0], into[1]) = code is [var first, var second] ? ((byte)first, (byte)second) : ((byte)' ', (byte)' ');
    }
}
